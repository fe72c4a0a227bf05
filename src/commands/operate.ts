import { workloadsOf } from "../applications/shown-workloads.js";
import { parseSubject } from "../applications/subject.js";
import { ExitCode, UserError, usageError } from "../errors.js";
import type { Workload } from "../flux/workload.js";
import type { MergePatch } from "../kube/kube.js";
import { renderId } from "../kube/object-id.js";
import { changeWorkloads } from "../operate/change-workloads.js";
import { writeEach } from "../output/write.js";
import { type Selected, selectWorkloads } from "../workloads/select.js";
import type { Deps } from "./deps.js";
import { Failures } from "./failures.js";
import { type OptionsOf, text, toggle } from "./flag.js";
import { namesFrom } from "./names-on-stdin.js";
import { filterFrom } from "./workload-flags.js";

/** What the commands that steer workloads have in common: which ones, and what is said of each. */

export const operateFlags = {
  all: toggle("--all", "all Kustomizations and HelmReleases of the namespace (-n)"),
  allNamespaces: toggle("-A, --all-namespaces", "with --all or -l: in every namespace"),
  selector: text("-l, --selector <selector>", "the Kustomizations and HelmReleases with these labels"),
};

type Options = OptionsOf<typeof operateFlags>;

/**
 * The workloads that are meant.
 *
 * @param doing "suspend", after "Cannot"
 * @throws UserError with exit code 2 where names and flags contradict each other, 5 where nothing is selected
 */
export async function selectToOperate(
  doing: string,
  args: readonly string[],
  { all, allNamespaces, selector }: Options,
  deps: Deps,
): Promise<Selected> {
  const isMany = all === true || selector !== undefined;
  const flag = all ? "--all" : "-l";
  if (isMany && args.length > 0)
    throw usageError(`${flag} and ${args.join(" ")} do not go together`, "Leave one of them out");
  if (!isMany && allNamespaces)
    throw usageError("-A goes with --all or -l", "Add one of them, or leave -A out");
  if (!isMany && args.length === 0)
    throw usageError(
      `There is nothing to ${doing}`,
      "Name Applications or workloads (ks/NAME, hr/NAME), or add --all",
    );
  const subjects = (await namesFrom(args, doing, deps)).map(parseSubject);
  const filter = filterFrom({ allNamespaces, selector, kind: undefined });
  const { namespaces } = deps;
  const kube = await deps.kube();
  if (!isMany) return workloadsOf(subjects, kube, namespaces);
  const selected = await selectWorkloads(filter, { reader: kube }, namespaces.flux);
  if (selected.workloads.length > 0 || selected.failures.length > 0) return selected;
  const labels = selector === undefined ? "" : ` with the labels ${selector}`;
  const where = allNamespaces ? "in any namespace" : `in ${namespaces.flux}`;
  throw new UserError(`Cannot ${doing} anything: there is no workload${labels} ${where}`, {
    hint: allNamespaces
      ? "Look at the labels: kubectl get kustomizations,helmreleases -A --show-labels"
      : "Choose another -n, or add -A",
    exitCode: ExitCode.notFound,
  });
}

/**
 * Changes each of them and says so, a line each on stdout.
 *
 * @param done "suspended", and what a workload was that stays as it is: "was suspended already"
 * @returns the exit code
 */
export async function operateOn(
  { workloads, failures }: Selected,
  patchFor: (workload: Workload) => MergePatch | undefined,
  [changed, unchanged]: readonly [changed: string, unchanged: string],
  deps: Deps,
): Promise<number> {
  const failed = new Failures(deps.say);
  for (const failure of failures) failed.fail(failure);
  const kube = await deps.kube();
  async function* lines(): AsyncGenerator<string> {
    for await (const result of changeWorkloads(kube, workloads, patchFor)) {
      if ("failure" in result) failed.fail(result.failure);
      else yield `${renderId(result.workload)} ${result.outcome === "changed" ? changed : unchanged}\n`;
    }
  }
  await writeEach(deps.stdout, lines(), deps.signal);
  return failed.exitCode;
}
