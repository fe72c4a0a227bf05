import { isAbort } from "../abort.js";
import { ExitCode, type UserError, usageError } from "../errors.js";
import { renderId } from "../kube/object-id.js";
import { type ReconcileResult, Reconciliation } from "../operate/reconcile-workloads.js";
import { Progress } from "../output/progress.js";
import type { Voice } from "../output/voice.js";
import { writeEach } from "../output/write.js";
import { andFirst } from "../text/and-list.js";
import type { Selected } from "../workloads/select.js";
import { command } from "./command.js";
import type { Deps } from "./deps.js";
import { Failures } from "./failures.js";
import { toggle } from "./flag.js";
import { operateFlags, selectToOperate } from "./operate.js";

export const reconcile = command({
  arguments: "[NAME|REF...]",
  description: `Have Flux reconcile workloads now, and wait until it has: exit code 1 when it fails, with Flux's own message, 3 when it is not done in the time of --timeout, with what keeps it.

NAME is an Application that flamingo made, and means the workload that it shows. REF is a workload itself, ks/NAME, hr/NAME, rset/NAME or fi/NAME in the namespace of -n. - stands for names on stdin, as get -o name prints them. What is suspended is named and left alone.`,
  examples: [
    ["flamingo reconcile podinfo --with-source", "fetch the source, then apply it"],
    ["flamingo reconcile ks/shop hr/redis -n web", "two workloads, with what their sources hold"],
    ["flamingo reconcile hr/redis -n web --force --reset", "release it again, failures forgotten"],
    ["flamingo reconcile -l team=shop -A --no-wait", "ask for all with a label, and do not wait"],
  ],
  flags: {
    ...operateFlags,
    withSource: toggle("--with-source", "first the sources, each before those that are made from it"),
    force: toggle("--force", "release HelmReleases again, whether anything has changed or not"),
    reset: toggle("--reset", "let HelmReleases forget how often they have failed"),
    noWait: toggle("--no-wait", "only ask; do not wait for Flux"),
  },
  async run(deps, options, args) {
    const { withSource = false, force = false, reset = false, noWait = false } = options;
    const { allNamespaces: everywhere = false } = options;
    const { signal, now, say } = deps;
    const selected = await selectToOperate("reconcile", args, options, deps);
    if (force || reset) requireHelmRelease(selected, force ? "--force" : "--reset");
    const { length } = selected.workloads;
    if (!noWait && length > 0)
      say.wait(`Waiting until Flux has reconciled ${length === 1 ? "it" : `${length} workloads`}`);
    const progress = new Progress(deps.stderr, deps.env);
    const reconciliation = new Reconciliation(await deps.kube(), selected.workloads, {
      wish: { withSource, force, reset, wait: !noWait },
      everywhere,
      signal,
      now,
      onRemark: (text) => say.warning(text),
      onProgress: (left, first) => progress.update(`◎ ${length - left} of ${length} done; ${first}`),
    });
    return sayWhatBecomes(reconciliation, selected.failures, progress, deps);
  },
});

function requireHelmRelease({ workloads, failures }: Selected, flag: string): void {
  if (failures.length > 0 || workloads.some(({ kind }) => kind === "HelmRelease")) return;
  throw usageError(`${flag} is for HelmReleases, and there is none among these`, "Leave it out");
}

/** Says of each workload what became of it. @returns the exit code */
async function sayWhatBecomes(
  reconciliation: Reconciliation,
  failures: readonly UserError[],
  progress: Progress,
  deps: Deps,
): Promise<number> {
  const { say, signal, stdout } = deps;
  const failed = new Failures(say);
  let late = 0;
  for (const failure of failures) failed.fail(failure);
  async function* lines(): AsyncGenerator<string> {
    for await (const result of reconciliation.results()) {
      progress.clear();
      if (result.is === "done") yield lineFor(result);
      else if (result.is === "failed") failed.fail(result.error);
      else if (isAbort(signal.reason)) {
        const hint = "Flux goes on by itself; to wait longer: --timeout";
        say.failure(lateness(result), late++ === 0 ? hint : undefined);
      }
    }
  }
  await writeEach(stdout, lines(), signal);
  if (signal.aborted && !isAbort(signal.reason)) {
    sayAsked(reconciliation, say);
    throw signal.reason;
  }
  if (failed.exitCode !== ExitCode.done || late === 0) return failed.exitCode;
  return ExitCode.notReady;
}

function lineFor({ workload, message }: ReconcileResult & { is: "done" }): string {
  return `${renderId(workload)} ${message === undefined ? "asked" : `reconciled: ${message}`}\n`;
}

function lateness({ workload, because, trouble }: ReconcileResult & { is: "unfinished" }): string {
  const outdated = trouble ? ` (out of date: ${trouble.message})` : "";
  return `Cannot wait any longer for ${renderId(workload)}: it ${because}${outdated}`;
}

/** Flux goes on with what it was asked for, whoever waits. */
function sayAsked({ asked }: Reconciliation, say: Voice): void {
  const named = andFirst(asked.map(renderId), 10);
  say.act(`Flux was asked for ${named === "" ? "nothing yet" : `${named}, and goes on with it`}`);
}
