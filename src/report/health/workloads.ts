/** Deployment, ReplicaSet, DaemonSet and StatefulSet of apps/v1, as gitops-engine judges them (Argo CD 2.8 to 3.6). */
import type { Health } from "../../argo/health.js";
import type { LiveObject } from "../../kube/object.js";
import { health } from "./health.js";

interface Rollout extends LiveObject {
  spec?: {
    paused?: boolean;
    replicas?: number;
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    desiredNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberAvailable?: number;
    conditions?: { type: string; status?: string; reason?: string; message?: string }[];
  };
}

const progressing = (message: string) => health("Progressing", message);

export function deploymentHealth(object: LiveObject): Health {
  const { metadata, spec = {}, status = {} } = object as Rollout;
  if (spec.paused) return health("Suspended", "Deployment is paused");
  if (isUnobserved(object)) return progressing(unobserved("deployment"));
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status;
  const rollout = status.conditions?.find(({ type }) => type === "Progressing");
  if (rollout?.reason === "ProgressDeadlineExceeded") {
    return health("Degraded", `Deployment ${JSON.stringify(metadata.name)} exceeded its progress deadline`);
  }
  if (spec.replicas !== undefined && updatedReplicas < spec.replicas) {
    return progressing(
      `Waiting for rollout to finish: ${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`,
    );
  }
  if (replicas > updatedReplicas) {
    return progressing(
      `Waiting for rollout to finish: ${replicas - updatedReplicas} old replicas are pending termination...`,
    );
  }
  if (availableReplicas < updatedReplicas) {
    return progressing(
      `Waiting for rollout to finish: ${availableReplicas} of ${updatedReplicas} updated replicas are available...`,
    );
  }
  return health("Healthy");
}

export function replicaSetHealth(object: LiveObject): Health {
  const { spec = {}, status = {} } = object as Rollout;
  if (isUnobserved(object)) return progressing(unobserved("replica set"));
  const failure = status.conditions?.find(({ type }) => type === "ReplicaFailure");
  if (failure?.status === "True") return health("Degraded", failure.message);
  const { availableReplicas = 0 } = status;
  if (spec.replicas !== undefined && availableReplicas < spec.replicas) {
    return progressing(
      `Waiting for rollout to finish: ${availableReplicas} out of ${spec.replicas} new replicas are available...`,
    );
  }
  return health("Healthy");
}

export function daemonSetHealth(object: LiveObject): Health {
  const { metadata, spec = {}, status = {} } = object as Rollout;
  if (isUnobserved(object)) return progressing(unobserved("daemon set"));
  const { desiredNumberScheduled: desired = 0, updatedNumberScheduled: updated = 0 } = status;
  const { numberAvailable: available = 0 } = status;
  if (spec.updateStrategy?.type === "OnDelete") {
    return health("Healthy", `daemon set ${updated} out of ${desired} new pods have been updated`);
  }
  const waiting = `Waiting for daemon set ${JSON.stringify(metadata.name)} rollout to finish:`;
  if (updated < desired)
    return progressing(`${waiting} ${updated} out of ${desired} new pods have been updated...`);
  if (available < desired)
    return progressing(`${waiting} ${available} of ${desired} updated pods are available...`);
  return health("Healthy");
}

export function statefulSetHealth(object: LiveObject): Health {
  const { spec = {}, status = {} } = object as Rollout;
  if (!status.observedGeneration || isUnobserved(object)) {
    return progressing("Waiting for statefulset spec update to be observed...");
  }
  const { readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = status;
  const { currentRevision = "", updateRevision = "" } = status;
  const { replicas, updateStrategy = {} } = spec;
  if (replicas !== undefined && readyReplicas < replicas) {
    return progressing(`Waiting for ${replicas - readyReplicas} pods to be ready...`);
  }
  if (updateStrategy.type === "RollingUpdate" && updateStrategy.rollingUpdate) {
    const { partition } = updateStrategy.rollingUpdate;
    const wanted = partition === undefined ? 0 : (replicas ?? 0) - partition;
    if (replicas !== undefined && updatedReplicas < wanted) {
      return progressing(
        `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${wanted} new pods have been updated...`,
      );
    }
    return health(
      "Healthy",
      `partitioned roll out complete: ${updatedReplicas} new pods have been updated...`,
    );
  }
  if (updateStrategy.type === "OnDelete")
    return health("Healthy", `statefulset has ${readyReplicas} ready pods`);
  if (updateRevision !== currentRevision) {
    return progressing(
      `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`,
    );
  }
  return health(
    "Healthy",
    `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`,
  );
}

function isUnobserved(object: LiveObject): boolean {
  return (object.metadata.generation ?? 0) > ((object as Rollout).status?.observedGeneration ?? 0);
}

function unobserved(what: string): string {
  return `Waiting for rollout to finish: observed ${what} generation less than desired generation`;
}
