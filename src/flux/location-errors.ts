import { errorAbout, type UserError } from "../errors.js";
import { renderId } from "../kube/object-id.js";
import type { SourceRef } from "./source-ref.js";
import type { Workload } from "./workload.js";

/** Why a workload gets no Application; several with one reason are told together. */
export function cannotGenerate(workload: Workload, why: string, hint?: string): UserError {
  const sentence = (subjects: string) => `Cannot generate an Application for ${subjects}: ${why}`;
  return errorAbout(renderId(workload), sentence, hint);
}

/** The source that a workload, or another source, points to is not there. */
export function sourceMissing(workload: Workload, ref: SourceRef, hint: string): UserError {
  return cannotGenerate(workload, `${renderId(ref)} does not exist`, hint);
}

/** A source whose fields do not say where its content lies. */
export function unmappable(workload: Workload, ref: SourceRef, why: string): UserError {
  return cannotGenerate(workload, `${renderId(ref)}: ${why}`);
}

/** A reference to something that is no source, or not one for this purpose. */
export function unknownKind(workload: Workload, ref: SourceRef, field: string, known: string): UserError {
  const why = `${field} has the kind ${JSON.stringify(ref.kind)}`;
  return cannotGenerate(workload, why, `Flamingo knows ${known} there`);
}
