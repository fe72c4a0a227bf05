import { readYaml, YamlError } from "../../yaml.js";

/**
 * Documents of YAML as JSON, in which there is but one way to read them: what kustomize gets to see is what was checked,
 * however its YAML and ours may differ.
 */
export function plain(documents: readonly unknown[]): string {
  return documents.map((document) => JSON.stringify(document ?? null)).join("\n---\n");
}

/** The same without aliases, each content in its place; undefined where they go in circles, or mean more than memory holds. */
export function withoutAliases(documents: readonly unknown[]): unknown[] | undefined {
  try {
    return JSON.parse(JSON.stringify(documents)) as unknown[];
  } catch {
    return undefined;
  }
}

/** The objects of a text where kustomize takes content or the path of a file; undefined when it is no content. */
export function contentIn(text: string): object[] | undefined {
  try {
    const documents = (withoutAliases(readYaml(text)) ?? []).filter((document) => document !== null);
    const objects = documents.filter((document) => typeof document === "object");
    return objects.length > 0 && objects.length === documents.length ? objects : undefined;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}
