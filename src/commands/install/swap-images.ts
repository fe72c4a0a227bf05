import type { Application } from "../../argo/application.js";
import { describeArgo } from "../../argo/installed/describe.js";
import type { InstalledArgo } from "../../argo/installed/evidence.js";
import type { ArgoOwner } from "../../argo/installed/owner.js";
import { argoImageAmong } from "../../argo/running.js";
import { ExitCode, UserError } from "../../errors.js";
import type { ImageChange } from "../../install/adopt.js";
import { writeImages } from "../../install/change-images.js";
import { applicationsLeaving, beforeStock, leaveFsa } from "../../install/leave-fsa.js";
import { ownerValues } from "../../install/owner-values.js";
import type { PodRunner } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import { objectDiff } from "../../kube/object-diff.js";
import { idOf, keyOf, kubectlName } from "../../kube/object-id.js";
import { askYes, canAsk } from "../../output/ask.js";
import { writeAll, writeEach } from "../../output/write.js";
import { readYaml, renderYaml } from "../../yaml.js";
import { cutShort } from "../cut-short.js";
import type { Deps } from "../deps.js";
import { Failures } from "../failures.js";
import { waitWithProgress } from "./into-cluster.js";
import { announceLeaving } from "./leaving.js";
import type { GivenOptions } from "./request.js";

export interface Swap {
  /** of the Argo CD */
  runners: readonly PodRunner[];
  /** what is to be changed in them; worked out anew for one that somebody else has changed */
  changesOf(runners: readonly PodRunner[]): ImageChange[];
}

/**
 * Gives an Argo CD other images, or tells what that would do. Where it has an owner nothing is written, and what to set there is
 * printed.
 *
 * @returns the exit code
 */
export async function swapImages(
  kube: Kube,
  here: InstalledArgo,
  { runners, changesOf }: Swap,
  { diff, dryRun, yes, wait = true, noWait = false }: GivenOptions,
  deps: Deps,
): Promise<number> {
  const { say, stdout, signal } = deps;
  const { namespace } = here;
  const changes = changesOf(runners);
  if (changes.length === 0) {
    say.done(`Nothing is to be changed in ${namespace}`);
    return ExitCode.done;
  }
  const leaving = leavesFsa(here, changes) ? await applicationsLeaving(kube, namespace) : [];
  if (here.owner) throw await ownedElsewhere(here, here.owner, changes, leaving, deps);
  if (diff) {
    const texts = changes.map(({ runner, changed }) => objectDiff(keyOf(idOf(runner)), runner, changed));
    await writeAll(stdout, await Promise.all(texts), signal);
    return ExitCode.differs;
  }
  for (const { runner, images } of changes)
    for (const image of images) say.act(`${kubectlName(idOf(runner))}, ${image}`);
  await announceLeaving(kube, leaving, deps);
  if (!dryRun && !yes && !(await isWanted(here, deps))) return ExitCode.failed;
  if (!dryRun) await leaveFsa(kube, leaving);
  const failures = new Failures(say);
  let done = 0;
  async function* lines(): AsyncGenerator<string> {
    for (const change of changes) {
      signal.throwIfAborted();
      const failure = dryRun === "client" ? undefined : await attempt(change);
      if (failure) failures.fail(failure);
      else {
        done++;
        yield `${kubectlName(idOf(change.runner))} configured${suffixes[dryRun ?? "none"]}\n`;
      }
    }
  }
  const attempt = (change: ImageChange) =>
    writeImages(kube, change, changesOf, dryRun === "server").then(
      () => undefined,
      (error) => {
        if (error instanceof UserError) return error;
        throw error;
      },
    );
  await writeEach(stdout, lines(), signal).catch((error: unknown) => {
    throw dryRun ? error : cutShort(error, `${done} of ${changes.length} objects`, deps);
  });
  if (failures.exitCode !== ExitCode.done || dryRun || !wait || noWait) return failures.exitCode;
  await waitWithProgress(
    kube,
    { namespace },
    changes.map(({ changed }) => changed),
    deps,
  );
  return ExitCode.done;
}

const suffixes = { client: " (dry run)", server: " (server dry run)", none: "" };

/** Whether the Applications of an FSA image would be Argo CD's own from then on. */
function leavesFsa({ image }: InstalledArgo, changes: readonly ImageChange[]): boolean {
  const after = argoImageAmong(changes.map(({ changed }) => changed));
  return image.flavour === "fl" && after !== undefined && after.flavour !== "fl";
}

async function ownedElsewhere(
  here: InstalledArgo,
  owner: ArgoOwner,
  changes: readonly ImageChange[],
  leaving: readonly Application[],
  { stdout, signal }: Deps,
): Promise<UserError> {
  const image = argoImageAmong(changes.map(({ changed }) => changed))?.image ?? here.image.image;
  const { where, values } = ownerValues(owner, image);
  const first = beforeStock(leaving);
  await writeAll(stdout, [renderYaml(readYaml(values)[0])], signal);
  return new UserError(
    `Cannot change the images of ${describeArgo(here)}: ${owner.by} would put back what is changed`,
    { hint: `${first ? `${first}; then set` : "Set"} what is printed in ${where}` },
  );
}

async function isWanted(here: InstalledArgo, deps: Deps): Promise<boolean> {
  if (!canAsk(deps))
    throw new UserError(`Cannot change the images of ${describeArgo(here)} without being told to`, {
      hint: "Add --yes; what it would change tells --diff",
    });
  if (await askYes(`Change the images of ${describeArgo(here)}?`, deps)) return true;
  deps.say.act("Nothing is changed");
  return false;
}
