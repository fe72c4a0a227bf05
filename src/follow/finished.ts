import { UserError } from "../errors.js";
import { labelsOf } from "../flux/applied-by.js";
import { type CommonMetadata, withCommonMetadata } from "../flux/common-metadata.js";
import { classify } from "../flux/file-rules.js";
import type { Kustomization } from "../flux/kustomization.js";
import { isResourceSet } from "../flux/resource-set/resource-set.js";
import type { KubeObject } from "../kube/object.js";
import { idOf, renderId } from "../kube/object-id.js";
import { andFirst } from "../text/and-list.js";

/**
 * Objects as kustomize-controller applies them: with `spec.commonMetadata`, and ResourceSets with its own labels, which are all that tells
 * where they come from. Flux's own that are left without a namespace are told in one error, since Flux gives them none and fails.
 */
export function finished(
  objects: readonly KubeObject[],
  kustomization: Kustomization,
): { sound: KubeObject[]; lost: UserError | undefined } {
  const lost = objects.filter((object) => classify(object) !== "foreign" && !object.metadata?.namespace);
  return {
    sound: objects
      .filter((object) => !lost.includes(object))
      .map((object) => withCommonMetadata(object, marksFor(object, kustomization))),
    lost: lost.length === 0 ? undefined : withoutNamespace(lost, kustomization),
  };
}

function withoutNamespace(lost: readonly KubeObject[], kustomization: Kustomization): UserError {
  const names = lost.map(({ kind, metadata }) => `${kind} ${metadata?.name}`);
  return new UserError(
    `Cannot apply ${renderId(idOf(kustomization))}: ${andFirst(names, 3)} ${lost.length === 1 ? "has" : "have"} no namespace`,
    {
      hint: "Flux fails with that, too: give the objects a namespace, or the Kustomization a spec.targetNamespace",
    },
  );
}

function marksFor(object: KubeObject, { kind, metadata, spec }: Kustomization): CommonMetadata | undefined {
  const common = spec?.commonMetadata;
  if (!isResourceSet(object)) return common;
  return { ...common, labels: { ...common?.labels, ...labelsOf({ ...metadata, kind }) } };
}
