import { lookedAtFor } from "../flux/dependencies.js";
import { type FluxWorkload, kindOfFlux } from "../flux/workload.js";
import { idOf, keyOf } from "../kube/object-id.js";
import { type Readings, withEach } from "./readings.js";

/** A workload and those that it waits for, one leading to the next, by `keyOf()`. One that waits for nothing takes no request. */
export async function readWaitedFor(
  workload: FluxWorkload,
  readings: Readings,
): Promise<Map<string, FluxWorkload>> {
  const found = new Map([[keyOf(idOf(workload)), workload]]);
  const asked = new Set(found.keys());
  for (;;) {
    const sought = lookedAtFor(workload, (id) => found.get(keyOf(id)));
    const due = sought.filter((id) => !asked.has(keyOf(id)));
    if (due.length === 0) return found;
    await withEach(due, async (id) => {
      asked.add(keyOf(id));
      const kind = kindOfFlux(id);
      const one = kind && (await readings.find(kind, id));
      if (one) found.set(keyOf(id), one as FluxWorkload);
    });
  }
}
