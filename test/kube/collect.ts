/** All pages of a list. (`Array.fromAsync` comes with Node 22.) */
export async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const page of pages) collected.push(page);
  return collected;
}
