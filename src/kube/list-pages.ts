import { StatusError } from "./failure.js";
import type { ApiRequest, JsonClient } from "./http.js";

/** kubectl's size */
const pageSize = "500";

export interface ListPage<Item> {
  /** of the list as a whole: where a watch goes on from */
  metadata?: { resourceVersion?: string; continue?: string };
  /** null where there are none, of lists of metadata alone */
  items: Item[] | null;
}

/** The items of a list in {@link wholePages} that are not empty. */
export async function* listPages<Item>(
  client: JsonClient,
  request: ApiRequest,
  signal: AbortSignal,
): AsyncGenerator<Item[], void, undefined> {
  for await (const { items } of wholePages<Item>(client, request, signal)) {
    if (items && items.length > 0) yield items;
  }
}

/**
 * The pages of a list. While one is worked on, the next one is on its way, and never more than that:
 * memory stays that of two pages. Who stops early also stops the request that is on its way.
 *
 * When so much time has gone that the API server has dropped the state that the list began with (410, after about five
 * minutes), it offers to go on from the same place in its present state. We take that: each object still comes once, later ones
 * in their newer state. To begin again would repeat pages that were already handed out.
 */
export async function* wholePages<Item>(
  client: JsonClient,
  request: ApiRequest,
  signal: AbortSignal,
): AsyncGenerator<ListPage<Item>, void, undefined> {
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
      yield page;
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
