/** What the engine writes into Applications and Flux objects, in CEL. Pure. */
import { argoFinalizer } from "../../argo/finalizer.js";
import { annotation, label, loopbackFieldManager, requestAnnotation } from "../../names.js";
import { allOf, hasEntry, list, ofMetadata, sameBut } from "./cel.js";

export interface Validation {
  /** what is let through: the end of a sentence */
  only: string;
  /** in CEL */
  expression: string;
}

/** Of the object before and afterwards. */
export const variables = [
  { name: "before", expression: ofMetadata("oldObject", "annotations", "{}") },
  { name: "after", expression: ofMetadata("object", "annotations", "{}") },
  { name: "finalizersBefore", expression: ofMetadata("oldObject", "finalizers", "[]") },
  { name: "finalizersAfter", expression: ofMetadata("object", "finalizers", "[]") },
  { name: "managersBefore", expression: ofMetadata("oldObject", "managedFields", "[]") },
  { name: "managersAfter", expression: ofMetadata("object", "managedFields", "[]") },
];

const before = "variables.before";
const after = "variables.after";

const wholeObject: Validation = {
  only: "it writes whole objects only",
  expression: "!has(request.subResource) || request.subResource == ''",
};

/**
 * `managedFields` tell who owns what, and anybody may write them. What of spec others own stays theirs, at least by name; of more
 * than ten entries the API server itself makes fewer (`maxUpdateManagers` of apimachinery's managedfields).
 */
const othersClaims: Validation = {
  only: "it claims nothing for others, and takes nothing from them",
  expression: onUpdate(
    `(${allOf(
      `variables.managersAfter.all(one, ${isOurs("one")} || variables.managersBefore.exists(other, ${isSame("one", "other")} && ${claimsNoMore("one", "other")}))`,
      `variables.managersBefore.all(one, ${isOurs("one")} || size(${specOf("one")}) == 0 || one.apiVersion != object.apiVersion || variables.managersAfter.exists(other, ${isSame("one", "other")} && ${claimsNoMore("one", "other")}))`,
    )}) || size(variables.managersBefore) >= 10`,
  ),
};

/** What it owns of a field is not gone when others take the field away: it stays. */
const claimsInFlux: Validation = {
  only: `it claims nothing of them but the annotation ${requestAnnotation.reconcile}`,
  expression: onUpdate(
    `variables.managersAfter.all(one, !(${isOurs("one")}) || (${allOf(
      "one.fieldsV1.all(key, key == 'f:metadata')",
      "one.fieldsV1['f:metadata'].all(key, key == 'f:annotations')",
      `one.fieldsV1['f:metadata']['f:annotations'].all(key, key in ${list([".", `f:${requestAnnotation.reconcile}`])})`,
    )}))`,
  ),
};

const claimsInApplications: Validation = {
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

export const fluxValidations: readonly Validation[] = [
  wholeObject,
  { only: "it creates no Flux objects", expression: "request.operation == 'UPDATE'" },
  {
    only: `it changes nothing of them but the annotation ${requestAnnotation.reconcile}`,
    expression: onUpdate(
      sameBut("object", "oldObject", ["metadata"]),
      sameBut("object.metadata", "oldObject.metadata", ["annotations", "managedFields", "resourceVersion"]),
      sameBut(after, before, [requestAnnotation.reconcile]),
    ),
  },
  othersClaims,
  claimsInFlux,
];

const madeByFlamingo = `(key.startsWith('flamingo/') || key == '${label.managedBy}')`;

export const applicationValidations: readonly Validation[] = [
  wholeObject,
  {
    only: `it speaks for Applications with ${annotation.skipReconcile} and ${annotation.engine}, before and afterwards`,
    expression: allOf(
      `(request.operation == 'CREATE' || ${isShown(before)})`,
      `(request.operation == 'DELETE' || ${isShown(after)})`,
    ),
  },
  {
    only: `it creates and deletes Applications with ${annotation.auto}`,
    expression: allOf(
      `(request.operation != 'CREATE' || ${isAuto(after)})`,
      `(request.operation != 'DELETE' || ${isAuto(before)})`,
    ),
  },
  {
    only: "it creates Applications with nothing in them that it would not write",
    expression: `request.operation != 'CREATE' || (${allOf(
      "!has(object.operation)",
      "size(variables.finalizersAfter) == 0",
      "!has(object.metadata.ownerReferences)",
      `object.spec.all(key, key in ${list(["project", "source", "destination", "syncPolicy"])})`,
      "object.spec.?syncPolicy.orValue({}).all(key, key == 'syncOptions')",
      `object.metadata.?labels.orValue({}).all(key, ${madeByFlamingo})`,
      `${after}.all(key, ${madeByFlamingo} || key == '${annotation.skipReconcile}' || key.startsWith('weave.gitops.flamingo/'))`,
    )})`,
  },
  {
    only: "it changes neither spec, labels nor owners of Applications, and starts no operation",
    expression: onUpdate(
      sameBut("object", "oldObject", ["metadata", "status", "operation"]),
      "(!has(object.operation) || (has(oldObject.operation) && object.operation == oldObject.operation))",
      sameBut("object.metadata", "oldObject.metadata", [
        "annotations",
        "finalizers",
        "generation",
        "managedFields",
        "resourceVersion",
      ]),
    ),
  },
  {
    only: "it takes annotations away that ask for something, and changes no other",
    expression: onUpdate(
      `${after}.all(key, key in ${before} && ${after}[key] == ${before}[key])`,
      `${before}.all(key, key in ${after} || key in ${list([requestAnnotation.refresh, requestAnnotation.hydrate])} || (key == '${annotation.cascade}' && ${isAuto(before)}))`,
    ),
  },
  {
    only: "it takes Argo CD's finalizers away from what is to be deleted, and changes no other",
    expression: onUpdate(
      "variables.finalizersAfter.all(one, one in variables.finalizersBefore)",
      `variables.finalizersBefore.all(one, one in variables.finalizersAfter || (one.matches('${argoFinalizer.source.replaceAll("\\", "\\\\")}') && (has(oldObject.metadata.deletionTimestamp) || ${isAuto(before)})))`,
    ),
  },
  othersClaims,
  claimsInApplications,
];

function isShown(annotations: string): string {
  const { skipReconcile, engine } = annotation;
  return allOf(hasEntry(annotations, skipReconcile, "true"), hasEntry(annotations, engine, "loopback"));
}

function isAuto(annotations: string): string {
  return hasEntry(annotations, annotation.auto, "true");
}

function onUpdate(...expressions: readonly string[]): string {
  return `request.operation != 'UPDATE' || (${allOf(...expressions)})`;
}
