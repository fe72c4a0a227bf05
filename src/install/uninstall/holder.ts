import { holderIn, isHeld, leaseSelector, shardNamed } from "../../argo/loopback-lease.js";
import { allOf } from "../../kube/all-of.js";
import { Lease } from "../../kube/kinds.js";
import type { Reader } from "../../kube/kube.js";
import { isEnginePod } from "../engine/names.js";

/**
 * Who holds the Lease of an Argo CD's engine, or of a shard of it, other than a Pod of the engine in the cluster:
 * `flamingo loopback` in somebody's terminal. Undefined when all are free.
 */
export async function holderElsewhere(
  reader: Reader,
  namespace: string,
  now: Date,
): Promise<string | undefined> {
  const leases = await allOf(reader.list(Lease, { namespace, labels: leaseSelector }));
  const held = leases.find(
    (lease) =>
      shardNamed(lease.metadata.name) && isHeld(lease, now) && !isEnginePod(lease.spec?.holderIdentity ?? ""),
  );
  return held && holderIn(held);
}
