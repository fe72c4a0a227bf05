import type { AppProject } from "../argo/app-project.js";
import {
  type Application,
  type ApplicationCondition,
  type ApplicationStatus,
  type OperationState,
  projectOf,
  type SourceType,
  type SyncCode,
} from "../argo/application.js";
import type { ApplicationTree, ResourceDiff } from "../argo/application-tree.js";
import { conditionType, since } from "../argo/conditions.js";
import { shownBy } from "../argo/generated.js";
import type { HealthCode } from "../argo/health.js";
import { causesOf } from "../argo/health-causes.js";
import type { DestinationCluster } from "../argo/own-cluster.js";
import { type ArgoSettings, exclusionOn } from "../argo/settings.js";
import { argoHas } from "../argo/versions.js";
import type { InventoryObject } from "../flux/inventory.js";
import { inputProvidersOf } from "../flux/resource-set/providers.js";
import { wantedRevision } from "../flux/revision.js";
import { type FoundSources, noSources, type SourceChain, sourceChainOf } from "../flux/source-chain.js";
import type { FluxWorkload, WorkloadKind } from "../flux/workload.js";
import { groupKindOf, idOf, keyOf, keyOfReference } from "../kube/object-id.js";
import { kubeTime } from "../text/time.js";
import { type AppliedObject, appliedObjects, leftObjects } from "./applied.js";
import {
  absenceConditions,
  elsewhereConditions,
  inputConditions,
  omissionConditions,
  unreadConditions,
} from "./conditions.js";
import { headlineOf } from "./headline.js";
import { historyOf } from "./history.js";
import { excessConditions } from "./limits.js";
import type { LiveObjects } from "./live/live-index.js";
import { type Managed, managedObjects, type UnreadKind } from "./managed.js";
import { managedResources } from "./managed-resources.js";
import { type Mark, markedTree, marksOf } from "./marks.js";
import { denialOf } from "./permitted/denial.js";
import { type Permissions, permissionsOf } from "./permitted/permissions.js";
import {
  healthOfObjects,
  healthOfWorkload,
  missingCounts,
  resourceStatus,
  type ShownObject,
  syncOfAll,
} from "./resources.js";
import { summaryOf } from "./summary.js";
import { treeOf } from "./tree.js";
import { WholeObjects } from "./whole.js";
import { workloadGap } from "./workload-gap.js";

export interface ReportInput {
  /** as it was read: what was reported before is part of it */
  application: Application;
  /** undefined: there is none of that name */
  project: AppProject | undefined;
  /** the cluster that the Application names as its destination */
  cluster: DestinationCluster;
  /** what it shows; undefined: there is none, unless its kind is among `unread` */
  workload: FluxWorkload | undefined;
  /** what it waits for, by `keyOf()`; others do no harm */
  workloads: ReadonlyMap<string, FluxWorkload>;
  /** the sources found on the way from the workload, and who gives it inputs; others do no harm */
  sources: FoundSources;
  /** what the workload applied */
  inventory: readonly InventoryObject[];
  /** how many more it applied, which are too many to be looked at */
  unlisted: number;
  live: LiveObjects;
  /** kinds of which is not known what exists */
  unread: readonly UnreadKind[];
  argo: ArgoSettings;
  /** of Argo CD, whose rules are kept to: "3.6.1"; the newest where it is not known */
  release: string | undefined;
  now: Date;
  /** whether Flux has had the time to write the rest of a status whose conditions are new */
  isSettled: boolean;
  /** no other report follows */
  isLast: boolean;
}

export interface Report {
  /** all of `.status` that flamingo owns; what is left out is to be removed (see `statusPatch()`) */
  status: ApplicationStatus;
  tree: ApplicationTree;
  managedResources: ResourceDiff[];
  /** what Flux applied, as far as it may be shown */
  applied: AppliedObject[];
  /** objects that the AppProject keeps out of all the above */
  omitted: number;
  /** Flux has written half of its status: the report before this one stands, until the other half or two seconds later */
  isUnsettled?: true;
  /** the operation is over already, and shown under way first: to be reported again, not before a moment has passed */
  isBeginning?: true;
}

/**
 * What Argo CD is to show of a workload. Whoever may see an Application may read and, by Argo CD's account, change each object
 * of its tree: what the AppProject does not permit appears nowhere in it.
 */
