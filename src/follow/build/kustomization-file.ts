import type { ImageReplacement, Kustomization, PatchTarget } from "../../flux/kustomization.js";

/** A kustomization file: kustomize's fields, spelled as kustomize spells them. Where it was read, nothing is checked. */
export type KustomizationFile = Readonly<Record<string, unknown>>;

const head = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };

/** The fields of kustomize 5.8's `types.Kustomization`. */
const knownFields = [
  ..."apiVersion kind metadata openapi namePrefix nameSuffix namespace commonLabels labels".split(" "),
  ..."commonAnnotations patchesStrategicMerge patchesJson6902 patches images imageTags".split(" "),
  ..."replacements replicas vars sortOptions resources components crds bases configMapGenerator".split(" "),
  ..."secretGenerator helmGlobals helmCharts helmChartInflationGenerator generatorOptions".split(" "),
  ..."configurations generators transformers validators buildMetadata".split(" "),
];
const fieldOf = new Map(knownFields.map((field) => [folded(field), field]));

/**
 * The document of a kustomization file with its fields spelled as kustomize spells them.
 *
 * @returns undefined when it is no map, or says something twice
 */
export function kustomizationFileFrom(document: unknown): KustomizationFile | undefined {
  if (document === null || document === undefined) return {};
  if (typeof document !== "object" || Array.isArray(document)) return undefined;
  const fields = Object.entries(document).map(([name, value]) => [fieldOf.get(folded(name)) ?? name, value]);
  const file: KustomizationFile = Object.fromEntries(fields);
  return Object.keys(file).length === fields.length ? file : undefined;
}

/** A name in the form in which Go, which takes fields in any case, compares it ("ſ" is an "s", too). */
export function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}

/**
 * The file of a path as Flux takes it: without fields that kustomize does not have, and, since kustomize takes one without
 * resources for empty even where Flux adds components, with something that changes nothing.
 */
export function takenFile(found: KustomizationFile): KustomizationFile {
  const known = Object.entries(found).filter(([field]) => fieldOf.has(folded(field)));
  const buildMetadata = list(found["resources"]).length === 0 ? ["originAnnotations"] : undefined;
  return { ...head, ...Object.fromEntries(known), ...given({ buildMetadata }) };
}

/** What Flux writes into a folder without a kustomization file; `resources` are files and folders relative to it. */
export function generatedFile(resources: readonly string[]): KustomizationFile {
  // kustomize builds nothing of it, but takes a file that says nothing at all for a mistake
  if (resources.length === 0) return { ...head, namespace: "_placeholder" };
  return { ...head, resources };
}

/**
 * A kustomization file with what the Flux Kustomization says over it, as fluxcd/pkg/kustomize 1.35 does it.
 *
 * @param hasFolder whether a folder is there, relative to the path
 */
export function withSpec(
  file: KustomizationFile,
  spec: Kustomization["spec"] = {},
  hasFolder: (folder: string) => boolean = () => true,
): KustomizationFile {
  const patches = spec.patches?.map(({ patch, target }) => ({
    patch,
    ...(target && { target: selector(target) }),
  }));
  const components = spec.components?.filter((folder) => !spec.ignoreMissingComponents || hasFolder(folder));
  return {
    ...file,
    ...given({
      namespace: spec.targetNamespace,
      namePrefix: spec.namePrefix,
      nameSuffix: spec.nameSuffix,
      patches: appended(file["patches"], patches),
      components: appended(file["components"], components),
      images: spec.images && mergedImages(list(file["images"]), spec.images),
      buildMetadata: spec.buildMetadata?.length ? spec.buildMetadata : undefined,
    }),
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function appended(found: unknown, added: readonly unknown[] = []): unknown[] | undefined {
  return added.length > 0 ? [...list(found), ...added] : undefined;
}

/** Other fields of a target mean nothing to Flux. */
function selector(target: PatchTarget): Record<string, unknown> {
  const { group, version, kind, name, namespace, labelSelector, annotationSelector } = target;
  return given({ group, version, kind, name, namespace, labelSelector, annotationSelector });
}

/** A replacement of the same name gives way field by field; tag and digest are one, as both say the version. */
function mergedImages(found: readonly unknown[], images: readonly ImageReplacement[]): unknown[] {
  const merged = found.map((image) => ({ ...(image as ImageReplacement) }));
  for (const { name, newName, newTag, digest } of images) {
    const image = merged.find((one) => one.name === name);
    if (!image) merged.push({ name, ...given({ newName, newTag, digest }) });
    else {
      if (newName) image.newName = newName;
      if (newTag || digest) Object.assign(image, { newTag: newTag ?? "", digest: digest ?? "" });
    }
  }
  return merged;
}
