/** How many values are remembered. */
const slots = 4096;

/** Of what is longer no two are the same. */
const longestText = 512;

/** Conditions, labels and containers are no deeper: what is, in the objects of somebody who wants to make this slow, is left as it is. */
const deepest = 6;

/**
 * What many objects say alike, each kept once: times, images, labels, conditions of a Pod. A fixed number of values is remembered,
 * the latest ones, so that what nobody else says costs nothing. Whatever comes from here belongs to several objects: nobody may
 * change it.
 */
export class Shared {
  /** values by a hash of their JSON, each with that */
  readonly #lately: ({ json: string; value: unknown } | undefined)[] = new Array(slots);

  /** The same object, as JSON has it, made of shared parts. */
  share<T extends object>(object: T): T {
    return this.#partsOf(object, 1) as T;
  }

  #shared(value: unknown, depth: number): unknown {
    // the shorter ones are shared by JSON.parse()
    if (typeof value === "string") return value.length > 10 ? this.#known(value, value) : value;
    if (typeof value !== "object" || value === null || depth > deepest) return value;
    const json = JSON.stringify(value);
    const known = this.#known(json, value);
    if (known !== value) return known;
    const made = this.#partsOf(value, depth + 1);
    if (json.length <= longestText) this.#lately[slotOf(json)] = { json, value: made };
    return made;
  }

  #partsOf(value: object, depth: number): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#shared(item, depth));
    // a copy is laid out as the object is; one that grows field by field takes more
    const parts: Record<string, unknown> = { ...value };
    for (const name of Object.keys(parts)) parts[name] = this.#shared(parts[name], depth);
    return parts;
  }

  /** What is remembered with the same JSON, or text; else the value, which is from now on. */
  #known(text: string, value: unknown): unknown {
    if (text.length > longestText) return value;
    const slot = slotOf(text);
    const known = this.#lately[slot];
    if (known?.json === text && typeof known.value === typeof value) return known.value;
    this.#lately[slot] = { json: text, value };
    return value;
  }
}

/** FNV-1a */
function slotOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % slots;
}
