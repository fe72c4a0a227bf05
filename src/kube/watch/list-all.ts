import { breathe } from "../../breathe.js";
import { StatusError } from "../failure.js";
import type { WatchEvent } from "../kube.js";
import { wholePages } from "../list-pages.js";
import { listRequest, typed } from "../list-request.js";
import type { KubeObject } from "../object.js";
import { namespacedName } from "../object-id.js";
import type { Place, Watched } from "./watched.js";

/**
 * Tells all objects there are, then which of the known ones are gone, then "synced". Answers where a watch goes on from.
 *
 * @throws whatever ends the list before it is complete; nothing was told to be gone then
 */
export async function* listAll<T extends KubeObject>(
  watched: Watched<T>,
): AsyncGenerator<WatchEvent<T>, Place> {
  const { cluster, kind, wanted, signal, known } = watched;
  const version = await servedVersion(watched);
  if (version === undefined) throw new StatusError(404, {});
  const withType = typed(kind, version);
  const seen = new Set<string>();
  let resourceVersion: string | undefined;
  for await (const page of wholePages<T>(cluster.client, listRequest(kind, version, wanted), signal)) {
    // the first page's: when later ones had to be read in a newer state, what came in between is told once more
    resourceVersion ??= page.metadata?.resourceVersion;
    for (const item of page.items ?? []) {
      await breathe();
      const key = namespacedName(item.metadata);
      seen.add(key);
      known.add(key);
      yield { type: "set", key, object: withType(item) };
    }
  }
  for (const key of known) {
    if (seen.has(key)) continue;
    known.delete(key);
    yield { type: "gone", key };
  }
  yield { type: "synced" };
  return { version, resourceVersion: resourceVersion ?? "" };
}

/** What was learned of versions before the watch began may be older than the kind. */
async function servedVersion({
  cluster,
  beganAt,
}: Pick<Watched<KubeObject>, "cluster" | "beganAt">): Promise<string | undefined> {
  const known = await cluster.versionOf();
  if (known !== undefined) return known;
  cluster.forget(performance.now() - beganAt);
  return cluster.versionOf();
}
