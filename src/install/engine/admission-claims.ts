/** Whose fields are whose, as `managedFields` tell and everybody may write them, in CEL. Pure. */
import { loopbackFieldManager, requestAnnotation } from "../../names.js";
import { allOf, list, onUpdate, type Validation } from "./cel.js";

/** On Flux objects: what asks, and who wants it. */
export const askingAnnotations: readonly string[] = [
  requestAnnotation.reconcile,
  requestAnnotation.requestedBy,
];

/**
 * What of spec others own stays theirs, at least by name; of more than ten entries the API server itself makes fewer
 * (`maxUpdateManagers` of apimachinery's managedfields).
 */
export const othersClaims: Validation = {
  only: "it claims nothing for others, and takes nothing from them",
  expression: onUpdate(
    `(${allOf(
      `variables.managersAfter.all(one, ${isOurs("one")} || variables.managersBefore.exists(other, ${isSame("one", "other")} && ${claimsNoMore("one", "other")}))`,
      `variables.managersBefore.all(one, ${isOurs("one")} || size(${specOf("one")}) == 0 || one.apiVersion != object.apiVersion || variables.managersAfter.exists(other, ${isSame("one", "other")} && ${claimsNoMore("one", "other")}))`,
    )}) || size(variables.managersBefore) >= 10`,
  ),
};

/** What it owns of a field is not gone when others take the field away: it stays. */
export const claimsInFlux: Validation = {
  only: `it claims nothing of them but the annotations ${askingAnnotations.join(" and ")}`,
  expression: onUpdate(
    `variables.managersAfter.all(one, !(${isOurs("one")}) || (${allOf(
      "one.fieldsV1.all(key, key == 'f:metadata')",
      "one.fieldsV1['f:metadata'].all(key, key == 'f:annotations')",
      `one.fieldsV1['f:metadata']['f:annotations'].all(key, key in ${list([".", ...askingAnnotations.map((key) => `f:${key}`)])})`,
    )}))`,
  ),
};

export const claimsInApplications: Validation = {
  only: "it claims nothing of their spec that it did not write when it created them",
  expression: onUpdate(
    `variables.managersAfter.all(one, !(${isOurs("one")}) || variables.managersBefore.exists(other, ${isSame("one", "other")} && ${claimsNoMore("one", "other")}) || (one.operation == 'Update' && size(${specOf("one")}) == 0))`,
  ),
};

function isOurs(entry: string): string {
  return `${entry}.?manager.orValue('') == '${loopbackFieldManager}'`;
}

function isSame(one: string, other: string): string {
  return ["manager", "operation", "subresource", "apiVersion"]
    .map((field) => `${one}.?${field}.orValue('') == ${other}.?${field}.orValue('')`)
    .join(" && ");
}

function specOf(entry: string): string {
  return `${entry}.?fieldsV1[?'f:spec'].orValue({})`;
}

function claimsNoMore(one: string, other: string): string {
  return `${specOf(one)}.all(field, field in ${specOf(other)})`;
}