export function report(input: ReportInput): Report {
  const steps = reportSteps(input);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * The same in steps, for whoever has other things to do between them. First comes the tree: when an object of it changes
 * meanwhile, the report is to be made again.
 */
export function* reportSteps(input: ReportInput): Generator<ApplicationTree | undefined, Report, void> {
  const { application, project, cluster, workload, argo, now } = input;
  const workloadId = workload ? idOf(workload) : shownBy(application);
  const chain: SourceChain = workload ? sourceChainOf(workload, input.sources) : noSources;
  if (!project) return nothing(input, `The AppProject ${projectOf(application)} does not exist`);
  const permissions = permissionsOf(project, cluster);
  const sources = chain.links.map(({ object }) => object);
  const denial = denialOf({ application, project, cluster, permissions, argo, workload: workloadId, chain });
  if (denial !== undefined) return nothing(input, denial);

  const isExcluded = exclusionOn(argo, cluster.server);
  const inventory = workload?.spec?.kubeConfig ? [] : input.inventory;
  const providers = inputProvidersOf(workload, input.sources.values());
  const managed = managedObjects({ ...input, workloadId, chain, providers, inventory });
  const { customLabels, nodeLabels } = argo;
  const scope = { permitted: permissions.object, excluded: isExcluded, customLabels, nodeLabels };
  const { tree: bare, omitted, excess } = treeOf(managed, input.live, scope);
  const permitted = shownOf(managed, bare).map((item) => item.managed);
  const excluded = managed.filter(({ id }) => isExcluded(id) && permissions.object(id));
  const before = application.status;
  const content = chain.content && permissions.object(idOf(chain.content)) ? chain.content : undefined;
  yield bare;
  const whole = new WholeObjects(input.live);
  const wholes: Managed[] = [];
  for (const item of permitted) {
    wholes.push(whole.complete(item));
    yield;
  }
  const listed = wholes.filter(({ role }) => role === "inventory");
  const applied = workload ? appliedOf(workload, input, managed, listed).filter(permissions.object) : [];
  const headline = headlineOf({
    ...{ application, workload, workloadId, chain, content, applied },
    ...{ workloads: input.workloads, unread: input.unread },
    permitted: permissions.object,
    isSettled: input.isSettled,
    isLast: input.isLast,
  });
  const { operationState } = headline;
  const origin = { content, sources: sources.filter((source) => permissions.object(idOf(source))) };
  const marks = workload ? marksOf(listed, workload, operationState, input.live) : new Map<string, Mark>();
  const tree = markedTree(
    bare,
    marks,
    headline.waitsFor && { key: keyOf(workloadId), ids: headline.waitsFor },
  );
  const shown = shownOf(managed, tree);
  const inventoried = new Set(inventory.map(keyOf));
  const resources = shown
    .filter(({ managed: { role, id } }) => role !== "source" || inventoried.has(keyOf(id)))
    .map(({ managed: item, node }) =>
      resourceStatus(item, node, headline.sync, marks.get(keyOf(item.id))?.drift !== undefined),
    );
  const sync = syncOfAll(headline.sync, resources);
  const health = workload?.spec?.kubeConfig
    ? healthOfWorkload(shown)
    : healthOfObjects(shown, missingCounts(input.release, argo));
  const code = headline.healthWith(health);
  const causes = argoHas("namesCauses", input.release) ? causesOf(code, resources) : undefined;
  const conditions = [
    ...headline.conditions,
    ...(workload ? elsewhereConditions(workload) : []),
    ...absenceConditions(permitted),
    ...inputConditions(providers.found.filter((provider) => permissions.object(idOf(provider)))),
    ...unreadConditions(permitted, input.unread),
    ...omissionConditions(omitted, project.metadata.name, excluded),
    ...excessConditions({ ...excess, nodes: excess.nodes + input.unlisted, diffs: whole.refused }),
  ];
  const differences = yield* managedResources(wholes, {
    marks,
    gap: sync === "OutOfSync" && workload ? (unseen) => workloadGap(workload, content, unseen) : undefined,
    sensitive: argo.sensitiveAnnotations,
  });
  return {
    status: {
      sync: syncStatus(application, sync, workload && wantedRevision(workload, content)),
      health: {
        ...healthSince(code, before?.health, now),
        ...(causes === undefined ? {} : { message: causes }),
      },
      resources,
      ...(operationState ? { operationState: withPermitted(operationState, permissions) } : {}),
      // when it was over, and who asked, the next report tells with the operation's end
      history: headline.isBeginning
        ? (before?.history ?? [])
        : historyOf({ application, workload, origin, operation: operationState }),
      summary: summaryOf(tree, application),
      conditions: since(conditions, before?.conditions, now),
      reconciledAt: notBefore(operationState?.finishedAt, now),
      sourceType: sourceTypes[workloadId.kind as WorkloadKind] ?? "Directory",
    },
    tree,
    managedResources: differences,
    applied,
    omitted,
    ...(headline.isUnsettled ? { isUnsettled: true } : {}),
    ...(headline.isBeginning ? { isBeginning: true } : {}),
  };
}

/** What a workload makes objects of, in Argo CD's words. */
const sourceTypes: Readonly<Record<WorkloadKind, SourceType>> = {
  Kustomization: "Kustomize",
  HelmRelease: "Helm",
  ResourceSet: "Directory",
  FluxInstance: "Directory",
};

/** A condition, and nothing else, but for a Sync that was refused for the same reason. */
function nothing({ application, now }: ReportInput, message: string): Report {
  const report = onlySaying({ type: conditionType.invalid, message }, application, now);
  const { operationState: last } = application.status ?? {};
  // what an earlier one came to may say too much
  const isRefusal = last?.message === message && !last.syncResult;
  return isRefusal ? { ...report, status: { ...report.status, operationState: last } } : report;
}

/** A report that says why nothing is shown, and nothing else. */
export function onlySaying(
  condition: Pick<ApplicationCondition, "type" | "message">,
  application: Application,
  now: Date,
): Report {
  return {
    status: {
      sync: { status: "Unknown" },
      health: healthSince("Unknown", application.status?.health, now),
      resources: [],
      history: [],
      summary: {},
      conditions: since([condition], application.status?.conditions, now),
      reconciledAt: kubeTime(now),
    },
    tree: { nodes: [], orphanedNodes: [], hosts: [] },
    managedResources: [],
    applied: [],
    omitted: 0,
  };
}

function shownOf(managed: readonly Managed[], { nodes }: ApplicationTree): ShownObject[] {
  const byKey = new Map(nodes.map((node) => [keyOfReference(node), node]));
  return managed.flatMap((item) => {
    const node = byKey.get(keyOf(item.id));
    return node ? [{ managed: item, node }] : [];
  });
}

/** @param listed what may be shown of the inventory */
function appliedOf(
  workload: FluxWorkload,
  { application, live, unread }: ReportInput,
  managed: readonly Managed[],
  listed: readonly Managed[],
): AppliedObject[] {
  const unreadable = new Set(unread.map(groupKindOf));
  const before = application.status?.resources ?? [];
  const left = leftObjects(workload, before, managed, live, (kind) => !unreadable.has(groupKindOf(kind)));
  return [...appliedObjects(listed), ...left];
}

/** The result of a Sync stays, but not what the AppProject has ceased to permit since. */
function withPermitted(state: OperationState, permissions: Permissions): OperationState {
  const { syncResult } = state;
  if (!syncResult?.resources) return state;
  const resources = syncResult.resources.filter((resource) => permissions.object(resource));
  return { ...state, syncResult: { ...syncResult, resources } };
}

/** With the time when it became so: without it the notification on-deployed never fires (Argo CD since 2.14). */
function healthSince(
  status: HealthCode,
  before: ApplicationStatus["health"],
  now: Date,
): NonNullable<ApplicationStatus["health"]> {
  const lastTransitionTime = (before?.status === status && before?.lastTransitionTime) || kubeTime(now);
  return { status, lastTransitionTime };
}

/** Notifications wait while an operation seems to have ended after the report: clocks differ. */
function notBefore(finishedAt: string | undefined, now: Date): string {
  const time = kubeTime(now);
  return finishedAt !== undefined && finishedAt > time ? finishedAt : time;
}

function syncStatus({ spec }: Application, status: SyncCode, revision: string | undefined) {
  const { source, destination = {} } = spec ?? {};
  const comparedTo = { ...(source ? { source } : {}), destination };
  return { status, comparedTo, ...(revision ? { revision } : {}) };
}
