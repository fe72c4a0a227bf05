import { ExitCode, type UserError, usageError } from "../errors.js";
import { askedRevisionProblem } from "../flux/asked-revision.js";
import { renderId } from "../kube/object-id.js";
import { waitGoals } from "../operate/wait-step.js";
import { WaitForWorkloads, type WaitResult } from "../operate/wait-workloads.js";
import { Progress } from "../output/progress.js";
import { writeEach } from "../output/write.js";
import { command } from "./command.js";
import type { Deps } from "./deps.js";
import { Failures } from "./failures.js";
import { choice, type Flag, parsed } from "./flag.js";
import { timeoutOf } from "./global-flags.js";
import { operateFlags, selectToOperate } from "./operate.js";

export const wait = command({
  arguments: "[NAME|REF...]",
  description: `Wait until workloads are ready and all that they applied is healthy, or say what keeps them: exit code 1 when it will never be, 3 when it is not so in the time of --timeout, with the object that keeps each, down to the container of a Pod and the end of its log.

NAME is an Application that flamingo made, and means the workload that it shows. REF is a workload itself, ks/NAME, hr/NAME, rset/NAME or fi/NAME in the namespace of -n. - stands for names on stdin, as get -o name prints them. Nothing is asked of Flux: that is what reconcile is for.`,
  examples: [
    ["flamingo wait podinfo", "until it is ready, and all that it applied is healthy"],
    ["flamingo wait podinfo --revision 5f0a37c", "until this commit runs, or say why it does not"],
    ["flamingo wait hr/redis -n web --revision 18.1.0", "until this version of the chart runs"],
    [
      "flamingo wait --all -A --for ready --timeout 5m",
      "until Flux is ready with every Kustomization and HelmRelease",
    ],
  ],
  flags: {
    ...operateFlags,
    for: {
      ...choice(
        "--for <goal>",
        waitGoals,
        "ready: Flux says so; healthy: and all that it applied is; reconciled: it is ready with what its source holds now (default healthy)",
      ),
      default: "healthy",
    } satisfies Flag<(typeof waitGoals)[number]>,
    revision: parsed(
      "--revision <revision>",
      "and runs this: a commit (seven digits and more), a digest, the version of a chart",
      (text) => {
        const problem = askedRevisionProblem(text);
        if (problem === undefined) return text;
        throw usageError(
          `--revision ${JSON.stringify(text)} cannot be waited for: ${problem}`,
          "Give a commit, as git rev-parse HEAD prints it, a digest (sha256:…) or a version",
        );
      },
    ),
  },
  async run(deps, options, args) {
    const { allNamespaces: everywhere = false, revision } = options;
    const { workloads, failures } = await selectToOperate("wait for", args, options, deps);
    const { length } = workloads;
    const [only] = length === 1 ? workloads : [];
    if (length > 0) deps.say.wait(`Waiting for ${only ? renderId(only) : `${length} workloads`}`);
    for (const workload of options.for === "healthy" ? workloads : []) {
      if (workload.hasKubeConfig)
        deps.say.warning(
          `${renderId(workload)} applies to another cluster, which is not looked at: it counts as healthy when it is ready`,
        );
    }
    const progress = new Progress(deps.stderr, deps.env);
    const { signal, lastLookMs, clear } = deadlineOf(timeoutOf(options), deps.signal);
    const waiting = new WaitForWorkloads(await deps.kube(), workloads, {
      wish: { until: options.for, revision },
      everywhere,
      signal,
      lastLookMs,
      onProgress: (open) => progress.update(...linesFor(open, length)),
    });
    try {
      return await sayWhatBecomes(waiting.results(), failures, progress, deps);
    } finally {
      clear();
    }
  },
});

/** What a last look at what is late may take of the time. */
const longestLastLookMs = 5000;

/** Ends a little before the time is over, so that there is some left to find out what keeps the late. */
function deadlineOf(timeoutMs: number, outer: AbortSignal) {
  const lastLookMs = Math.min(longestLastLookMs, timeoutMs / 5);
  const end = new AbortController();
  const stop = () => end.abort(outer.reason);
  if (outer.aborted) stop();
  outer.addEventListener("abort", stop, { once: true });
  const late = () => end.abort(new DOMException("the time is over", "TimeoutError"));
  const timer = timeoutMs > 0 ? setTimeout(late, timeoutMs - lastLookMs) : undefined;
  const clear = () => {
    clearTimeout(timer);
    outer.removeEventListener("abort", stop);
  };
  return { signal: end.signal, lastLookMs: lastLookMs * 0.8, clear };
}

/** So many lines fit on every terminal. */
const mostLines = 10;

function linesFor(open: readonly string[], all: number): string[] {
  const shown = open.slice(0, mostLines).map((line) => `◎ ${line}`);
  const more = open.length - shown.length;
  if (all > 1)
    shown.push(`  ${all - open.length} of ${all} done${more > 0 ? `; ${more} more are waited for` : ""}`);
  return shown;
}

/** Says of each workload what became of it. @returns the exit code */
async function sayWhatBecomes(
  results: AsyncIterable<WaitResult>,
  failures: readonly UserError[],
  progress: Progress,
  { say, signal, stdout }: Deps,
): Promise<number> {
  const failed = new Failures(say);
  let patience: string | undefined = "Flux goes on by itself; to wait longer: --timeout";
  let late = 0;
  for (const failure of failures) failed.fail(failure);
  async function* lines(): AsyncGenerator<string> {
    for await (const result of results) {
      progress.clear();
      const name = renderId(result.workload);
      if (result.is === "done") yield `${name} is ready: ${result.message}\n`;
      else if (result.is === "failed") failed.fail(result.error);
      else {
        late++;
        say.failure(`Cannot wait any longer for ${name}: it ${result.because}`, result.hint ?? patience);
        // once will do
        patience = undefined;
      }
    }
  }
  await writeEach(stdout, lines(), signal);
  if (failed.exitCode !== ExitCode.done || late === 0) return failed.exitCode;
  return ExitCode.notReady;
}
