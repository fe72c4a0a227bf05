import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { LiveObject } from "../../kube/object.js";

/**
 * A whole object, small in memory: what is only looked at when its diff is made. It is a text whose letters are the compressed
 * bytes: the Buffer that zlib answers keeps all of the 16 kB that were set aside for it.
 */
export type Packed = string;

// fast rather than small: every change of an object packs it anew
const level = 1;

export function pack(object: LiveObject): Packed {
  return deflateRawSync(JSON.stringify(object), { level }).toString("latin1");
}

/** The object, and how long it is as JSON. */
export function unpack(packed: Packed): { object: LiveObject; bytes: number } {
  const json = inflateRawSync(Buffer.from(packed, "latin1"));
  return { object: JSON.parse(json.toString("utf8")) as LiveObject, bytes: json.length };
}
