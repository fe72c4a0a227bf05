import { inputProvidersOf, takesInputs } from "../flux/resource-set/providers.js";
import { ResourceSetInputProvider } from "../flux/resource-set/resource-set.js";
import { sourceChainOf } from "../flux/source-chain.js";
import { type FluxWorkload, kindOfFlux } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf } from "../kube/object-id.js";
import { type Readings, withEach } from "./readings.js";

/** The sources of a workload, one leading to the next, and who gives it inputs, by `keyOf()`. */
export async function readSources(
  workload: FluxWorkload,
  readings: Readings,
): Promise<Map<string, LiveObject>> {
  const sources = await readProviders(workload, readings);
  const asked = new Set<string>();
  for (;;) {
    const due = sourceChainOf(workload, sources).sought.filter((id) => !asked.has(keyOf(id)));
    if (due.length === 0) return sources;
    await withEach(due, async (id) => {
      asked.add(keyOf(id));
      const kind = kindOfFlux(id);
      const found = kind && (await readings.find(kind, id));
      if (found) sources.set(keyOf(id), found);
    });
  }
}

async function readProviders(workload: FluxWorkload, readings: Readings): Promise<Map<string, LiveObject>> {
  if (!takesInputs(workload)) return new Map();
  const { namespace } = workload.metadata;
  await readings.list({ kind: ResourceSetInputProvider, namespace });
  const { found } = inputProvidersOf(workload, readings.live.values());
  return new Map(found.map((provider) => [keyOf(idOf(provider)), provider]));
}
