/** When an AppProject lets Applications be synced (`SyncWindows` of pkg/apis/application/v1alpha1, 2.8 to 3.6). */
import { parseDuration } from "../text/duration.js";
import { cameUpWithin } from "../text/schedule.js";
import type { AppProject, SyncWindow } from "./app-project.js";
import type { Application } from "./application.js";
import { globMatcher } from "./glob.js";

/**
 * Why an Application may not be synced now, a sentence; undefined when it may. Argo CD's server asks this, too, before it takes a
 * Sync: what comes past it is written by others.
 *
 * @param project with those that count for its Applications
 * @param isManual whether somebody pressed Sync, and Argo CD did not by itself
 */
export function closedWindow(
  application: Application,
  { metadata, spec = {} }: AppProject,
  { isManual, now }: { isManual: boolean; now: Date },
): string | undefined {
  const windows = (spec.syncWindows ?? []).filter((window) => isFor(window, application));
  const [active, inactive]: [SyncWindow[], SyncWindow[]] = [[], []];
  for (const window of windows) {
    const isActive = isActiveAt(window, now);
    if (isActive === undefined)
      return `Cannot sync: a sync window of the AppProject ${metadata.name} cannot be read`;
    (isActive ? active : inactive).push(window);
  }
  const denying = active.filter(({ kind }) => kind === "deny");
  const isAllowed = active.some(({ kind }) => kind === "allow");
  const closed =
    denying.length > 0 ? denying : isAllowed ? [] : inactive.filter(({ kind }) => kind === "allow");
  if (closed.length === 0 || (isManual && closed.every(({ manualSync }) => manualSync))) return undefined;
  return `Cannot sync: the sync windows of the AppProject ${metadata.name} do not permit it now`;
}

function isActiveAt(
  { schedule = "", duration = "", timeZone = "" }: SyncWindow,
  now: Date,
): boolean | undefined {
  const durationMs = parseDuration(duration);
  return durationMs === undefined ? undefined : cameUpWithin(schedule, { durationMs, zone: timeZone, now });
}

/** Each list that a window has may name the Application; with `andOperator` all of them must. */
function isFor(window: SyncWindow, { metadata, spec }: Application): boolean {
  const { applications = [], clusters = [], namespaces = [], andOperator } = window;
  const { name = "", server = "", namespace = "" } = spec?.destination ?? {};
  const lists: [patterns: string[], words: string[]][] = [
    [applications, [metadata.name]],
    [clusters, [name, server].filter((word) => word !== "")],
    [namespaces, [namespace]],
  ];
  const answers = lists
    .filter(([patterns]) => patterns.length > 0)
    .map(([patterns, words]) => patterns.some((pattern) => words.some(globMatcher(pattern))));
  return andOperator ? answers.length > 0 && answers.every(Boolean) : answers.some(Boolean);
}
