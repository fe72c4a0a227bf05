/**
 * The functions that are filled in: of slim-sprig (github.com/go-task/slim-sprig v3), of Go's text/template, and the Flux Operator's
 * `toYaml` and `slugify`, as its ResourceSet documentation describes them.
 */
import { renderYaml } from "../../../yaml.js";
import { notFilledIn, TemplateError } from "./errors.js";
import { entriesOf, isMap, isTrue, print, typeName, type Value } from "./values.js";

type Call = (...args: Value[]) => Value;

const exact: Readonly<Record<string, Call>> = {
  int: toInt,
  lower: (value) => text(value).toLowerCase(),
  upper: (value) => text(value).toUpperCase(),
  trim: (value) => text(value).trim(),
  trunc: (count, value) => truncated(int(count), Buffer.from(text(value))),
  replace: (old, by, value) => text(value).replaceAll(text(old), () => text(by)),
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

/** @throws TemplateError when it takes no such arguments */
export function call(name: string, args: readonly Value[]): Value {
  const own = Object.hasOwn(exact, name) ? exact[name] : undefined;
  const found = own ?? (variadic[name] as Call);
  if (own ? args.length !== own.length : args.length < found.length)
    throw new TemplateError(`wrong number of args for ${name}: want ${found.length} got ${args.length}`);
  return found(...args);
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
  if (typeof value === "string") return /^[-+]?\d+$/.test(value) ? BigInt(value.replace("+", "")) : 0n;
  if (typeof value === "bigint") return value;
  return typeof value === "number" || typeof value === "boolean" ? BigInt(Math.trunc(Number(value))) : 0n;
}

/** In bytes; a negative count keeps the end. */
function truncated(count: number, bytes: Buffer): string {
  const kept = count < 0 ? bytes.subarray(Math.max(0, bytes.length + count)) : bytes.subarray(0, count);
  return kept.toString("utf8");
}

function indented(spaces: number, value: string): string {
  const pad = " ".repeat(spaces);
  return pad + value.replaceAll("\n", `\n${pad}`);
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
    .replace(/^[-_]+|[-_]+$/g, "");
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
