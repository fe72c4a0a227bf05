import { isToolkitGroup } from "../flux/groups.js";
import type { FieldsV1, LiveObject, ManagedFields } from "../kube/object.js";
import { groupOf } from "../kube/object-id.js";

/**
 * What Flux last applied of an object, as far as the ownership of fields tells: those that Flux's managers own have the value
 * that Flux gave them. Undefined when Flux owns none (Helm charts installed before field ownership, other tools).
 */
export function appliedByFlux(object: LiveObject): LiveObject | undefined {
  const owned = (object.metadata.managedFields ?? []).filter((entry) => isFluxs(entry, object));
  if (owned.length === 0) return undefined;
  const fields = owned.flatMap(({ fieldsV1 }) => fieldsV1 ?? []).reduce(merge, {});
  const { apiVersion, kind, metadata } = object;
  const { namespace, name } = metadata;
  const applied = extract(object, fields) as Partial<LiveObject>;
  return {
    ...applied,
    apiVersion,
    kind,
    metadata: { ...applied.metadata, name, ...(namespace ? { namespace } : {}) },
  };
}

/** Its controllers also own fields of Flux's objects because they keep finalizers and status there. */
function isFluxs({ manager, operation, subresource, fieldsV1 }: ManagedFields, object: LiveObject): boolean {
  if (subresource || !fieldsV1) return false;
  if (manager === "kustomize-controller") return operation === "Apply";
  return (
    manager === "helm-controller" && (operation === "Apply" || !isToolkitGroup(groupOf(object.apiVersion)))
  );
}

function merge(first: FieldsV1, second: FieldsV1): FieldsV1 {
  const merged: Record<string, FieldsV1> = { ...first };
  for (const [name, fields] of Object.entries(second)) {
    const known = merged[name];
    merged[name] = known ? merge(known, fields) : fields;
  }
  return merged;
}

function extract(value: unknown, fields: FieldsV1): unknown {
  if (Object.keys(fields).every((name) => name === ".")) return value;
  if (Array.isArray(value)) {
    const items = Object.entries(fields).filter(([name]) => name !== ".");
    return value.flatMap((item) => {
      const found = items.find(([name]) => isItem(item, name));
      return found ? [withKeys(extract(item, found[1]), item, found[0])] : [];
    });
  }
  if (typeof value !== "object" || value === null) return value;
  const extracted: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(fields)) {
    const field = name.slice(2);
    if (name.startsWith("f:") && Object.hasOwn(value, field))
      extracted[field] = extract((value as Record<string, unknown>)[field], inner);
  }
  return extracted;
}

/** "k:{"name":"app"}" means the item with that name, "v:"x"" the item "x". */
function isItem(item: unknown, name: string): boolean {
  const wanted: unknown = JSON.parse(name.slice(2));
  if (name.startsWith("v:")) return JSON.stringify(item) === JSON.stringify(wanted);
  if (!name.startsWith("k:") || typeof item !== "object" || item === null) return false;
  const keys = Object.entries(wanted as Record<string, unknown>);
  // a key that has its default, such as a port's protocol, may be left out
  return keys.every(([key, value]) => ((item as Record<string, unknown>)[key] ?? value) === value);
}

/** An item cannot be told from the others without its keys. */
function withKeys(extracted: unknown, item: unknown, name: string): unknown {
  if (!name.startsWith("k:") || extracted === item) return extracted;
  return { ...(JSON.parse(name.slice(2)) as object), ...(extracted as object) };
}
