import type { Application } from "../../argo/application.js";
import { ExitCode } from "../../errors.js";
import { type Former, formerEngines, unneeded } from "../../install/former-engines.js";
import type { InstallWish } from "../../install/install-objects.js";
import { leaveFsa } from "../../install/leave-fsa.js";
import type { Item } from "../../install/live.js";
import { type Prepared, prepareInstall } from "../../install/prepare.js";
import { originsIn } from "../../install/record.js";
import { tryFirst } from "../../install/trial.js";
import { waitForEngine } from "../../install/wait-for-engine.js";
import { waitForInstall } from "../../install/wait-for-install.js";
import type { Kube } from "../../kube/kube.js";
import type { KubeObject } from "../../kube/object.js";
import { kubectlName, objectId } from "../../kube/object-id.js";
import type { TargetState } from "../../kube/wait.js";
import { defaultAppNamespace } from "../../names.js";
import { Progress } from "../../output/progress.js";
import { writeEach } from "../../output/write.js";
import { version } from "../../version.js";
import { cutShort } from "../cut-short.js";
import type { Deps } from "../deps.js";
import { applyAll } from "./apply-all.js";
import { confirm } from "./confirm.js";
import { printDiff } from "./diff.js";
import { announceLeaving } from "./leaving.js";
import type { Options } from "./request.js";
import type { Surroundings } from "./surroundings.js";

/** What of the cluster matters from here on. */
interface Around extends Pick<Surroundings, "survey" | "record"> {
  /** that have to get the form loopback before anything else changes */
  leaving: readonly Application[];
}

/** Applies an install and waits for it, or tells what that would do. @returns the exit code */
export async function installInto(
  kube: Kube,
  wish: InstallWish,
  objects: readonly KubeObject[],
  { survey, record, leaving }: Around,
  options: Options,
  deps: Deps,
): Promise<number> {
  const { dryRun, diff, force = false, yes, wait = true, noWait = false } = options;
  const prepared = await prepareInstall(kube, wish, objects, { survey, record, leaving, force });
  const { items, stages, hasNamespace } = prepared;
  await announceLeaving(kube, leaving, deps);
  const former = wish.engine
    ? [...(await formerEngines(kube, wish.engine)), ...(await unneeded(kube, objects, originsIn(record)))]
    : [];
  for (const { says } of former) deps.say.act(says);
  if (diff || dryRun) return tell(kube, prepared, former.length > 0, options, deps);
  await tryFirst(kube, items, { hasNamespace, signal: deps.signal });
  for (const { object, kind } of former) await kube.delete(kind, object.metadata, { dryRun: true });
  if (!yes) await confirm(prepared, survey, deps);
  await leaveFsa(kube, leaving);
  if (!(await applyAll(kube, stages, undefined, deps))) return ExitCode.failed;
  await deleteEach(kube, former, deps);
  if (wish.mode === "crds-only") return ExitCode.done;
  if (wait && !noWait) await waitWithProgress(kube, wish, objects, deps);
  sayNextSteps(wish, deps);
  return ExitCode.done;
}

/** Ends what an earlier install made. The engines of a number of shards wait for those of another. */
async function deleteEach(kube: Kube, former: readonly Former[], deps: Deps): Promise<void> {
  let done = 0;
  async function* lines(): AsyncGenerator<string> {
    for (const { object, kind } of former) {
      await kube.delete(kind, object.metadata);
      done++;
      yield `${kubectlName(objectId(kind, object.metadata))} deleted\n`;
    }
  }
  await writeEach(deps.stdout, lines(), deps.signal).catch((error: unknown) => {
    throw cutShort(error, `${done} of ${former.length} objects that go`, deps);
  });
}

async function tell(
  kube: Kube,
  { items, stages, hasNamespace }: Prepared,
  deletes: boolean,
  { diff, dryRun }: Options,
  deps: Deps,
): Promise<number> {
  if (dryRun === "client")
    return (await applyAll(kube, stages, dryRun, deps)) ? ExitCode.done : ExitCode.failed;
  const isChecked = ({ object }: Item) => hasNamespace || object.metadata.namespace === undefined;
  const unchecked = items.filter((item) => !isChecked(item));
  if (unchecked.length > 0)
    deps.say.warning(`${unchecked.length} objects are not checked: their namespace is not there yet`);
  if (!diff) {
    const checked = stages.map((stage) => stage.filter(isChecked)).filter((stage) => stage.length > 0);
    const isDone = await applyAll(kube, checked, "server", deps);
    return isDone ? ExitCode.done : ExitCode.failed;
  }
  const { differs, failures } = await printDiff(kube, items.filter(isChecked), unchecked, deps);
  if (failures > 0) return ExitCode.failed;
  return differs || deletes ? ExitCode.differs : ExitCode.done;
}

/** Until all of these objects run, and the engine has reported once if there is one. */
export async function waitWithProgress(
  kube: Kube,
  { namespace, engine }: Pick<InstallWish, "namespace" | "engine">,
  objects: readonly KubeObject[],
  { say, stderr, env, signal, now }: Deps,
): Promise<void> {
  const progress = new Progress(stderr, env);
  const missing = new Map<"objects" | "engine", readonly TargetState[]>();
  const end = new AbortController();
  const either = AbortSignal.any([signal, end.signal]);
  const onProgress = (which: "objects" | "engine") => (states: readonly TargetState[]) => {
    missing.set(which, states);
    const all = [...missing.values()].flat();
    const [first] = all;
    const why = first ? `: ${first.target.name}, ${first.message ?? first.status}` : "";
    progress.update(`◎ ${all.length} to go${why}`);
  };
  const what = `everything in ${namespace} runs`;
  say.wait(`Waiting until ${what}${engine ? ", and the engine has reported everything once" : ""}`);
  const waits = [
    waitForInstall(kube, objects, {
      namespace,
      engineImage: engine?.image,
      signal: either,
      onProgress: onProgress("objects"),
    }),
    engine &&
      waitForEngine(kube, {
        ...{ namespace, version, now, shards: engine.shards },
        signal: either,
        onProgress: onProgress("engine"),
      }),
  ];
  try {
    await Promise.all(waits);
  } finally {
    end.abort();
    await Promise.allSettled(waits);
    progress.clear();
  }
  say.done(`${what.replace("e", "E")}${engine ? ", and the engine reports" : ""}`);
}

function sayNextSteps({ namespace, engine }: InstallWish, { say }: Deps): void {
  const there = namespace === defaultAppNamespace ? "" : ` -N ${namespace}`;
  say.act(
    `See it: flamingo port-fwd --open${there}, and the password with flamingo show-init-password${there}`,
  );
  if (!engine?.auto) say.act(`Show Flux in it: flamingo generate-app --all -A${there}`);
}
