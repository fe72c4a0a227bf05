/** A moment as Kubernetes writes it, without fractions of a second: "2026-11-21T10:00:00Z". */
export function kubeTime(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, "Z");
}
