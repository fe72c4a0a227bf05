/** What a field must be: a text, true or false, a map with (at least) these fields, or a list of such. */
export type Shape = "text" | "switch" | { readonly [field: string]: Shape } | readonly [Shape];

/**
 * The first thing in which a value differs from its shape, as the end of a sentence; fields that are not there are fine.
 *
 * @param field how the value is called: "spec.ref.tag"
 */
export function misfit(value: unknown, shape: Shape, field: string): string | undefined {
  if (value === undefined) return undefined;
  if (shape === "text") return misfitOfText(value, field);
  if (shape === "switch")
    return typeof value === "boolean" ? undefined : `${field} is neither true nor false`;
  if (isList(shape)) {
    if (!Array.isArray(value)) return `${field} is no list`;
    return first(value.map((item, index) => [item ?? "", shape[0], `${field}[${index}]`]));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `${field} is no map`;
  const fields = value as Record<string, unknown>;
  return first(
    Object.entries(shape).map(([key, inner]) => [
      Object.hasOwn(fields, key) ? fields[key] : undefined,
      inner,
      `${field}.${key}`,
    ]),
  );
}

/** YAML reads `tag: 1.10` as the number 1.1, and SOPS leaves a cipher where the text was. */
function misfitOfText(value: unknown, field: string): string | undefined {
  if (typeof value === "object") return `${field} is no text`;
  if (typeof value !== "string") {
    return `${field} is ${String(value)}, which YAML takes for a ${typeof value}: quote it`;
  }
  return value.startsWith("ENC[") ? `${field} is encrypted by SOPS: decrypt the file first` : undefined;
}

function first(fields: readonly (readonly [unknown, Shape, string])[]): string | undefined {
  for (const [value, shape, field] of fields) {
    const problem = misfit(value, shape, field);
    if (problem) return problem;
  }
  return undefined;
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
