import type { Planned } from "../../applications/plan.js";
import type { GeneratedApplication } from "../../argo/application-for.js";
import { jsonItems, writeAll } from "../../output/write.js";
import { renderYaml } from "../../yaml.js";
import { OutputFolder } from "./output-dir.js";
import type { Action } from "./request.js";
import type { Run } from "./run.js";

/** Whether the action leaves something behind. */
export function isWriting(action: Action): boolean {
  return action.do === "write" || (action.do === "apply" && action.dryRun === undefined);
}

/**
 * Prints, writes, compares or applies what was planned.
 *
 * @param total how many workloads there are
 * @returns whether there are differences, for `--diff` and `--diff-with`
 */
export async function act(run: Run, planned: Iterable<Planned>, total: number): Promise<boolean> {
  const { action, force } = run.request;
  const { existing } = run.target;
  switch (action.do) {
    case "print":
      await print(planned, action.format, run);
      return false;
    case "write":
      await write(planned, action.folder, run);
      return false;
    case "diff":
      return diff(planned, run);
    case "compare": {
      const { compare } = await import("./compare.js");
      return compare(planned, action, run);
    }
    case "apply": {
      const { applyAll } = await import("./apply-all.js");
      const kube = await run.deps.kube();
      await applyAll(planned, kube, { ...action, force, existing, total }, run.tally, run.deps);
      return false;
    }
  }
}

async function print(
  planned: Iterable<Planned>,
  format: "json" | "yaml",
  { tally, deps }: Run,
): Promise<void> {
  const applications = applicationsOf(tally.sound(planned));
  await writeAll(
    deps.stdout,
    format === "json" ? jsonItems(applications) : yamlDocuments(applications),
    deps.signal,
  );
}

function* applicationsOf(
  planned: Iterable<{ application: GeneratedApplication }>,
): Generator<GeneratedApplication> {
  for (const { application } of planned) yield application;
}

function* yamlDocuments(applications: Iterable<GeneratedApplication>): Generator<string> {
  for (const application of applications) yield renderYaml(application);
}

async function write(planned: Iterable<Planned>, path: string, { tally, deps }: Run): Promise<void> {
  const folder = await OutputFolder.open(path, deps.cwd);
  for (const item of tally.sound(planned)) {
    deps.signal.throwIfAborted();
    await tally.attempt(item.name, async () => tally.done(await folder.write(item.application)));
  }
  const stale = await folder.finish(tally.failedNames, tally.incomplete);
  tally.wrote(path, stale);
}

async function diff(planned: Iterable<Planned>, { request, target, tally, deps }: Run): Promise<boolean> {
  const { diffPlanned } = await import("../../applications/diff.js");
  const kube = await deps.kube();
  const how = { existing: target.existing, force: request.force, signal: deps.signal };
  let differs = false;
  async function* texts(): AsyncGenerator<string> {
    for await (const text of diffPlanned(tally.watched(planned), kube, how)) {
      if (typeof text !== "string") tally.failed(text);
      else {
        differs ||= text !== "";
        yield text;
      }
    }
  }
  await writeAll(deps.stdout, texts(), deps.signal);
  return differs;
}
