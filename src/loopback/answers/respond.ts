import { Application } from "../../argo/application.js";
import { isConflict, isForbidden, isMissing } from "../../kube/failure.js";
import { Event } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import { loopbackFieldManager } from "../../names.js";
import type { Answer, Step } from "./answer.js";
import { answerFor } from "./answer-for.js";
import { refusalFor } from "./refusal.js";
import type { Situation } from "./situation.js";

export interface Performed {
  /**
   * whether something had changed meanwhile, so that a part or all was left undone: the change makes another answer
   */
  isOutdated: boolean;
  /** as it is after the last write; undefined when it was not written */
  application: Application | undefined;
}

const by = { fieldManager: loopbackFieldManager };

/**
 * Answers what was asked of an Application; undefined when nothing was. What the API server does not let us do is said in the
 * Application, and thrown when that was to delete something.
 *
 * @throws UserError when something could not be written
 */
export async function respond(kube: Kube, situation: Situation): Promise<(Answer & Performed) | undefined> {
  const answer = answerFor(situation);
  if (!answer) return undefined;
  try {
    const done = await perform(kube, answer);
    // the next answer says it
    return { ...answer, ...done, log: done.isOutdated ? [] : answer.log };
  } catch (error) {
    const refusal = isForbidden(error) ? refusalFor(situation, error.message) : undefined;
    if (!refusal) throw error;
    const told = await perform(kube, refusal);
    if (situation.application.metadata.deletionTimestamp) throw error;
    return { ...refusal, ...told };
  }
}

/**
 * Does one step after the other.
 *
 * @throws UserError when one fails for another reason than that its object has changed or gone
 */
export async function perform(kube: Kube, { steps }: Answer): Promise<Performed> {
  let application: Application | undefined;
  for (const step of steps) {
    try {
      application = (await take(kube, step)) ?? application;
    } catch (error) {
      if (!isConflict(error) && !isMissing(error)) throw error;
      return { isOutdated: true, application };
    }
  }
  return { isOutdated: false, application };
}

async function take(kube: Kube, step: Step): Promise<Application | undefined> {
  switch (step.do) {
    case "patch": {
      const { ref, patch, resourceVersion } = step;
      return kube.mergePatch(Application, ref, patch, { ...by, resourceVersion });
    }
    case "annotate": {
      const { kind, ref, annotations, resourceVersion } = step;
      await kube.mergePatch(kind, ref, { metadata: { annotations } }, { ...by, resourceVersion });
      return undefined;
    }
    case "delete":
      await kube.delete(step.kind, step.ref, { preconditions: { uid: step.uid } });
      return undefined;
    case "event":
      await kube.create(Event, step.event, by).catch((error: unknown) => {
        // it was told already; or may not be told, which is no reason to leave the rest undone
        if (!isConflict(error) && !isForbidden(error) && !isMissing(error)) throw error;
      });
      return undefined;
  }
}
