import { nameFor } from "../../applications/names.js";
import { planApplications } from "../../applications/plan.js";
import { findTarget, type Target, unseenTarget } from "../../applications/target.js";
import { ExitCode } from "../../errors.js";
import { jsonItems, writeAll } from "../../output/write.js";
import type { Input } from "../../workloads/input.js";
import { type Located, locateAll } from "../../workloads/locate.js";
import { selectWorkloads } from "../../workloads/select.js";
import { onlyRef, type Selection } from "../../workloads/selection.js";
import { command } from "../command.js";
import type { Deps } from "../deps.js";
import { act, isWriting } from "./act.js";
import { engineLines } from "./engine-lines.js";
import { flags } from "./flags.js";
import { type Request, requestFrom } from "./request.js";
import { Tally } from "./tally.js";

export const generateApp = command({
  arguments: "[REF...]",
  description: `Turn Flux Kustomizations and HelmReleases into Argo CD Applications.

REF is ks/NAME or hr/NAME, and of the Flux Operator rset/NAME (ResourceSet) or fi/NAME (FluxInstance); the kind's full names work, too. The Application shows the workload in Argo CD, Flux keeps reconciling it. Workloads and their sources are read from the cluster, or with -f and -k from files.`,
  examples: [
    ["flamingo generate-app ks/podinfo -n podinfo", "show a Kustomization in Argo CD"],
    ["flamingo generate-app hr/podinfo -n podinfo --export", "print the Application for a HelmRelease"],
    ["flamingo generate-app --all -A", "all Kustomizations and HelmReleases of the cluster"],
    ["flamingo generate-app --all -A --kind rset", "all ResourceSets of the Flux Operator"],
    ["flamingo generate-app --all -A --diff", "what that would change; exit code 4 when anything would"],
    [
      "flamingo generate-app --all -f clusters/prod --output-dir apps/prod",
      "from a folder of YAML to a folder of YAML",
    ],
    ["flamingo generate-app --all -f . --follow", "what Flux makes of the repository"],
    [
      "flamingo generate-app --all -f . --follow --diff-with-ref origin/main -o markdown",
      "what a pull request changes of that, as a comment; exit code 4 when anything does",
    ],
    ["flamingo generate-app --all -k clusters/prod -o json", "from what kustomize builds, as JSON"],
    [
      "flamingo generate-app --all -n web --name-template '{name}-{kind}' --project-template '{namespace}'",
      "choose names and AppProjects",
    ],
  ],
  flags,
  async run(deps, options, args) {
    const request = requestFrom(options, args);
    const { namespaces, say } = deps;
    const input = await openInput(request.input, namespaces.flux, deps);
    for (const remark of input.files?.remarks ?? []) say.act(remark);
    const { guessed } = input.files ?? {};
    if (guessed && options.namespace === undefined) say.warning(guessed.text, guessed.hint);
    const isSingle = onlyRef(request.selection) !== undefined;
    const tally = new Tally(say, { isSingle, tellsAll: options.verbose ?? false });
    try {
      return await generate(request, input, tally, deps);
    } finally {
      tally.finish();
    }
  },
});

async function generate(request: Request, input: Input, tally: Tally, deps: Deps): Promise<number> {
  const { namespaces, say } = deps;
  for (const problem of input.files?.problems ?? []) tally.unread(problem);
  for (const remark of input.files?.unusable ?? []) tally.leftOut(remark);

  const reading = readWorkloads(request.selection, input, namespaces.flux, tally);
  const looking = lookAtTarget(request, deps);
  const [located, target] = await Promise.all([reading, looking]).catch(async (error) => {
    if (!deps.signal.aborted) throw error;
    if (isWriting(request.action)) say.warning("Stopped before anything was written");
    // both were stopped: the workloads are what was asked for
    await reading;
    throw error;
  });
  // of two states the other may have some, and none is for an engine yet
  if (request.action.do !== "compare") {
    if (located.length === 0 && tally.failures === 0) return nothingFound(request, input, deps);
    for (const line of await engineLines(located, request, target)) say.act(line);
  }

  const planned = planApplications(located, request, target);
  const differs = await act({ request, input, target, tally, deps }, planned, located.length);
  if (tally.failures > 0) return ExitCode.failed;
  return differs ? ExitCode.differs : ExitCode.done;
}

async function openInput(choice: Request["input"], namespace: string, deps: Deps): Promise<Input> {
  if (choice.from === "cluster") return { reader: await deps.kube() };
  const { inputFromFiles } = await import("../../workloads/input-from-files.js");
  return inputFromFiles(choice, namespace, deps);
}

async function readWorkloads(
  selection: Selection,
  input: Input,
  namespace: string,
  tally: Tally,
): Promise<Located[]> {
  const { workloads, failures } = await selectWorkloads(selection, input, namespace);
  for (const failure of failures) tally.unread(failure);
  return locateAll(workloads, selection, input);
}

async function lookAtTarget(request: Request, deps: Deps): Promise<Target> {
  const { namespaces } = deps;
  if (!request.looksAtArgo) return unseenTarget(namespaces.app, request);
  const kube = await deps.kube();
  const ref = onlyRef(request.selection);
  return findTarget(kube, request, {
    namespaces,
    // the name of a single Application can be told before its workload is read
    only: ref && nameFor({ ...ref, namespace: namespaces.flux }, request.naming),
    now: deps.now,
    readApis: async () => (await import("../../survey/flux-apis.js")).readFluxApis(kube),
  });
}

async function nothingFound(
  { selection, action }: Pick<Request, "selection" | "action">,
  { files }: Input,
  { say, namespaces, stdout, signal }: Deps,
): Promise<number> {
  const kinds = "kinds" in selection ? selection.kinds.map((kind) => `${kind}s`).join(" and ") : "workloads";
  const everywhere = "everywhere" in selection && selection.everywhere;
  const where = files ? "in these files" : everywhere ? "in any namespace" : `in ${namespaces.flux}`;
  say.act(`No ${kinds} found ${where}`);
  if ("format" in action && action.format === "json") await writeAll(stdout, jsonItems([]), signal);
  return ExitCode.done;
}
