import type { KubeObject } from "../kube/object.js";
import { idOf, renderId } from "../kube/object-id.js";
import { type ArtifactOrigin, artifactOrigin } from "./artifact-origin.js";
import { recipesFor } from "./path-pattern.js";
import { type ArtifactGenerator, ExternalArtifact } from "./sources.js";

/** The ExternalArtifact of this name that a generator makes, as far as that can be told without its controller. */
export function artifactMadeBy(
  { apiVersion, kind, metadata: { name: generator, namespace } }: ArtifactGenerator,
  name: string,
  labels?: Readonly<Record<string, string>>,
): ExternalArtifact {
  const place = namespace ? { namespace } : {};
  return {
    apiVersion: `${ExternalArtifact.group}/v1`,
    kind: ExternalArtifact.kind,
    metadata: { name, ...place, ...(labels && { labels }) },
    spec: { sourceRef: { apiVersion, kind, name: generator, ...place } },
  };
}

/**
 * Where a folder of an artifact comes from, by the generator that made it. Of several ways in which it may have been made, the one
 * that leads somewhere.
 *
 * @param artifact its metadata
 * @param path as `pathInSource()` writes it
 */
export function originOfArtifact(
  generator: ArtifactGenerator,
  artifact: KubeObject["metadata"],
  path: string,
): ArtifactOrigin {
  const origins = recipesFor(generator, artifact, path).map((recipe) => artifactOrigin(recipe, path));
  const told = new Map(
    origins.flatMap((origin) => ("problem" in origin ? [] : [[`@${origin.alias}/${origin.path}`, origin]])),
  );
  const [first] = [...told.values(), ...origins];
  if (!first) return { problem: `${renderId(idOf(generator))} does not list it` };
  const { pathPattern } = generator.spec ?? {};
  const problem =
    told.size > 1
      ? `by spec.pathPattern ${JSON.stringify(pathPattern)} of ${renderId(idOf(generator))} it may be ${[...told.keys()].join(" and ")}`
      : "problem" in first && first.problem;
  return problem ? { problem: `it has no single source: ${problem}` } : first;
}
