import type { Health } from "../../argo/health.js";
import { isToolkitGroup } from "../../flux/groups.js";
import type { LiveObject } from "../../kube/object.js";
import { groupKindOf, groupOf } from "../../kube/object-id.js";
import { conventionalReadiness } from "../../kube/readiness.js";
import { apiServiceHealth, customResourceDefinitionHealth } from "./api.js";
import { autoscalerHealth } from "./autoscaling.js";
import { disruptionBudgetHealth } from "./disruption.js";
import { fluxHealth } from "./flux.js";
import { health, healthOfReadiness } from "./health.js";
import { cronJobHealth, jobHealth } from "./jobs.js";
import { ingressHealth, serviceHealth } from "./networking.js";
import { podHealth } from "./pod.js";
import { persistentVolumeClaimHealth } from "./storage.js";
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from "./workloads.js";

/** By {@link groupKindOf}: the kinds that Argo CD itself judges. */
const rules: ReadonlyMap<string, (object: LiveObject) => Health> = new Map([
  ["apps/Deployment", deploymentHealth],
  ["apps/ReplicaSet", replicaSetHealth],
  ["apps/DaemonSet", daemonSetHealth],
  ["apps/StatefulSet", statefulSetHealth],
  ["/Pod", podHealth],
  ["/Service", serviceHealth],
  ["/PersistentVolumeClaim", persistentVolumeClaimHealth],
  ["batch/Job", jobHealth],
  ["batch/CronJob", cronJobHealth],
  ["networking.k8s.io/Ingress", ingressHealth],
  ["extensions/Ingress", ingressHealth],
  ["autoscaling/HorizontalPodAutoscaler", autoscalerHealth],
  ["policy/PodDisruptionBudget", disruptionBudgetHealth],
  ["apiregistration.k8s.io/APIService", apiServiceHealth],
  ["apiextensions.k8s.io/CustomResourceDefinition", customResourceDefinitionHealth],
]);

/** Kubernetes' own groups have no dot or are these; what else ends in k8s.io comes from CRDs (Gateway API, snapshots). */
const builtInGroups: ReadonlySet<string> = new Set(
  [
    "admissionregistration apiextensions apiregistration authentication authorization certificates coordination",
    "discovery events flowcontrol.apiserver internal.apiserver networking node rbac.authorization resource scheduling",
    "storage storagemigration",
  ].flatMap((line) => line.split(" ").map((group) => `${group}.k8s.io`)),
);

/** Argo CD puts it on its own hooks, which take their time to go. */
const hookFinalizer = "argocd.argoproj.io/hook-finalizer";

/**
 * How an object is: Argo CD's rule for its kind, Flux's word for Flux's, the conventions of kstatus for other custom
 * resources. Undefined for kinds that are neither well nor ill, such as ConfigMaps.
 */
export function healthOf(object: LiveObject): Health | undefined {
  const { metadata } = object;
  if (metadata.deletionTimestamp && !metadata.finalizers?.includes(hookFinalizer)) {
    return health("Progressing", "Pending deletion");
  }
  const group = groupOf(object.apiVersion);
  const rule = rules.get(groupKindOf({ group, kind: object.kind }));
  if (rule) return rule(object);
  if (isToolkitGroup(group)) return fluxHealth(object);
  if (!group.includes(".") || builtInGroups.has(group)) return undefined;
  const readiness = conventionalReadiness(object);
  return readiness && healthOfReadiness(readiness);
}
