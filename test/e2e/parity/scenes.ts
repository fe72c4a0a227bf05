import type { LiveObject } from "../../../src/kube/object.js";
import type { Place } from "./place.js";

/** Objects in a state: those of `NAME.yaml` beside this file, and what becomes of them beyond what a cluster does by itself. */
export interface Scene {
  /** before anything is applied */
  before?(place: Place): Promise<unknown>;
  /** when all is applied */
  after?(place: Place): Promise<unknown>;
  /** Argo CD's word for each object that it has one for, by "KIND/NAME": what the scene is there for */
  health: Readonly<Record<string, string>>;
}

export const scenes: Readonly<Record<string, Scene>> = {
  healthy: {
    before: (place) =>
      Promise.all(["uploads", "data-db-0", "data-cache-0"].map((claim) => provide(place, claim))),
    async after(place) {
      const address = { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } };
      const hostname = { loadBalancer: { ingress: [{ hostname: "lb.example.org", ip: "192.0.2.2" }] } };
      await Promise.all([
        place.say("v1", "Service", "public", address),
        place.say("networking.k8s.io/v1", "Ingress", "web", hostname),
        place.say("networking.k8s.io/v1", "Ingress", "quiet", address),
        place.say(`${place.side}.example.org/v1`, "Widget", "telling", {
          observedGeneration: 1,
          conditions: [{ type: "Ready", status: "True", message: "Widget is up" }],
        }),
        runNow(place, "backup"),
      ]);
    },
    health: {
      "Deployment/web": "Healthy",
      "Deployment/none": "Healthy",
      "StatefulSet/db": "Healthy",
      "StatefulSet/cache": "Healthy",
      "PersistentVolumeClaim/data-cache-0": "Healthy",
      "PersistentVolumeClaim/uploads": "Healthy",
      "DaemonSet/agent": "Healthy",
      "Job/migrate": "Healthy",
      "Job/backup-now": "Healthy",
      "CronJob/report": "Healthy",
      "CronJob/backup": "Healthy",
      "Pod/single": "Healthy",
      "Service/web": "Healthy",
      "Service/db": "Healthy",
      "Service/public": "Healthy",
      "Service/elsewhere": "Healthy",
      "Ingress/web": "Healthy",
      "Ingress/quiet": "Healthy",
      "HorizontalPodAutoscaler/none": "Healthy",
      "HorizontalPodAutoscaler/none-old": "Healthy",
      "PodDisruptionBudget/web": "Healthy",
      "CustomResourceDefinition/widgets.SIDE.example.org": "Healthy",
    },
  },
  progressing: {
    async after(place) {
      await Promise.all([
        place.sayOfPod("starting", "Pending", {
          phase: "Pending",
          initContainerStatuses: [
            container("first", { state: { running: {} }, started: true }),
            container("second", { state: { waiting: { reason: "PodInitializing" } } }),
          ],
          containerStatuses: [container("starting", { state: { waiting: { reason: "PodInitializing" } } })],
        }),
        place.sayOfPod("unready", "Running", { phase: "Running", conditions: notReady }),
        place.sayOfPod("running", "Pending", {
          phase: "Running",
          containerStatuses: [container("running", { state: { running: {} }, ready: true })],
        }),
        newImage(place, "rolling", { nobody: "has-this" }),
        place.delete("v1", "ConfigMap", "going"),
      ]);
    },
    health: {
      "Deployment/waiting": "Progressing",
      "Deployment/starting": "Progressing",
      "Deployment/gated": "Progressing",
      "Deployment/rolling": "Progressing",
      "StatefulSet/waiting": "Progressing",
      "DaemonSet/unready": "Progressing",
      "Job/waiting": "Progressing",
      "Job/running": "Progressing",
      "Service/public": "Progressing",
      "Ingress/public": "Progressing",
      "PersistentVolumeClaim/waiting": "Progressing",
      // too few Pods may be meant so
      "PodDisruptionBudget/waiting": "Healthy",
      "ConfigMap/going": "Progressing",
    },
  },
  degraded: {
    async after(place) {
      const crash = (name: string) => ({
        phase: "Running",
        conditions: notReady,
        containerStatuses: [
          container(name, {
            restartCount: 4,
            state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s restarting" } },
            lastState: { terminated: { exitCode: 2, reason: "Error" } },
          }),
        ],
      });
      await Promise.all([
        place.sayOfPod("crashing", "Running", crash("crashing")),
        place.sayOfPod("crashed", "Running", crash("crashed")),
        place.sayOfPod("imageless", "Pending", {
          phase: "Pending",
          containerStatuses: [
            container("one", { state: { waiting: { reason: "ImagePullBackOff", message: "not found" } } }),
            container("two", { state: { waiting: { reason: "ErrImagePull", message: "no access" } } }),
          ],
        }),
        place.sayOfPod("failed", "Pending", {
          phase: "Failed",
          containerStatuses: [container("failed", { state: { terminated: { exitCode: 3, signal: 9 } } })],
        }),
        place.sayOfPod("evicted", "Running", {
          phase: "Failed",
          reason: "Evicted",
          message: "The node was low on resource: memory",
          containerStatuses: [],
        }),
        place.say("batch/v1", "CronJob", "failing", {
          lastScheduleTime: "2026-01-02T00:00:00Z",
          lastSuccessfulTime: "2026-01-01T00:00:30Z",
        }),
      ]);
    },
    health: {
      "Deployment/late": "Degraded",
      "Deployment/crashing": "Progressing",
      "Deployment/imageless": "Progressing",
      "StatefulSet/crashed": "Progressing",
      "Job/failed": "Degraded",
      "Pod/evicted": "Degraded",
      "Deployment/refused": "Progressing",
      "CronJob/failing": "Degraded",
      "PersistentVolumeClaim/lost": "Degraded",
      "HorizontalPodAutoscaler/blind": "Degraded",
      "HorizontalPodAutoscaler/aimless": "Degraded",
    },
  },
  suspended: {
    health: {
      "Deployment/paused": "Suspended",
      "CronJob/paused": "Healthy",
      "Job/paused": "Suspended",
      "Service/paused": "Healthy",
    },
  },
  missing: {
    async after(place) {
      await Promise.all([
        place.delete("apps/v1", "Deployment", "gone"),
        place.delete("v1", "Service", "gone"),
        place.delete("rbac.authorization.k8s.io/v1", "ClusterRole", `parity:gone:${place.side}`),
        place.delete(
          "apiextensions.k8s.io/v1",
          "CustomResourceDefinition",
          `relics.gone-${place.side}.example.org`,
        ),
      ]);
    },
    health: {
      "Deployment/gone": "Missing",
      "Service/gone": "Missing",
      "ClusterRole/parity:gone:SIDE": "Missing",
      "CustomResourceDefinition/relics.gone-SIDE.example.org": "Missing",
      "Relic/gone": "Missing",
      "Deployment/there": "Healthy",
    },
  },
};

/** A volume that is meant for this claim. */
async function provide(place: Place, claim: string): Promise<void> {
  await place.apply({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `${place.namespace}-${claim}` },
    spec: {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      hostPath: { path: "/nowhere" },
      claimRef: { namespace: place.namespace, name: claim },
    },
  });
}

/** What `kubectl create job --from=cronjob/NAME` makes. */
async function runNow(place: Place, name: string): Promise<void> {
  const cronJob = await place.get("batch/v1", "CronJob", name);
  const { jobTemplate } = cronJob["spec"] as { jobTemplate: { spec: object } };
  const { uid = "" } = cronJob.metadata;
  const job: LiveObject & { spec: object } = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${name}-now`,
      annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name, uid }],
    },
    spec: jobTemplate.spec,
  };
  await place.apply({ ...job });
}

async function newImage(place: Place, name: string, nodeSelector: object): Promise<void> {
  await place.untilPod(name, "Running");
  await place.apply({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { template: { spec: { nodeSelector, containers: [{ name, image: `example.org/${name}:2` }] } } },
  });
}

const notReady = [{ type: "Ready", status: "False" }];

function container(name: string, rest: object): object {
  return { name, image: "example.org/x:1", imageID: "", ready: false, restartCount: 0, ...rest };
}
