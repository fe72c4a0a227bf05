import { readShown } from "../../applications/shown/read.js";
import type { ArgoPlace } from "../../applications/shown/read-around.js";
import type { Shown } from "../../applications/shown/row.js";
import { ExitCode } from "../../errors.js";
import { readFluxApis } from "../../survey/flux-apis.js";
import { command } from "../command.js";
import type { Deps } from "../deps.js";
import { Failures } from "../failures.js";
import { namesFrom } from "../names-on-stdin.js";
import { choiceFrom, emptiness, flags, isAsked, requireOneNamespace } from "./request.js";
import { shownView } from "./view.js";

export const get = command({
  arguments: "[NAME...]",
  description: `List the Applications that flamingo made, and how what they show is.

SUSPENDED, READY and MESSAGE are Flux's word, STATUS is Argo CD's. MESSAGE also says what is waited for, who has suspended it, and what Argo CD shows otherwise than it is. All Applications of -N are listed, those of these names, or with - of names on stdin; with -n only those that show workloads of that namespace.`,
  examples: [
    ["flamingo get", "all Applications in argocd"],
    [
      "flamingo get -A -n shop -o wide",
      "those of the workloads in shop, wherever they are, with revision and age",
    ],
    ["flamingo get -o name --not-ready", "names for other commands: … | flamingo reconcile -"],
    ["flamingo get -A --not-ready --exit-code", "in CI: exit code 4 when anything is not ready"],
    ["flamingo get --workloads -A", "also Kustomizations and HelmReleases that have no Application"],
    ["flamingo get podinfo -w", "how it goes on"],
  ],
  flags,
  endless: ({ watch }) => watch === true,
  async run(deps, options, args) {
    const { output, exitCode, watch } = options;
    const choice = choiceFrom(await namesFrom(args, "list", deps), options, deps.namespaces);
    const view = shownView(deps.now, emptiness(choice, options));
    const kube = await deps.kube();
    const argo: ArgoPlace = {
      namespace: deps.namespaces.argocd,
      everywhere: choice.everywhere,
      readApis: () => readFluxApis(kube),
    };
    if (watch) {
      const { watchShown } = await import("./watch.js");
      const format = output === "wide" || output === "json" ? output : "table";
      const wanted = (row: Shown) => isAsked(row, options);
      return watchShown(
        kube,
        choice,
        argo,
        { view, format, isAsked: wanted, asTyped: (row) => asTyped(row, deps) },
        deps,
      );
    }
    const { rows, failures, warnings } = await readShown(kube, choice, argo, deps.now());
    const shown = rows.filter((row) => isAsked(row, options)).map((row) => asTyped(row, deps));
    if (output === "name") requireOneNamespace(shown);
    await deps.print(shown, view, output);
    for (const { message, hint } of warnings) deps.say.warning(message, hint);
    const failed = new Failures(deps.say);
    for (const failure of failures) failed.fail(failure);
    if (failed.exitCode !== ExitCode.done) return failed.exitCode;
    return exitCode && shown.length > 0 ? ExitCode.differs : ExitCode.done;
  },
});

function asTyped(row: Shown, deps: Pick<Deps, "asTyped">): Shown {
  if (row.command === null) return row;
  return { ...row, message: deps.asTyped(row.message), command: deps.asTyped(row.command) };
}
