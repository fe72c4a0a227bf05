import {
  isHeld,
  leaseNameOf,
  loopbackCommand,
  shardCountIn,
  shardNamed,
  silenceOf,
} from "../../argo/loopback-lease.js";
import { isInShard, type Shard, shardsOf } from "../../argo/shard.js";
import { engineDeploymentName, engineSelector } from "../../install/engine/names.js";
import { Deployment, type Lease, type PodRunner } from "../../kube/kinds.js";
import { namespacedName } from "../../kube/object-id.js";
import type { AppRecord } from "./applications.js";
import { type Finding, finding } from "./finding.js";

/** A Deployment of the engine, of which an install makes one for each shard. */
export interface EngineRecord {
  name: string;
  /** replicas asked for, and those that are ready */
  wanted: number;
  ready: number;
}

export function engineRecordFrom({ metadata, spec, status }: PodRunner): EngineRecord {
  return { name: metadata.name, wanted: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
}

export function engineNotReady(engines: readonly EngineRecord[], namespace: string): Finding[] {
  return engines
    .filter(({ wanted, ready }) => ready < wanted)
    .map(({ name, wanted, ready }) =>
      finding(
        "loopback-not-ready",
        { kind: Deployment.kind, namespace, name },
        {
          why: `of the engine loopback ${ready} of ${wanted} pods are ready`,
          // of an image that cannot be pulled only they tell
          remedy: `Look at its pods: kubectl describe pods -l ${engineSelector} -n ${namespace}`,
        },
      ),
    );
}

/** Who is there to report the Applications of the engine loopback. */
export interface Reporters {
  leases: readonly Lease[];
  engines: readonly EngineRecord[];
}

/**
 * Whether anybody reports the Applications of the engine loopback: a finding for each shard of which nobody does, and where there is
 * something to report, or a Deployment to do it.
 */
export function loopbackFindings(
  apps: readonly AppRecord[],
  { leases, engines }: Reporters,
  namespace: string,
  now: Date,
): Finding[] {
  const ours = apps.filter(({ loopback }) => loopback === "ours");
  const shardCount = shardCountOf(leases, engines, now);
  return shardsOf(shardCount).flatMap((shard) => {
    const count = ours.filter((app) => isInShard(namespacedName(app), shard)).length;
    const engine = engineOf(engines, shard);
    const silence = count === 0 && !engine ? undefined : silenceOf(leases, shard, now);
    if (silence === undefined) return [];
    const shown = count === 1 ? "the Application" : `the ${count} Applications`;
    const where = shardCount === 1 ? "" : " in this shard";
    const consequence =
      count === 0
        ? `the Deployment ${engine?.name} is there, and does not report`
        : `${shown} of the engine loopback${where} ${count === 1 ? "shows" : "show"} an old state, or none`;
    return finding(
      "loopback-not-running",
      { kind: "Lease", namespace, name: leaseNameOf(shard) },
      {
        why: `${silence}: ${consequence}`,
        remedy: engine
          ? `Look at the log of its Deployment: kubectl logs deployment/${engine.name} -n ${namespace}`
          : `Run ${loopbackCommand(shard)}`,
      },
    );
  });
}

/** One that is scaled to nothing is not to run. */
function engineOf(engines: readonly EngineRecord[], shard: Shard): EngineRecord | undefined {
  return engines.find(({ name, wanted }) => name === engineDeploymentName(shard) && wanted > 0);
}

/** As those say who report now, else as the Deployments are made, else as those say who reported last. */
function shardCountOf(leases: readonly Lease[], engines: readonly EngineRecord[], now: Date): number {
  const isReported = leases.some((lease) => isHeld(lease, now));
  const [made] = isReported ? [] : engines.flatMap(({ name }) => shardNamed(name) ?? []);
  return made?.count ?? shardCountIn(leases, now);
}
