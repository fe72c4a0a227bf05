import { bearersByName } from "../../applications/names.js";
import { Application } from "../../argo/application.js";
import { objectionTo } from "../../argo/existing.js";
import { isElsewhere, isGenerated, shownBy } from "../../argo/generated.js";
import { nameBeside } from "../../argo/name-template.js";
import { bugError, UserError } from "../../errors.js";
import {
  type FluxWorkload,
  type Workload,
  type WorkloadId,
  type WorkloadKind,
  workloadFrom,
  workloadKinds,
} from "../../flux/workload.js";
import type { Kind } from "../../kube/object.js";
import { keyOf, namespacedName } from "../../kube/object-id.js";
import { inClusterName, inClusterServer } from "../../names.js";
import type { Unknown } from "../unknown.js";
import { type Creation, creationFor, type Refused } from "./creation.js";
import { type AutoSettings, type Known, unsureBecause } from "./known.js";
import { isGone, shownByOwn } from "./orphans.js";

/** What is to be done so that each selected workload has an Application, and none is left of workloads that are gone. */
export interface AutoPlan {
  create: Creation[];
  remove: { application: Application; workload: WorkloadId }[];
  refused: Refused[];
  /** kinds of which it is not known what there is; `kept` Applications might be those of workloads that are gone */
  unknown: { kind: Kind; because: Unknown; kept: number }[];
}

/**
 * Works out the difference between the workloads and the Applications. Nothing is remembered from one time to the next: what
 * `--auto` made carries its annotation. As long as it is not known which Applications there are, nothing is planned.
 */
export function autoPlan(known: Known, settings: AutoSettings): AutoPlan {
  const plan: AutoPlan = { create: [], remove: [], refused: [], unknown: [] };
  const because = known.unknownBecause(Application, settings.namespace);
  if (because !== undefined) return { ...plan, unknown: [{ kind: Application, because, kept: 0 }] };

  const covered = new Set<string>();
  const kept: Record<WorkloadKind, number> = {
    Kustomization: 0,
    HelmRelease: 0,
    ResourceSet: 0,
    FluxInstance: 0,
  };
  const leaving = new Set<string>();
  for (const application of known.applications.values()) {
    if (application.metadata.namespace !== settings.namespace) continue;
    const own = shownByOwn(application);
    if (own) kept[own.kind]++;
    if (own && isGone(own, known)) {
      plan.remove.push({ application, workload: own });
      leaving.add(application.metadata.name);
    } else if (isGenerated(application) && !isElsewhere(application))
      covered.add(keyOf(shownBy(application)));
  }
  plan.unknown = unknownKinds(known, settings, kept);

  const open = openWorkloads(known, settings, covered);
  const naming = { template: settings.template, clusterName: inClusterName };
  for (const [name, bearers] of bearersByName(open, naming)) {
    // it is free a moment later
    if (leaving.has(name)) continue;
    for (const workload of bearers) {
      const isOwn = workload === bearers[0] && !isTaken(name, workload, known, settings);
      const given = isOwn ? name : nameBeside(name, workload);
      try {
        plan.create.push(creationFor(workload, given, known, settings));
      } catch (error) {
        const because = error instanceof UserError ? error : bugError(`create ${given}`, error);
        plan.refused.push({ workload, because });
      }
    }
  }
  return plan;
}

/** Whether an Application of another workload here has the name: it keeps it. Tenants name workloads, and could be in each other's way. */
function isTaken(name: string, workload: Workload, known: Known, { namespace }: AutoSettings): boolean {
  const existing = known.applications.get(namespacedName({ namespace, name }));
  if (!existing || !isGenerated(existing) || isElsewhere(existing)) return false;
  return objectionTo(existing, workload, inClusterServer) !== undefined;
}

/** The selected workloads without an Application, the oldest first, then in the order of their names. */
function openWorkloads(known: Known, { selection }: AutoSettings, covered: ReadonlySet<string>): Workload[] {
  const { namespace, kinds, labels } = selection;
  const isOpen = ([key, { kind, metadata }]: [string, FluxWorkload]) =>
    !covered.has(key) &&
    kinds.includes(kind) &&
    (namespace === undefined || metadata.namespace === namespace) &&
    (labels === undefined || labels(metadata.labels ?? {})) &&
    // one that is going would be without a workload soon
    metadata.deletionTimestamp === undefined;
  return [...known.workloads]
    .filter(isOpen)
    .map(([key, object]) => ({ object, order: `${object.metadata.creationTimestamp ?? ""} ${key}` }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ object }) => workloadFrom(object));
}

function unknownKinds(
  known: Known,
  { selection }: AutoSettings,
  kept: Readonly<Record<WorkloadKind, number>>,
): AutoPlan["unknown"] {
  return (Object.keys(workloadKinds) as WorkloadKind[]).flatMap((name) => {
    const kind = workloadKinds[name];
    const because = unsureBecause(kind, known);
    if (because === undefined) return [];
    return selection.kinds.includes(name) || kept[name] > 0 ? [{ kind, because, kept: kept[name] }] : [];
  });
}
