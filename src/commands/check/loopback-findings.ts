import { leaseNameOf, loopbackCommand, shardCountIn, silenceOf } from "../../argo/loopback-lease.js";
import { isInShard, shardsOf } from "../../argo/shard.js";
import type { Lease } from "../../kube/kinds.js";
import { namespacedName } from "../../kube/object-id.js";
import type { AppRecord } from "./applications.js";
import { type Finding, finding } from "./finding.js";

/** Whether anybody reports the Applications of the engine loopback: a finding for each shard of which nobody does. */
export function loopbackFindings(
  apps: readonly AppRecord[],
  leases: readonly Lease[],
  namespace: string,
  now: Date,
): Finding[] {
  const ours = apps.filter(({ loopback }) => loopback === "ours");
  const shardCount = shardCountIn(leases, now);
  return shardsOf(shardCount).flatMap((shard) => {
    const count = ours.filter((app) => isInShard(namespacedName(app), shard)).length;
    const silence = count === 0 ? undefined : silenceOf(leases, shard, now);
    if (silence === undefined) return [];
    const shown = count === 1 ? "the Application" : `the ${count} Applications`;
    const where = shardCount === 1 ? "" : " in this shard";
    return finding(
      "loopback-not-running",
      { kind: "Lease", namespace, name: leaseNameOf(shard) },
      {
        why: `${silence}: ${shown} of the engine loopback${where} ${count === 1 ? "shows" : "show"} an old state, or none`,
        remedy: `Run ${loopbackCommand(shard)}`,
      },
    );
  });
}
