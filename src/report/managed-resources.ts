import type { ResourceDiff } from "../argo/application-tree.js";
import { withoutInventory } from "../flux/inventory.js";
import { dropFields } from "../kube/field-set.js";
import type { LiveObject } from "../kube/object.js";
import { keyOf, renderId } from "../kube/object-id.js";
import { appliedByFlux } from "./applied-fields.js";
import type { Managed } from "./managed.js";
import type { Mark } from "./marks.js";
import { withoutSecrets } from "./secret.js";

/** What there is to be told of differences. */
export interface Differences {
  /** by `keyOf()` */
  marks: ReadonlyMap<string, Mark>;
  /**
   * In what the workload is not as it is meant to be (`workloadGap()`); undefined when there is nothing of the kind.
   *
   * @param unseen what was changed without anything to show for it
   */
  gap: ((unseen: readonly string[]) => { live: object; wanted: object }) | undefined;
  /** annotations of Secrets that Argo CD was told to hide */
  sensitive: readonly string[];
}

/**
 * What Argo CD's diff view shows: each managed object live, beside what Flux last applied of it where that can be known. Since
 * the fields that Flux owns have Flux's values, an object differs only by what somebody took over, or when it is gone; of an
 * Application that is out of sync the workload tells in what. What could not be read is left out. It takes a step for each object.
 */
export function* managedResources(
  managed: readonly Managed[],
  differences: Differences,
): Generator<undefined, ResourceDiff[], void> {
  const readable = managed.filter(({ unread }) => unread === undefined);
  const diffs = new Map<string, ResourceDiff>();
  for (const item of readable) {
    diffs.set(keyOf(item.id), diffOf(item, differences));
    yield;
  }
  const unseen = readable.flatMap(({ id }) => {
    const drift = differences.marks.get(keyOf(id))?.drift;
    return drift === undefined || diffs.get(keyOf(id))?.modified ? [] : [`${renderId(id)}: ${drift}`];
  });
  const workload = readable.find(({ role }) => role === "workload");
  const diff = workload && diffs.get(keyOf(workload.id));
  if (workload?.object && diff && differences.gap) {
    const { live, wanted } = differences.gap(unseen);
    diffs.set(keyOf(workload.id), { ...diff, ...compared(JSON.stringify(live), JSON.stringify(wanted)) });
  }
  return [...diffs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function diffOf({ id, object }: Managed, { marks, sensitive }: Differences): ResourceDiff {
  const { group, kind, namespace, name } = id;
  const ref = { ...(group ? { group } : {}), kind, ...(namespace ? { namespace } : {}), name };
  return { ...ref, ...(object ? present(object, marks.get(keyOf(id)), sensitive) : gone(id)) };
}

type States = Omit<ResourceDiff, "group" | "kind" | "namespace" | "name">;

function present(object: LiveObject, mark: Mark | undefined, sensitive: readonly string[]): States {
  // a workload's status names all that it applied, and so what an AppProject may keep from being shown
  const safe = withoutInventory(withoutSecrets(object, sensitive));
  const target = appliedByFlux(safe);
  const bare = withoutManagedFields(safe);
  const live = JSON.stringify(bare);
  // which values Flux had given the fields is not known
  const rest = mark?.takeovers
    .filter(({ byHand }) => byHand)
    .reduce<unknown>((left, { fields }) => dropFields(left, fields), bare);
  const { resourceVersion } = object.metadata;
  return {
    targetState: target ? JSON.stringify(target) : live,
    liveState: live,
    ...compared(live, rest === undefined ? live : JSON.stringify(rest)),
    ...(resourceVersion ? { resourceVersion } : {}),
  };
}

/** That such an object is wanted is all that is known of it. */
function gone({ group, version, kind, namespace, name }: Managed["id"]): States {
  const target = JSON.stringify({
    apiVersion: group ? `${group}/${version}` : version,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
  });
  return { targetState: target, liveState: "null", ...compared("null", target) };
}

/** The page compares these two. */
function compared(live: string, predicted: string) {
  return {
    normalizedLiveState: live,
    predictedLiveState: predicted,
    ...(live === predicted ? {} : { modified: true }),
  };
}

/** They are mostly longer than the object, and Argo CD's page hides them. */
function withoutManagedFields(object: LiveObject): LiveObject {
  const { managedFields, ...metadata } = object.metadata;
  return managedFields ? { ...object, metadata } : object;
}
