/** Service (v1) and Ingress, as gitops-engine judges them (Argo CD 2.8 to 3.5). */
import type { Health } from "../../argo/health.js";
import type { LiveObject } from "../../kube/object.js";
import { health } from "./health.js";

interface Balanced extends LiveObject {
  spec?: { type?: string };
  status?: { loadBalancer?: { ingress?: object[] } };
}

export function serviceHealth(object: LiveObject): Health {
  return (object as Balanced).spec?.type === "LoadBalancer" ? ingressHealth(object) : health("Healthy");
}

/** Healthy once somebody gave it an address. */
export function ingressHealth(object: LiveObject): Health {
  const addresses = (object as Balanced).status?.loadBalancer?.ingress ?? [];
  return health(addresses.length > 0 ? "Healthy" : "Progressing");
}
