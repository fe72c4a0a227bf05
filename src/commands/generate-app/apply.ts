import { Application } from "../../argo/application.js";
import { concurrently } from "../../concurrently.js";
import type { Deps } from "../../deps.js";
import { UserError } from "../../errors.js";
import type { Kube } from "../../kube/reader.js";
import { fieldManager } from "../../names.js";
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

/** Applies several at a time; each ends as an outcome or as the reason why it could not. In the order of the plan. */
export function applyPlanned(
  planned: Iterable<Planned>,
  kube: Kube,
  request: ApplyRequest,
  { signal }: Pick<Deps, "signal">,
): AsyncIterable<Outcome | UserError> {
  return concurrently(planned, atOnce, async (item) => {
    if ("failure" in item) return item.failure;
    const before = request.existing.get(item.name);
    if (request.dryRun === "client")
      return outcomeFor(item, predictApplied(before, item.application), "client");
    signal.throwIfAborted();
    try {
      const after = await kube.apply(Application, item.application, {
        fieldManager,
        force: request.force,
        dryRun: request.dryRun === "server",
      });
      return outcomeFor(item, compareApplied(before, after), request.dryRun ?? null);
    } catch (error) {
      if (!(error instanceof UserError) || signal.aborted) throw error;
      return error;
    }
  });
}
