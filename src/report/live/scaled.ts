import type { LiveObject } from "../../kube/object.js";
import { fluxFieldsOf } from "../applied-fields.js";
import { isPersonsTool } from "../drift.js";

/**
 * Who has scaled an object past Flux. Of that, Kubernetes keeps by whom, but not since when, and a person may have scaled it before
 * Flux came: so it counts only when the replicas were seen to be Flux's before. Undefined when nobody did, for all that is known.
 *
 * @param before the object as it was, looked up only where it matters
 * @param known what was found of that
 */
export function scaledPastFlux(
  object: LiveObject,
  before: () => LiveObject | undefined,
  known: string | undefined,
): string | undefined {
  const scaling = object.metadata.managedFields?.find(
    ({ manager = "", subresource, time }) => subresource === "scale" && !time && isPersonsTool(manager),
  );
  if (!scaling || hasReplicas(object)) return undefined;
  if (known !== undefined) return scaling.manager;
  const was = before();
  return was?.metadata.uid === object.metadata.uid && was && hasReplicas(was) ? scaling.manager : undefined;
}

function hasReplicas(object: LiveObject): boolean {
  return fluxFieldsOf(object)?.["f:spec"]?.["f:replicas"] !== undefined;
}
