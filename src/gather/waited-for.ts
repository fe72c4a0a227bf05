import { lookedAtFor } from "../flux/dependencies.js";
import type { FluxWorkload } from "../flux/workload.js";
import { idOf, keyOf } from "../kube/object-id.js";
import type { Readings } from "./readings.js";
import { readSought } from "./sought.js";

/** A workload and those that it waits for, one leading to the next, by `keyOf()`. One that waits for nothing takes no request. */
export async function readWaitedFor(
  workload: FluxWorkload,
  readings: Readings,
): Promise<Map<string, FluxWorkload>> {
  const found = new Map([[keyOf(idOf(workload)), workload]]);
  await readSought(found, () => lookedAtFor(workload, (id) => found.get(keyOf(id))), readings);
  return found;
}
