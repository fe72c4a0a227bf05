import { isToolkitKind, type ToolkitKind, type Workload } from "../flux/workload.js";
import { andList } from "../text/and-list.js";
import { type FluxApis, type FluxKind, fluxKinds } from "./flux-apis.js";

/** A kind of workload with a kind of source, and the field that points from one to the other. */
export interface Combination {
  workload: ToolkitKind;
  source: SourceKind;
  reference: "sourceRef" | "chart" | "chartRef";
}

export type SourceKind = Exclude<FluxKind, ToolkitKind>;

/** All combinations that Flux knows, in the order in which people look for them. */
export const combinations: readonly Combination[] = [
  ...(["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"] as const).map(
    (source) => ({ workload: "Kustomization", source, reference: "sourceRef" }) as const,
  ),
  ...(["HelmRepository", "GitRepository", "Bucket"] as const).map(
    (source) => ({ workload: "HelmRelease", source, reference: "chart" }) as const,
  ),
  ...(["OCIRepository", "HelmChart", "ExternalArtifact"] as const).map(
    (source) => ({ workload: "HelmRelease", source, reference: "chartRef" }) as const,
  ),
];

/** The one that a workload is of; undefined where its source is of a kind that Flux does not know, and for what no FSA image knows. */
export function combinationOf(
  workload: Pick<Workload, "kind" | "source" | "byChartRef">,
): Combination | undefined {
  const { kind, byChartRef } = workload;
  if (!isToolkitKind(kind) || !Object.hasOwn(fluxKinds, workload.source.kind)) return undefined;
  const source = workload.source.kind as SourceKind;
  if (kind === "Kustomization") return { workload: kind, source, reference: "sourceRef" };
  return { workload: kind, source, reference: byChartRef ? "chartRef" : "chart" };
}

/** The combinations that objects of this Flux may have. `chartRef` came with HelmRelease v2 (Flux 2.3). */
export function combinationsOf({ served }: FluxApis): Combination[] {
  return combinations.filter(
    ({ workload, source, reference }) =>
      served[workload].length > 0 &&
      served[source].length > 0 &&
      (reference !== "chartRef" || served.HelmRelease.includes("v2")),
  );
}

/** "from OCIRepository and Bucket", "with chartRef to OCIRepository" */
export function renderSources(some: readonly Combination[]): string {
  const direct = some.filter(({ reference }) => reference !== "chartRef");
  const byChartRef = some.filter(({ reference }) => reference === "chartRef");
  const list = (ones: readonly Combination[]) => andList(ones.map(({ source }) => source));
  return [
    ...(direct.length > 0 ? [`from ${list(direct)}`] : []),
    ...(byChartRef.length > 0 ? [`with chartRef to ${list(byChartRef)}`] : []),
  ].join(" and ");
}
