import type { Kind, KubeObject } from "../kube/object.js";
import { keyOf, renderId } from "../kube/object-id.js";
import { stripCredentials } from "../redact.js";
import { syncOf } from "./flux-instance.js";
import { originOfArtifact } from "./generated-artifact.js";
import { cannotGenerate, sourceMissing, unknownKind, unmappable } from "./location-errors.js";
import { pathInSource } from "./path.js";
import {
  addressOf,
  bucketContent,
  chartTagOf,
  credentialsOf,
  gitContent,
  isChartOfHelm,
  ociContent,
  type SourceContent,
} from "./source-content.js";
import { type SourceRef, sourceRefFrom } from "./source-ref.js";
import {
  ArtifactGenerator,
  Bucket,
  ExternalArtifact,
  GitRepository,
  HelmChart,
  HelmRepository,
  OCIRepository,
} from "./sources.js";
import { type Workload, type WorkloadId, workloadFrom, workloadKinds } from "./workload.js";

/** Where a workload's content lies, before it is written down for one engine or the other. */
export interface Location extends SourceContent {
  /** "directory": manifests at `path`; "chart": `path` is a chart's name; "chart-directory": a chart lies at `path` */
  form: "directory" | "chart" | "chart-directory";
  /** the sources that were read, the workload's own first */
  sources: KubeObject[];
  /** files that an ArtifactGenerator puts into it from elsewhere: "@repo/values-prod.yaml" */
  added: readonly string[];
  /** of a chart that Flux takes from an OCI registry by tag or digest: the tag, as a version */
  chartTag?: string | undefined;
}

/** The same for each of thousands. */
const nothing: readonly string[] = [];

/** A source without which it cannot be told where the content lies. */
export interface NeededSource {
  kind: Kind;
  ref: SourceRef;
}

/** What is known of a source, or of the workload that applied a ResourceSet. */
export type SourceAnswer =
  | KubeObject
  /** there is none; what to do about that: a hint */
  | { missing: string }
  /** it was not read yet, or may not be */
  | "unknown";

/**
 * Where a workload's content lies, or the source that has to be known first.
 *
 * @param find asked for one source after the other, each found by the one before
 * @throws UserError that names the source and the field which cannot be mapped; never answers with an empty URL
 */
export function locate(
  workload: Workload,
  find: (needed: NeededSource) => SourceAnswer,
): Location | { needs: NeededSource } {
  const steps = stepsTo(workload);
  let step = steps.next();
  while (!step.done) {
    const answer = find(step.value);
    if (answer === "unknown") return { needs: step.value };
    step = steps.next(answer);
  }
  return step.value;
}

/** Yields each source that it has to see, and is handed what is known of it. */
type Steps<T = Location> = Generator<NeededSource, T, Exclude<SourceAnswer, "unknown">>;

/** @param of whose content it is: of a ResourceSet that of the workload which applied it. */
function* stepsTo(workload: Workload, of: Workload = workload, below: readonly string[] = []): Steps {
  switch (of.kind) {
    case "Kustomization":
      return yield* locateContent(workload, of.source, pathInSource(of.path), "directory", []);
    case "HelmRelease":
      if (!of.chart) return yield* locateChartRef(workload, of.source);
      return yield* locateChart(workload, of.source, of.chart, []);
    case "FluxInstance":
      return locateSync(workload, of);
    case "ResourceSet": {
      const applier = applierOf(workload, of, below);
      const object = yield* read(workload, applier, workloadKinds[applier.kind]);
      return yield* stepsTo(workload, workloadFrom(object), [...below, keyOf(applier)]);
    }
  }
}

/** @param below keys of those that applied each other so far, the lowest first */
function applierOf(workload: Workload, of: Workload, below: readonly string[]): WorkloadId {
  const { appliedBy } = of;
  if (!appliedBy)
    throw cannotGenerate(
      workload,
      `no label of ${of === workload ? "it" : renderId(of)} says which workload applied it, so where its content lies is not known`,
      "Have it applied by a Kustomization or HelmRelease, and read it from the cluster, or what Flux makes of the repository: --follow",
    );
  if (below.includes(keyOf(appliedBy)))
    throw cannotGenerate(workload, `by its labels ${renderId(appliedBy)} has applied itself`);
  return appliedBy;
}

