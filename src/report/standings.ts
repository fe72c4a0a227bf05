import { conditionType } from "../argo/conditions.js";

/** What is shown in each of four places, in the words of the table of docs/loopback.md. */
export const rules = {
  health: {
    objects: "of the live objects; Progressing where nothing was ever applied",
    applying: "Progressing once Flux has changed an object, else of the live objects",
    before: "as before",
    Degraded: "Degraded",
    Suspended: "Suspended",
    Progressing: "Progressing",
    Missing: "Missing",
  },
  sync: {
    Unknown: "Unknown",
    OutOfSync: "OutOfSync",
    before: "as before; OutOfSync once the source has moved on",
    Synced: "Synced, if every object is",
  },
  operation: {
    last: "the last one stays",
    running: "Running from the first object on that Flux has created or changed, else the last one stays",
    failed: "Failed; a retry that fails alike is the same one",
    succeeded: "Succeeded, if something was applied, else the last one stays",
  },
  condition: {
    none: "-",
    waiting: conditionType.waiting,
    source: `${conditionType.unread}, with the source's message`,
    failed: conditionType.failed,
    before: "as before",
    deleting: conditionType.deleting,
    absent: conditionType.invalid,
  },
} as const;

export interface Row {
  /** for people */
  when: string;
  health: keyof typeof rules.health;
  sync: keyof typeof rules.sync;
  operation: keyof typeof rules.operation;
  condition: keyof typeof rules.condition;
}

/** What is shown of a workload in each state; printed into docs/loopback.md. */
export const standings = {
  unseen: {
    when: "not reconciled yet",
    ...{ health: "Progressing", sync: "OutOfSync", operation: "last", condition: "none" },
  },
  waiting: {
    when: "waits for a dependency, or for a source that has no verdict yet",
    ...{ health: "objects", sync: "before", operation: "last", condition: "waiting" },
  },
  sourceFailed: {
    when: "its source has failed, whether there is an older artifact or not",
    ...{ health: "objects", sync: "Unknown", operation: "last", condition: "source" },
  },
  sourceGone: {
    when: "its source does not exist",
    ...{ health: "objects", sync: "Unknown", operation: "last", condition: "absent" },
  },
  again: {
    when: "the same is reconciled again: revision and spec as in the last attempt",
    ...{ health: "before", sync: "before", operation: "last", condition: "before" },
  },
  applying: {
    when: "a new revision or spec is applied, or is next",
    ...{ health: "applying", sync: "OutOfSync", operation: "running", condition: "none" },
  },
  canceled: {
    when: "a newer revision has cut off the health checks (HealthCheckCanceled)",
    ...{ health: "applying", sync: "OutOfSync", operation: "running", condition: "none" },
  },
  failed: {
    when: "failed, or stalled",
    ...{ health: "Degraded", sync: "OutOfSync", operation: "failed", condition: "failed" },
  },
  done: {
    when: "Ready",
    ...{ health: "objects", sync: "Synced", operation: "succeeded", condition: "none" },
  },
  neverApplied: {
    when: "suspended before the first time",
    ...{ health: "Suspended", sync: "OutOfSync", operation: "last", condition: "none" },
  },
  suspended: {
    when: "suspended later",
    ...{ health: "Suspended", sync: "before", operation: "last", condition: "before" },
  },
  deleting: {
    when: "being deleted",
    ...{ health: "Progressing", sync: "before", operation: "last", condition: "deleting" },
  },
  gone: {
    when: "does not exist",
    ...{ health: "Missing", sync: "Unknown", operation: "last", condition: "absent" },
  },
} as const satisfies Readonly<Record<string, Row>>;

export type Standing = keyof typeof standings;
