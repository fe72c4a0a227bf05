import type { KubeObject } from "../kube/object.js";
import { namespacedName, renderId } from "../kube/object-id.js";
import { artifactMadeBy } from "./generated-artifact.js";
import { HelmRelease } from "./helm-release.js";
import { Kustomization } from "./kustomization.js";
import { capturesOf, mayMake } from "./path-pattern.js";
import { type NamedReference, type SourceRef, sourceRefFrom } from "./source-ref.js";
import { ArtifactGenerator, ExternalArtifact } from "./sources.js";

/**
 * The ExternalArtifacts that objects of files point to and that a generator among them makes by its `pathPattern`: which ones that
 * are depends on the folders of its source, so in files they stand nowhere.
 *
 * @param folders that were read: they tell upper case, and what of a name was captured
 * @returns each with its generator, and why it cannot be told of which folder one is made, as sentences
 */
export function artifactsMeant(
  objects: readonly KubeObject[],
  folders: ReadonlySet<string>,
): { derived: { object: KubeObject; from: KubeObject }[]; problems: string[] } {
  const generators = objects.filter(isGenerator);
  const refs = new Map(objects.flatMap(artifactRefsOf).map((ref) => [namespacedName(ref), ref]));
  const derived: { object: KubeObject; from: KubeObject }[] = [];
  const problems: string[] = [];
  for (const ref of refs.values()) {
    for (const generator of generators) {
      if (generator.metadata.namespace !== ref.namespace || !mayMake(generator, ref.name)) continue;
      const captures = capturesOf(generator, ref.name, folders);
      if (captures.size > 1) problems.push(severalFolders(ref, generator, [...captures.keys()]));
      else
        derived.push({
          object: artifactMadeBy(generator, ref.name, [...captures.values()][0]),
          from: generator,
        });
    }
  }
  return { derived, problems };
}

function severalFolders(ref: SourceRef, { metadata, spec }: ArtifactGenerator, folders: string[]): string {
  const pattern = JSON.stringify(spec?.pathPattern);
  return `Cannot tell what ${renderId(ref)} is made of: ${folders.join(" and ")} fit spec.pathPattern ${pattern} of ArtifactGenerator ${metadata.name}`;
}

function isGenerator(object: KubeObject): object is ArtifactGenerator {
  return object.kind === ArtifactGenerator.kind;
}

function artifactRefsOf(object: KubeObject): SourceRef[] {
  const { namespace = "" } = object.metadata;
  return referencesOf(object)
    .map((reference) => sourceRefFrom(reference, namespace))
    .filter(({ kind }) => kind === ExternalArtifact.kind);
}

function referencesOf(object: KubeObject): NamedReference[] {
  if (isGenerator(object)) return object.spec?.sources ?? [];
  if (object.kind === Kustomization.kind) return [(object as Kustomization).spec?.sourceRef ?? {}];
  if (object.kind === HelmRelease.kind) return [(object as HelmRelease).spec?.chartRef ?? {}];
  return [];
}
