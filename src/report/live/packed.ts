import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { LiveObject } from "../../kube/object.js";
import { groupKindOf, idOf, type ObjectId } from "../../kube/object-id.js";

/**
 * A whole object, small in memory: what is only looked at when its diff is made. It is a text whose letters are the compressed
 * bytes: the Buffer that zlib answers keeps all of the 16 kB that were set aside for it.
 */
export type Packed = string;

// fast rather than small: every change of an object packs it anew
const level = 1;

/** How far back the compressed bytes can refer. */
const longestModel = 32 * 1024;

const nothing = Buffer.alloc(0);

/**
 * Packs each object as what the first one of its kind does not have: those of a kind have the same fields and the same managers,
 * and often much else. So a Deployment takes 300 bytes, where it would take 2,000 by itself.
 */
export class Packer {
  /** JSON by `groupKindOf()`; never replaced, or what was packed by it could not be unpacked */
  readonly #models = new Map<string, Buffer>();

  pack(object: LiveObject): Packed {
    const json = Buffer.from(JSON.stringify(object));
    const dictionary = this.#modelOf(idOf(object));
    if (dictionary === nothing) this.#models.set(groupKindOf(idOf(object)), json.subarray(0, longestModel));
    return deflateRawSync(json, { level, dictionary }).toString("latin1");
  }

  /** The object, and how long it is as JSON. */
  unpack(packed: Packed, kind: Pick<ObjectId, "group" | "kind">): { object: LiveObject; bytes: number } {
    const json = inflateRawSync(Buffer.from(packed, "latin1"), { dictionary: this.#modelOf(kind) });
    return { object: JSON.parse(json.toString("utf8")) as LiveObject, bytes: json.length };
  }

  #modelOf(kind: Pick<ObjectId, "group" | "kind">): Buffer {
    return this.#models.get(groupKindOf(kind)) ?? nothing;
  }
}
