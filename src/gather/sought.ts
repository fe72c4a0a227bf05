import { kindOfFlux } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import { keyOf, type ObjectId } from "../kube/object-id.js";
import { type Readings, withEach } from "./readings.js";

/**
 * Reads objects of Flux of which one leads to the next, until nothing is sought that was not asked for.
 *
 * @param found by `keyOf()`; what is read comes to it
 * @param soughtByNow by what is found then
 */
export async function readSought(
  found: Map<string, LiveObject>,
  soughtByNow: () => readonly ObjectId[],
  readings: Readings,
): Promise<void> {
  const asked = new Set(found.keys());
  for (;;) {
    const due = soughtByNow().filter((id) => !asked.has(keyOf(id)));
    if (due.length === 0) return;
    await withEach(due, async (id) => {
      asked.add(keyOf(id));
      const kind = kindOfFlux(id);
      const object = kind && (await readings.find(kind, id));
      if (object) found.set(keyOf(id), object);
    });
  }
}
