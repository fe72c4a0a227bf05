/**
 * How far any object is, by the rules of kstatus (sigs.k8s.io/cli-utils `pkg/kstatus/status`, 2025), by which Flux and Helm
 * wait, too. Pure.
 */
import type { KubeObject } from "./object.js";
import { groupKindOf, idOf } from "./object-id.js";
import {
  abnormalityOf,
  conditionsOf,
  conventionalReadiness,
  current,
  failed,
  findCondition,
  inProgress,
  type Readiness,
} from "./readiness.js";

export interface Kstatus {
  status: Readiness["status"] | "Terminating" | "NotFound";
  message: string | undefined;
}

/**
 * How far an object is; NotFound when there is none. What follows no convention and has no rule of its own, such as a
 * ConfigMap, is Current as soon as it is there.
 */
export function kstatusOf(object: KubeObject | undefined): Kstatus {
  if (object === undefined) return { status: "NotFound", message: "it does not exist" };
  const { metadata } = object;
  if (metadata.deletionTimestamp) return { status: "Terminating", message: terminationOf(metadata) };
  const rule = rules.get(groupKindOf(idOf(object)));
  if (rule) return abnormalityOf(object) ?? rule(object);
  return conventionalReadiness(object) ?? current();
}

function terminationOf({ finalizers = [] }: KubeObject["metadata"]): string {
  return finalizers.length === 0 ? "it is being deleted" : `it is held by ${finalizers.join(", ")}`;
}

/** The fields of built-in kinds that the rules look at; the API server sees to their types. */
interface BuiltIn extends KubeObject {
  spec?: {
    type?: string;
    clusterIP?: string;
    replicas?: number;
    progressDeadlineSeconds?: number;
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
  };
  status?: {
    phase?: string;
    message?: string;
    startTime?: string;
    observedGeneration?: number;
    replicas?: number;
    currentReplicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    fullyLabeledReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    desiredNumberScheduled?: number;
    currentNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberAvailable?: number;
    numberReady?: number;
    containerStatuses?: { name: string; state?: { waiting?: { reason?: string } } }[];
  };
}

/** By {@link groupKindOf}. */
const rules: ReadonlyMap<string, (object: BuiltIn) => Readiness> = new Map([
  ["apps/Deployment", deployment],
  ["apps/ReplicaSet", replicaSet],
  ["apps/StatefulSet", statefulSet],
  ["apps/DaemonSet", daemonSet],
  ["batch/Job", job],
  ["/Pod", pod],
  ["/PersistentVolumeClaim", persistentVolumeClaim],
  ["/Service", service],
  ["apiextensions.k8s.io/CustomResourceDefinition", customResourceDefinition],
  ["apiregistration.k8s.io/APIService", apiService],
]);

/** What the Deployment controller takes for "no deadline": then it says nothing of progress. */
const noDeadline = 2 ** 31 - 1;

function deployment(object: BuiltIn): Readiness {
  const { replicas: wanted = 1, progressDeadlineSeconds = noDeadline } = object.spec ?? {};
  const { replicas, updatedReplicas, availableReplicas, readyReplicas } = object.status ?? {};
  const progressing = findCondition(object, "Progressing");
  const available = findCondition(object, "Available");
  if (progressing?.reason === "ProgressDeadlineExceeded") return failed(progressing.message);
  const isRolledOut = progressing?.status === "True" && progressing.reason === "NewReplicaSetAvailable";
  return (
    tooFew(replicas, wanted, "replicas created") ??
    tooFew(updatedReplicas, wanted, "replicas updated") ??
    tooMany(replicas, wanted) ??
    tooFew(availableReplicas, updatedReplicas, "replicas available") ??
    tooFew(readyReplicas, wanted, "replicas ready") ??
    (isRolledOut || progressDeadlineSeconds === noDeadline ? undefined : inProgress(progressing?.message)) ??
    (available?.status === "True" ? current() : inProgress(available?.message))
  );
}

function replicaSet(object: BuiltIn): Readiness {
  const { replicas: wanted = 1 } = object.spec ?? {};
  const { replicas, fullyLabeledReplicas, availableReplicas, readyReplicas } = object.status ?? {};
  const failure = findCondition(object, "ReplicaFailure");
  if (failure?.status === "True") return inProgress(failure.message);
  return (
    tooFew(fullyLabeledReplicas, wanted, "replicas labelled") ??
    tooFew(availableReplicas, wanted, "replicas available") ??
    tooFew(readyReplicas, wanted, "replicas ready") ??
    tooMany(replicas, wanted) ??
    current()
  );
}

