/** Pieces of CEL, the language of admission policies, about objects of any kind. Pure. */

export interface Validation {
  /** what is let through: the end of a sentence */
  only: string;
  /** in CEL */
  expression: string;
}

export function allOf(...expressions: readonly string[]): string {
  return expressions.join(" && ");
}

export function list(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text}'`).join(", ")}]`;
}

/** A map or list of metadata, empty where it is missing, or the object is: `object` at a deletion, `oldObject` at a creation. */
export function ofMetadata(object: "object" | "oldObject", field: string, empty: "{}" | "[]"): string {
  return `${object} == null ? ${empty} : ${object}.metadata.?${field}.orValue(${empty})`;
}

export function hasEntry(map: string, key: string, value: string): string {
  return `('${key}' in ${map} && ${map}['${key}'] == '${value}')`;
}

/** Two maps are the same but for some keys, whatever keys there are. */
export function sameBut(after: string, before: string, keys: readonly string[]): string {
  return allOf(
    `${after}.all(key, key in ${list(keys)} || (key in ${before} && ${after}[key] == ${before}[key]))`,
    `${before}.all(key, key in ${list(keys)} || key in ${after})`,
  );
}

export function onUpdate(...expressions: readonly string[]): string {
  return `request.operation != 'UPDATE' || (${allOf(...expressions)})`;
}
