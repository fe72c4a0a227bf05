import { findShowing } from "../../applications/shown-workloads.js";
import { parseSubject, type Subject } from "../../applications/subject.js";
import type { Application } from "../../argo/application.js";
import { conditionType } from "../../argo/conditions.js";
import { ExitCode, UserError, usageError } from "../../errors.js";
import { workloadKinds } from "../../flux/workload.js";
import { type ReportNow, reportOfApplication, reportOfWorkload } from "../../gather/report-now.js";
import { kubectlName } from "../../kube/object-id.js";
import type { ListFormat } from "../../output/list-view.js";
import { renderTable } from "../../output/table.js";
import { painter } from "../../output/voice.js";
import { writeAll } from "../../output/write.js";
import { visible } from "../../text/visible.js";
import { selectWorkloads } from "../../workloads/select.js";
import { command } from "../command.js";
import type { Deps } from "../deps.js";
import { toggle } from "../flag.js";
import { listOutput } from "../shared-flags.js";
import { showDependencies } from "./dependencies.js";
import { drawingOf, healthColumn } from "./drawing.js";

export const tree = command({
  arguments: "[NAME|REF]",
  description: `Show what a Flux workload is made of: its source, what it applied, and everything that belongs to that down to Pods, with the health of each and why. It is the tree that flamingo loopback writes for Argo CD's page, made here and now, without it.

NAME is an Application that flamingo made: then it has what its AppProject permits. REF is a workload itself, ks/NAME, hr/NAME, rset/NAME or fi/NAME in the namespace of -n, and keeps to no AppProject.`,
  examples: [
    ["flamingo tree podinfo", "what the Application podinfo shows"],
    ["flamingo tree hr/redis -n web -o wide", "a workload itself, with images and how its Pods are"],
    ["flamingo tree podinfo -o json", "the tree as Argo CD reads it"],
    [
      "flamingo tree --depends-on",
      "which workloads wait for which (dependsOn), circles and missing ones named",
    ],
  ],
  flags: {
    dependsOn: toggle(
      "--depends-on",
      "what workloads depend on instead: of all, or of the one that is named",
    ),
    output: listOutput,
  },
  async run(deps, { dependsOn, output }, [word]) {
    if (word === undefined && !dependsOn)
      throw usageError(
        "There is nothing to show",
        "Name an Application or a workload (ks/NAME, hr/NAME), or add --depends-on",
      );
    const subject = word === undefined ? undefined : parseSubject(word);
    if (dependsOn) return showDependencies(subject, output, deps);
    if (subject) await show(await reportOn(subject, output, deps), output, deps);
    return ExitCode.done;
  },
});

async function reportOn(subject: Subject, output: ListFormat, deps: Deps): Promise<ReportNow> {
  const { app, argocd: argoNamespace, flux: namespace } = deps.namespaces;
  const kube = await deps.kube();
  // whoever reads the drawing is told nothing of machines
  const options = { argoNamespace, machines: output === "json" || output === "yaml", now: deps.now() };
  if ("application" in subject) {
    const application = await findShowing(subject.application, kube, app);
    return shown(await reportOfApplication(kube, application, options), application);
  }
  const { kind, name } = subject.ref;
  const workload = await kube.find(workloadKinds[kind], { name, namespace });
  if (workload) return reportOfWorkload(kube, workload, options);
  // throws an error that says where else it is, unless it came meanwhile
  await selectWorkloads({ refs: [subject.ref] }, { reader: kube }, namespace);
  return reportOn(subject, output, deps);
}

/** @throws UserError where an Application may show nothing at all */
function shown(made: ReportNow, { metadata: { name, namespace } }: Application): ReportNow {
  const { tree, status } = made.report;
  const [condition] = status.conditions ?? [];
  if (tree.nodes.length > 0 || !condition) return made;
  throw new UserError(
    `Cannot show what the Application ${name} in ${namespace} shows: ${condition.message}`,
    { hint: "Whoever may read the workload itself names that: ks/NAME or hr/NAME" },
  );
}

/** What the drawing does not show itself: what is missing from it, and what keeps the workload. */
const beside: readonly string[] = [
  conditionType.waiting,
  conditionType.unread,
  conditionType.omitted,
  conditionType.elsewhere,
];

async function show({ report, unread, unknown }: ReportNow, output: ListFormat, deps: Deps): Promise<void> {
  const { say, stdout, signal } = deps;
  for (const clause of unknown) say.warning(`flamingo ${clause}`);
  for (const { type, message } of report.status.conditions ?? [])
    if (beside.includes(type)) say.warning(message);
  switch (output) {
    case "json":
      return writeAll(stdout, [`${JSON.stringify(report.tree)}\n`], signal);
    case "yaml": {
      const { renderYaml } = await import("../../yaml.js");
      return writeAll(stdout, [renderYaml(report.tree)], signal);
    }
    case "name": {
      const names = report.tree.nodes.map(({ group = "", kind, name }) => kubectlName({ group, kind, name }));
      return writeAll(
        stdout,
        names.map((name) => `${visible(name)}\n`),
        signal,
      );
    }
    default: {
      const { heads, rows, colours } = drawingOf(report.tree, unread, output === "wide");
      const paint = painter(stdout, deps.env);
      const painted = (text: string, row: number, column: number) =>
        column === healthColumn ? paint(colours[row], text) : text;
      return writeAll(stdout, [renderTable(heads, rows, painted)], signal);
    }
  }
}
