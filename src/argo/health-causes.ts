import { Application, type ResourceStatus } from "./application.js";
import type { HealthCode } from "./health.js";

const mostCauses = 3;

/**
 * Where the health of an Application comes from, in Argo CD's words (`formatHealthCauses` of controller/health.go, 3.6): "Caused by
 * apps/Deployment:shop/web". Undefined where it has none.
 */
export function causesOf(health: HealthCode, resources: readonly ResourceStatus[]): string | undefined {
  // it is Missing for want of all of them
  if (health === "Healthy" || health === "Missing") return undefined;
  const causes = resources.filter((one) => one.health?.status === health && counts(one));
  if (causes.length === 0) return undefined;
  const more = causes.length > mostCauses ? ` and ${causes.length - mostCauses} more` : "";
  return `Caused by ${causes.slice(0, mostCauses).map(nameOf).join(", ")}${more}`;
}

/** An Application within one that nobody has judged yet says nothing of it. */
function counts({ group, kind, health }: ResourceStatus): boolean {
  const isApplication = group === Application.group && kind === Application.kind;
  return !(isApplication && health?.status === "Unknown");
}

function nameOf({ group, kind, namespace, name }: ResourceStatus): string {
  return `${group ? `${group}/` : ""}${kind}:${namespace ? `${namespace}/` : ""}${name}`;
}
