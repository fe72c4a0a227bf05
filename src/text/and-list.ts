/** "a, b and 7 more": those after the first `most` are counted. */
export function andFirst(words: readonly string[], most: number): string {
  const more = words.length - most;
  return andList(more > 0 ? [...words.slice(0, most), `${more} more`] : words);
}

/** "a", "a and b", "a, b and c" */
export function andList(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
