import { wordMatcher } from "../../text/path-pattern.js";

/** What becomes of a variable's value: `${VAR^^}`, `${VAR/a/b}`, `${VAR:=default}`. */
export type Change = (value: string, args: readonly string[]) => string;

/** By the operator, as fluxcd/pkg's envsubst 1.7 reads them. */
export const changes: Readonly<Record<string, Change>> = {
  ",": (value) => changeFirst(value, (letter) => letter.toLowerCase()),
  ",,": (value) => value.toLowerCase(),
  "^": (value) => changeFirst(value, (letter) => letter.toUpperCase()),
  "^^": (value) => value.toUpperCase(),
  "#": (value, [pattern = ""]) => withoutPrefix(value, pattern, "shortest"),
  "##": (value, [pattern = ""]) => withoutPrefix(value, pattern, "longest"),
  "%": (value, [pattern = ""]) => withoutSuffix(value, pattern, "shortest"),
  "%%": (value, [pattern = ""]) => withoutSuffix(value, pattern, "longest"),
  ":": part,
  "/": (value, [from = "", to = ""]) => value.replace(from, () => to),
  "//": (value, [from = "", to = ""]) => value.replaceAll(from, () => to),
  "/#": (value, [from = "", to]) =>
    to !== undefined && value.startsWith(from) ? to + value.slice(from.length) : value,
  "/%": (value, [from = "", to]) =>
    to !== undefined && value.endsWith(from) ? value.slice(0, value.length - from.length) + to : value,
};

/** All other operators, `:+` and `:?` among them, are the one for defaults. */
export const orDefault: Change = (value, args) => value || args.join("");

export const lengthOf: Change = (value) => String(Buffer.byteLength(value));

function changeFirst(value: string, change: (letter: string) => string): string {
  const [first = ""] = value;
  return change(first) + value.slice(first.length);
}

/** `${VAR:1:3}`, in bytes; a negative position and a negative length count from the end. */
function part(value: string, [from = "", count]: readonly string[]): string {
  const bytes = Buffer.from(value);
  const given = wholeNumber(from);
  if (given === undefined) return value;
  const start = given < 0 ? Math.max(0, bytes.length + given) : given;
  if (count === undefined) return bytes.toString("utf8", start);
  const length = wholeNumber(count);
  if (length === undefined) return value;
  const end = length < 0 ? bytes.length + length : start + length;
  return end < start ? "" : bytes.toString("utf8", start, end);
}

function wholeNumber(text: string): number | undefined {
  return /^[-+]?\d+$/.test(text) ? Number(text) : undefined;
}

type Which = "shortest" | "longest";

function withoutPrefix(value: string, pattern: string, which: Which): string {
  const fits = wordMatcher(pattern);
  const lengths = [...value].map((_, index) => index + 1);
  const found = (which === "longest" ? lengths.reverse() : lengths).find((length) =>
    fits(value.slice(0, length)),
  );
  return found === undefined ? value : value.slice(found);
}

/** As envsubst does it, backwards: a class in the pattern is none then, and one that is not to be read matches nothing. */
function withoutSuffix(value: string, pattern: string, which: Which): string {
  return backwards(withoutPrefix(backwards(value), backwards(pattern), which));
}

function backwards(text: string): string {
  return [...text].reverse().join("");
}
