import { carryOut, objectsThatGo, type Removed } from "../applications/carry-out.js";
import { findNamed } from "../applications/find-named.js";
import { readFluxAround, withWorkload } from "../applications/read-removals.js";
import { type Found, planRemovals, type Removal } from "../applications/removal.js";
import { parseSubject } from "../applications/subject.js";
import { Application } from "../argo/application.js";
import { ExitCode, UserError, usageError } from "../errors.js";
import { concurrently } from "../kube/concurrently.js";
import type { LiveObject } from "../kube/object.js";
import { idOf, renderId } from "../kube/object-id.js";
import { askYes, canAsk } from "../output/ask.js";
import { writeEach } from "../output/write.js";
import { andList } from "../text/and-list.js";
import { command } from "./command.js";
import type { Deps } from "./deps.js";
import { Failures } from "./failures.js";
import { choice, type Flag, toggle } from "./flag.js";
import { namesFrom } from "./names-on-stdin.js";

export const deleteApplications = command({
  arguments: "NAME...",
  description: `Delete Applications that flamingo made, - for those named on stdin. What Flux has stays, unless --cascade=flux takes it along.

With --cascade=flux the Kustomization, HelmRelease or ResourceSet goes, whereupon Flux prunes or uninstalls what it applied, and its source; a FluxInstance stays. What somebody else uses, or a parent would bring back, stays. What goes and what stays is said before anything is done.`,
  examples: [
    ["flamingo delete podinfo", "the Application alone"],
    ["flamingo delete podinfo --cascade=flux --dry-run", "see what would go with it"],
    ["flamingo delete podinfo shop --cascade=flux --yes", "without being asked, in a script"],
  ],
  flags: {
    cascade: {
      ...choice(
        "--cascade <none|flux>",
        ["none", "flux"],
        "what of Flux goes, too: none or flux (default none)",
      ),
      default: "none",
    } satisfies Flag<"none" | "flux">,
    dryRun: toggle("--dry-run", "only tell what would go and what would stay"),
    force: toggle("--force", "also Applications that loopback --auto would make again"),
    yes: toggle("--yes", "do not ask"),
  },
  async run(deps, { cascade, dryRun, force = false, yes }, args) {
    const { say } = deps;
    const words = await namesFrom(args, "delete", deps);
    const failures = new Failures(say, words.length === 1);
    const found = await findAll(words, deps, failures);
    const kube = await deps.kube();
    const around = cascade === "flux" ? await readFluxAround(kube) : undefined;
    const removals = planRemovals(found, around, force).filter((one): one is Removal => {
      if ("refused" in one) failures.fail(one.refused);
      return !("refused" in one);
    });
    for (const { stays } of removals) for (const clause of stays) say.act(sentence(clause));
    const going = objectsThatGo(removals);
    if (dryRun) await writeEach(deps.stdout, told(going), deps.signal);
    else if (going.length > 0) {
      if (!yes && !(await isWanted(going, deps))) return ExitCode.failed;
      await writeEach(deps.stdout, lines(carryOut(kube, removals), failures), deps.signal);
    }
    return failures.exitCode;
  },
});

/** The Applications of these names that are there. */
async function findAll(words: readonly string[], deps: Deps, failures: Failures): Promise<Found[]> {
  const names = words.map(applicationNamed);
  const { app } = deps.namespaces;
  const kube = await deps.kube();
  const found: Found[] = [];
  const results = concurrently(new Set(names), 8, async (name) => {
    try {
      return await withWorkload(kube, await findNamed(kube, name, app));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error;
    }
  });
  for await (const result of results) {
    if (result instanceof UserError) failures.fail(result);
    else found.push(result);
  }
  return found;
}

function applicationNamed(word: string): string {
  const subject = parseSubject(word);
  if ("application" in subject) return subject.application;
  throw usageError(
    `${word} names a workload, and delete takes Applications`,
    "Name the Application that shows it; with --cascade=flux the workload goes, too",
  );
}

async function isWanted(going: readonly LiveObject[], deps: Deps): Promise<boolean> {
  if (!canAsk(deps)) {
    throw new UserError("Cannot delete anything without being told so: there is no terminal to ask on", {
      hint: "Add --yes; to see what would go: --dry-run",
    });
  }
  if (await askYes(`Delete ${summaryOf(going)}?`, deps)) return true;
  deps.say.act("Nothing is deleted");
  return false;
}

/** "Application podinfo in argocd and Kustomization podinfo in apps", or "12 Applications and 15 objects of Flux" */
function summaryOf(objects: readonly LiveObject[]): string {
  if (objects.length <= 4) return andList(objects.map((object) => renderId(idOf(object))));
  const applications = objects.filter(({ kind }) => kind === Application.kind).length;
  const others = objects.length - applications;
  return andList([`${applications} Applications`, ...(others > 0 ? [`${others} objects of Flux`] : [])]);
}

async function* told(going: readonly LiveObject[]): AsyncGenerator<string> {
  for (const object of going) yield `${renderId(idOf(object))} deleted (dry run)\n`;
}

async function* lines(results: AsyncIterable<Removed>, failures: Failures): AsyncGenerator<string> {
  for await (const result of results) {
    if ("failure" in result) failures.fail(result.failure);
    else yield lineOf(result);
  }
}

function lineOf(result: Exclude<Removed, { failure: UserError }>): string {
  const name = renderId(idOf(result.object));
  if (result.outcome === "held") return `${name} is being deleted, as soon as ${result.by} let it go\n`;
  return result.outcome === "missing" ? `${name} was gone already\n` : `${name} deleted\n`;
}

function sentence(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}
