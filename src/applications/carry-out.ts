import { Application } from "../argo/application.js";
import { withoutArgoFinalizers } from "../argo/finalizer.js";
import { isGenerated } from "../argo/generated.js";
import { UserError } from "../errors.js";
import { sourceKinds } from "../flux/sources.js";
import { workloadKinds } from "../flux/workload.js";
import { concurrently } from "../kube/concurrently.js";
import type { Kube } from "../kube/kube.js";
import type { Kind, LiveObject } from "../kube/object.js";
import { idOf, keyOf, renderId } from "../kube/object-id.js";
import { fieldManager } from "../names.js";
import { andList } from "../text/and-list.js";
import type { Removal } from "./removal.js";
import { removeApplication } from "./remove.js";

/** What became of one object. */
export type Removed =
  | { object: LiveObject; outcome: "deleted" | "missing" }
  /** as soon as these finalizers of others are */
  | { object: LiveObject; outcome: "held"; by: string }
  | { object: LiveObject; failure: UserError };

const atOnce = 8;

/** So often is an Application tried that is written to at the same time, as by the loopback engine. */
const tries = 10;

/** What goes, in this order: of each Removal the workload and the Application, then the sources, each once. */
export function objectsThatGo(removals: readonly Removal[]): LiveObject[] {
  return [
    ...removals.flatMap(({ application, workload }) => [...(workload ? [workload] : []), application]),
    ...sourcesIn(removals),
  ];
}

/**
 * Deletes what is planned, some at a time. An Application stays as long as its workload could not be deleted, a source as long as
 * one of the workloads that use it.
 */
export async function* carryOut(kube: Kube, removals: readonly Removal[]): AsyncGenerator<Removed> {
  const staying = new Set<LiveObject>();
  for await (const results of concurrently(removals, atOnce, (removal) => removeOne(kube, removal))) {
    for (const result of results) if ("failure" in result) staying.add(result.object);
    yield* results;
  }
  for (const source of sourcesIn(removals)) {
    const users = removals.filter((one) => one.source && keyOf(idOf(one.source)) === keyOf(idOf(source)));
    if (!users.some(({ workload }) => workload && staying.has(workload)))
      yield await deleteFlux(kube, source, sourceKinds[source.kind]);
  }
}

async function removeOne(kube: Kube, { application, workload }: Removal): Promise<Removed[]> {
  if (!workload) return [await attempt(application, () => deleteApplication(kube, application))];
  const first = await deleteFlux(kube, workload, workloadKinds[workload.kind]);
  if ("failure" in first) return [first];
  const second = await attempt(application, () => deleteApplication(kube, application));
  // without its workload `loopback --auto` may have been faster
  const isGone = "outcome" in second && second.outcome === "missing";
  return [first, isGone ? { ...second, outcome: "deleted" } : second];
}

async function deleteFlux(kube: Kube, object: LiveObject, kind: Kind | undefined): Promise<Removed> {
  if (!kind) throw new TypeError(`a Flux object of a kind that is not known: ${object.kind}`);
  const { name, namespace, uid } = object.metadata;
  return attempt(object, async () => {
    const wasThere = await kube.delete(kind, { name, namespace }, { preconditions: { uid } });
    return { object, outcome: wasThere ? "deleted" : "missing" };
  });
}

/** Read anew whenever somebody has changed it; what became another one of the same name stays. */
async function deleteApplication(kube: Kube, planned: Application): Promise<Removed> {
  const { name, namespace, uid } = planned.metadata;
  const object = planned as LiveObject;
  let application: Application | undefined = planned;
  for (let left = tries; left > 0; left--) {
    if (!application || application.metadata.uid !== uid) return { object, outcome: "missing" };
    if (isGenerated(planned) && !isGenerated(application)) break;
    const outcome = await removeApplication(kube, application, fieldManager);
    if (outcome === "gone") return { object, outcome: "deleted" };
    if (outcome === "missing") return { object, outcome };
    if (outcome === "going") {
      const { finalizers = [] } = application.metadata;
      return { object, outcome: "held", by: andList(withoutArgoFinalizers(finalizers)) };
    }
    application = await kube.find(Application, { name, namespace });
  }
  throw new UserError(`Cannot delete ${renderId(idOf(planned))}: it is being changed all the time`, {
    hint: "Run the command again",
  });
}

async function attempt(object: LiveObject, work: () => Promise<Removed>): Promise<Removed> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { object, failure: error };
  }
}

function sourcesIn(removals: readonly Removal[]): LiveObject[] {
  const sources = removals.flatMap(({ source }) => source ?? []);
  return [...new Map(sources.map((source) => [keyOf(idOf(source)), source])).values()];
}
