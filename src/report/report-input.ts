import type { AppProject } from "../argo/app-project.js";
import type { Application } from "../argo/application.js";
import { shownBy } from "../argo/generated.js";
import type { DestinationCluster } from "../argo/own-cluster.js";
import type { ArgoSettings } from "../argo/settings.js";
import { lookedAtFor } from "../flux/dependencies.js";
import { type InventoryObject, inventoryOf } from "../flux/inventory.js";
import { inputProvidersOf } from "../flux/resource-set/providers.js";
import { sourceChainOf } from "../flux/source-chain.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import { keyOf } from "../kube/object-id.js";
import { most } from "./limits.js";
import type { LiveObjects } from "./live/live-index.js";
import type { UnreadKind } from "./managed.js";
import type { ReportInput } from "./report.js";

/** What is known of a cluster, kept up by watches or read once: of each report all that it needs. */
export interface Known {
  /** Flux's workloads, by `keyOf()` */
  workloads: ReadonlyMap<string, FluxWorkload>;
  /** Flux's sources and those who give inputs, by `keyOf()` */
  sources: ReadonlyMap<string, LiveObject>;
  live: LiveObjects;
  settings: ArgoSettings;
  /** of Argo CD: "3.6.1" */
  release: string | undefined;
  /** Argo CD's own */
  cluster: DestinationCluster;
  /** The AppProject of an Application, with those that Argo CD counts for all of its kind. */
  projectFor(application: Application): AppProject | undefined;
  /** Kinds of which not all is known that somebody needs. @param needed keys, as `keyOf()` writes them */
  unreadAmong(needed: Iterable<string>): UnreadKind[];
}

/** The workload of an Application, if there is one. */
export function workloadOf(
  application: Application,
  { workloads }: Pick<Known, "workloads">,
): FluxWorkload | undefined {
  return workloads.get(keyOf(shownBy(application)));
}

/** What the workload of an Application applied. @param released of a Helm release that the HelmRelease itself does not list */
export function inventoryFor(
  application: Application,
  known: Pick<Known, "workloads">,
  released: readonly InventoryObject[],
): readonly InventoryObject[] {
  const workload = workloadOf(application, known);
  const listed = workload ? inventoryOf(workload) : [];
  return listed.length === 0 ? released : listed;
}

/**
 * Everything about an Application that its report needs, as it is known now.
 *
 * @param inventory what its workload applied, {@link inventoryFor}
 */
export function reportInput(
  application: Application,
  known: Known,
  inventory: readonly InventoryObject[],
  now: Date,
  pace: Pick<ReportInput, "isSettled" | "isLast">,
): ReportInput {
  const workload = workloadOf(application, known);
  const dangling = workload ? sourceChainOf(workload, known.sources).dangling : [];
  const { missing } = inputProvidersOf(workload, known.sources.values());
  const waitedFor = workload ? lookedAtFor(workload, (id) => known.workloads.get(keyOf(id))) : [];
  const lookedAt = inventory.slice(0, most.inventory);
  const needed = [shownBy(application), ...lookedAt, ...dangling, ...missing, ...waitedFor].map(keyOf);
  return {
    application,
    project: known.projectFor(application),
    cluster: known.cluster,
    workload,
    workloads: known.workloads,
    sources: known.sources,
    inventory: lookedAt,
    unlisted: inventory.length - lookedAt.length,
    live: known.live,
    unread: known.unreadAmong(needed),
    argo: known.settings,
    release: known.release,
    now,
    ...pace,
  };
}
