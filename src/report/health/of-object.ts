import type { Health, HealthCode } from "../../argo/health.js";
import { saysAsFlux } from "../../flux/groups.js";
import { fluxReadiness } from "../../flux/readiness.js";
import { idleBecause } from "../../flux/suspension.js";
import type { LiveObject } from "../../kube/object.js";
import { groupKindOf, groupOf, isOwnGroup } from "../../kube/object-id.js";
import { conventionalReadiness } from "../../kube/readiness.js";
import { redact } from "../../redact.js";
import { apiServiceHealth, customResourceDefinitionHealth } from "./api.js";
import { autoscalerHealth } from "./autoscaling.js";
import { canaryHealth } from "./canary.js";
import { health, healthOfReadiness } from "./health.js";
import { cronJobHealth, jobHealth } from "./jobs.js";
import { podHealth } from "./pod.js";
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from "./workloads.js";

/** By {@link groupKindOf}: the kinds that Argo CD judges in its code (gitops-engine). */
const rulesInCode: ReadonlyMap<string, (object: LiveObject) => Health> = new Map([
  ["apps/Deployment", deploymentHealth],
  ["apps/ReplicaSet", replicaSetHealth],
  ["apps/DaemonSet", daemonSetHealth],
  ["apps/StatefulSet", statefulSetHealth],
  ["/Pod", podHealth],
  ["/Service", serviceHealth],
  ["/PersistentVolumeClaim", persistentVolumeClaimHealth],
  ["batch/Job", jobHealth],
  ["networking.k8s.io/Ingress", ingressHealth],
  ["extensions/Ingress", ingressHealth],
  ["autoscaling/HorizontalPodAutoscaler", autoscalerHealth],
  ["apiregistration.k8s.io/APIService", apiServiceHealth],
]);

/** Those that Argo CD itself judges, there or by its scripts. */
const rules: ReadonlyMap<string, (object: LiveObject) => Health> = new Map([
  ...rulesInCode,
  ["batch/CronJob", cronJobHealth],
  ["policy/PodDisruptionBudget", disruptionBudgetHealth],
  ["apiextensions.k8s.io/CustomResourceDefinition", customResourceDefinitionHealth],
  ["flagger.app/Canary", canaryHealth],
]);

/** Whether objects of a kind can be well or ill at all: ConfigMaps are neither. */
export function hasHealth({ group, kind }: { group: string; kind: string }): boolean {
  return rules.has(groupKindOf({ group, kind })) || !isOwnGroup(group);
}

/** Whether Argo CD's code says how objects of a kind are: not a script of its own. */
export function isJudgedInCode(id: { group: string; kind: string }): boolean {
  return rulesInCode.has(groupKindOf(id));
}

/** Argo CD puts it on its own hooks, which take their time to go. */
const hookFinalizer = "argocd.argoproj.io/hook-finalizer";

/**
 * How an object is: Argo CD's rule for its kind, Flux's word for Flux's, the conventions of kstatus for other custom
 * resources. Undefined for kinds that are neither well nor ill, such as ConfigMaps.
 */
export function healthOf(object: LiveObject): Health | undefined {
  const { metadata } = object;
  const { finalizers = [] } = metadata;
  if (metadata.deletionTimestamp && !finalizers.includes(hookFinalizer)) {
    const blocked = finalizers.length > 0 ? `; blocked by finalizers: ${finalizers.join(", ")}` : "";
    return health("Progressing", `Pending deletion${blocked}`);
  }
  const group = groupOf(object.apiVersion);
  const rule = rules.get(groupKindOf({ group, kind: object.kind }));
  if (rule) return rule(object);
  if (saysAsFlux(group)) return fluxHealth(object);
  if (!hasHealth({ group, kind: object.kind })) return undefined;
  const readiness = conventionalReadiness(object);
  return readiness && healthOfReadiness(readiness);
}

/**
 * An object of Flux, or of those who extend it, by its controller's own word. Argo CD's scripts count conditions instead and call
 * a HelmRelease with passing tests Degraded. Undefined for objects that Flux gives no status.
 */
function fluxHealth(object: LiveObject): Health | undefined {
  const idle = idleBecause(object);
  if (idle !== undefined) return health("Suspended", `${object.kind} ${idle}`);
  const readiness = fluxReadiness(object);
  return readiness && healthOfReadiness({ ...readiness, message: redact(readiness.message ?? "") });
}

interface Balanced extends LiveObject {
  spec?: { type?: string };
  status?: { loadBalancer?: { ingress?: object[] } };
}

/** A Service or an Ingress, as gitops-engine judges them (Argo CD 2.8 to 3.6). */
function serviceHealth(object: LiveObject): Health {
  return (object as Balanced).spec?.type === "LoadBalancer" ? ingressHealth(object) : health("Healthy");
}

/** Healthy once somebody gave it an address. */
function ingressHealth(object: LiveObject): Health {
  const addresses = (object as Balanced).status?.loadBalancer?.ingress ?? [];
  return health(addresses.length > 0 ? "Healthy" : "Progressing");
}

interface PersistentVolumeClaim extends LiveObject {
  status?: { phase?: string };
}

const byPhase: ReadonlyMap<unknown, HealthCode> = new Map([
  ["Lost", "Degraded"],
  ["Pending", "Progressing"],
  ["Bound", "Healthy"],
]);

/** A PersistentVolumeClaim (v1) as gitops-engine judges it (Argo CD 2.8 to 3.6). */
function persistentVolumeClaimHealth(object: LiveObject): Health {
  return health(byPhase.get((object as PersistentVolumeClaim).status?.phase) ?? "Unknown");
}

interface PodDisruptionBudget extends LiveObject {
  status?: { conditions?: { status?: string; reason?: string }[] };
}

/** A PodDisruptionBudget as the health script of Argo CD 3.5 judges it; too few pods may be meant so. */
function disruptionBudgetHealth(object: LiveObject): Health {
  const { conditions = [] } = (object as PodDisruptionBudget).status ?? {};
  const last = conditions.at(-1);
  if (!last) return health("Progressing", "Waiting for status");
  const bad = conditions.find(({ status, reason }) => status === "False" && reason !== "InsufficientPods");
  const { reason = "" } = bad ?? last;
  return health(bad ? "Degraded" : "Healthy", `PodDisruptionBudget has ${reason}`);
}
