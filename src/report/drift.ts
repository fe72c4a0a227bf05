import { driftedMessage } from "../flux/drifted.js";
import { isLeftAlone } from "../flux/left-alone.js";
import type { FluxWorkload } from "../flux/workload.js";
import { fieldPaths, fieldsBeyond, subtractFields } from "../kube/field-set.js";
import type { FieldsV1, LiveObject } from "../kube/object.js";
import { keyOf, namespacedName, type ObjectId } from "../kube/object-id.js";
import { andFirst } from "../text/and-list.js";
import { fluxFieldsOf } from "./applied-fields.js";

/** Fields that somebody has set since Flux applied an object. */
export interface Takeover {
  manager: string;
  /** with a person's tool, so that the object is no longer as it is meant to be */
  byHand: boolean;
  /** undefined: not known */
  at: string | undefined;
  fields: FieldsV1;
}

/** kubectl, k9s, Lens (node-fetch), and pages in a browser: the Kubernetes dashboard, Headlamp. */
export function isPersonsTool(manager: string): boolean {
  return /^(?:kubectl(?:-.*)?|k9s|node-fetch|Mozilla)$/.test(manager);
}

/** Who changes objects as a part of what a cluster does: nobody need be told. */
const controllers =
  /(?:^|[-_])(?:apiserver|autoscaler|cainjector|controller|kubelet|manager|operator|scaler|scheduler|webhook)(?:[-_]|$)/i;

/** Argo CD's own buttons (Restart, Scale), Helm, and whoever was there before there was ownership of fields. */
const known: ReadonlySet<string> = new Set(["argocd-server", "helm", "flagger", "before-first-apply"]);

/**
 * Who has set which fields of an object since Flux last applied it, as far as the ownership of fields tells: what was removed
 * has no owner, and a change of a subresource (`kubectl scale`, an autoscaler) no time.
 *
 * @param since when Flux last came to a good end (`lastSuccessOf()`)
 */
export function takeoversOf(object: LiveObject, since: string): Takeover[] {
  const later = (object.metadata.managedFields ?? []).filter(
    ({ manager = "", subresource, time = "" }) =>
      !subresource && time > since && !known.has(manager) && !controllers.test(manager),
  );
  if (later.length === 0 || isLeftAlone(object)) return [];
  const applied = fluxFieldsOf(object) ?? {};
  return later
    .map(({ manager = "", time, fieldsV1 = {} }): Takeover => {
      const fields = subtractFields(contentOf(fieldsV1), applied);
      return { manager, byHand: isPersonsTool(manager), at: time, fields };
    })
    .filter(({ fields }) => Object.keys(fields).length > 0)
    .sort(({ at: a = "" }, { at: b = "" }) => (a < b ? -1 : 1));
}

/** @param manager who has scaled it past Flux (`scaledPastFlux()`) */
export function scaling(object: LiveObject, manager: string): Takeover[] {
  const fields = { "f:spec": { "f:replicas": {} } };
  return isLeftAlone(object) ? [] : [{ manager, byHand: true, at: undefined, fields }];
}

/**
 * Without what others may change.
 *
 * @param ignored JSON pointers (`ignoredIn()`)
 */
export function exceptIgnored(takeovers: readonly Takeover[], ignored: readonly string[]): Takeover[] {
  return takeovers
    .map((takeover) => ({ ...takeover, fields: ignored.reduce(fieldsBeyond, takeover.fields) }))
    .filter(({ fields }) => Object.keys(fields).length > 0);
}

/** Labels and annotations are put on objects for many reasons, and the status is no content. */
function contentOf(fields: FieldsV1): FieldsV1 {
  const { "f:metadata": _, "f:status": __, "f:apiVersion": ___, "f:kind": ____, ...content } = fields;
  return content;
}

const mostPaths = 3;

/** "spec.replicas and spec.paused were changed by kubectl-edit at 2026-11-21T10:00:00Z" */
export function renderTakeover(takeover: Takeover): string {
  const paths = fieldPaths(takeover.fields);
  return `${andFirst(paths, mostPaths)} ${paths.length === 1 ? "was" : "were"} changed by ${whoAndWhen(takeover)}`;
}

/** "kubectl-edit at 2026-11-21T10:00:00Z" */
export function whoAndWhen({ manager, at }: Takeover): string {
  return at === undefined ? manager : `${manager} at ${at}`;
}

/**
 * What Flux itself found to be otherwise than it applied it, by `keyOf()`: "changed (0 additions, 1 changes, 0 removals)".
 */
export function driftFound(workload: FluxWorkload, objects: readonly ObjectId[]): Map<string, string> {
  const found = new Map<string, string>();
  const message = driftedMessage(workload);
  if (message === undefined) return found;
  const verdicts = new Map(
    message.split("\n").flatMap((line): [string, string][] => {
      const [, name, verdict] = /^(\S+) (changed .*|removed)$/.exec(line) ?? [];
      return name && verdict ? [[name, verdict]] : [];
    }),
  );
  const ambiguous = new Set<string>();
  const keys = new Map<string, string>();
  for (const object of objects) {
    const name = `${object.kind}/${namespacedName(object)}`;
    if (keys.has(name)) ambiguous.add(name);
    keys.set(name, keyOf(object));
  }
  for (const [name, verdict] of verdicts) {
    const key = keys.get(name);
    if (key !== undefined && !ambiguous.has(name)) found.set(key, verdict);
  }
  return found;
}
