import { CustomResourceDefinition } from "../kube/kinds.js";
import type { KubeObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";

/** A CRD's schema, the fields that tell which fields an object may have. */
interface Schema {
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
}

interface Crd extends CustomResourceDefinition {
  spec: CustomResourceDefinition["spec"] & {
    versions?: { schema?: { openAPIV3Schema?: Schema } }[];
  };
}

/**
 * The fields that objects may have by the CRD that is there and could not by the one that would take its place: those of a newer
 * release, which the API server would drop from every object that is written from then on.
 *
 * @example ["spec.sources.kustomize.patches"]
 */
export function lostFields(before: KubeObject | null, wanted: KubeObject): string[] {
  if (!before || !isOfKind(wanted, CustomResourceDefinition)) return [];
  const kept = new Set(fieldsOf(wanted as Crd));
  return fieldsOf(before as Crd).filter((field) => !kept.has(field));
}

function fieldsOf({ spec }: Crd): string[] {
  return (spec.versions ?? []).flatMap(({ schema }) => fieldsIn(schema?.openAPIV3Schema, ""));
}

function fieldsIn(schema: Schema | undefined, path: string): string[] {
  if (!schema) return [];
  const { properties = {}, items, additionalProperties } = schema;
  const values = typeof additionalProperties === "object" ? additionalProperties : undefined;
  const own = Object.entries(properties).flatMap(([name, one]) => {
    const field = path === "" ? name : `${path}.${name}`;
    return [field, ...fieldsIn(one, field)];
  });
  return [...own, ...fieldsIn(items, path), ...fieldsIn(values, path)];
}
