import type { Health } from "../../argo/health.js";
import type { LiveObject } from "../../kube/object.js";
import { health } from "./health.js";

interface PodDisruptionBudget extends LiveObject {
  status?: { conditions?: { status?: string; reason?: string }[] };
}

/** A PodDisruptionBudget as the health script of Argo CD 3.5 judges it; too few pods may be meant so. */
export function disruptionBudgetHealth(object: LiveObject): Health {
  const { conditions = [] } = (object as PodDisruptionBudget).status ?? {};
  const last = conditions.at(-1);
  if (!last) return health("Progressing", "Waiting for status");
  const bad = conditions.find(({ status, reason }) => status === "False" && reason !== "InsufficientPods");
  const { reason = "" } = bad ?? last;
  return health(bad ? "Degraded" : "Healthy", `PodDisruptionBudget has ${reason}`);
}
