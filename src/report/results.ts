import type { ResourceResult } from "../argo/application.js";
import { type Mention, meantBy, withoutMentions } from "../flux/mentions.js";
import type { FluxWorkload } from "../flux/workload.js";
import { idOf, keyOf, keyOfReference, kubectlName, type ObjectId, versionOf } from "../kube/object-id.js";
import type { AppliedObject } from "./applied.js";
import { blameIn } from "./blame.js";

export interface Pass {
  workload: FluxWorkload;
  /** what Flux applied, as far as it may be shown */
  applied: readonly AppliedObject[];
  startedAt: string;
  /** undefined while it goes on */
  finishedAt: string | undefined;
  /** Flux's message, when it failed */
  failure: string | undefined;
  /** what was found out of the same operation before: what was done stays done, whatever comes later */
  known: readonly ResourceResult[];
  /** by the AppProject */
  permitted(id: ObjectId): boolean;
}

type Result = Pick<ResourceResult, "status" | "message">;

/**
 * What was done to each object, in Argo CD's words (gitops-engine `pkg/sync`, kubectl's "deployment.apps/podinfo created"). While
 * an operation goes on, and when it failed, nobody knows of what has not changed whether Flux came that far: it is left out. No
 * entry names an object that is not permitted.
 */
export function resultsOf(pass: Pass): ResourceResult[] {
  const { workload, applied, failure, finishedAt } = pass;
  const results = new Map(pass.known.filter(isDone).map((result) => [keyOfReference(result), result]));
  const isWhole = failure === undefined && finishedAt !== undefined;
  for (const object of applied) {
    const result = resultOf(object, pass);
    const key = keyOf(object);
    if (results.has(key) || (!isWhole && !isDone(result))) continue;
    results.set(key, resourceResult(object, result));
  }
  if (failure === undefined) return [...results.values()];
  const failed = failedIn(failure, pass);
  for (const result of failed) results.delete(keyOfReference(result));
  const message = withoutMentions(failure, (mention) => isShown(mention, pass));
  const id = { ...idOf(workload), version: versionOf(workload.apiVersion) };
  const whole = resourceResult(id, { status: "SyncFailed", ...(message ? { message } : {}) });
  return [...(failed.length > 0 ? failed : [whole]), ...results.values()];
}

function resultOf(object: AppliedObject, { startedAt, finishedAt = "9999" }: Pass): Result {
  const isWithin = (time: string) => startedAt <= time && time <= finishedAt;
  if (object.left === "pruned") return { status: "Pruned", message: "pruned" };
  if (object.left === "kept") return { status: "PruneSkipped", message: "ignored (no prune)" };
  const { createdAt, appliedAt } = object;
  const said = (done: string): Result => ({ status: "Synced", message: `${kubectlName(object)} ${done}` });
  if (createdAt && isWithin(createdAt)) return said("created");
  if (appliedAt === undefined) return { status: "Synced" };
  return said(isWithin(appliedAt) ? "configured" : "unchanged");
}

function isDone({ status, message = "" }: Result): boolean {
  return status === "Synced" ? / (?:created|configured)$/.test(message) : status !== "SyncFailed";
}

/** Those that the message names; of an object that Flux never had before, if it says which that is. */
function failedIn(failure: string, { applied, permitted }: Pass): ResourceResult[] {
  const { of, others } = blameIn(failure, applied);
  const listed = applied.flatMap((object) => {
    const message = of.get(keyOf(object));
    return message === undefined ? [] : [resourceResult(object, { status: "SyncFailed", message })];
  });
  const unlisted = others.flatMap(({ group, kind, namespace, name, version = "", said }) => {
    if (group === undefined || namespace === undefined) return [];
    const id = { group, version, kind, namespace, name };
    return permitted(id) ? [resourceResult(id, { status: "SyncFailed", message: said })] : [];
  });
  return [...listed, ...unlisted];
}

function isShown(mention: Mention, { applied, permitted }: Pass): boolean {
  if (meantBy(mention, applied).length > 0) return true;
  const { group = "", kind, namespace, name } = mention;
  return namespace !== undefined && permitted({ group, kind, namespace, name });
}

function resourceResult(
  { group, version, kind, namespace, name }: AppliedObject,
  result: Result,
): ResourceResult {
  return { group, version, kind, namespace, name, ...result, syncPhase: "Sync" };
}
