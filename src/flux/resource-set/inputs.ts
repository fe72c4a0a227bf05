import type { KubeObject } from "../../kube/object.js";
import { idOf, renderId } from "../../kube/object-id.js";
import { type ProviderReference, providersFor } from "./providers.js";
import type { Inputs, ResourceSet, ResourceSetInputProvider } from "./resource-set.js";
import { NotTold, TemplateError } from "./template/errors.js";

/** What one object provides. */
interface Source {
  name: string;
  sets: Inputs[];
}

/** As the operator has it. */
const mostPermutations = 10_000;

/**
 * All inputs that a ResourceSet's templates are filled in with: its own and those of its providers, one after the other
 * (`Flatten`), or each with each (`Permute`) under the names of who provides them. Without any of both the templates are filled in once.
 *
 * @param objects the providers among them
 * @throws NotTold when only a cluster has the inputs
 */
export function inputsOf(set: ResourceSet, objects: readonly KubeObject[]): Inputs[] {
  const { inputs = [], inputsFrom = [], inputStrategy } = set.spec ?? {};
  const own = inputs.length > 0 ? [sourceOf(set, inputs)] : [];
  const sources = [
    ...own,
    ...inputsFrom.flatMap((reference) => providersThere(set, reference, objects)).map(sourceOfProvider),
  ];
  if (own.length === 0 && inputsFrom.length === 0) return [{}];
  return inputStrategy?.name === "Permute" ? permuted(sources) : sources.flatMap(({ sets }) => sets);
}

function providersThere(
  set: ResourceSet,
  reference: ProviderReference,
  objects: readonly KubeObject[],
): ResourceSetInputProvider[] {
  const found = providersFor(set, [reference], objects);
  if (found.length > 0) return found;
  const which = reference.name ?? "that its selector names";
  throw new NotTold(`its inputs come from a ResourceSetInputProvider ${which}, which is not there`);
}

function sourceOfProvider(provider: ResourceSetInputProvider): Source {
  const { type, defaultValues = {} } = provider.spec ?? {};
  if (type === "Static") return sourceOf(provider, [defaultValues]);
  throw new NotTold(
    `its inputs come from ${renderId(idOf(provider))} of the type ${type}, and only the cluster has them`,
  );
}

function sourceOf(owner: KubeObject, sets: readonly Inputs[]): Source {
  const { apiVersion, kind, metadata } = owner;
  const provider = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? "" };
  return { name: normalized(metadata.name), sets: sets.map((one) => withId({ ...one, provider })) };
}

/** With an `id` that the operator makes of what only it knows. */
function withId(inputs: Inputs): Inputs {
  const get = () => {
    throw new NotTold("its template uses inputs.id, which only the cluster has");
  };
  return Object.defineProperty({ ...inputs }, "id", { enumerable: true, get });
}

function permuted(sources: readonly Source[]): Inputs[] {
  const count = sources.reduce((product, { sets }) => product * sets.length, 1);
  if (count > mostPermutations)
    throw new TemplateError(`its inputs have ${count} permutations, more than ${mostPermutations}`);
  const permutations = sources.reduce<Inputs[]>(
    (before, { name, sets }) => before.flatMap((one) => sets.map((inputs) => ({ ...one, [name]: inputs }))),
    [{}],
  );
  return permutations.map(withId);
}

/** "my-rset" is `my_rset`, as the documentation of `Permute` spells it out. */
function normalized(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
}
