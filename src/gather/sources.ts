import { inputProvidersOf, takesInputs } from "../flux/resource-set/providers.js";
import { ResourceSetInputProvider } from "../flux/resource-set/resource-set.js";
import { sourceChainOf } from "../flux/source-chain.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf } from "../kube/object-id.js";
import type { Readings } from "./readings.js";
import { readSought } from "./sought.js";

/** The sources of a workload, one leading to the next, and who gives it inputs, by `keyOf()`. */
export async function readSources(
  workload: FluxWorkload,
  readings: Readings,
): Promise<Map<string, LiveObject>> {
  const sources = await readProviders(workload, readings);
  await readSought(sources, () => sourceChainOf(workload, sources).sought, readings);
  return sources;
}

async function readProviders(workload: FluxWorkload, readings: Readings): Promise<Map<string, LiveObject>> {
  if (!takesInputs(workload)) return new Map();
  const { namespace } = workload.metadata;
  await readings.list({ kind: ResourceSetInputProvider, namespace });
  const { found } = inputProvidersOf(workload, readings.live.values());
  return new Map(found.map((provider) => [keyOf(idOf(provider)), provider]));
}
