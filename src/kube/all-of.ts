/** The objects of all pages together, where they are few. (`Array.fromAsync` comes with Node 22.) */
export async function allOf<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
