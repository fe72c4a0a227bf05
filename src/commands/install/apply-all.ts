import { endOfWork, isClosedPipe } from "../../abort.js";
import type { Item } from "../../install/live.js";
import { applySet } from "../../kube/apply-set.js";
import type { Kube } from "../../kube/kube.js";
import { idOf, kubectlName } from "../../kube/object-id.js";
import { fieldManager } from "../../names.js";
import { Progress } from "../../output/progress.js";
import { writeEach } from "../../output/write.js";
import { goOn } from "../cut-short.js";
import type { Deps } from "../deps.js";

/**
 * Applies the stages, or only tells what would be done: a line for each object, as kubectl has it, and a sentence on stderr.
 *
 * @returns whether all of it was done
 * @throws the signal's reason when it was stopped, after a word on how far it was
 */
export async function applyAll(
  kube: Kube,
  stages: readonly (readonly Item[])[],
  dryRun: "client" | "server" | undefined,
  deps: Deps,
): Promise<boolean> {
  const { say, signal } = deps;
  const total = stages.reduce((sum, stage) => sum + stage.length, 0);
  const counts = { created: 0, configured: 0, unchanged: 0 };
  const progress = new Progress(deps.stderr, deps.env);
  const suffix = dryRun ? { client: " (dry run)", server: " (server dry run)" }[dryRun] : "";
  let done = 0;
  let failures = 0;
  const unsure: unknown[] = [];
  if (!dryRun) say.act(`Applying ${total} objects`);
  async function* lines(): AsyncGenerator<string> {
    for await (const result of applySet(kube, stages, { fieldManager, dryRun, signal })) {
      progress.clear();
      if (result.outcome === "under way") unsure.push(result.error);
      else if (result.outcome === "failed") {
        failures++;
        say.failure(result.error.message, result.error.hint);
      } else if (result.outcome !== "unsent") {
        done++;
        counts[result.outcome]++;
        yield `${kubectlName(idOf(result.object))} ${result.outcome}${suffix}\n`;
      }
      progress.update(`◎ applied ${done + failures}/${total}`);
    }
  }
  try {
    await writeEach(deps.stdout, lines(), signal);
  } finally {
    progress.clear();
  }
  const summary = Object.entries(counts).flatMap(([outcome, count]) =>
    count > 0 ? `${count} ${outcome}` : [],
  );
  const told = `${done} of ${total} objects${summary.length > 0 ? `: ${summary.join(", ")}` : ""}`;
  if (signal.aborted) {
    if (isClosedPipe(signal) && (dryRun || done === total)) throw signal.reason;
    const open = unsure.length > 0 ? `; ${unsure.length} under way, which may be there or not` : "";
    say.warning(`Stopped after ${told}${open}`, dryRun ? undefined : goOn);
    throw endOfWork(signal, unsure[0]);
  }
  if (!dryRun && failures === 0) say.done(`Applied ${told}`);
  if (failures > 0) say.warning(`${dryRun ? "Tried" : "Applied"} ${told}; ${total - done} not`);
  return failures === 0;
}
