import { isMap } from "../../../is-map.js";
import { TemplateError } from "./errors.js";

/** A value as Go has it, of JSON: numbers are float64, bigints are int. */
export type Value = string | number | bigint | boolean | null | Value[] | { readonly [key: string]: Value };

type MapValue = { readonly [key: string]: Value };

/** What Go takes for true: anything but nil and what is empty. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** How much of it there is to look at: the length of a text or list, the number of a map's keys. */
export function sizeOf(value: Value): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return isMap(value) ? Object.keys(value).length : 1;
}

/** As Go's `%v` prints it. */
export function print(value: Value): string {
  if (value === null) return "<nil>";
  if (typeof value === "number") return printFloat(value);
  if (Array.isArray(value)) return `[${value.map(print).join(" ")}]`;
  if (!isMap(value)) return String(value);
  return `map[${entriesOf(value)
    .map(([key, one]) => `${key}:${print(one)}`)
    .join(" ")}]`;
}

/** From a million on with an exponent: 1e+06. */
function printFloat(value: number): string {
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** By their keys, as Go goes through a map. */
export function entriesOf(map: MapValue): [string, Value][] {
  return Object.keys(map)
    .sort()
    .map((key) => [key, map[key] as Value]);
}

/** @throws TemplateError when there is no such field, as with `missingkey=error` */
export function fieldOf(value: Value, name: string): Value {
  if (value === null) throw new TemplateError(`nil data; no entry for key "${name}"`);
  if (!isMap(value)) throw new TemplateError(`can't evaluate field ${name} in type ${typeName(value)}`);
  if (!Object.hasOwn(value, name)) throw new TemplateError(`map has no entry for key "${name}"`);
  return value[name] as Value;
}

/** As Go calls it: "string", "float64", "map[string]interface {}". */
export function typeName(value: Value): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (isMap(value)) return "map[string]interface {}";
  const names = { number: "float64", bigint: "int", boolean: "bool" } as Readonly<Record<string, string>>;
  return names[typeof value] ?? typeof value;
}
