import { UserError } from "../errors.js";
import type { KubeObject } from "../kube/object.js";
import { readYaml, renderYaml, YamlError } from "../yaml.js";

/** The objects of a manifest, each with the YAML that it was written in, without what stands above it. */
export type Manifest = ReadonlyMap<KubeObject, string>;

/**
 * Reads a manifest of several documents.
 *
 * @param name for errors: "install.yaml of Argo CD v2.8.4"
 * @throws UserError when a document is no YAML or no object
 */
export function readManifest(text: string, name: string): Manifest {
  const manifest = new Map<KubeObject, string>();
  for (const document of text.split(/^(?=---(?:\s|$))/m)) {
    const written = document.replace(/^---[ \t]*\r?\n/, "").replace(/^(?:#.*\r?\n)+/, "");
    for (const value of valuesIn(document, name)) {
      if (value === undefined || value === null) continue;
      if (!isObject(value))
        throw unusable(name, `it holds something that is no object: ${JSON.stringify(value).slice(0, 60)}`);
      manifest.set(value, written.endsWith("\n") ? written : `${written}\n`);
    }
  }
  return manifest;
}

/**
 * Objects as YAML documents. What is still one of `manifest` is printed as it was written there: CRDs are most of it, and to
 * print them anew would take as long as to read them.
 */
export function* renderManifest(objects: Iterable<KubeObject>, manifest: Manifest): Generator<string> {
  for (const object of objects) {
    const written = manifest.get(object);
    yield written === undefined ? renderYaml(object) : `---\n${written}`;
  }
}

function valuesIn(document: string, name: string): unknown[] {
  try {
    return readYaml(document);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw unusable(name, `it is no YAML: ${error.message}`);
  }
}

function isObject(value: unknown): value is KubeObject {
  const { apiVersion, kind, metadata } = Object(value) as Partial<KubeObject>;
  return typeof apiVersion === "string" && typeof kind === "string" && typeof metadata?.name === "string";
}

function unusable(name: string, why: string): UserError {
  return new UserError(`Cannot use ${name}: ${why}`, { hint: "Take the file as Argo CD's release has it" });
}
