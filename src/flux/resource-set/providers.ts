/** Who gives a ResourceSet its inputs: ResourceSetInputProviders beside it, by their names or labels. Pure. */
import { labelSelectorFrom } from "../../kube/label-selector.js";
import type { KubeObject, LiveObject } from "../../kube/object.js";
import { type ObjectId, objectId } from "../../kube/object-id.js";
import {
  isInputProvider,
  isResourceSet,
  type ResourceSet,
  ResourceSetInputProvider,
  type ResourceSetInputProvider as ResourceSetInputProviderObject,
} from "./resource-set.js";

/** An entry of `spec.inputsFrom`. */
export type ProviderReference = NonNullable<NonNullable<ResourceSet["spec"]>["inputsFrom"]>[number];

export interface InputProviders {
  found: LiveObject[];
  /** those that are named and not there */
  missing: ObjectId[];
}

/** Whether a workload has inputs from others. */
export function takesInputs(workload: KubeObject | undefined): workload is ResourceSet {
  return workload !== undefined && isResourceSet(workload) && (workload.spec?.inputsFrom ?? []).length > 0;
}

/** The providers of a workload, each once, by name. @param objects the providers among them */
export function inputProvidersOf(
  workload: KubeObject | undefined,
  objects: Iterable<LiveObject>,
): InputProviders {
  if (!takesInputs(workload)) return { found: [], missing: [] };
  const references = workload.spec?.inputsFrom ?? [];
  const found = providersFor(workload, references, objects).sort(byName);
  const names = new Set(found.map(({ metadata }) => metadata.name));
  const { namespace } = workload.metadata;
  const missing = references.flatMap(({ name }) =>
    name === undefined || names.has(name) ? [] : [objectId(ResourceSetInputProvider, { namespace, name })],
  );
  return { found, missing };
}

const byName = (one: KubeObject, other: KubeObject) => (one.metadata.name < other.metadata.name ? -1 : 1);

/** Of references with a selector so many count: each is tried on each provider, and tenants write both. */
const mostSelectors = 20;

/** Those that one of the references means. */
export function providersFor<T extends KubeObject>(
  { metadata: { namespace } }: ResourceSet,
  references: readonly ProviderReference[],
  objects: Iterable<T>,
): (T & ResourceSetInputProviderObject)[] {
  const named = new Set(references.flatMap(({ name }) => name ?? []));
  const selectors = references
    .filter(({ name }) => name === undefined)
    .slice(0, mostSelectors)
    .map(({ selector }) => labelSelectorFrom(selector));
  const found: (T & ResourceSetInputProviderObject)[] = [];
  // a loop that copies nothing: there may be thousands of others
  for (const object of objects) {
    if (!isInputProvider(object) || object.metadata.namespace !== namespace) continue;
    const { name, labels = {} } = object.metadata;
    if (named.has(name) || selectors.some((fits) => fits?.(labels))) found.push(object);
  }
  return found;
}
