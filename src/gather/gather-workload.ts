import type { AppProject } from "../argo/app-project.js";
import type { DestinationCluster } from "../argo/own-cluster.js";
import { type ArgoSettings, exclusionOn } from "../argo/settings.js";
import { appliedSelector } from "../flux/applied-by.js";
import {
  type InventoryObject,
  inventoryOf,
  isOperatorApplier,
  listedBelow,
  type OperatorApplier,
} from "../flux/inventory.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { Kube } from "../kube/kube.js";
import type { LiveObject } from "../kube/object.js";
import { groupKindOf, idOf, keyOf, renderId } from "../kube/object-id.js";
import { type ServedKind, servedKinds } from "../kube/served-kinds.js";
import type { SourceKeys } from "../report/live/applied-below.js";
import { permissionsOf } from "../report/permitted/permissions.js";
import type { Known } from "../report/report-input.js";
import { labelValueProblem } from "../text/names.js";
import { reachedFrom, wantedBelow } from "./below.js";
import { readInventory } from "./inventory.js";
import { readMachines } from "./machines.js";
import { Readings, withEach } from "./readings.js";
import { readReleased, storedReleaseOf } from "./released-objects.js";
import { readSources } from "./sources.js";
import { readWaitedFor } from "./waited-for.js";

export interface GatherWorkloadOptions {
  settings: ArgoSettings;
  /** of the Application that is to be reported */
  project: AppProject | undefined;
  /** Argo CD's own, as its Secrets call it */
  cluster: DestinationCluster;
  /** machines, too, which a tree has with what they have and what is asked of them */
  machines: boolean;
}

/** What a report of one workload needs of a cluster. */
export interface GatheredWorkload extends Known {
  /** objects of a Helm release that the HelmRelease itself does not list */
  released: readonly InventoryObject[];
  /** why Helm's storage could not be read: "cannot read Secret …: …" */
  unknown: readonly string[];
}

/**
 * Reads, here and now, what `flamingo loopback` knows of one workload by its watches: its sources, what it applied, and all that
 * belongs to that. How many requests it takes depends on the workload's own objects; where there are custom resources among them,
 * on how many kinds are served, too.
 *
 * @param workload undefined: there is none, and so nothing to be read
 */
export async function gatherWorkload(
  kube: Kube,
  workload: FluxWorkload | undefined,
  options: GatherWorkloadOptions,
): Promise<GatheredWorkload> {
  const { settings, project, cluster, machines } = options;
  const readings = new Readings(kube);
  let workloads = new Map<string, FluxWorkload>();
  let sources: Map<string, LiveObject> = new Map();
  let released: Pick<GatheredWorkload, "released" | "unknown"> = { released: [], unknown: [] };
  if (workload) {
    const kept = readings.live.set(workload) as FluxWorkload;
    const [served, found, waitedFor] = await Promise.all([
      servedKinds(kube),
      readSources(kept, readings),
      readWaitedFor(kept, readings),
    ]);
    sources = found;
    workloads = waitedFor;
    const isExcluded = exclusionOn(settings, cluster.server);
    const kinds = served.filter((kind) => !isExcluded(kind));
    released = await releasedBy(kube, kept, served, options);
    const listed = kept.spec?.kubeConfig ? [] : [...inventoryOf(kept), ...released.released];
    await readInventory(listed, kinds, selectorOf(kept), readings);
    const managed = () => [
      ...[kept, ...sources.values()],
      ...listed.flatMap((id) => readings.live.get(keyOf(id)) ?? []),
    ];
    const reached = () => reachedFrom(managed(), readings.live, found);
    await readBelow(reached, kinds, readings, found);
    if (machines) await readMachines(kube, reached(), readings.live);
  }
  return {
    ...{ workloads, sources, settings, cluster, ...released },
    // none but the health of the whole depends on it, which only the engine tells
    release: undefined,
    live: readings.live,
    projectFor: () => project,
    unreadAmong: () => readings.unread,
  };
}

/** Undefined where no label can say the name. */
function selectorOf({ kind, metadata }: FluxWorkload | OperatorApplier): string | undefined {
  const { namespace = "", name } = metadata;
  return labelValueProblem(name) ? undefined : appliedSelector({ kind, namespace, name });
}

/** What Helm's storage says of a HelmRelease that does not tell itself. */
async function releasedBy(
  kube: Kube,
  workload: FluxWorkload,
  served: readonly ServedKind[],
  { project, cluster }: GatherWorkloadOptions,
): Promise<Pick<GatheredWorkload, "released" | "unknown">> {
  const none = { released: [], unknown: [] };
  if (workload.kind !== "HelmRelease" || inventoryOf(workload).length > 0 || !project) return none;
  if (workload.spec?.kubeConfig) return none;
  const stored = await storedReleaseOf(kube, workload, permissionsOf(project, cluster).namespace);
  if (!stored) return none;
  const namespaced = new Map(served.map((kind) => [groupKindOf(kind), kind.namespaced]));
  const { found = [], unknown } = await readReleased(
    kube,
    stored,
    (kind) => namespaced.get(groupKindOf(kind)) ?? true,
  );
  const consequence = `and does not know what ${renderId(idOf(workload))} has applied`;
  return { released: found, unknown: unknown.map((clause) => `${clause}, ${consequence}`) };
}

/** @param reachedByNow of what is known by then */
async function readBelow(
  reachedByNow: () => LiveObject[],
  kinds: readonly ServedKind[],
  readings: Readings,
  sources: SourceKeys,
): Promise<void> {
  const expanded = new Set<string>();
  for (;;) {
    const reached = reachedByNow();
    const { outlines, wholes, objects } = wantedBelow(reached, kinds, readings);
    const appliers = reached.filter((object) => {
      const key = keyOf(idOf(object));
      const isKnown = sources.has(key) || readings.isOutline(key) || expanded.has(key);
      return !isKnown && listedBelow(object).length > 0;
    });
    if (outlines.length + wholes.length + objects.length + appliers.length === 0) return;
    for (const applier of appliers) {
      expanded.add(keyOf(idOf(applier)));
      const labels = isOperatorApplier(applier) ? selectorOf(applier) : undefined;
      await readInventory(listedBelow(applier), kinds, labels, readings);
    }
    await withEach(wholes, (stretch) => readings.list(stretch));
    await withEach(outlines, (stretch) => readings.list(stretch, true));
    await withEach(objects, ({ kind, object }) => readings.find(kind, object.metadata));
  }
}
