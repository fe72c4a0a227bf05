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
    const sought = lookedAtFor(
      workload,
      (id) => found.get(keyOf(id)) ?? (asked.has(keyOf(id)) ? undefined : "unread"),
    );
    const due = new Map(sought.map((id) => [keyOf(id), id]));
    for (const key of asked) due.delete(key);
    if (due.size === 0) return found;
    await withEach(due, async ([key, id]) => {
      asked.add(key);
      const kind = kindOfFlux(id);
      const one = kind && (await readings.find(kind, id));
      if (one) found.set(key, one as FluxWorkload);
    });
  }
}
