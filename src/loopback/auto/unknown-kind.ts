import { Application } from "../../argo/application.js";
import { UserError } from "../../errors.js";
import type { Kind } from "../../kube/object.js";
import { pluralOf, resourceName } from "../../kube/resource.js";
import type { Unknown } from "../unknown.js";

/** A kind of which it is not known what there is. */
export interface UnknownKind {
  kind: Kind;
  because: Unknown;
  /** how many Applications of `--auto` might be those of workloads that are gone */
  kept: number;
}

/**
 * What people should know of it: an error, or no more than a remark where nobody has to do anything about it. Undefined where
 * nothing is left undone.
 *
 * @param namespace where Applications live
 */
export function explainUnknown(
  { kind, because, kept }: UnknownKind,
  namespace: string,
): UserError | string | undefined {
  const plural = pluralOf(kind);
  const stay = kept === 1 ? "the Application" : `the ${kept} Applications`;
  if (because === "not served") {
    if (kept === 0) return undefined;
    return `The cluster does not serve ${plural}: ${stay} that --auto made for them stay${kept === 1 ? "s" : ""}`;
  }
  const reason = {
    forbidden: `reading ${plural} is forbidden`,
    unavailable: `${plural} could not be read`,
  }[because as string];
  const why = reason ?? `reading ${plural} is ${because}`;
  const hint = `Needed is the right to list and watch ${resourceName(kind)} in all namespaces`;
  if (kind === Application)
    return new UserError(`Cannot create or delete Applications in ${namespace} (--auto): ${why}`, { hint });
  const rest = kept === 0 ? "" : `; ${stay} that it made for them stay${kept === 1 ? "s" : ""}`;
  return new UserError(`Cannot create Applications for ${plural} (--auto): ${why}${rest}`, { hint });
}
