/**
 * Works on several items at a time and yields the results in the order of the items. Others go on while a slow one is
 * waited for, up to a few rounds ahead. Nothing new is begun once a result was an error, or nobody wants more.
 */
export async function* concurrently<T, R>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const source = items[Symbol.iterator]();
  const results: Promise<R>[] = [];
  let running = 0;
  let ended = false;

  function fill(): void {
    while (!ended && running < atOnce && results.length < atOnce * 4) {
      const next = source.next();
      if (next.done) ended = true;
      else results.push(begin(next.value));
    }
  }

  function begin(item: T): Promise<R> {
    running++;
    const result = work(item).finally(() => {
      running--;
      fill();
    });
    // it is awaited further down; until then a failure must not count as unhandled
    result.catch(() => {});
    return result;
  }

  try {
    for (fill(); results.length > 0; fill()) yield (await results.shift()) as R;
  } finally {
    ended = true;
  }
}
