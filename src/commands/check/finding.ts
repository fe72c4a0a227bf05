/**
 * Everything that `flamingo check` can find, by an id that stays. `docs/findings.md` says of each what it means, how it hurts
 * and what to do; a test compares the two.
 */
export const severityOf = {
  "not-checked": "warning",
  "no-right": "error",
  "kubernetes-too-old": "warning",
  "flux-missing": "error",
  "flux-version-unknown": "warning",
  "flux-contradiction": "warning",
  "flux-not-ready": "error",
  "argocd-missing": "error",
  "argocd-several": "warning",
  "argocd-version-unknown": "warning",
  "argocd-newer": "warning",
  "argocd-too-old": "error",
  "argocd-contradiction": "warning",
  "argocd-not-ready": "error",
  "loopback-not-ready": "error",
  "image-unknown": "warning",
  "image-does-not-show": "error",
  "image-shows-no-children": "warning",
  "image-shows-no-source": "warning",
  "open-advisories": "warning",
  "fsa-on-stock": "error",
  "loopback-on-old-argocd": "error",
  "loopback-not-running": "error",
  "skip-reconcile-lost": "error",
  "application-not-admitted": "error",
  "own-cluster-disabled": "error",
  impersonation: "warning",
  "application-duplicate": "warning",
  "workload-missing": "error",
  "source-missing": "error",
  "source-private": "warning",
  "double-management": "error",
  "named-like-release": "warning",
  "suspended-long": "warning",
  "cluster-secret-duplicate": "error",
} as const satisfies Record<string, Severity>;

export type Severity = "error" | "warning";

export type FindingId = keyof typeof severityOf;

/** One problem, as `-o json` has it. */
export interface Finding {
  id: FindingId;
  severity: Severity;
  /** what it is about; null for the cluster as a whole */
  object: FoundObject | null;
  /** what is wrong, a sentence without a full stop */
  why: string;
  /** what to do about it, likewise */
  remedy: string;
}

export interface FoundObject {
  kind: string;
  /** null for cluster-scoped kinds */
  namespace: string | null;
  name: string;
}

export function finding(
  id: FindingId,
  object: FoundObject | null,
  { why, remedy }: Pick<Finding, "why" | "remedy">,
): Finding {
  return { id, severity: severityOf[id], object, why, remedy };
}

/** Errors first, then in the order of {@link severityOf}, then by object. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const ids = Object.keys(severityOf);
  const placeOf = ({ object }: Finding) =>
    object ? `${object.kind}|${object.namespace ?? ""}|${object.name}` : "";
  return findings.toSorted(
    (a, b) =>
      Number(b.severity === "error") - Number(a.severity === "error") ||
      ids.indexOf(a.id) - ids.indexOf(b.id) ||
      compare(placeOf(a), placeOf(b)),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
