import { UserError } from "../errors.js";
import type { Reader } from "./kube.js";
import type { Kind } from "./object.js";

/** In which namespaces there are objects of this name, for an object that is not where it was looked for. */
export async function namespacesWith(reader: Reader, kind: Kind, name: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const page of reader.list(kind, { name, metadataOnly: true })) {
      found.push(...page.map(({ metadata }) => metadata.namespace ?? ""));
    }
  } catch (error) {
    // a kindness: who may not look elsewhere is told what is known
    if (!(error instanceof UserError)) throw error;
  }
  return found;
}
