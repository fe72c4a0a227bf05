/** Sets of fields as `managedFields` has them (FieldsV1, structured-merge-diff), and what they are of an object. Pure. */
import { keysIn, type OwnedItem, ownedItems } from "./list-items.js";
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

/**
 * The fields that a JSON pointer does not lead to. A set knows no order, so an index stands for every item of a list.
 *
 * @example fieldsBeyond({ "f:spec": { "f:replicas": {}, "f:paused": {} } }, "/spec/replicas") // { "f:spec": { "f:paused": {} } }
 */
export function fieldsBeyond(fields: FieldsV1, pointer: string): FieldsV1 {
  const start = pointer.indexOf("/");
  return start === -1 ? {} : beyond(fields, pointer.slice(start + 1));
}

/** Reads of the way only what is walked: there may be thousands of ways, each of thousands of steps. */
function beyond(fields: FieldsV1, way: string): FieldsV1 {
  const left: Record<string, FieldsV1> = {};
  const end = way.indexOf("/");
  const isLast = end === -1;
  const step = (isLast ? way : way.slice(0, end)).replaceAll("~1", "/").replaceAll("~0", "~");
  for (const [name, inner] of Object.entries(fields)) {
    const isOnTheWay = name === `f:${step}` || (/^[kv]:/.test(name) && /^(?:\d+|-)$/.test(step));
    // what is one thing as a whole is more than what the pointer means
    const isWhole = !isOnTheWay || (!isLast && isLeaf(inner));
    const inside = isWhole ? inner : isLast ? {} : beyond(inner, way.slice(end + 1));
    if (inside === inner || !isLeaf(inside)) left[name] = inside;
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
    const ownedAs = ownedItems(fields);
    return value.flatMap((item) => {
      const owned = ownedAs(item);
      return owned ? [withKeys(pickFields(item, owned.fields), item, owned)] : [];
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
    const ownedAs = ownedItems(fields);
    return value.flatMap((item) => {
      const owned = ownedAs(item);
      if (!owned) return [item];
      const { fields: inner } = owned;
      return "." in inner || isLeaf(inner) ? [] : [withKeys(dropFields(item, inner), item, owned)];
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
  const keys = keysIn(name);
  if (!keys) return `[${text}]`;
  const pairs = Object.entries(keys).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `[${pairs.join(",")}]`;
}

/** An item cannot be told from the others without its keys. */
function withKeys(value: unknown, item: unknown, { keys }: OwnedItem): unknown {
  return keys && value !== item ? { ...keys, ...(value as object) } : value;
}
