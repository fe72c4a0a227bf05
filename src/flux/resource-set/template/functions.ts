/**
 * The functions that are filled in: of slim-sprig (github.com/go-task/slim-sprig v3), of Go's text/template, and the Flux Operator's
 * `toYaml` and `slugify`, as its ResourceSet documentation describes them.
 */
import { isMap } from "../../../is-map.js";
import { renderYaml } from "../../../yaml.js";
import type { Budget } from "./budget.js";
import { notFilledIn, TemplateError, tooMuch } from "./errors.js";
import { entriesOf, isTrue, print, sizeOf, typeName, type Value } from "./values.js";

type Call = (...args: Value[]) => Value;

/** More would be too much for one text, long before JavaScript has no room for it. */
const longest = 10_000_000;

const exact: Readonly<Record<string, Call>> = {
  int: toInt,
  lower: (value) => text(value).toLowerCase(),
  upper: (value) => text(value).toUpperCase(),
  trim: (value) => text(value).trim(),
  trunc: (count, value) => truncated(int(count), Buffer.from(text(value))),
  replace: (old, by, value) => replaced(text(old), text(by), text(value)),
  indent: (spaces, value) => indented(int(spaces), text(value)),
  nindent: (spaces, value) => `\n${indented(int(spaces), text(value))}`,
  toYaml: (value) => toYaml(value as Value),
  slugify: (value) => slugify(text(value)),
  get: (map, key) => entryOf(map, text(key)),
  not: (value) => !isTrue(value as Value),
  ne: (one, other) => !isEqual(one as Value, other as Value),
};

/** These take any number more. */
const variadic: Readonly<Record<string, Call>> = {
  quote: (...values) =>
    values
      .filter((value) => value !== null)
      .map((value) => JSON.stringify(print(value)))
      .join(" "),
  default: (fallback, ...given) => (isTrue(given[0] ?? null) ? given[0] : fallback) as Value,
  eq: (one, another, ...others) =>
    [another, ...others].some((other) => isEqual(one as Value, other as Value)),
};

/** They stop at what decides; so the evaluation has them. */
const lazy = new Set(["and", "or"]);

export function isFunction(name: string): boolean {
  return name === "inputs" || lazy.has(name) || Object.hasOwn(exact, name) || Object.hasOwn(variadic, name);
}

/** These write out what they are given. */
const writers = new Set(["quote", "toYaml"]);

/** @throws TemplateError when it takes no such arguments, or makes too much of them */
export function call(name: string, args: readonly Value[], budget: Budget): Value {
  const own = Object.hasOwn(exact, name) ? exact[name] : undefined;
  const found = own ?? (variadic[name] as Call);
  if (own ? args.length !== own.length : args.length < found.length)
    throw new TemplateError(`wrong number of args for ${name}: want ${found.length} got ${args.length}`);
  for (const arg of args) {
    if (writers.has(name)) budget.spendOn(arg);
    else budget.spend(sizeOf(arg));
  }
  const made = found(...args);
  if (typeof made === "string") budget.spend(made.length);
  return made;
}

function text(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new TemplateError(`wrong type for value; expected string; got ${typeName(value ?? null)}`);
}

function int(value: Value | undefined): number {
  if (typeof value === "bigint") return Number(value);
  throw new TemplateError(`wrong type for value; expected int; got ${typeName(value ?? null)}`);
}

function toInt(value: Value): bigint {
  if (typeof value === "string") return /^[-+]?\d+$/.test(value) ? int64(BigInt(value.replace("+", ""))) : 0n;
  if (typeof value === "bigint") return value;
  return typeof value === "number" || typeof value === "boolean" ? BigInt(Math.trunc(Number(value))) : 0n;
}

function checkLength(length: number): void {
  if (length > longest) throw tooMuch();
}

/** None where Go's int has no room. */
function int64(value: bigint): bigint {
  return BigInt.asIntN(64, value) === value ? value : 0n;
}

/** In bytes; a negative count keeps the end. */
function truncated(count: number, bytes: Buffer): string {
  const kept = count < 0 ? bytes.subarray(Math.max(0, bytes.length + count)) : bytes.subarray(0, count);
  return kept.toString("utf8");
}

function replaced(old: string, by: string, value: string): string {
  const count = old === "" ? value.length + 1 : value.split(old).length - 1;
  checkLength(value.length + count * by.length);
  return value.replaceAll(old, () => by);
}

function indented(spaces: number, value: string): string {
  if (spaces < 0) throw new TemplateError("strings: negative Repeat count");
  const lines = value.split("\n");
  checkLength(spaces * lines.length);
  const pad = " ".repeat(spaces);
  return lines.map((line) => pad + line).join("\n");
}

function toYaml(value: Value): string {
  return renderYaml(plain(value)).slice("---\n".length).replace(/\n$/, "");
}

/** With sorted keys, and int as a number. */
function plain(value: Value): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  return isMap(value) ? Object.fromEntries(entriesOf(value).map(([key, one]) => [key, plain(one)])) : value;
}

/** Of what is neither a letter nor a digit each run becomes a hyphen; how other scripts are spelled is not documented. */
function slugify(value: string): string {
  if (/[^\w ./:-]/.test(value)) throw notFilledIn(`slugify of ${JSON.stringify(value)}`);
  return value
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^[-_]+|(?<![-_])[-_]+$/g, "");
}

/** Empty when there is no such entry. */
function entryOf(map: Value | undefined, key: string): Value {
  if (map === undefined || !isMap(map))
    throw new TemplateError("wrong type for value; expected map[string]interface {}");
  return Object.hasOwn(map, key) ? (map[key] as Value) : "";
}

function isEqual(one: Value, other: Value): boolean {
  if (typeof one === "object" || typeof other === "object") {
    if (one === null || other === null) return one === other;
    throw new TemplateError("incompatible types for comparison");
  }
  if (typeof one !== typeof other) throw new TemplateError("incompatible types for comparison");
  return one === other;
}
