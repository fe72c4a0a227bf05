import { isHeld, leaseName } from "../../argo/loopback-lease.js";
import { Lease } from "../../kube/kinds.js";
import type { Reader } from "../../kube/kube.js";
import { isEnginePod } from "../engine/names.js";

/**
 * Who holds the Lease of an Argo CD's engine, other than a Pod of the engine in the cluster: `flamingo loopback` in somebody's
 * terminal. Undefined when it is free.
 */
export async function holderElsewhere(
  reader: Reader,
  namespace: string,
  now: Date,
): Promise<string | undefined> {
  const lease = await reader.find(Lease, { name: leaseName, namespace });
  if (!lease || !isHeld(lease, now)) return undefined;
  const holder = lease.spec?.holderIdentity ?? "";
  return isEnginePod(holder) ? undefined : holder;
}
