/** What a field must be: a text, true or false, a map with (at least) these fields, or a list of such. */
export type Shape = "text" | "switch" | { readonly [field: string]: Shape } | readonly [Shape];

/**
 * The first thing in which a value differs from its shape, as the end of a sentence; fields that are not there are fine.
 *
 * @param field how the value is called: "spec.ref.tag"
 */
export function misfit(value: unknown, shape: Shape, field: string): string | undefined {
  const problem = misfitOf(value, shape);
  return problem && field + problem;
}

/** What follows the name of the field: ".tag is no text", " is no list". */
function misfitOf(value: unknown, shape: Shape): string | undefined {
  if (value === undefined) return undefined;
  if (shape === "text") return misfitOfText(value);
  if (shape === "switch") return typeof value === "boolean" ? undefined : " is neither true nor false";
  if (isList(shape)) return Array.isArray(value) ? misfitOfItems(value, shape[0]) : " is no list";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return " is no map";
  return misfitOfFields(value as Record<string, unknown>, shape);
}

function misfitOfItems(items: readonly unknown[], shape: Shape): string | undefined {
  for (const [index, item] of items.entries()) {
    const problem = misfitOf(item ?? "", shape);
    if (problem) return `[${index}]${problem}`;
  }
  return undefined;
}

function misfitOfFields(
  fields: Readonly<Record<string, unknown>>,
  shape: Readonly<Record<string, Shape>>,
): string | undefined {
  for (const [key, inner] of Object.entries(shape)) {
    const problem = Object.hasOwn(fields, key) ? misfitOf(fields[key], inner) : undefined;
    if (problem) return `.${key}${problem}`;
  }
  return undefined;
}

/** YAML reads `tag: 1.10` as the number 1.1, and SOPS leaves a cipher where the text was. */
function misfitOfText(value: unknown): string | undefined {
  if (typeof value === "object") return " is no text";
  if (typeof value !== "string")
    return ` is ${String(value)}, which YAML takes for a ${typeof value}: quote it`;
  return value.startsWith("ENC[") ? " is encrypted by SOPS: decrypt the file first" : undefined;
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
