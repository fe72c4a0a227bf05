import { leaseSelector, shardCountIn, silenceOf } from "../../argo/loopback-lease.js";
import { shardOf } from "../../argo/shard.js";
import type { UserError } from "../../errors.js";
import { type WorkloadKind, workloadKinds } from "../../flux/workload.js";
import { grouped } from "../../grouped.js";
import { allOf } from "../../kube/all-of.js";
import { isForbidden } from "../../kube/failure.js";
import { Lease } from "../../kube/kinds.js";
import type { Reader } from "../../kube/kube.js";
import { namespacedName, type ObjectId } from "../../kube/object-id.js";
import type { FluxApis } from "../../support-matrix/flux-apis.js";
import { findArgo } from "../find-argo.js";
import type { ShownApplication } from "./application.js";
import { type ImageLimits, imageLimits } from "./image-limits.js";

/** Where Argo CD runs, and what tells how much of Flux it shows. */
export interface ArgoPlace {
  namespace: string;
  /** further Argo CDs, each in a namespace of its own, may be about */
  everywhere: boolean;
  readApis(): Promise<FluxApis>;
}

/** By the namespaces of Argo CDs, each with its Leases, one for each shard; undefined: they may not be read. */
export type EngineLeases = ReadonlyMap<string, readonly Lease[]> | undefined;

/** What must be known beside Flux's objects: read only where an Application is of the engine that it is about. */
export interface Around {
  leases: EngineLeases;
  limitOf: ImageLimits;
  /** what could not be read */
  unread: UserError[];
}

export async function readAround(
  reader: Reader,
  apps: readonly ShownApplication[],
  argo: ArgoPlace,
): Promise<Around> {
  const unread: UserError[] = [];
  const [leases, limitOf] = await Promise.all([
    apps.some(({ loopback }) => loopback === "ours")
      ? readLeases(reader, argo).catch((error: unknown) => {
          if (!isForbidden(error)) throw error;
          unread.push(error);
          return undefined;
        })
      : undefined,
    apps.some(({ engine }) => engine === "fsa") ? readLimits(reader, argo) : () => undefined,
  ]);
  return { leases, limitOf, unread };
}

/** What the Argo CD that runs does not show of workloads by the engine fsa. */
export async function readLimits(reader: Reader, { namespace, readApis }: ArgoPlace): Promise<ImageLimits> {
  return imageLimits(await findArgo(reader, namespace), readApis);
}

async function readLeases(reader: Reader, { namespace, everywhere }: ArgoPlace): Promise<EngineLeases> {
  if (everywhere) {
    try {
      return leasesByNamespace(await allOf(reader.list(Lease, { labels: leaseSelector })));
    } catch (error) {
      if (!isForbidden(error)) throw error;
    }
  }
  return leasesByNamespace(await allOf(reader.list(Lease, { namespace, labels: leaseSelector })));
}

export function leasesByNamespace(leases: Iterable<Lease>): EngineLeases {
  return grouped([...leases].map((lease) => [lease.metadata.namespace ?? "", lease]));
}

/**
 * That nobody reports an Application, and since when; undefined while somebody does, or it is not known.
 *
 * @param argo the namespace of the Argo CD that it is for, unless one of its own namespace has a Lease
 */
export function silenceAbout(
  app: Pick<ShownApplication, "namespace" | "name">,
  argo: string,
  leases: EngineLeases,
  now: Date,
): string | undefined {
  if (!leases) return undefined;
  const its = leases.get(app.namespace) ?? leases.get(argo) ?? [];
  return silenceOf(its, shardOf(namespacedName(app), shardCountIn(its, now)), now);
}

/** Whether a kind of workload is served: where it is not, a LIST has no objects, too. */
export async function servedAmongWorkloads(reader: Reader): Promise<(id: Pick<ObjectId, "kind">) => boolean> {
  const kinds = Object.values(workloadKinds);
  const versions = await Promise.all(kinds.map((kind) => reader.servedVersion(kind)));
  const served = new Set(kinds.filter((_, index) => versions[index] !== undefined).map(({ kind }) => kind));
  return ({ kind }) => served.has(kind as WorkloadKind);
}
