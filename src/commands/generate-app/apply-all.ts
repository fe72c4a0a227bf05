import { endOfWork, isClosedPipe } from "../../abort.js";
import { type ApplyRequest, applyPlanned } from "../../applications/apply.js";
import type { Planned } from "../../applications/plan.js";
import type { Kube } from "../../kube/kube.js";
import { Progress } from "../../output/progress.js";
import { jsonItems, writeEach } from "../../output/write.js";
import { renderYaml } from "../../yaml.js";
import type { Deps } from "../deps.js";
import { type Outcome, outcomeFor } from "./outcome.js";
import type { Tally } from "./tally.js";

/** Applies (or only tells, with a dry run), shows each outcome as it comes, and sums up. */
export async function applyAll(
  planned: Iterable<Planned>,
  kube: Kube,
  request: Omit<ApplyRequest, "signal"> & { format: "json" | "yaml" | undefined; total: number },
  tally: Tally,
  deps: Deps,
): Promise<void> {
  const { say } = deps;
  const progress = new Progress(deps.stderr, deps.env);
  const unsure: unknown[] = [];
  const bulk = request.total > 1 && !request.dryRun;
  if (bulk) say.act(`Applying ${request.total} Applications`);
  async function* outcomes(): AsyncGenerator<Outcome> {
    const how = { ...request, signal: deps.signal };
    for await (const result of applyPlanned(tally.watched(planned), kube, how)) {
      progress.clear();
      if (result.outcome === "unsent") continue;
      if (result.outcome === "under way") {
        unsure.push(result.error);
        continue;
      }
      if (result.outcome === "failed") tally.failed(result.error);
      else {
        tally.done(result.outcome);
        yield outcomeFor(result.item, result.outcome, request.dryRun ?? null);
      }
      progress.update(`◎ applied ${tally.count + tally.failures}/${request.total}`);
    }
  }
  try {
    await writeEach(deps.stdout, view(outcomes(), request.format), deps.signal);
  } finally {
    progress.clear();
  }
  if (deps.signal.aborted) {
    const done = tally.count + tally.failures === request.total;
    if (isClosedPipe(deps.signal) && (request.dryRun || done)) throw deps.signal.reason;
    const open = unsure.length === 0 ? "" : `; ${unsure.length} under way, which may be there or not`;
    say.warning(
      `Stopped after ${tally.count} of ${request.total} Applications: ${tally.summary}${request.dryRun ? "" : open}`,
    );
    throw endOfWork(deps.signal, unsure[0]);
  }
  if (bulk) {
    say.done(`Applied ${tally.count} of ${request.total} Applications: ${tally.summary}`);
  }
}

function view(outcomes: AsyncIterable<Outcome>, format: "json" | "yaml" | undefined): AsyncIterable<string> {
  if (format === "json") return jsonItems(outcomes);
  return format === "yaml" ? yamlItems(outcomes) : lines(outcomes);
}

/** As kubectl says it. */
async function* lines(outcomes: AsyncIterable<Outcome>): AsyncGenerator<string> {
  const suffix = { client: " (dry run)", server: " (server dry run)" };
  for await (const { name, outcome, dryRun } of outcomes) {
    yield `application.argoproj.io/${name} ${outcome}${dryRun ? suffix[dryRun] : ""}\n`;
  }
}

async function* yamlItems(outcomes: AsyncIterable<Outcome>): AsyncGenerator<string> {
  const items: Outcome[] = [];
  for await (const outcome of outcomes) items.push(outcome);
  yield renderYaml({ items }).replace(/^---\n/, "");
}
