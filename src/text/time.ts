const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Milliseconds since 1970 of a moment as Kubernetes writes it (RFC 3339); undefined for anything else. What is taken here every
 * reader of Kubernetes' times takes, Argo CD too, which refuses a whole list for one that it cannot read.
 */
export function parseTime(text: unknown): number | undefined {
  const wall = typeof text === "string" ? rfc3339.exec(text)?.[1] : undefined;
  // a day or an hour that there is not would be taken for the next one
  if (wall === undefined || new Date(`${wall}Z`).toJSON()?.slice(0, 19) !== wall) return undefined;
  return Date.parse(text as string);
}

/** A moment as Kubernetes writes it, without fractions of a second: "2026-11-21T10:00:00Z". */
export function kubeTime(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, "Z");
}
