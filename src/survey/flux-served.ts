/** What the API server itself tells about Flux: the versions of its kinds, and their schemas. */
import { answerTie, openTies, type SchemaAnswer, schemaPath } from "../flux/installed/schema-ties.js";
import { type ServedVersions, tellingKinds } from "../flux/installed/served-minors.js";
import type { Kube } from "../kube/kube.js";

export async function readServed(kube: Pick<Kube, "servedVersions">): Promise<ServedVersions> {
  const kinds = Object.entries(tellingKinds);
  return Object.fromEntries(
    await Promise.all(kinds.map(async ([name, kind]) => [name, await kube.servedVersions(kind)] as const)),
  );
}

/** Looks for the fields that decide between the minors that the served versions leave open; each schema is read once. */
export async function readSchemas(kube: Pick<Kube, "read">, served: ServedVersions): Promise<SchemaAnswer[]> {
  const ties = openTies(served);
  const paths = [...new Set(ties.map(schemaPath))];
  const documents = new Map(
    await Promise.all(
      paths.map(async (path) => [path, await kube.read(path, "read the schemas of Flux's kinds")] as const),
    ),
  );
  return ties.flatMap((tie) => answerTie(tie, documents.get(schemaPath(tie))) ?? []);
}
