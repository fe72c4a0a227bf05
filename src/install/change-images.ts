import { UserError } from "../errors.js";
import { allOf } from "../kube/all-of.js";
import { isConflict } from "../kube/failure.js";
import { Deployment, type PodRunner, StatefulSet } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import { idOf, isOfKind, renderId } from "../kube/object-id.js";
import { fieldManager } from "../names.js";
import type { ImageChange } from "./adopt.js";

/** All that may run a part of the Argo CD in a namespace. */
export async function readRunners(kube: Kube, namespace: string): Promise<PodRunner[]> {
  const lists = [Deployment, StatefulSet].map((kind) => allOf(kube.list(kind, { namespace })));
  return (await Promise.all(lists)).flat();
}

/** So often is one tried whose status is written at the same time. */
const tries = 10;

/**
 * Writes one change. Whole, since nothing else is to change: read and worked out anew when somebody was faster.
 *
 * @param changesOf the function that made the change
 */
export async function writeImages(
  kube: Kube,
  change: ImageChange,
  changesOf: (runners: readonly PodRunner[]) => ImageChange[],
  dryRun: boolean,
): Promise<void> {
  const kind = isOfKind(change.runner, StatefulSet) ? StatefulSet : Deployment;
  let next: ImageChange | undefined = change;
  for (let left = tries; next && left > 0; left--) {
    try {
      await kube.replace(kind, next.changed, { fieldManager, dryRun });
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
      const found: PodRunner | undefined = await kube.find(kind, change.runner.metadata);
      next = found && changesOf([found])[0];
    }
  }
  if (next)
    throw new UserError(`Cannot change ${renderId(idOf(change.runner))}: it is being changed all the time`, {
      hint: "Run the command again",
    });
}
