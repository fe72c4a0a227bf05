import { CustomResourceDefinition, Namespace } from "../kube/kinds.js";
import { isOfKind } from "../kube/object-id.js";
import type { Item } from "./live.js";

/**
 * In which order objects are applied: the namespace, the record in it, before anything that it tells of, CRDs until they are
 * established, and everything else.
 */
export function stagesOf(items: readonly Item[], record: Item | undefined): Item[][] {
  const ofKind = (kind: typeof Namespace) => items.filter(({ object }) => isOfKind(object, kind));
  const first = ofKind(Namespace);
  const crds = ofKind(CustomResourceDefinition);
  const rest = items.filter((item) => !first.includes(item) && !crds.includes(item));
  return [first, record ? [record] : [], crds, rest].filter((stage) => stage.length > 0);
}
