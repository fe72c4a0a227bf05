/** Looks further for an object that is not where it was looked for: a kindness, so whoever may not look is told what is known. */
import { UserError } from "../errors.js";
import { closest } from "../text/closest.js";
import type { ListOptions, Reader } from "./kube.js";
import type { Kind, ObjectMeta } from "./object.js";

/** In which namespaces there are objects of this name. */
export async function namespacesWith(reader: Reader, kind: Kind, name: string): Promise<string[]> {
  return (await found(reader, kind, { name })).map(({ namespace = "" }) => namespace);
}

/** What may have been meant by a name, the likeliest first. */
export async function namesNear(
  reader: Reader,
  kind: Kind,
  name: string,
  where: Pick<ListOptions, "namespace" | "labels">,
): Promise<string[]> {
  return closest(
    name,
    (await found(reader, kind, where)).map((metadata) => metadata.name),
  );
}

async function found(reader: Reader, kind: Kind, options: ListOptions): Promise<ObjectMeta[]> {
  const all: ObjectMeta[] = [];
  try {
    for await (const page of reader.list(kind, { ...options, metadataOnly: true }))
      all.push(...page.map(({ metadata }) => metadata));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return all;
}
