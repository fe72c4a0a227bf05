/**
 * The few words of DER (ITU-T X.690) that an X.509 certificate is written in; Node can read certificates but not
 * make them. Each function answers one encoded value.
 */

const tags = { boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, utf8: 0x0c };

function value(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const lengthBytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | lengthBytes.length]), lengthBytes, content]);
}

export const sequence = (...items: Buffer[]): Buffer => value(0x30, Buffer.concat(items));
export const set = (...items: Buffer[]): Buffer => value(0x31, Buffer.concat(items));
export const boolean = (is: boolean): Buffer => value(tags.boolean, Buffer.from([is ? 0xff : 0]));
/** `bytes` is taken as a positive number. */
export const integer = (bytes: Buffer): Buffer =>
  value(tags.integer, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));
export const octetString = (content: Buffer): Buffer => value(tags.octetString, content);
export const bitString = (content: Buffer, unusedBits = 0): Buffer =>
  value(tags.bitString, Buffer.concat([Buffer.from([unusedBits]), content]));
export const utf8 = (text: string): Buffer => value(tags.utf8, Buffer.from(text));
/** `[number]` around something: a field that is known by its number. */
export const explicit = (number: number, content: Buffer): Buffer => value(0xa0 | number, content);
/** `[number]` in place of the type's own tag, of a plain value. */
export const implicit = (number: number, content: Buffer): Buffer => value(0x80 | number, content);

/** UTCTime until 2049 and GeneralizedTime after it, as RFC 5280 4.1.2.5 wants. */
export function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/\.\d+|[-:T]/g, "")}`;
  return date.getUTCFullYear() < 2050
    ? value(0x17, Buffer.from(digits.slice(2)))
    : value(0x18, Buffer.from(digits));
}

/** @example oid("2.5.4.3") */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest.flatMap(base128)];
  return value(tags.oid, Buffer.from(bytes));
}

function base128(number: number): number[] {
  const bytes = [number & 0x7f];
  for (let left = number >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}
