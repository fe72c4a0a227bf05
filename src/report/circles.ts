/**
 * Which of some things stand in a circle of parents, or below one. Costs one look at each parent of each.
 *
 * @param parents of each thing, all of which are among them
 */
export function inCircles(parents: ReadonlyMap<string, readonly string[]>): Set<string> {
  const children = new Map<string, string[]>();
  const missing = new Map<string, number>();
  for (const [one, ofOne] of parents) {
    missing.set(one, ofOne.length);
    for (const parent of ofOne) {
      const known = children.get(parent);
      if (known) known.push(one);
      else children.set(parent, [one]);
    }
  }
  const left = new Set(parents.keys());
  const done = [...left].filter((one) => missing.get(one) === 0);
  // grows while it is walked: whatever has all of its parents before it
  for (const one of done) {
    left.delete(one);
    for (const child of children.get(one) ?? []) {
      const more = (missing.get(child) ?? 0) - 1;
      missing.set(child, more);
      if (more === 0) done.push(child);
    }
  }
  return left;
}
