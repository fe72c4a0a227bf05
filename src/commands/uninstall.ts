import { endOfWork } from "../abort.js";
import type { Removed } from "../applications/carry-out.js";
import { Application } from "../argo/application.js";
import { ExitCode, UserError } from "../errors.js";
import { findRecords } from "../install/find-records.js";
import { recordRef } from "../install/record.js";
import { missingRights, withoutRights } from "../install/rights.js";
import { accessesFor, uninstallStages } from "../install/uninstall/carry-out.js";
import { holderOnceFree } from "../install/uninstall/holder.js";
import { type Installed, readInstalled } from "../install/uninstall/installed.js";
import { readLeft } from "../install/uninstall/left.js";
import { obstacleTo } from "../install/uninstall/obstacle.js";
import { planUninstall, type Stage } from "../install/uninstall/plan.js";
import { ConfigMap } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import { idOf, isOfKind, kubectlName, renderId } from "../kube/object-id.js";
import { askYes, canAsk } from "../output/ask.js";
import { Progress } from "../output/progress.js";
import { writeEach } from "../output/write.js";
import { andList } from "../text/and-list.js";
import { counted } from "../text/counted.js";
import { command } from "./command.js";
import { goOn } from "./cut-short.js";
import type { Deps } from "./deps.js";
import { Failures } from "./failures.js";
import { toggle } from "./flag.js";
import { saidArgoNamespace } from "./namespaces.js";

export const uninstall = command({
  description: `Remove what flamingo install made: never a Flux workload, and of an Argo CD that was there before only what flamingo added.

It goes by what install has remembered, and where nothing is, for CRDs that were installed alone and for the namespace, by who has written them. The engine goes first, then Applications without cascading, then what runs, the rest, the CRDs unless another Argo CD needs them, and the namespace if install made it and nothing else is in it. Interrupted, it goes on when it is run again.`,
  examples: [
    ["flamingo uninstall --dry-run", "what would go, and what would stay"],
    ["flamingo uninstall --yes", "without being asked, in a script"],
    ["flamingo uninstall -N argo --keep-crds --keep-namespace", "one of several, and Argo CD's CRDs stay"],
  ],
  flags: {
    keepCrds: toggle("--keep-crds", "leave Argo CD's CRDs"),
    keepNamespace: toggle("--keep-namespace", "leave the namespace, though install made it"),
    dryRun: toggle("--dry-run", "only tell what would go and what would stay"),
    force: toggle(
      "--force",
      "also what others declared in an Argo CD that goes, and while another flamingo loopback runs",
    ),
    yes: toggle("--yes", "do not ask"),
  },
  async run(deps, options) {
    const { keepCrds = false, keepNamespace = false, dryRun, force = false, yes } = options;
    const { say } = deps;
    const kube = await deps.kube();
    const found = await findInstalled(kube, saidArgoNamespace(options, deps), keepCrds, deps);
    const { what, installed } = found;
    say.act(`The ${what} of ${kube.context} at ${kube.server}`);
    const obstacle = obstacleTo(installed, force);
    if (obstacle) throw obstacle;
    const { stages, stays } = planUninstall(installed, { keepCrds, keepNamespace, force });
    for (const sentence of stays) say.act(sentence);
    if (stages.length === 0) {
      say.act(nothingGoes);
      return ExitCode.done;
    }
    if (dryRun) {
      await writeEach(deps.stdout, told(stages), deps.signal);
      return ExitCode.done;
    }
    const missing = await missingRights(kube, accessesFor(stages));
    if (missing.length > 0) throw withoutRights("uninstall", missing);
    if (!yes && !(await isWanted(stages, what, deps))) return ExitCode.failed;
    return carryOut(kube, found, stages, force, deps);
  },
});

interface Found {
  /** "install in argocd" */
  what: string;
  installed: Installed;
}

/**
 * The install that is meant, where it was said, or by default. Where none is remembered, what one left that was interrupted before
 * that, and CRDs that were installed alone, or left.
 *
 * @throws UserError when there is none (exit code 5), or only elsewhere
 */
async function findInstalled(
  kube: Kube,
  asked: string | undefined,
  keepCrds: boolean,
  { namespaces, now }: Deps,
): Promise<Found> {
  const records = await findRecords(kube);
  const known = records.flatMap(({ metadata }) => metadata.namespace ?? []);
  const [first, second] = known;
  if (asked === undefined && first !== undefined && !known.includes(namespaces.argocd))
    throw second === undefined ? onlyElsewhere(first, namespaces.argocd) : severalElsewhere(known);
  const namespace = asked ?? namespaces.argocd;
  const record = await kube.find(ConfigMap, recordRef(namespace));
  if (record) return { what: `install in ${namespace}`, installed: await readInstalled(kube, record, now()) };
  const left = await readLeft(kube, namespace, first === undefined && !keepCrds);
  if (left) {
    const what = left.hasHome ? `rest of an install in ${namespace}` : "CRDs of Argo CD";
    return { what, installed: left };
  }
  throw new UserError(
    `Cannot uninstall: flamingo remembers no install in ${namespace}${first === undefined ? "" : `; there is one in ${andList(known)}`}`,
    {
      hint:
        first === undefined
          ? "See what runs: flamingo version; remove what was installed otherwise as it was installed"
          : `Add -N ${first}`,
      exitCode: ExitCode.notFound,
    },
  );
}

