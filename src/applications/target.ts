import { type ArgoFinding, engineUnasked } from "../argo/engine.js";
import { engineOf } from "../argo/generated.js";
import { leaseSelector, silentShards } from "../argo/loopback-lease.js";
import { onlyShard, type Shard } from "../argo/shard.js";
import { tracksByLabel } from "../argo/tracking.js";
import { allOf } from "../kube/all-of.js";
import { isForbidden, isRefusal } from "../kube/failure.js";
import { ConfigMap, Lease } from "../kube/kinds.js";
import type { Reader } from "../kube/kube.js";
import type { FluxApis } from "../support-matrix/flux-apis.js";
import { type Engines, type EngineWish, enginesFor, sameForAll } from "./engines.js";
import { type Existing, findExisting } from "./existing.js";
import { findArgo } from "./find-argo.js";

/** Everything about the cluster that the Applications depend on. */
export interface Target {
  /** where Applications live (`-N`) */
  namespace: string;
  argo: ArgoFinding;
  /** for Applications that are not there yet */
  engines: Engines;
  existing: Existing;
  labelTracking: boolean;
  /** Looks who reports the Applications of the engine loopback, and answers the shards that nobody does; the only one where it may not look. */
  findSilent(): Promise<readonly Shard[]>;
}

/** Where to look, and for what. */
export interface Looking {
  namespaces: { app: string; argocd: string };
  /** the name of the Application, where there is a single one */
  only: string | undefined;
  now(): Date;
  readApis(): Promise<FluxApis>;
}

/** A cluster that nobody looks at. */
export function unseenTarget(namespace: string, { engine }: EngineWish): Target {
  const engines = sameForAll(engineUnasked(engine));
  return {
    namespace,
    argo: { found: "unasked" },
    engines,
    existing: new Map(),
    labelTracking: true,
    findSilent: async () => [onlyShard],
  };
}

/** Looks at the cluster that the Applications are for, as far as the wish lets it matter. */
export async function findTarget(
  kube: Reader,
  wish: EngineWish,
  { namespaces, only, now, readApis }: Looking,
): Promise<Target> {
  // one after the other, beside the workloads: a third connection costs more than it saves
  const argo = await findArgo(kube, namespaces.argocd);
  // what is only printed needs the Applications that are there for their engine alone
  const isOfInterest = wish.writes || wish.engine === "auto";
  const existing: Existing = isOfInterest
    ? await findExisting(kube, namespaces.app, only, !wish.writes)
    : new Map();
  const engines = await enginesFor(wish, argo, readApis);
  const mayBeFsa =
    engines.mayBeFsa || [...existing.values()].some((application) => engineOf(application) === "fsa");
  const labelTracking = mayBeFsa && (await findTracking(kube, namespaces.argocd));
  const findSilent = () => silentIn(kube, namespaces.argocd, now());
  return { namespace: namespaces.app, argo, engines, existing, labelTracking, findSilent };
}

/** Whether Argo CD tracks by label; so it does by default up to 2.14, and so we say where we may not look. */
async function findTracking(kube: Reader, namespace: string): Promise<boolean> {
  try {
    return tracksByLabel(await kube.find(ConfigMap, { name: "argocd-cm", namespace }));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return true;
  }
}

async function silentIn(kube: Reader, namespace: string, now: Date): Promise<readonly Shard[]> {
  try {
    return silentShards(await allOf(kube.list(Lease, { namespace, labels: leaseSelector })), now);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [onlyShard];
  }
}