/** What a FluxInstance's sync makes need not be there yet. */
function locateSync(workload: Workload, { name, namespace, source: ref, sync }: Workload): Location {
  const [source] = sync ? syncOf({ metadata: { name, namespace }, spec: { sync } }) : [];
  if (!source) throw cannotGenerate(workload, "it has no spec.sync, which says where its content lies");
  const path = pathInSource(sync?.path);
  switch (source.kind) {
    case "GitRepository":
      return locationOf(gitContent(workload, ref, source, path), "directory", []);
    case "OCIRepository":
      return locationOf(ociContent(workload, ref, source, path), "directory", []);
    case "Bucket":
      return locationOf(bucketContent(workload, ref, source, path), "directory", []);
  }
  throw unknownKind(workload, ref, "spec.sync", "GitRepository, OCIRepository and Bucket");
}

type Form = "directory" | "chart-directory";

function* locateChartRef(workload: Workload, ref: SourceRef): Steps {
  if (ref.kind === "ExternalArtifact") return yield* locateContent(workload, ref, ".", "chart-directory", []);
  if (ref.kind === "OCIRepository") {
    return chartInRegistry(workload, ref, yield* read(workload, ref, OCIRepository), []);
  }
  if (ref.kind === "HelmChart") return yield* locateHelmChart(workload, ref, []);
  throw unknownKind(workload, ref, "spec.chartRef", "OCIRepository, HelmChart and ExternalArtifact");
}

/** The chart that an OCI artifact is. */
function chartInRegistry(
  workload: Workload,
  ref: SourceRef,
  source: OCIRepository,
  seen: KubeObject[],
): Location {
  const content = ociContent(workload, ref, source, ".");
  if (!/^oci:\/\/[^/]+\/./.test(content.url)) {
    throw unmappable(
      workload,
      ref,
      `spec.url ${JSON.stringify(stripCredentials(content.url))} names no chart`,
    );
  }
  const cut = content.url.lastIndexOf("/");
  const [url, path] = [content.url.slice(0, cut), content.url.slice(cut + 1)];
  const chartTag = chartTagOf(source);
  return { ...content, form: "chart", url, path, chartTag, sources: [...seen, source], added: nothing };
}

function* locateHelmChart(workload: Workload, ref: SourceRef, seen: KubeObject[]): Steps {
  const helmChart = yield* read(workload, ref, HelmChart);
  const { chart, version, sourceRef } = helmChart.spec ?? {};
  if (!sourceRef) throw unmappable(workload, ref, "spec.sourceRef is empty");
  const target = sourceRefFrom({ ...sourceRef, namespace: ref.namespace }, ref.namespace);
  return yield* locateChart(workload, target, { name: chart ?? "", version }, [...seen, helmChart]);
}

function* locateChart(
  workload: Workload,
  ref: SourceRef,
  chart: { name: string; version: string | undefined },
  seen: KubeObject[],
): Steps {
  if (!chart.name) throw cannotGenerate(workload, "it names no chart");
  if (ref.kind === "HelmRepository") {
    const source = yield* read(workload, ref, HelmRepository);
    const { url, secretRef, provider } = source.spec ?? {};
    return {
      form: "chart",
      url: addressOf(workload, ref, url),
      path: chart.name,
      revision: chart.version || "*",
      origin: "HelmRepository",
      credentials: credentialsOf(secretRef, provider),
      ambiguousRef: false,
      sources: [...seen, source],
      added: nothing,
    };
  }
  if (ref.kind === "GitRepository" || ref.kind === "Bucket") {
    return yield* locateContent(workload, ref, pathInSource(chart.name), "chart-directory", seen);
  }
  if (ref.kind === "OCIRepository") {
    throw cannotGenerate(
      workload,
      `a chart cannot come from ${renderId(ref)} by spec.chart`,
      "Helm-controller takes charts from an OCIRepository through spec.chartRef only",
    );
  }
  throw unknownKind(workload, ref, "its chart's sourceRef", "HelmRepository, GitRepository and Bucket");
}

