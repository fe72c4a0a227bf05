import { createHash } from "node:crypto";

/** One checksum of objects in their order, whatever the order of the fields in them. */
export function checksumOf(objects: readonly unknown[]): string {
  return createHash("sha256")
    .update(JSON.stringify(objects.map(sorted)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
