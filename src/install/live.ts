import { ExitCode, UserError } from "../errors.js";
import type { ToApply } from "../kube/apply-set.js";
import type { Access } from "../kube/asked.js";
import { concurrently } from "../kube/concurrently.js";
import { ConfigMap, Namespace, Secret } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import type { Kind, KubeObject, LiveObject } from "../kube/object.js";
import { groupKindOf, idOf, isOfKind, keyOf, renderId, versionOf } from "../kube/object-id.js";
import { permitted } from "../kube/permitted.js";
import { servedKinds } from "../kube/served-kinds.js";
import { fieldManager } from "../names.js";
import type { Origin } from "./record.js";
import { missingRights, withoutRights } from "./rights.js";

/** An object that is to be applied, with the one that is there. */
export interface Item extends ToApply {
  kind: Kind;
  before: LiveObject | null;
  force: boolean;
}

/** As for applying: more only queue at the API server. */
const atOnce = 16;

/**
 * Reads what is there of all objects.
 *
 * @param force whether fields of others may be taken over; settings in ConfigMaps and Secrets never are
 * @throws UserError (exit code 6) for a kind that the cluster does not serve, and with all rights that are missing when some may not
 * be read
 */
export async function readItems(kube: Kube, objects: readonly KubeObject[], force: boolean): Promise<Item[]> {
  const served = new Map((await servedKinds(kube)).map((kind) => [groupKindOf(kind), kind]));
  const items: Item[] = [];
  const unseen: Item[] = [];
  const reading = concurrently(objects, atOnce, async (object): Promise<Item> => {
    const id = idOf(object);
    const kind = served.get(groupKindOf(id));
    if (!kind) throw notServed(kube, object);
    const version = versionOf(object.apiVersion);
    const { found: before = null, unknown } = await permitted(
      kube.find({ ...kind, version }, object.metadata),
    );
    const isSetting = isOfKind(object, ConfigMap) || isOfKind(object, Secret);
    const item = { object: asStored(object, before), kind, before, force: force && !isSetting };
    if (unknown.length > 0) unseen.push(item);
    return item;
  });
  for await (const item of reading) items.push(item);
  if (unseen.length > 0) {
    const missing = await missingRights(kube, [
      ...unseen.map(accessTo("get")),
      ...items.flatMap(accessesFor),
    ]);
    throw withoutRights("install", missing);
  }
  return items;
}

/** Server-side apply takes the right to patch, and to create where nothing is there. */
export function accessesFor(item: Item): Access[] {
  const verbs = item.before ? (["patch"] as const) : (["create", "patch"] as const);
  return verbs.map((verb) => accessTo(verb)(item));
}

/** A Namespace that is there counts as one of its own objects: Roles in it give the right to it. */
function accessTo(verb: Access["verb"]) {
  return ({ object, kind, before }: Item): Access => {
    const { name, namespace } = object.metadata;
    return { verb, kind, namespace: before && isOfKind(object, Namespace) ? name : namespace };
  };
}

/**
 * As the API server keeps it: a Secret, so that it can be compared, and a Namespace that is ours, with the label that every one
 * gets, so that its `managedFields` tell of flamingo, too.
 */
function asStored(object: KubeObject, before: LiveObject | null): KubeObject {
  if (isOfKind(object, Namespace) && (!before || isLeft(before))) return withNameLabel(object);
  const { stringData, ...rest } = object as Secret & { stringData?: Record<string, string> };
  if (!stringData || !isOfKind(object, Secret)) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64"),
  ]);
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } } as Secret;
}

/** Kubernetes 1.21 and newer set it (`SetDefaults_Namespace`). */
function withNameLabel(namespace: KubeObject): KubeObject {
  const { name, labels } = namespace.metadata;
  const named = { ...labels, "kubernetes.io/metadata.name": name };
  return { ...namespace, metadata: { ...namespace.metadata, labels: named } };
}

/**
 * What an install does to its objects: what it says of an earlier one stays true.
 *
 * @param earlier what the record that is there says
 */
export function originsOf(items: readonly Item[], earlier: ReadonlyMap<string, Origin>): Map<string, Origin> {
  const now = items.map(({ object, before }): [string, Origin] => {
    const key = keyOf(idOf(object));
    return [key, earlier.get(key) ?? (before && !isLeft(before) ? "changed" : "created")];
  });
  return new Map([...earlier, ...now]);
}

/**
 * Whether nobody but flamingo has ever written it, as `managedFields` tell: an install made it, of which no record tells (any
 * more), such as CRDs alone, those that `uninstall --keep-crds` left, or the Namespace of an install that was interrupted before
 * its record. What the API server itself writes is the status.
 */
export function isLeft({ metadata: { managedFields = [] } }: LiveObject): boolean {
  const writers = managedFields.filter(({ subresource }) => subresource !== "status");
  return writers.length > 0 && writers.every(({ manager }) => manager === fieldManager);
}

function notServed({ server }: Kube, object: KubeObject): UserError {
  return new UserError(
    `Cannot install ${renderId(idOf(object))}: ${server} does not serve ${object.kind} of ${object.apiVersion}`,
    { hint: "Install Flux first, or choose another --context", exitCode: ExitCode.notServed },
  );
}
