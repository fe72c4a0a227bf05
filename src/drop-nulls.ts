/** Drops fields whose value is null, as the API server does it: `ref:` with nothing below it is no ref. */
export function dropNulls(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (field === null && !Array.isArray(value)) delete fields[key];
    else if (typeof field === "object") dropNulls(field, seen);
  }
}
