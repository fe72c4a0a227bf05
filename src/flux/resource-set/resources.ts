import type { KubeObject } from "../../kube/object.js";
import { groupOf, idOf, keyOf } from "../../kube/object-id.js";
import { readYaml, renderYaml } from "../../yaml.js";
import { withCommonMetadata } from "../common-metadata.js";
import { isFluxGroup, operatorGroup } from "../groups.js";
import { inputsOf } from "./inputs.js";
import type { Inputs, ResourceSet, Templates } from "./resource-set.js";
import { TemplateError } from "./template/errors.js";
import { fillIn } from "./template/fill-in.js";

/**
 * What the Flux Operator makes of a ResourceSet: each object once, the first of its name.
 *
 * @param objects its providers among them
 * @throws TemplateError and YamlError for what the operator fails with
 * @throws NotTold when files do not tell it
 */
export function resourcesOf(set: ResourceSet, objects: readonly KubeObject[]): KubeObject[] {
  const { steps = [], commonMetadata } = set.spec ?? {};
  const inputs = inputsOf(set, objects);
  const made = new Map<string, KubeObject>();
  for (const templates of [set.spec ?? {}, ...steps]) {
    for (const resource of filledIn(templates, inputs)) {
      const object = inNamespace(resource, set.metadata.namespace);
      const key = keyOf(idOf(object));
      if (!made.has(key)) made.set(key, withCommonMetadata(object, commonMetadata));
    }
  }
  return [...made.values()].filter(isNotExcluded);
}

function filledIn(
  { resources = [], resourcesTemplate = "" }: Templates,
  inputs: readonly Inputs[],
): KubeObject[] {
  const templates = [...resources.map(renderYaml), resourcesTemplate];
  return templates.flatMap((template) =>
    inputs.flatMap((one) =>
      readYaml(fillIn(template, one))
        .filter((document) => document != null)
        .map(asObject),
    ),
  );
}

function asObject(document: unknown): KubeObject {
  const { apiVersion, kind, metadata } = document as Partial<KubeObject>;
  if (typeof apiVersion === "string" && typeof kind === "string" && typeof metadata?.name === "string")
    return document as KubeObject;
  throw new TemplateError("its template makes something without apiVersion, kind or metadata.name");
}

/** What is Flux's is in the set's namespace where it names none: the documentation's own examples leave it out. */
function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  const isFlux = isFluxGroup(groupOf(object.apiVersion));
  if (!isFlux || object.metadata.namespace || !namespace) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function isNotExcluded({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[`${operatorGroup}/reconcile`] !== "disabled";
}
