import type { Kind, LiveObject } from "../kube/object.js";
import { idOf, isOfKind, keyOf, type ObjectId } from "../kube/object-id.js";
import { type NamedReference, sourceRefFrom } from "./source-ref.js";
import { ExternalArtifact, HelmChart, idOfSource, sourceKinds } from "./sources.js";
import { toolkitKinds } from "./workload.js";

/** Kinds whose objects may use a source: when one of them cannot be read, nobody knows who uses what. */
export const usingKinds: readonly Kind[] = [
  ...Object.values(toolkitKinds),
  ...Object.values(sourceKinds),
  { group: "image.toolkit.fluxcd.io", kind: "ImageUpdateAutomation", plural: "imageupdateautomations" },
];

/** Where Flux objects of any kind point to sources. */
interface Referring extends LiveObject {
  spec?: {
    sourceRef?: NamedReference;
    chartRef?: NamedReference;
    chart?: { spec?: { sourceRef?: NamedReference } };
    /** ArtifactGenerator */
    sources?: NamedReference[];
    /** GitRepository */
    include?: { repository?: { name?: string } }[];
  };
}

/** Who uses a source, directly. */
export function usersOf(source: ObjectId, objects: Iterable<LiveObject>): ObjectId[] {
  const key = keyOf(source);
  const users: ObjectId[] = [];
  for (const object of objects) {
    const isUsing = usingKinds.some((kind) => isOfKind(object, kind));
    if (isUsing && pointsTo(object, key)) users.push(idOf(object));
  }
  return users;
}

function pointsTo(object: LiveObject, key: string): boolean {
  const { namespace = "" } = object.metadata;
  const { spec = {} } = object as Referring;
  // what an ExternalArtifact names is who made it
  if (object.kind === ExternalArtifact.kind) return false;
  const included = (spec.include ?? []).map(
    ({ repository }): NamedReference => ({ kind: "GitRepository", ...repository }),
  );
  const chart = typeof spec.chart === "object" ? spec.chart.spec?.sourceRef : undefined;
  const references = [spec.sourceRef, spec.chartRef, chart, ...(spec.sources ?? []), ...included];
  return references.some((reference) => {
    if (!reference) return false;
    const ref = sourceRefFrom(
      object.kind === HelmChart.kind ? { ...reference, namespace } : reference,
      namespace,
    );
    return keyOf(idOfSource(ref)) === key;
  });
}
