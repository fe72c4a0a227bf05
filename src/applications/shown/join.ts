/** Applications and Flux's objects put together, wherever the objects come from. */
import { type FluxWorkload, kindOfFlux, toolkitKinds } from "../../flux/workload.js";
import type { Gathered } from "../../kube/gathered.js";
import type { LiveObject } from "../../kube/object.js";
import { isOfKind, type ObjectId } from "../../kube/object-id.js";
import type { ShownApplication } from "./application.js";
import { type FluxWord, fluxWordOf } from "./flux-word.js";
import { type Known, type Shown, shownRow, unshownRow, wordFor } from "./row.js";

/** Flux's objects, read when they are asked for (`Gathered`) or watched (`Followed`). */
export type FluxObjects = Pick<Gathered, "objects" | "get" | "troubleWith">;

/** Makes rows; undefined as long as not all that a row wants to know is read. */
export interface Joiner {
  shown(app: ShownApplication): Shown | undefined;
  unshown(workload: FluxWorkload): Shown | undefined;
}

/** @param appNamespace `-N` */
export function joinerOf(
  flux: FluxObjects,
  around: Pick<Known, "isServed" | "silenceAbout" | "limitOf">,
  appNamespace: string,
): Joiner {
  let isWhole = true;
  const troubleWith = (id: ObjectId) => {
    const kind = kindOfFlux(id);
    return kind && flux.troubleWith(kind, id);
  };
  const look = (id: ObjectId) => {
    const kind = kindOfFlux(id);
    const found = kind && flux.get(kind, id);
    if (found === "unread" && !troubleWith(id)) isWhole = false;
    return found;
  };
  const known: Known = { objects: flux.objects, look, troubleWith, ...around };
  /** of thousands the rest is not made before it can be told */
  const whole = (say: () => FluxWord, makeRow: (word: FluxWord) => Shown) => {
    isWhole = true;
    const word = say();
    return isWhole ? makeRow(word) : undefined;
  };
  return {
    shown: (app) =>
      whole(
        () => wordFor(app, known),
        (word) => shownRow(app, word, known),
      ),
    unshown: (workload) =>
      whole(
        () => fluxWordOf(workload, known),
        (word) => unshownRow(workload, word, appNamespace),
      ),
  };
}

/** The workloads of Flux's own controllers among these objects, of a namespace or of all, that none of the Applications shows. */
export function workloadsWithout(
  apps: Iterable<ShownApplication>,
  objects: Iterable<LiveObject>,
  namespace: string | undefined,
): FluxWorkload[] {
  const keyOf = ({ kind, namespace, name }: Pick<ObjectId, "kind" | "namespace" | "name">) =>
    `${kind}/${namespace}/${name}`;
  const shown = new Set<string>();
  for (const app of apps) if (!app.isElsewhere) shown.add(keyOf(app.shows));
  const kinds = Object.values(toolkitKinds);
  return [...objects].filter((object): object is FluxWorkload => {
    const { kind, metadata } = object;
    const { namespace: own = "", name } = metadata;
    if (namespace !== undefined && own !== namespace) return false;
    return kinds.some((one) => isOfKind(object, one)) && !shown.has(keyOf({ kind, namespace: own, name }));
  });
}
