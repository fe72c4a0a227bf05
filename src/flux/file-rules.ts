import type { KubeObject } from "../kube/object.js";
import { metadataShape, specShapes, statusShape } from "./file-shapes.js";
import { fluxInstanceFrom, syncOf } from "./flux-instance.js";
import { artifactMadeBy } from "./generated-artifact.js";
import { ResourceSetInputProvider } from "./resource-set/resource-set.js";
import { misfit } from "./shape.js";
import { ArtifactGenerator, sourceKinds } from "./sources.js";
import { isFragment, workloadKinds } from "./workload.js";

const wantedKinds = new Set(
  [...Object.values(workloadKinds), ResourceSetInputProvider, ...Object.values(sourceKinds)].map(
    ({ group, kind }) => `${group}/${kind}`,
  ),
);

/** Of the Helm operator, which came before Flux 2. */
const outdatedGroups = new Set(["helm.fluxcd.io", "flux.weave.works", "helm.integrations.flux.weave.works"]);

/** Flux's kinds, told apart by group: kustomize's own `kind: Kustomization` is foreign. */
export function classify(object: KubeObject): "wanted" | "foreign" | "outdated" | "fragment" {
  const group = object.apiVersion.split("/")[0] ?? "";
  if (outdatedGroups.has(group)) return "outdated";
  if (!wantedKinds.has(`${group}/${object.kind}`)) return "foreign";
  return isFragment(object) ? "fragment" : "wanted";
}

/** Each of their groups ends so. */
export function mayMatter(text: string): boolean {
  return text.includes("fluxcd.");
}

/**
 * What an API server would refuse in the fields that matter: texts that YAML reads as something else (`tag: 1.10` is the
 * number 1.1), maps and lists that are none, no name.
 */
export function problemIn(object: KubeObject): string | undefined {
  const { metadata, spec, status } = object as KubeObject & { spec?: unknown; status?: unknown };
  const problem =
    misfit(metadata, metadataShape, "metadata") ??
    misfit(spec, specShapes[object.kind] ?? {}, "spec") ??
    misfit(status, statusShape, "status");
  return problem ?? (metadata?.name ? undefined : "metadata.name is missing");
}

/** Whether an API server would take it, as far as matters here: what an object says that is not usable can be anything. */
export function isUsable(object: KubeObject): boolean {
  return problemIn(object) === undefined;
}

/** What a FluxInstance's sync makes, and the artifacts that an ArtifactGenerator makes. */
export function derive(object: KubeObject): KubeObject[] {
  const instance = fluxInstanceFrom(object);
  if (instance) return syncOf(instance);
  if (object.kind !== ArtifactGenerator.kind) return [];
  const generator = object as ArtifactGenerator;
  return (generator.spec?.artifacts ?? []).flatMap(({ name }) =>
    name ? artifactMadeBy(generator, name) : [],
  );
}
