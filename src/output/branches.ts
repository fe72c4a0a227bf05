/** An item of a tree, and the lines that lead to it: "│  └─ ". */
export interface Branch<T> {
  item: T;
  lines: string;
}

/** A line need not be longer: who may make objects may make each the owner of the next, thousands of them. */
const widest = 150;

/**
 * A tree from top to bottom, each item before those below it.
 *
 * @param below asked once for each item, when its turn has come
 */
export function* branches<T>(roots: readonly T[], below: (item: T) => readonly T[]): Generator<Branch<T>> {
  const open = roots.toReversed().map((item) => ({ item, lines: "", indent: "" }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { item, lines, indent } = next;
    yield { item, lines };
    for (const [place, child] of below(item).toReversed().entries()) {
      const isLast = place === 0;
      const further = indent.length < widest ? `${indent}${isLast ? "   " : "│  "}` : indent;
      open.push({ item: child, lines: `${indent}${isLast ? "└─ " : "├─ "}`, indent: further });
    }
  }
}