/**
 * The folder `path` of a Git repository, an OCI artifact, a bucket, or an artifact that was made from those, or from a chart.
 *
 * @param field where the reference stands
 */
function* locateContent(
  workload: Workload,
  ref: SourceRef,
  path: string,
  form: Form,
  seen: KubeObject[],
  field = "spec.sourceRef",
): Steps {
  switch (ref.kind) {
    case "GitRepository": {
      const source = yield* read(workload, ref, GitRepository);
      return locationOf(gitContent(workload, ref, source, path), form, seen.concat(source));
    }
    case "OCIRepository": {
      const source = yield* read(workload, ref, OCIRepository);
      // its one folder is called like the chart
      if (form === "chart-directory" && isChartOfHelm(source) && !path.includes("/"))
        return chartInRegistry(workload, ref, source, seen);
      return locationOf(ociContent(workload, ref, source, path), form, seen.concat(source));
    }
    case "Bucket": {
      const source = yield* read(workload, ref, Bucket);
      return locationOf(bucketContent(workload, ref, source, path), form, seen.concat(source));
    }
    case "ExternalArtifact":
      return yield* followArtifact(workload, ref, path, form, seen);
    case "HelmChart":
      // an artifact of a chart has one folder, which is called like the chart
      if (path.includes("/")) throw unmappable(workload, ref, `only a part of it is taken: ${path}`);
      if (form === "chart-directory") return yield* locateHelmChart(workload, ref, seen);
      break;
  }
  throw unknownKind(workload, ref, field, "GitRepository, OCIRepository, Bucket and ExternalArtifact");
}

function* followArtifact(
  workload: Workload,
  ref: SourceRef,
  path: string,
  form: Form,
  seen: KubeObject[],
): Steps {
  const artifact = yield* read(workload, ref, ExternalArtifact);
  const made = artifact.spec?.sourceRef;
  if (made?.kind !== "ArtifactGenerator") {
    throw unmappable(
      workload,
      ref,
      "it was not made by an ArtifactGenerator, so where it comes from is not known",
    );
  }
  const generatorRef = sourceRefFrom(made, ref.namespace);
  if (
    seen.some(
      ({ kind, metadata }) =>
        kind === generatorRef.kind &&
        metadata.name === generatorRef.name &&
        metadata.namespace === generatorRef.namespace,
    )
  ) {
    throw unmappable(workload, ref, "its ArtifactGenerators copy from each other in a circle");
  }
  const generator = yield* read(workload, generatorRef, ArtifactGenerator);
  const origin = originOfArtifact(generator, artifact.metadata, path);
  if ("problem" in origin) throw unmappable(workload, ref, origin.problem);
  const source = generator.spec?.sources?.find(({ alias }) => alias === origin.alias);
  if (!source) {
    throw unmappable(workload, ref, `${renderId(generatorRef)} has no source "${origin.alias}"`);
  }
  const next = sourceRefFrom(source, generatorRef.namespace);
  const field = `the source "${origin.alias}" of ${renderId(generatorRef)}`;
  const location = yield* locateContent(
    workload,
    next,
    origin.path,
    form,
    [...seen, artifact, generator],
    field,
  );
  const added = [...origin.added, ...location.added];
  return added.length > 0 ? { ...location, added } : location;
}

/** Written out: what is spread and then added to has a shape of its own in V8, 300 bytes for each of thousands. */
function locationOf(content: SourceContent, form: Form, sources: KubeObject[]): Location {
  const { url, path, revision, origin, credentials, ambiguousRef } = content;
  return { form, url, path, revision, origin, credentials, ambiguousRef, sources, added: nothing };
}

function* read<T extends KubeObject>(workload: Workload, ref: SourceRef, kind: Kind<T>): Steps<T> {
  if (!ref.name) throw unmappable(workload, { ...ref, name: '""' }, "the reference has no name");
  const answer = yield { kind, ref };
  if (!("apiVersion" in answer)) throw sourceMissing(workload, ref, answer.missing);
  return answer as T;
}
