/**
 * Works on several items at a time and yields the results in the order of the items. The next item is taken only when
 * there is room for it.
 */
export async function* concurrently<T, R>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for (const item of items) {
    const promise = work(item);
    // it is awaited further down; until then a failure must not count as unhandled
    promise.catch(() => {});
    running.push(promise);
    if (running.length >= atOnce) yield (await running.shift()) as R;
  }
  for (const promise of running) yield await promise;
}
