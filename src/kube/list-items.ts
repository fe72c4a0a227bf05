import { isMap } from "../is-map.js";
import type { FieldsV1 } from "./object.js";

/** What is owned of an item of a list. */
export interface OwnedItem {
  fields: FieldsV1;
  /** what the item is told from others by: { name: "app" }; undefined where that is its value */
  keys: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Kubernetes has one set of keys for a list, one of which may have its default in some items and be left out there. So few
 * others are looked at that nobody can make a search of the whole list out of it.
 */
const mostKinds = 4;

/**
 * Reads which items of a list are owned, to be asked for each item: "k:{"name":"app"}" is the item with that name, "v:"x"" the
 * item "x". What cannot be read is none. Each question costs the same, however many there are.
 */
export function ownedItems(list: FieldsV1): (item: unknown) => OwnedItem | undefined {
  const byValue = new Map<string, OwnedItem>();
  const byKeys = new Map<string, KeyedItems>();
  for (const [name, fields] of Object.entries(list)) {
    const value = name.startsWith("v:") ? parsed(name.slice(2)) : undefined;
    if (value !== undefined) byValue.set(JSON.stringify(value), { fields, keys: undefined });
    const keys = keysIn(name);
    if (!keys) continue;
    const names = Object.keys(keys).sort();
    const kind = JSON.stringify(names);
    if (byKeys.size < mostKinds && !byKeys.has(kind)) byKeys.set(kind, new KeyedItems(names));
    byKeys.get(kind)?.add({ fields, keys });
  }
  return (item) => {
    const ofValue = byValue.size > 0 ? byValue.get(JSON.stringify(item)) : undefined;
    if (ofValue || !isMap(item)) return ofValue;
    for (const items of byKeys.values()) {
      const found = items.find(item);
      if (found) return found;
    }
    return undefined;
  };
}

/** { name: "app" } of "k:{"name":"app"}"; undefined for any other text. */
export function keysIn(name: string): Readonly<Record<string, unknown>> | undefined {
  const read = name.startsWith("k:") ? parsed(name.slice(2)) : undefined;
  return isMap(read) ? read : undefined;
}

/** Owned items with the same names of keys. */
class KeyedItems {
  readonly #names: readonly string[];
  readonly #items: (OwnedItem & { keys: object })[] = [];
  /** by those keys that an item has, and by their values */
  readonly #found = new Map<string, Map<string, OwnedItem>>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  add(item: OwnedItem & { keys: object }): void {
    this.#items.push(item);
  }

  find(item: Readonly<Record<string, unknown>>): OwnedItem | undefined {
    const names = this.#names.filter((name) => Object.hasOwn(item, name) && item[name] !== null);
    return names.length === 0 ? undefined : this.#by(names)?.get(valuesOf(item, names));
  }

  #by(names: readonly string[]): Map<string, OwnedItem> | undefined {
    const kind = JSON.stringify(names);
    const known = this.#found.get(kind);
    if (known || this.#found.size === mostKinds) return known;
    const found = new Map<string, OwnedItem>();
    // the first of those that are alike but for what the item leaves out
    for (const item of this.#items.toReversed()) found.set(valuesOf(item.keys, names), item);
    this.#found.set(kind, found);
    return found;
  }
}

function valuesOf(item: object, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => (item as Record<string, unknown>)[name]));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
