/** What extends the API: APIService as gitops-engine judges it, CustomResourceDefinition as the script of Argo CD 3.5. */
import type { Health } from "../../argo/health.js";
import type { LiveObject } from "../../kube/object.js";
import { health } from "./health.js";

interface Extension extends LiveObject {
  status?: { conditions?: { type: string; status?: string; reason?: string; message?: string }[] };
}

export function apiServiceHealth(object: LiveObject): Health {
  const available = (object as Extension).status?.conditions?.find(({ type }) => type === "Available");
  if (!available) return health("Progressing", "Waiting to be processed");
  const { status, reason = "", message = "" } = available;
  return health(status === "True" ? "Healthy" : "Progressing", `${reason}: ${message}`);
}

/** The first condition, in the order written, that says something bad decides. */
export function customResourceDefinitionHealth(object: LiveObject): Health {
  const { conditions = [] } = (object as Extension).status ?? {};
  if (conditions.length === 0) return health("Progressing", "Status conditions not found");
  for (const { type, status, reason, message = "" } of conditions) {
    if (type === "Terminating" && status === "True")
      return health("Progressing", `CRD is terminating: ${message}`);
    if (type === "NamesAccepted" && status === "False")
      return health("Degraded", `CRD names have not been accepted: ${message}`);
    if (type === "NonStructuralSchema" && status === "True")
      return health("Degraded", `Schema violations found: ${message}`);
    if (type !== "Established" || status === "True") continue;
    if (reason === "InvalidCABundle") return health("Degraded", `CRD is not established: ${message}`);
    if (reason === "Installing") return health("Progressing", "CRD is being installed");
  }
  const established = conditions.some(({ type, status }) => type === "Established" && status === "True");
  return established ? health("Healthy", "CRD is healthy") : health("Progressing", "CRD is not established");
}
