import { isToolkitGroup } from "../flux/groups.js";
import { mergeFields, pickFields } from "../kube/field-set.js";
import type { FieldsV1, LiveObject, ManagedFields } from "../kube/object.js";
import { groupOf } from "../kube/object-id.js";

/**
 * What Flux last applied of an object, as far as the ownership of fields tells: those that Flux's managers own have the value
 * that Flux gave them. Undefined when Flux owns none (Helm charts installed before field ownership, other tools).
 */
export function appliedByFlux(object: LiveObject): LiveObject | undefined {
  const fields = fluxFieldsOf(object);
  if (!fields) return undefined;
  const { apiVersion, kind, metadata } = object;
  const { namespace, name } = metadata;
  const applied = pickFields(object, fields) as Partial<LiveObject>;
  return {
    ...applied,
    apiVersion,
    kind,
    metadata: { ...applied.metadata, name, ...(namespace ? { namespace } : {}) },
  };
}

/** The fields that Flux's managers own; undefined when they own none. */
export function fluxFieldsOf(object: LiveObject): FieldsV1 | undefined {
  const owned = fluxEntriesOf(object);
  return owned.length === 0
    ? undefined
    : owned.flatMap(({ fieldsV1 }) => fieldsV1 ?? []).reduce(mergeFields, {});
}

/** When Flux last changed an object by applying it; undefined when that is not known. */
export function appliedAt(object: LiveObject): string | undefined {
  return fluxEntriesOf(object)
    .flatMap(({ time }) => time ?? [])
    .sort()
    .at(-1);
}

function fluxEntriesOf(object: LiveObject): ManagedFields[] {
  return (object.metadata.managedFields ?? []).filter((entry) => isFluxs(entry, object));
}

/** Its controllers, and those of the Flux Operator, also own fields of Flux's objects because they keep finalizers and status there. */
function isFluxs({ manager, operation, subresource, fieldsV1 }: ManagedFields, object: LiveObject): boolean {
  if (subresource || !fieldsV1) return false;
  if (manager === "kustomize-controller" || manager === "flux-operator") return operation === "Apply";
  return (
    manager === "helm-controller" && (operation === "Apply" || !isToolkitGroup(groupOf(object.apiVersion)))
  );
}
