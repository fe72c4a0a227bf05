import { Application } from "../argo/application.js";
import { contentOf } from "../argo/existing.js";
import type { UserError } from "../errors.js";
import { applySet, type SetResult, type ToApply } from "../kube/apply-set.js";
import type { Kube } from "../kube/kube.js";
import { fieldManager } from "../names.js";
import type { Existing } from "./existing.js";
import type { Planned, Refused } from "./plan.js";

export interface ApplyRequest {
  existing: Existing;
  dryRun: "client" | "server" | undefined;
  force: boolean;
  signal: AbortSignal;
}

type ApplicationToApply = Exclude<Planned, Refused> & ToApply;

/**
 * Applies Applications, in the order of the plan. They are compared by what people write with those that were found there:
 * Argo CD's own writes to the status at the same time are no change. One request each, none in a client's dry run.
 */
export function applyPlanned(
  planned: Iterable<Planned>,
  kube: Kube,
  { existing, dryRun, force, signal }: ApplyRequest,
): AsyncIterable<SetResult<ApplicationToApply>> {
  const items = itemsOf(planned, existing);
  return applySet(kube, [items], { fieldManager, force, dryRun, signal, contentOf });
}

function* itemsOf(planned: Iterable<Planned>, existing: Existing): Generator<ApplicationToApply | UserError> {
  for (const one of planned) {
    if ("failure" in one) yield one.failure;
    else {
      const before = existing.get(one.name) ?? null;
      yield { ...one, kind: Application, object: one.application, before };
    }
  }
}
