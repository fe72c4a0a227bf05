import { StatusError } from "./failure.js";
import type { ApiRequest, JsonClient } from "./http.js";

/** kubectl's size */
const pageSize = "500";

interface ListPage<Item> {
  metadata?: { continue?: string };
  items: Item[];
}

/**
 * The pages of a list that are not empty. While one is worked on, the next one is on its way, and never more than that:
 * memory stays that of two pages. Who stops early also stops the request that is on its way.
 *
 * When so much time has gone that the API server has dropped the state that the list began with (410, after about five
 * minutes), it offers to go on from the same place in its present state. We take that: each object still comes once, later ones
 * in their newer state. To begin again would repeat pages that were already handed out.
 */
export async function* listPages<Item>(
  client: JsonClient,
  request: ApiRequest,
  signal: AbortSignal,
): AsyncGenerator<Item[], void, undefined> {
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  const fetchPage = (from?: string) => onePage<Item>(client, request, from, stop.signal);
  try {
    let coming: Promise<ListPage<Item>> | undefined = fetchPage();
    while (coming !== undefined) {
      const page: ListPage<Item> = await coming;
      const token = page.metadata?.continue;
      coming = token ? fetchPage(token) : undefined;
      // heard of when it is awaited; unheard when nobody wants the next page any more
      coming?.catch(() => {});
      if (page.items.length > 0) yield page.items;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    stop.abort();
  }
}

async function onePage<Item>(
  client: JsonClient,
  request: ApiRequest,
  from: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<Item>> {
  const ask = async (token: string | undefined) => {
    const query = { ...request.query, limit: pageSize, continue: token };
    return (await client.send({ ...request, query }, signal)).body as ListPage<Item>;
  };
  try {
    return await ask(from);
  } catch (error) {
    const offered = error instanceof StatusError && error.status === 410 && error.body.metadata?.continue;
    if (!offered) throw error;
    return ask(offered);
  }
}
