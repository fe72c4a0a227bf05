import { shownApplicationFrom } from "../../../src/applications/shown/application.js";
import { fluxWordOf } from "../../../src/applications/shown/flux-word.js";
import {
  type Known,
  type Shown,
  shownRow,
  unshownRow,
  wordFor,
} from "../../../src/applications/shown/row.js";
import type { Application } from "../../../src/argo/application.js";
import { UserError } from "../../../src/errors.js";
import type { FluxWorkload } from "../../../src/flux/workload.js";
import type { KubeObject, LiveObject } from "../../../src/kube/object.js";
import { idOf, keyOf } from "../../../src/kube/object-id.js";

/** Flux's word of an object: its condition Ready, of its present generation. */
export function ready(message: string, condition: object = {}, more: object = {}) {
  const conditions = [{ type: "Ready", status: "True", reason: "Succeeded", message, ...condition }];
  return { status: { observedGeneration: 1, conditions, ...more } };
}

/** The same as a failure. */
export const failed = (reason: string, message: string) => ready(message, { status: "False", reason });

/** As it stands in a cluster, in its first generation. */
export function settled<T extends KubeObject>(object: T, more: object = {}): T & LiveObject {
  const { metadata } = object;
  return { ...object, metadata: { generation: 1, ...metadata }, ...more };
}

/**
 * What is known where these objects are all there is, and one reports.
 *
 * @param unread kinds that may not be listed
 */
export function knownOf(
  objects: readonly LiveObject[],
  changes: Partial<Known> = {},
  unread: string[] = [],
): Known {
  const byKey = new Map(objects.map((object) => [keyOf(idOf(object)), object]));
  return {
    objects: byKey,
    look: (id) => byKey.get(keyOf(id)) ?? (unread.includes(id.kind) ? "unread" : undefined),
    troubleWith: ({ kind }) =>
      unread.includes(kind) ? new UserError(`Cannot list ${kind}s: it is forbidden`) : undefined,
    isServed: () => true,
    silenceAbout: () => undefined,
    limitOf: () => undefined,
    ...changes,
  };
}

/** As `flamingo loopback` reports it when all is well. */
export const reported = {
  status: { health: { status: "Healthy" as const }, resources: [{ kind: "Deployment", name: "web" }] },
};

export function rowOf(application: Application, known: Known): Shown {
  const app = shownApplicationFrom(application);
  return shownRow(app, wordFor(app, known), known);
}

export function unshown(workload: FluxWorkload, known: Known, namespace = "argocd"): Shown {
  return unshownRow(workload, fluxWordOf(workload, known), namespace);
}
