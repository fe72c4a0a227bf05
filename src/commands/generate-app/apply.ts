import { Application } from "../../argo/application.js";
import { UserError } from "../../errors.js";
import { concurrently } from "../../kube/concurrently.js";
import type { Kube } from "../../kube/kube.js";
import { fieldManager } from "../../names.js";
import type { Deps } from "../deps.js";
import type { Existing } from "./find-existing.js";
import { compareApplied, type Outcome, outcomeFor, predictApplied } from "./outcome.js";
import type { Planned } from "./plan.js";

/** The fastest that was measured against a local API server; more only queue there. */
const atOnce = 16;

export interface ApplyRequest {
  existing: Existing;
  dryRun: "client" | "server" | undefined;
  force: boolean;
}

/** What was stopped: before it was sent, or while nobody knows whether it had arrived. */
export type Unfinished = { unsent: true } | { unsent: false; error: unknown };

/**
 * Applies several at a time; each ends as an outcome or as the reason why it could not. In the order of the plan. When
 * the signal is aborted, all that are left end as unfinished: nothing is thrown, so that those done can be told.
 */
export function applyPlanned(
  planned: Iterable<Planned>,
  kube: Kube,
  request: ApplyRequest,
  { signal }: Pick<Deps, "signal">,
): AsyncIterable<Outcome | UserError | Unfinished> {
  return concurrently(planned, atOnce, async (item) => {
    if (signal.aborted) return { unsent: true };
    if ("failure" in item) return item.failure;
    const before = request.existing.get(item.name);
    if (request.dryRun === "client")
      return outcomeFor(item, predictApplied(before, item.application), "client");
    try {
      const after = await kube.apply(Application, item.application, {
        fieldManager,
        force: request.force,
        dryRun: request.dryRun === "server",
      });
      return outcomeFor(item, compareApplied(before, after), request.dryRun ?? null);
    } catch (error) {
      if (signal.aborted) return { unsent: false, error };
      if (!(error instanceof UserError)) throw error;
      return error;
    }
  });
}
