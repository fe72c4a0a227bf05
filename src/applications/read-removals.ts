import type { Application } from "../argo/application.js";
import { isElsewhere, shownBy } from "../argo/generated.js";
import { sourceChainOf } from "../flux/source-chain.js";
import { usingKinds } from "../flux/source-users.js";
import { sourceKinds } from "../flux/sources.js";
import { type FluxWorkload, isWorkloadId, workloadKinds } from "../flux/workload.js";
import { allOf } from "../kube/all-of.js";
import type { Reader } from "../kube/kube.js";
import type { LiveObject } from "../kube/object.js";
import { groupKindOf, idOf, keyOf } from "../kube/object-id.js";
import { permitted } from "../kube/permitted.js";
import type { FluxAround, Found } from "./removal.js";

/** An Application with the workload that it shows, as far as that is on this cluster and may be read. */
export async function withWorkload(reader: Reader, application: Application): Promise<Found> {
  if (isElsewhere(application)) return { application, workload: undefined };
  const shown = shownBy(application);
  if (!isWorkloadId(shown)) return { application, workload: undefined, unread: "does not know its kind" };
  const { found, unknown } = await permitted(reader.find(workloadKinds[shown.kind], shown));
  return { application, workload: found, unread: unknown[0] };
}

/** Everything of Flux that may use a source: a LIST for each of its kinds. */
export async function readFluxAround(reader: Reader): Promise<FluxAround> {
  const lists = await Promise.all(usingKinds.map((kind) => permitted(allOf(reader.list(kind)))));
  const objects: LiveObject[] = lists.flatMap(({ found }) => found ?? []);
  const unread = new Set(usingKinds.filter((_, index) => !lists[index]?.found).map(groupKindOf));
  const sources = new Map(
    objects.filter(({ kind }) => sourceKinds[kind]).map((source) => [keyOf(idOf(source)), source]),
  );
  return {
    flux: () => objects,
    isUnread: (kind) => unread.has(groupKindOf(kind)),
    chainOf: (workload: FluxWorkload) => sourceChainOf(workload, sources),
  };
}
