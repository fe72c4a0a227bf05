/** Argo CD's words for how an object is (gitops-engine `pkg/health/health.go`), the best first. */
const fromBestToWorst = ["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"] as const;

export type HealthCode = (typeof fromBestToWorst)[number];

export interface Health {
  status: HealthCode;
  message?: string;
}

/** "Healthy" when there is none. */
export function worstOf(codes: Iterable<HealthCode>): HealthCode {
  let worst = 0;
  for (const code of codes) worst = Math.max(worst, fromBestToWorst.indexOf(code));
  return fromBestToWorst[worst] ?? "Unknown";
}
