import { UserError } from "../errors.js";
import { renderId } from "../kube/object-id.js";
import type { SourceRef } from "./source-ref.js";
import type { Workload } from "./workload.js";

/** How the sentences begin. */
export function cannot(workload: Workload): string {
  return `Cannot generate an Application for ${renderId(workload)}`;
}

/** The source that a workload, or another source, points to is not there. */
export function sourceMissing(workload: Workload, ref: SourceRef, hint: string): UserError {
  return new UserError(`${cannot(workload)}: ${renderId(ref)} does not exist`, { hint });
}

/** A source whose fields do not say where its content lies. */
export function unmappable(workload: Workload, ref: SourceRef, why: string): UserError {
  return new UserError(`${cannot(workload)}: ${renderId(ref)}: ${why}`);
}

/** A reference to something that is no source, or not one for this purpose. */
export function unknownKind(workload: Workload, ref: SourceRef, field: string, known: string): UserError {
  return new UserError(`${cannot(workload)}: ${field} has the kind ${JSON.stringify(ref.kind)}`, {
    hint: `Flamingo knows ${known} there`,
  });
}
