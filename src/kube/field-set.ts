/** Sets of fields as `managedFields` has them (FieldsV1, structured-merge-diff), and what they are of an object. Pure. */
import type { FieldsV1 } from "./object.js";

/** The fields of both. */
export function mergeFields(first: FieldsV1, second: FieldsV1): FieldsV1 {
  const merged: Record<string, FieldsV1> = { ...first };
  for (const [name, fields] of Object.entries(second)) {
    const known = merged[name];
    merged[name] = known ? mergeFields(known, fields) : fields;
  }
  return merged;
}

/** The fields that the second has not; what only leads to fields goes with the last of them. */
export function subtractFields(first: FieldsV1, second: FieldsV1): FieldsV1 {
  const left: Record<string, FieldsV1> = {};
  for (const [name, fields] of Object.entries(first)) {
    const other = second[name];
    if (!other) left[name] = fields;
    else if (isLeaf(fields)) continue;
    else {
      const inner = subtractFields(fields, other);
      if (!isLeaf(inner)) left[name] = inner;
    }
  }
  return left;
}

/** Whether a field is taken as it is, without a look inside. */
function isLeaf(fields: FieldsV1): boolean {
  return Object.keys(fields).every((name) => name === ".");
}

/** Of a value these fields, and of the items of its lists the keys. */
export function pickFields(value: unknown, fields: FieldsV1): unknown {
  if (isLeaf(fields)) return value;
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const found = itemIn(fields, item);
      return found ? [withKeys(pickFields(item, found[1]), item, found[0])] : [];
    });
  }
  if (typeof value !== "object" || value === null) return value;
  const picked: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(fields)) {
    const field = name.slice(2);
    if (name.startsWith("f:") && Object.hasOwn(value, field))
      picked[field] = pickFields((value as Record<string, unknown>)[field], inner);
  }
  return picked;
}

/** A value without these fields; the keys of an item stay, unless the whole item is among the fields. */
export function dropFields(value: unknown, fields: FieldsV1): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const found = itemIn(fields, item);
      if (!found) return [item];
      const [name, inner] = found;
      return "." in inner || isLeaf(inner) ? [] : [withKeys(dropFields(item, inner), item, name)];
    });
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const dropped = fields[`f:${name}`];
      if (!dropped) return [[name, inner]];
      return isLeaf(dropped) ? [] : [[name, dropFields(inner, dropped)]];
    }),
  );
}

/**
 * How people write the fields.
 *
 * @example ["spec.replicas", "spec.template.spec.containers[name=app].image"]
 */
export function fieldPaths(fields: FieldsV1, start = ""): string[] {
  return Object.entries(fields).flatMap(([name, inner]) => {
    if (name === ".") return [];
    const path = start + stepTo(name, start === "");
    // an item that is there with all its fields is one thing
    return isLeaf(inner) || (!name.startsWith("f:") && "." in inner) ? [path] : fieldPaths(inner, path);
  });
}

function stepTo(name: string, isFirst: boolean): string {
  const text = name.slice(2);
  if (name.startsWith("f:")) return isFirst ? text : /^[\w-]+$/.test(text) ? `.${text}` : `[${text}]`;
  if (!name.startsWith("k:")) return `[${text}]`;
  const keys = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${value}`).join(",")}]`;
}

function itemIn(fields: FieldsV1, item: unknown): [name: string, fields: FieldsV1] | undefined {
  return Object.entries(fields).find(([name]) => name !== "." && isItem(item, name));
}

/** "k:{"name":"app"}" means the item with that name, "v:"x"" the item "x". */
function isItem(item: unknown, name: string): boolean {
  const wanted: unknown = JSON.parse(name.slice(2));
  if (name.startsWith("v:")) return JSON.stringify(item) === JSON.stringify(wanted);
  if (!name.startsWith("k:") || typeof item !== "object" || item === null) return false;
  const keys = Object.entries(wanted as Record<string, unknown>);
  // a key that has its default, such as a port's protocol, may be left out
  return keys.every(([key, value]) => ((item as Record<string, unknown>)[key] ?? value) === value);
}

/** An item cannot be told from the others without its keys. */
function withKeys(value: unknown, item: unknown, name: string): unknown {
  if (!name.startsWith("k:") || value === item) return value;
  return { ...(JSON.parse(name.slice(2)) as object), ...(value as object) };
}
