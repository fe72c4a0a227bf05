import { DroppedConnectionError } from "../failure.js";
import type { ApiRequest } from "../http.js";
import type { WatchEvent } from "../kube.js";
import { typed, watchRequest } from "../list-request.js";
import type { KubeObject } from "../object.js";
import { namespacedName } from "../object-id.js";
import { readEvent, type Step } from "./event.js";
import { LineReader } from "./lines.js";
import { chunksOf, openStream } from "./stream.js";
import type { Place, Watched } from "./watched.js";

/** A connection that ends sooner, without a word, did not work. */
const shortestMs = 1000;

/** API servers send a bookmark about each minute, even when nothing happens. */
const defaultSilenceMs = 180_000;

/**
 * Tells what happens from a place on, until the API server ends the connection in its time. "opened" comes first; "alive" says
 * that it works, while nothing happened. `from` moves along, so that one can go on from there.
 *
 * @throws whatever ends it otherwise: DroppedConnectionError, StatusError, the signal's reason
 */
export async function* followFrom<T extends KubeObject>(
  from: Place,
  watched: Watched<T>,
): AsyncGenerator<"opened" | "alive" | WatchEvent<T>, void, undefined> {
  const { kind, wanted, known } = watched;
  const withType = typed(kind, from.version);
  const request = watchRequest(kind, from.version, wanted, {
    resourceVersion: from.resourceVersion,
    // so that watches which began together do not return together
    timeoutSeconds: 300 + Math.floor(Math.random() * 300),
  });
  const began = performance.now();
  let isSilent = true;
  for await (const step of stepsOf(request, watched)) {
    if (step === "opened") {
      yield step;
      continue;
    }
    isSilent = false;
    const { type, object } = step;
    const { metadata } = object;
    from.resourceVersion = metadata.resourceVersion ?? from.resourceVersion;
    if (type === "bookmark") {
      yield "alive";
      continue;
    }
    const key = namespacedName(metadata);
    if (type === "set") known.add(key);
    else known.delete(key);
    yield type === "set" ? { type, key, object: withType(object) } : { type, key };
  }
  if (isSilent && performance.now() - began < shortestMs) throw new DroppedConnectionError(true);
  yield "alive";
}

async function* stepsOf<T extends KubeObject>(
  request: ApiRequest,
  { cluster, signal }: Watched<T>,
): AsyncGenerator<"opened" | Step<T>, void, undefined> {
  const { client, silenceMs = defaultSilenceMs } = cluster;
  const response = await client.open(request, openStream, signal);
  try {
    yield "opened";
    const lines = new LineReader();
    for await (const chunk of chunksOf(response, { silenceMs, signal })) {
      for (const line of lines.read(chunk)) yield readEvent<T>(line);
    }
    if (lines.isCutOff) throw new DroppedConnectionError(true);
  } finally {
    response.destroy();
  }
}
