import { kubeTime } from "../text/time.js";
import type { ApplicationCondition } from "./application.js";

/**
 * The types that Argo CD's page, its commands and notifications know, and three of our own. With the first two, Argo CD's server
 * tells the message when redis has forgotten the tree; without them such a request would hang.
 */
export const conditionType = {
  /** what the Application shows is not there, or must not be shown */
  invalid: "InvalidSpecError",
  /** something could not be read */
  unread: "ComparisonError",
  /** Flux cannot do it */
  failed: "SyncError",
  /** objects are left out */
  omitted: "ExcludedResourceWarning",
  waiting: "DependencyWarning",
  deleting: "DeletionWarning",
  elsewhere: "RemoteClusterWarning",
} as const;

/** A condition, without since when it is reported. */
export type UntimedCondition = Omit<ApplicationCondition, "lastTransitionTime">;

/** Each condition with the time when it was first reported so. */
export function since(
  conditions: readonly UntimedCondition[],
  before: readonly ApplicationCondition[] | undefined,
  now: Date,
): ApplicationCondition[] {
  return conditions.map((condition) => {
    const known = before?.find(
      ({ type, message }) => type === condition.type && message === condition.message,
    );
    return { ...condition, lastTransitionTime: known?.lastTransitionTime ?? kubeTime(now) };
  });
}
