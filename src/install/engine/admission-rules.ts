/** What the engine writes into Applications and Flux objects, in CEL. Pure. */
import { argoFinalizer } from "../../argo/finalizer.js";
import { annotation, label, requestAnnotation } from "../../names.js";
import { askingAnnotations, claimsInApplications, claimsInFlux, othersClaims } from "./admission-claims.js";
import { allOf, hasEntry, list, ofMetadata, onUpdate, sameBut, type Validation } from "./cel.js";

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

export const fluxValidations: readonly Validation[] = [
  wholeObject,
  { only: "it creates no Flux objects", expression: "request.operation == 'UPDATE'" },
  {
    only: `it changes nothing of them but the annotations ${askingAnnotations.join(" and ")}`,
    expression: onUpdate(
      sameBut("object", "oldObject", ["metadata"]),
      sameBut("object.metadata", "oldObject.metadata", ["annotations", "managedFields", "resourceVersion"]),
      sameBut(after, before, askingAnnotations),
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
