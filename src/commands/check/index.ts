import { ExitCode } from "../../errors.js";
import { renderId } from "../../kube/object-id.js";
import type { ListFormat, ListView } from "../../output/list-view.js";
import { readMatrix } from "../../support-matrix/read-matrix.js";
import { command } from "../command.js";
import type { Deps } from "../deps.js";
import { toggle } from "../flag.js";
import { listOutput, matrixIndex } from "../shared-flags.js";
import { type Finding, sortFindings } from "./finding.js";

export const check = command({
  description: `Find out whether this cluster is fit for Flux in Argo CD, and whether it is clean.

Looks at Flux and Argo CD, at what the running FSA image shows of the workloads in use, and at Applications, workloads, sources and cluster Secrets that do not fit together. Nothing is written. Each finding has an id that stays (docs/findings.md) and says what to do; with any finding the exit code is 4.`,
  examples: [
    ["flamingo check --pre", "before an install"],
    ["flamingo check", "what is wrong with what runs"],
    ["flamingo check -o wide", "with what to do about it"],
    ["flamingo check -o json", "for CI, which reads the exit code: 0 for nothing, 4 for findings"],
  ],
  flags: {
    pre: toggle("--pre", "only what an install needs: rights, Kubernetes, Flux, nodes, other Argo CDs"),
    output: listOutput,
    index: matrixIndex,
  },
  async run(deps, options) {
    const { say, namespaces } = deps;
    const matrix = await readMatrix(options.index, deps);
    const kube = await deps.kube();
    const { checkBefore } = await import("./check-before.js");
    const { checkRunning } = await import("./check-running.js");
    const around = { kube, matrix, namespaces, say, now: deps.now() };
    const findings = options.pre ? await checkBefore(around) : await checkRunning(around);
    const typed = findings.map((one) => ({ ...one, remedy: deps.asTyped(one.remedy) }));
    return tell(sortFindings(typed), options.output, deps);
  },
});

async function tell(findings: readonly Finding[], format: ListFormat, deps: Deps): Promise<number> {
  const isData = format === "json" || format === "yaml";
  if (findings.length > 0 || isData) await deps.print(findings, view, format);
  if (findings.length === 0) {
    deps.say.done("No problems found");
    return ExitCode.done;
  }
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const counts = [count(errors, "error"), count(findings.length - errors, "warning")].filter(Boolean);
  const hint =
    isData || format === "wide" ? undefined : "To see what to do about each: flamingo check -o wide";
  deps.say.failure(`Found ${counts.join(" and ")}`, hint);
  return ExitCode.differs;
}

function count(number: number, what: string): string {
  return number === 0 ? "" : `${number} ${what}${number === 1 ? "" : "s"}`;
}

const view: ListView<Finding> = {
  columns: {
    SEVERITY: ({ severity }) => severity,
    ID: ({ id }) => id,
    OBJECT: ({ object }) => object && renderId(object),
    WHY: ({ why }) => why,
  },
  wide: { REMEDY: ({ remedy }) => remedy },
  name: ({ id, object }) =>
    object
      ? `${id}/${object.kind.toLowerCase()}/${[object.namespace, object.name].filter(Boolean).join("/")}`
      : id,
  empty: "",
};
