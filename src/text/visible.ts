/** What moves the cursor, colours, turns the direction of writing or is not seen at all, by itself or where it stands. */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;
const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text of others, of which every character is seen: "\n" in the place of a line break, "\x1b" of what begins a colour, "\u202e"
 * of what turns the writing round. Whoever may write a message, a name or a path may else clear the screen, or make lines of his
 * own.
 */
export function visible(text: string): string {
  // nearly all is printable ASCII
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return text.replace(unseen, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    if (hex.length > 4) return `\\u{${hex}}`;
    return named[character] ?? (hex.length > 2 ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`);
  });
}

/** The same of a text that may have several lines: those after the first stand further in than any line of ours. */
export function visibleLines(text: string): string {
  const [first = "", ...further] = text.split(/\r?\n/).map(visible);
  return [first, ...further.map((line) => line.replace(/^ {0,3}(?! )/, "    "))].join("\n");
}
