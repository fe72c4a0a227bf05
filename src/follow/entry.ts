import { posix } from "node:path";
import { UserError } from "../errors.js";
import { fluxInstanceFrom, syncOf } from "../flux/flux-instance.js";
import { Kustomization } from "../flux/kustomization.js";
import { isBelow, pathInSource } from "../flux/path.js";
import { sourceRefFrom } from "../flux/source-ref.js";
import { idOfSource, sourceKinds } from "../flux/sources.js";
import { isFragment } from "../flux/workload.js";
import type { KubeObject } from "../kube/object.js";
import { idOf, isOfKind, keyOf, renderId } from "../kube/object-id.js";
import { defaultFluxNamespace } from "../names.js";

/** An object as it stands in the repository. */
export interface Written {
  object: KubeObject;
  /** relative to the repository's root: "clusters/prod/flux-system/gotk-sync.yaml" */
  file: string;
}

/** Where Flux begins in a cluster: what it was bootstrapped with. */
export interface Entry {
  kustomization: Kustomization;
  /** its source, where that stands in the repository */
  source: KubeObject | undefined;
  /** the path that `--entry` takes for it, or for all that stand beside it */
  path: string;
}

/**
 * Where Flux begins: what FluxInstances and `flux bootstrap` sync, else Kustomizations that apply others and are applied by none,
 * else all that are applied by none.
 *
 * @param paths `--entry`: these instead
 * @throws UserError when a path is applied in several ways
 */
export function entriesIn(written: readonly Written[], paths: readonly string[]): Entry[] {
  const sources = new Map<string, KubeObject>();
  const synced: Written[] = [];
  const kustomizations: Written[] = [];
  for (const one of written) {
    const instance = fluxInstanceFrom(one.object);
    for (const object of instance ? syncOf(instance) : [one.object]) {
      if (sourceKinds[object.kind]) sources.set(keyOf(idOf(object)), object);
      if (!isOfKind(object, Kustomization) || isFragment(object)) continue;
      const isSync = instance !== undefined || posix.basename(one.file) === "gotk-sync.yaml";
      (isSync ? synced : kustomizations).push({ object, file: one.file });
    }
  }
  const begin = (one: Written, path = pathIn(one.object)): Entry => {
    const kustomization = one.object as Kustomization;
    return { kustomization, source: sources.get(sourceKey(kustomization)), path };
  };
  if (paths.length > 0) {
    const all = [...synced, ...kustomizations];
    return paths.map((path) => begin({ object: appliedAt(pathInSource(path), all), file: "" }));
  }
  if (synced.length > 0) return distinct(synced).map((one) => begin(one));
  const uncovered = kustomizations.filter((one) => !kustomizations.some((other) => covers(other, one)));
  const topmost = uncovered.filter((one) => kustomizations.some((other) => covers(one, other)));
  if (topmost.length > 0) return distinct(topmost).map((one) => begin(one));
  return distinct(uncovered).map((one) => begin(one, posix.dirname(one.file)));
}

function appliedAt(path: string, all: readonly Written[]): Kustomization {
  const [first, second] = distinct(all.filter(({ object }) => pathIn(object) === path));
  if (first && second) {
    const [one, another] = [first, second].map(({ object, file }) => `${renderId(idOf(object))} in ${file}`);
    throw new UserError(`Cannot tell how ${path} is applied: by ${one} or by ${another}`, {
      hint: "Give the path of what applies one of them: --entry PATH",
    });
  }
  return (first?.object as Kustomization | undefined) ?? bootstrapped(path);
}

/** What `flux bootstrap --path` would make. */
function bootstrapped(path: string): Kustomization {
  const name = defaultFluxNamespace;
  return {
    apiVersion: `${Kustomization.group}/v1`,
    kind: "Kustomization",
    metadata: { name, namespace: name },
    spec: { path, prune: true, sourceRef: { kind: "GitRepository", name } },
  };
}

/** Each once, however often it is written down. */
function distinct(all: readonly Written[]): Written[] {
  return [...new Map(all.map((one) => [JSON.stringify(one.object), one])).values()];
}

function covers(one: Written, other: Written): boolean {
  return one !== other && isBelow(other.file, pathIn(one.object));
}

function pathIn(object: KubeObject): string {
  return pathInSource((object as Kustomization).spec?.path);
}

/** What the source of a Kustomization is found by. */
export function sourceKey({ metadata, spec }: Kustomization): string {
  return keyOf(idOfSource(sourceRefFrom(spec?.sourceRef ?? {}, metadata.namespace ?? "")));
}
