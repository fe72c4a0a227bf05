import type { Health, HealthCode } from "../../argo/health.js";
import type { LiveObject } from "../../kube/object.js";
import { health } from "./health.js";

interface PersistentVolumeClaim extends LiveObject {
  status?: { phase?: string };
}

const byPhase: Readonly<Record<string, HealthCode>> = {
  Lost: "Degraded",
  Pending: "Progressing",
  Bound: "Healthy",
};

/** A PersistentVolumeClaim (v1) as gitops-engine judges it (Argo CD 2.8 to 3.5). */
export function persistentVolumeClaimHealth(object: LiveObject): Health {
  return health(byPhase[(object as PersistentVolumeClaim).status?.phase ?? ""] ?? "Unknown");
}
