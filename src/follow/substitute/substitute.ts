import { UserError } from "../../errors.js";
import type { Kustomization } from "../../flux/kustomization.js";
import type { KubeObject } from "../../kube/object.js";
import { idOf, renderId } from "../../kube/object-id.js";
import { readYaml, renderYaml, YamlError } from "../../yaml.js";
import { BadSubstitution, expand } from "./expand.js";

/** What a `substituteFrom` stands for: its data, where undefined is a value that cannot be read here. */
export type Referenced = ReadonlyMap<string, string | undefined> | "absent";

export type ReferenceLookUp = (ref: { kind: string; name: string; namespace: string }) => Referenced;

export interface Substituted {
  objects: KubeObject[];
  /** objects that Flux would fail with, which are left out */
  problems: UserError[];
  /** names of variables that stay as they stand, since what may define them is not known */
  unknown: string[];
}

/**
 * Puts the variables of `spec.postBuild` into objects as kustomize-controller 1.9 does: into the YAML of each, so that `${N}`
 * may become a number.
 */
export function substitute(
  objects: readonly KubeObject[],
  kustomization: Kustomization,
  lookUp: ReferenceLookUp,
): Substituted {
  const variables = variablesOf(kustomization, lookUp);
  const isAlways = kustomization.spec?.postBuild?.substituteStrategy === "Always";
  const result: Substituted = { objects: [], problems: [], unknown: [] };
  if (variables.named.size === 0 && variables.complete && !isAlways)
    return { ...result, objects: [...objects] };
  const bad = [...variables.named.keys()].find((name) => !/^[_a-zA-Z]\w*$/.test(name));
  if (bad !== undefined) {
    const which = renderId(idOf(kustomization));
    const problem = `Cannot substitute variables of ${which}: ${JSON.stringify(bad)} is no name of a variable`;
    return { ...result, problems: [new UserError(problem)] };
  }
  const { named, complete } = variables;
  const resolve = (name: string) => (named.has(name) || !complete ? named.get(name) : "");
  const unknown = new Set<string>();
  for (const object of objects) {
    try {
      result.objects.push(isDisabled(object) ? object : substituted(object, resolve, unknown));
    } catch (error) {
      if (!(error instanceof BadSubstitution || error instanceof YamlError)) throw error;
      const where = `${renderId(idOf(object))}, which ${renderId(idOf(kustomization))} applies`;
      result.problems.push(new UserError(`Cannot substitute variables in ${where}: ${error.message}`));
    }
  }
  return { ...result, unknown: [...unknown] };
}

interface Variables {
  /** undefined: it cannot be read here */
  named: ReadonlyMap<string, string | undefined>;
  /** there are no others */
  complete: boolean;
}

function variablesOf({ metadata, spec }: Kustomization, lookUp: ReferenceLookUp): Variables {
  const { substitute: inline = {}, substituteFrom = [] } = spec?.postBuild ?? {};
  const named = new Map<string, string | undefined>();
  let complete = true;
  for (const { kind, name, optional } of substituteFrom) {
    const found = lookUp({ kind, name, namespace: metadata.namespace ?? "" });
    if (found !== "absent") for (const [key, value] of found) named.set(key, value && onOneLine(value));
    else if (!optional) {
      // it may say otherwise
      named.clear();
      complete = false;
    }
  }
  for (const [key, value] of Object.entries(inline)) named.set(key, onOneLine(String(value)));
  return { named, complete };
}

function onOneLine(value: string): string {
  return value.replaceAll("\n", "");
}

function isDisabled({ metadata: { labels, annotations } }: KubeObject): boolean {
  const key = "kustomize.toolkit.fluxcd.io/substitute";
  return labels?.[key] === "disabled" || annotations?.[key] === "disabled";
}

function substituted(
  object: KubeObject,
  resolve: (name: string) => string | undefined,
  unknown: Set<string>,
): KubeObject {
  const yaml = renderYaml(object);
  if (!/\$[{$]/.test(yaml)) return object;
  const { text, unknown: names } = expand(yaml, resolve);
  for (const name of names) unknown.add(name);
  return readYaml(text)[0] as KubeObject;
}
