import type { ShownChoice } from "../../applications/shown/read.js";
import type { Shown } from "../../applications/shown/row.js";
import { parseSubject } from "../../applications/subject.js";
import { UserError, usageError } from "../../errors.js";
import { parseLabelSelector } from "../../kube/label-selector.js";
import { andList } from "../../text/and-list.js";
import type { CommandOptions } from "../command.js";
import { parsed, toggle } from "../flag.js";
import type { Namespaces } from "../namespaces.js";
import { listOutput } from "../shared-flags.js";

export const flags = {
  allNamespaces: toggle("-A, --all-namespaces", "those of every namespace, not only of -N"),
  selector: parsed("-l, --selector <selector>", "only Applications with these labels", (selector) => {
    if (parseLabelSelector(selector)) return selector;
    throw usageError(
      `-l ${JSON.stringify(selector)} is no label selector`,
      "Write it as kubectl does: team=web,tier!=db",
    );
  }),
  suspended: toggle("--suspended", "only what is suspended"),
  notReady: toggle("--not-ready", "only where READY is anything but True"),
  workloads: toggle(
    "--workloads",
    "also Kustomizations and HelmReleases that no Application shows, and what makes one",
  ),
  exitCode: toggle("--exit-code", "with --not-ready or --suspended: exit code 4 when anything is shown"),
  watch: toggle("-w, --watch", "go on: redraw on a terminal, print rows that change into a pipe"),
  output: listOutput,
};

type Options = CommandOptions<typeof flags>;

/**
 * What is asked for.
 *
 * @throws UserError with exit code 2 for what does not go together
 */
export function choiceFrom(args: readonly string[], options: Options, namespaces: Namespaces): ShownChoice {
  const {
    allNamespaces = false,
    selector,
    workloads = false,
    watch,
    exitCode,
    suspended,
    notReady,
  } = options;
  const names = args.map(applicationNamed);
  const [first] = args;
  const contradiction = first === undefined ? undefined : givenBeside({ selector, allNamespaces, workloads });
  if (contradiction)
    throw usageError(`${contradiction} and ${first} do not go together`, "Leave one of them out");
  if (selector !== undefined && workloads)
    throw usageError(
      "-l and --workloads do not go together",
      "-l is for the labels of Applications: leave one of them out",
    );
  if (exitCode && !suspended && !notReady)
    throw usageError("--exit-code goes with --not-ready or --suspended", "Add one of them, or leave it out");
  if (exitCode && watch) throw usageError("--exit-code and -w do not go together", "Leave one of them out");
  if (watch && (options.output === "yaml" || options.output === "name"))
    throw usageError(
      `-w cannot go on with -o ${options.output}`,
      "Choose table, wide, or json: an item a line",
    );
  return {
    namespace: namespaces.app,
    everywhere: allNamespaces,
    names,
    labels: selector,
    workloadNamespace: options.namespace,
    withWorkloads: workloads,
  };
}

function applicationNamed(word: string): string {
  const subject = parseSubject(word);
  if ("application" in subject) return subject.application;
  throw usageError(
    `${word} names a workload, and get takes Applications`,
    `Name the Application that shows it; to see the workload: flamingo get --workloads`,
  );
}

function givenBeside({ selector, allNamespaces, workloads }: Partial<Options>): string | undefined {
  const given = { "-l": selector, "-A": allNamespaces, "--workloads": workloads };
  return Object.entries(given).find(([, value]) => value)?.[0];
}

/** Whether a row fits --suspended and --not-ready. */
export function isAsked(
  { suspended, ready }: Shown,
  options: Pick<Options, "suspended" | "notReady">,
): boolean {
  return (!options.suspended || suspended === true) && (!options.notReady || ready !== "True");
}

/** What is said where there is nothing to show. */
export function emptiness(choice: ShownChoice, { suspended, notReady }: Options): string {
  const { everywhere, namespace, workloadNamespace, labels, withWorkloads } = choice;
  const what = withWorkloads ? "Nothing of Flux" : "No Application that flamingo made";
  const how = andList([...(suspended ? ["suspended"] : []), ...(notReady ? ["not ready"] : [])]);
  const where = everywhere ? "in any namespace" : `in ${namespace}`;
  const which = [
    ...(labels === undefined ? [] : [`with the labels ${labels}`]),
    ...(workloadNamespace === undefined ? [] : [`for workloads in ${workloadNamespace}`]),
  ];
  const sentence = [what, "is", how, where, ...which].filter((part) => part !== "").join(" ");
  return everywhere ? sentence : `${sentence}; -A looks everywhere`;
}

/** @throws UserError where a name alone would not tell which one is meant */
export function requireOneNamespace(rows: readonly Shown[]): void {
  const ofApplications = new Set(rows.flatMap(({ appNamespace }) => appNamespace ?? []));
  const ofWorkloads = new Set(
    rows.flatMap(({ name, workload }) => (name === null ? workload.namespace : [])),
  );
  for (const [what, namespaces, flag] of [
    ["Applications", ofApplications, "-N"],
    ["workloads", ofWorkloads, "-n"],
  ] as const) {
    if (namespaces.size < 2) continue;
    throw new UserError(
      `Cannot print the names of ${what} in several namespaces: they are in ${andList([...namespaces].sort())}`,
      { hint: `Choose one with ${flag}, or print all with -o json` },
    );
  }
}
