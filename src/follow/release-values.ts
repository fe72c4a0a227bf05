import { posix } from "node:path";
import { UserError } from "../errors.js";
import { HelmRelease } from "../flux/helm-release.js";
import { isMap } from "../is-map.js";
import type { KubeObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";
import { readYaml, YamlError } from "../yaml.js";
import { documentsOf, findKustomizationFile } from "./build/read-kustomization.js";
import { SourceFiles, type SourceTree } from "./build/source-files.js";
import type { Written } from "./entry.js";

/**
 * HelmReleases with the values of ConfigMaps that stand beside them, or that kustomize generates there (`configMapGenerator`): where
 * Flux begins may be said in them. Values of their own go before, as in helm-controller.
 */
export async function withValuesBeside(written: readonly Written[], tree: SourceTree): Promise<Written[]> {
  if (written.every(({ object }) => referencesOf(object).length === 0)) return [...written];
  const source = await SourceFiles.in(tree);
  return written.map(({ object, file }) => ({
    object: withValues(object, posix.dirname(file), source),
    file,
  }));
}

type Reference = NonNullable<NonNullable<HelmRelease["spec"]>["valuesFrom"]>[number];

/** Those to ConfigMaps, as values and not as one of them. */
function referencesOf(object: KubeObject): Reference[] {
  const { valuesFrom = [] } = (isOfKind(object, HelmRelease) && (object as HelmRelease).spec) || {};
  return valuesFrom.filter(({ kind, targetPath }) => kind === "ConfigMap" && targetPath === undefined);
}

function withValues(object: KubeObject, folder: string, source: SourceFiles): KubeObject {
  const references = referencesOf(object);
  if (references.length === 0) return object;
  const { spec } = object as HelmRelease;
  const found = references.map((reference) => mapIn(dataOf(reference, folder, source)));
  const values = [...found, spec?.values ?? {}].reduce(merged, {});
  return { ...object, spec: { ...spec, values } } as HelmRelease;
}

/** The text that a reference stands for; undefined where it does not stand here, or cannot be read. */
function dataOf({ name, valuesKey = "values.yaml" }: Reference, folder: string, source: SourceFiles) {
  try {
    return generated(name, valuesKey, folder, source) ?? writtenDown(name, valuesKey, folder, source);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function generated(name: string | undefined, key: string, folder: string, source: SourceFiles) {
  const { configMapGenerator } = findKustomizationFile(folder, source)?.content ?? {};
  const generators = listOf(configMapGenerator).filter(isMap) as { name?: unknown; files?: unknown }[];
  const files = listOf(generators.find((generator) => generator.name === name)?.files).map(String);
  const path = files.map(namedFile).find((file) => file.key === key)?.path;
  const placed = path && posix.join(folder, path);
  return placed && source.hasFile(placed) ? source.read(placed) : undefined;
}

/** "values.yaml=helm/values.yaml"; without a key it is called as the file. */
function namedFile(file: string): { key: string; path: string } {
  const [key, path] = file.split("=");
  return path === undefined ? { key: posix.basename(file), path: file } : { key: key as string, path };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function writtenDown(name: string | undefined, key: string, folder: string, source: SourceFiles) {
  const beside = source
    .below(folder)
    .filter((path) => posix.dirname(path) === folder && /\.ya?ml$/.test(path));
  const objects = beside.flatMap((path) => documentsOf(path, source)) as (KubeObject & Data)[];
  return objects.find((object) => object?.kind === "ConfigMap" && object.metadata?.name === name)?.data?.[
    key
  ];
}

interface Data {
  data?: Record<string, string>;
}

function mapIn(text: string | undefined): object {
  try {
    const [document] = readYaml(text ?? "");
    return isMap(document) ? document : {};
  } catch (error) {
    if (error instanceof YamlError) return {};
    throw error;
  }
}

/** As Helm merges values: maps by their keys, anything else as a whole. */
function merged(one: object, other: object): object {
  const before = one as Record<string, unknown>;
  const entries = Object.entries(other).map(([key, value]) => {
    const known = before[key];
    return [key, isMap(known) && isMap(value) ? merged(known, value) : value];
  });
  return { ...one, ...Object.fromEntries(entries) };
}
