import { basename } from "node:path";
import { changesBetween, type State } from "../../applications/changes.js";
import { type Planned, planApplications } from "../../applications/plan.js";
import { errorAbout, type UserError } from "../../errors.js";
import { writeAll } from "../../output/write.js";
import { outOfSight } from "../../workloads/followed-remarks.js";
import type { Input } from "../../workloads/input.js";
import { locateAll } from "../../workloads/locate.js";
import { errorOfOther, inputFromOtherState } from "../../workloads/other-state.js";
import { selectWorkloads } from "../../workloads/select.js";
import { changesAsMarkdown, changesView } from "./changes-view.js";
import type { Comparison } from "./request.js";
import type { Run } from "./run.js";

/**
 * Prints which Applications go, change and come from another state of the files to the one that was read.
 *
 * @returns whether any does
 */
export async function compare(
  planned: Iterable<Planned>,
  { other, files, format }: Comparison,
  run: Run,
): Promise<boolean> {
  const { tally, deps } = run;
  const applications = [...tally.sound(planned)].map(({ application }) => application);
  const input = await inputFromOtherState(other, files, deps.namespaces.flux, deps);
  const [here, there] = [run.input.files?.trail, input.files?.trail];
  for (const lost of [...outOfSight(here, there), ...brokenOnlyIn(run.input, input)]) tally.unread(lost);
  const after = { applications, failed: tally.failedNames, incomplete: tally.incomplete };
  const lostThere = [...outOfSight(there, here), ...brokenOnlyIn(input, run.input)];
  const { failures, ...before } = await stateOf(input, lostThere, run);
  for (const failure of failures) tally.failed(errorOfOther(other, failure));

  const changes = changesBetween(before, after);
  if (format === "markdown") {
    await writeAll(deps.stdout, [changesAsMarkdown(changes, tally.failures)], deps.signal);
  } else await deps.print(changes, changesView, format);
  return changes.length > 0;
}

/** About files of which nothing is known in one state: the other may tell what Flux finds in them. */
function brokenOnlyIn({ files }: Input, other: Input): UserError[] {
  const known = new Set(other.files?.unusable.map(faultOf));
  return (files?.unusable ?? [])
    .filter((error) => !known.has(faultOf(error)))
    .map(({ alike, message }) =>
      errorAbout(
        alike?.subject ?? message,
        (subjects) => `Cannot compare ${subjects}: in one state only it is broken`,
      ),
    );
}

/** The same in both states, wherever their folders are. */
function faultOf({ alike, message }: UserError): string {
  return alike ? `${basename(alike.subject)} ${alike.cause}` : message;
}

async function stateOf(
  input: Input,
  lost: readonly UserError[],
  { request, target, deps }: Run,
): Promise<State & { failures: UserError[] }> {
  const { selection } = request;
  const selected = await selectWorkloads(selection, input, deps.namespaces.flux);
  const unread = [...(input.files?.problems ?? []), ...lost, ...selected.failures];
  const located = await locateAll(selected.workloads, selection, input);
  const planned = [...planApplications(located, request, target)];
  const refused = planned.filter((item) => "failure" in item);
  return {
    applications: planned.flatMap((item) => ("application" in item ? [item.application] : [])),
    failed: new Set(refused.map(({ name }) => name)),
    incomplete: unread.length > 0,
    failures: [...unread, ...refused.map(({ failure }) => failure)],
  };
}
