const rfc3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-([0-2]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Milliseconds since 1970 of a moment as Kubernetes writes it (RFC 3339); undefined for anything else. What is taken here every
 * reader of Kubernetes' times takes, Argo CD too, which refuses a whole list for one that it cannot read.
 */
export function parseTime(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const day = rfc3339.exec(text)?.[1];
  if (day === undefined || day === "00") return undefined;
  // a day that a month does not have would be taken for the next one
  if (day > "28" && new Date(text.slice(0, 10)).toJSON()?.slice(8, 10) !== day) return undefined;
  return Date.parse(text);
}

/** A moment as Kubernetes writes it, without fractions of a second: "2026-11-21T10:00:00Z". */
export function kubeTime(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, "Z");
}
