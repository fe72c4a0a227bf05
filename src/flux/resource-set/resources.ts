import { dropNulls } from "../../drop-nulls.js";
import type { KubeObject } from "../../kube/object.js";
import { groupOf, idOf, keyOf } from "../../kube/object-id.js";
import { readYaml, renderYaml } from "../../yaml.js";
import { withCommonMetadata } from "../common-metadata.js";
import { isFluxGroup, operatorGroup } from "../groups.js";
import { inputsOf } from "./inputs.js";
import type { Inputs, ResourceSet, Templates } from "./resource-set.js";
import type { Budget } from "./template/budget.js";
import { TemplateError } from "./template/errors.js";
import { fillIn } from "./template/fill-in.js";
import { parseTemplate } from "./template/parse.js";
import type { Value } from "./template/values.js";

/**
 * What the Flux Operator makes of a ResourceSet: each object once, the first of its name.
 *
 * @param objects its providers among them
 * @throws TemplateError and YamlError for what the operator fails with
 * @throws NotTold when files do not tell it
 */
export function resourcesOf(set: ResourceSet, objects: readonly KubeObject[], budget: Budget): KubeObject[] {
  const { steps = [], commonMetadata } = set.spec ?? {};
  const inputs = inputsOf(set, objects);
  const made = new Map<string, KubeObject>();
  for (const templates of [set.spec ?? {}, ...steps]) {
    for (const resource of filledIn(templates, inputs, budget)) {
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
  budget: Budget,
): KubeObject[] {
  if (inputs.length === 0) return [];
  const written = resources.map((resource) => {
    budget.spendOn(resource as Value);
    return renderYaml(resource);
  });
  return [...written, resourcesTemplate].flatMap((text) => {
    const template = parseTemplate(text, budget);
    return inputs.flatMap((one) => {
      budget.spend(readingCosts);
      return readYaml(fillIn(template, one, budget))
        .filter((document) => document != null)
        .map(asObject);
    });
  });
}

/** What YAML takes to be read, however short it is, in characters. */
const readingCosts = 100;

function asObject(document: unknown): KubeObject {
  dropNulls(document);
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