/** With OnDelete somebody else decides when its Pods are replaced; a partition leaves some of them as they are. */
function statefulSet({ spec = {}, status = {} }: BuiltIn): Readiness {
  const { replicas: wanted = 1, updateStrategy } = spec;
  if (updateStrategy?.type === "OnDelete") return current();
  const counted =
    tooFew(status.replicas, wanted, "replicas created") ??
    tooFew(status.readyReplicas, wanted, "replicas ready") ??
    tooMany(status.replicas, wanted);
  if (counted) return counted;
  const partition = updateStrategy?.rollingUpdate?.partition;
  if (partition !== undefined) {
    return tooFew(status.updatedReplicas, wanted - partition, "replicas updated") ?? current();
  }
  const { currentRevision = "", updateRevision = "" } = status;
  return (
    tooFew(status.currentReplicas, wanted, "replicas current") ??
    (currentRevision === updateRevision
      ? current()
      : inProgress(`it is on its way from ${currentRevision} to ${updateRevision}`))
  );
}

function daemonSet({ metadata, status = {} }: BuiltIn): Readiness {
  const { desiredNumberScheduled: wanted } = status;
  if (!metadata.generation || !status.observedGeneration || wanted === undefined) {
    return inProgress("its controller has not seen it yet");
  }
  return (
    tooFew(status.currentNumberScheduled, wanted, "Pods scheduled") ??
    tooFew(status.updatedNumberScheduled, wanted, "Pods updated") ??
    tooFew(status.numberAvailable, wanted, "Pods available") ??
    tooFew(status.numberReady, wanted, "Pods ready") ??
    current()
  );
}

/** Current as soon as it runs, not when it has ended well. */
function job(object: BuiltIn): Readiness {
  for (const { type, status, message } of conditionsOf(object)) {
    if (status !== "True") continue;
    if (type === "Complete" || type === "Suspended") return current(message);
    if (type === "Failed") return failed(message);
  }
  return object.status?.startTime ? current() : inProgress("it has not started");
}

/**
 * Current is one that has ended badly, too: nothing more happens to it. One that finds no Node stays InProgress; kstatus calls
 * it Failed after 15 seconds, for which it takes a clock.
 */
function pod(object: BuiltIn): Readiness {
  const { phase = "", message, containerStatuses = [] } = object.status ?? {};
  if (phase === "Succeeded" || phase === "Failed") return current(message);
  const ready = findCondition(object, "Ready");
  if (phase === "Running" && ready?.status === "True") return current();
  const crashing = containerStatuses.filter(({ state }) => state?.waiting?.reason === "CrashLoopBackOff");
  if (phase === "Running" && crashing.length > 0) {
    return failed(`CrashLoopBackOff: ${crashing.map(({ name }) => name).join(", ")}`);
  }
  return inProgress(findCondition(object, "PodScheduled")?.message ?? ready?.message ?? message);
}

function persistentVolumeClaim({ status }: BuiltIn): Readiness {
  return status?.phase === "Bound" ? current() : inProgress(`its phase is ${status?.phase ?? "not known"}`);
}

/** One that waits for the address of a load balancer is Current. */
function service({ spec }: BuiltIn): Readiness {
  return spec?.type === "LoadBalancer" && !spec.clusterIP ? inProgress("it has no cluster IP") : current();
}

function customResourceDefinition(object: BuiltIn): Readiness {
  for (const { type, status, reason, message } of conditionsOf(object)) {
    if (type === "NamesAccepted" && status === "False") return failed(message);
    if (type !== "Established") continue;
    if (status === "True") return current();
    if (status === "False" && reason !== "Installing") return failed(message);
  }
  return inProgress("it is not established");
}

/** kstatus has no rule for it, and calls one Current that nobody answers for. */
function apiService(object: BuiltIn): Readiness {
  const available = findCondition(object, "Available");
  return available?.status === "True" ? current() : inProgress(available?.message);
}

function tooFew(
  have: number | undefined = 0,
  wanted: number | undefined = 0,
  what: string,
): Readiness | undefined {
  return have < wanted ? inProgress(`${have} of ${wanted} ${what}`) : undefined;
}

function tooMany(have: number | undefined = 0, wanted: number): Readiness | undefined {
  return have > wanted ? inProgress(`${have - wanted} replicas have to go`) : undefined;
}