/** Whoever may write ConfigMaps in some namespace may write a record there: which one is meant is for people to say. */
function onlyElsewhere(found: string, wanted: string): UserError {
  return new UserError(`Cannot choose an install: there is none in ${wanted}, but one in ${found}`, {
    hint: `Add -N ${found}`,
  });
}

function severalElsewhere(known: readonly string[]): UserError {
  return new UserError(`Cannot choose an install: there is one in each of ${andList(known)}`, {
    hint: "Name its namespace with -N",
  });
}

async function isWanted(stages: readonly Stage[], what: string, deps: Deps): Promise<boolean> {
  if (!canAsk(deps))
    throw new UserError("Cannot uninstall without being told so: there is no terminal to ask on", {
      hint: "Add --yes; to see what would go: --dry-run",
    });
  if (await askYes(`Delete ${summaryOf(stages)} of the ${what}?`, deps)) return true;
  deps.say.act(nothingGoes);
  return false;
}

/** "20 Applications and 58 other objects" */
function summaryOf(stages: readonly Stage[]): string {
  const objects = stages.flatMap((stage) => stage.objects);
  const applications = objects.filter(({ object }) => isOfKind(object, Application)).length;
  const others = objects.length - applications;
  return applications === 0
    ? counted(others, "object", "objects")
    : `${counted(applications, "Application", "Applications")} and ${counted(others, "other object", "other objects")}`;
}

async function* told(stages: readonly Stage[]): AsyncGenerator<string> {
  for (const { objects } of stages)
    for (const { object } of objects) yield `${kubectlName(idOf(object))} deleted (dry run)\n`;
}

/** @returns the exit code */
async function carryOut(
  kube: Kube,
  { what, installed }: Found,
  stages: readonly Stage[],
  force: boolean,
  deps: Deps,
): Promise<number> {
  const { say, signal } = deps;
  const total = stages.reduce((sum, { objects }) => sum + objects.length, 0);
  const all = counted(total, "object", "objects");
  const progress = new Progress(deps.stderr, deps.env);
  const failures = new Failures(say);
  let done = 0;
  const unsure: unknown[] = [];
  const removing = uninstallStages(kube, stages, {
    signal,
    onWaiting: (left) => progress.update(`◎ ${left} have yet to go, with all that is theirs`),
    async checkEngine() {
      if (force) return;
      const holder = await holderOnceFree(kube, installed.namespace, {
        now: deps.now,
        signal,
        onWaiting: (held) => progress.update(`◎ ${held}, which may still write for some seconds`),
      });
      if (holder !== undefined) throw tookOver(holder);
    },
  });
  async function* lines(): AsyncGenerator<string> {
    for await (const result of removing) {
      progress.clear();
      if ("failure" in result) failures.fail(result.failure);
      else if (result.outcome === "held") failures.fail(held(result));
      else if (result.outcome === "under way") unsure.push(result.error);
      else if (result.outcome !== "unsent") {
        done++;
        yield `${kubectlName(idOf(result.object))} ${result.outcome === "missing" ? "was gone already" : "deleted"}\n`;
      }
    }
  }
  say.act(`Deleting ${all}`);
  try {
    await writeEach(deps.stdout, lines(), signal);
  } catch (error) {
    const open = unsure.length > 0 ? `; ${unsure.length} under way, which may be gone or not` : "";
    if (done < total) say.warning(`Stopped after ${done} of ${all}${open}`, goOn);
    throw endOfWork(signal, unsure[0] ?? error);
  } finally {
    progress.clear();
  }
  if (failures.exitCode === ExitCode.done) say.done(`Deleted the ${what}: ${all}`);
  else say.warning(`${done} of ${total} objects are deleted`, goOn);
  return failures.exitCode;
}

const nothingGoes = "Nothing is deleted";

function held({ object, by }: Extract<Removed, { outcome: "held" }>): UserError {
  return new UserError(`Cannot delete ${renderId(idOf(object))}: it is held by ${by}`, {
    hint: "Wait until whoever put that finalizer there takes it away, or take it away",
  });
}

function tookOver(holder: string): UserError {
  return new UserError(`Cannot go on: another flamingo loopback has taken over (${holder})`, {
    hint: "Stop it with Ctrl-C where it runs, then run this again; or add --force",
  });
}
