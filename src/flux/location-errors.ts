import { UserError } from "../errors.js";
import { renderId } from "../kube/object-id.js";
import type { SourceRef } from "./source-ref.js";
import type { Workload } from "./workload.js";

/** The source that a workload, or another source, points to is not there. */
export class SourceMissing extends UserError {
  readonly ref: SourceRef;

  constructor(workload: Workload, ref: SourceRef) {
    super(`${cannot(workload)}: ${renderId(ref)} does not exist`);
    this.ref = ref;
  }
}

/** How the sentences begin. */
export function cannot(workload: Workload): string {
  return `Cannot generate an Application for ${renderId(workload)}`;
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
