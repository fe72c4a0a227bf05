import { originOfArtifact } from "../flux/generated-artifact.js";
import { pathInSource } from "../flux/path.js";
import { sourceRefFrom } from "../flux/source-ref.js";
import { ArtifactGenerator, ExternalArtifact, idOfSource } from "../flux/sources.js";
import type { KubeObject } from "../kube/object.js";
import { idOfKey, isOfKind, keyOf, type ObjectId, objectId } from "../kube/object-id.js";

/**
 * Where the content of an ExternalArtifact comes from that a generator makes of one folder as it is: the key of its source, and the
 * path there. Undefined for other sources, and where more goes in or something is left out.
 *
 * @param key of the source of a Kustomization, whose path is meant
 * @param known what is applied, by key
 */
export function sourceOfArtifact(
  key: string,
  path: string | undefined,
  known: ReadonlyMap<string, KubeObject>,
): { key: string; path: string } | undefined {
  if (key !== keyOf(objectId(ExternalArtifact, idOfKey(key)))) return undefined;
  const artifact = idOfKey(key);
  const generator = [...known.values()].find((object): object is ArtifactGenerator =>
    makes(object, artifact),
  );
  if (!generator) return undefined;
  const { sources, artifacts } = generator.spec ?? {};
  const recipe = artifacts?.find(({ name }) => name === artifact.name);
  if (recipe?.copy?.some(({ exclude }) => exclude?.length)) return undefined;
  const origin = originOfArtifact(generator, artifact, pathInSource(path));
  if ("problem" in origin || origin.added.length > 0) return undefined;
  const reference = sources?.find(({ alias }) => alias === origin.alias);
  return (
    reference && { key: keyOf(idOfSource(sourceRefFrom(reference, artifact.namespace))), path: origin.path }
  );
}

/** Those that a `pathPattern` makes are found by the folders of a source only. */
function makes(object: KubeObject, { namespace, name }: ObjectId): boolean {
  if (!isOfKind(object, ArtifactGenerator) || object.metadata.namespace !== namespace) return false;
  const { artifacts, pathPattern } = (object as ArtifactGenerator).spec ?? {};
  return pathPattern === undefined && (artifacts ?? []).some((artifact) => artifact.name === name);
}
