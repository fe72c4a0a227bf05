import { expect, test } from "vitest";
import { worstOf } from "../../src/argo/health.js";
import { health } from "../../src/report/health/health.js";
import { healthOf } from "../../src/report/health/of-object.js";
import { object } from "../builders/kube.js";

/** An object of a kind, "VERSION KIND", that Argo CD judges by spec, status and generation. */
function judge(kind: string, body: object): string | undefined {
  const [apiVersion = "", name = ""] = kind.split(" ");
  const health = healthOf(object(apiVersion, name, "apps/x", { metadata: { generation: 2 }, ...body }));
  return health && [health.status, health.message].filter((text) => text !== undefined).join(": ");
}

const observedGeneration = 2;

test.each<[what: string, body: object, health: string]>([
  ["paused", { spec: { paused: true } }, "Suspended: Deployment is paused"],
  [
    "not seen yet",
    { spec: { replicas: 1 }, status: { observedGeneration: 1 } },
    "Progressing: Waiting for rollout to finish: observed deployment generation less than desired generation",
  ],
  [
    "given up",
    {
      spec: { replicas: 1 },
      status: {
        observedGeneration,
        conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
      },
    },
    'Degraded: Deployment "x" exceeded its progress deadline',
  ],
  [
    "being rolled out",
    { spec: { replicas: 3 }, status: { observedGeneration, updatedReplicas: 1 } },
    "Progressing: Waiting for rollout to finish: 1 out of 3 new replicas have been updated...",
  ],
  [
    "with old Pods",
    { spec: { replicas: 1 }, status: { observedGeneration, replicas: 2, updatedReplicas: 1 } },
    "Progressing: Waiting for rollout to finish: 1 old replicas are pending termination...",
  ],
  [
    "starting",
    { spec: { replicas: 1 }, status: { observedGeneration, replicas: 1, updatedReplicas: 1 } },
    "Progressing: Waiting for rollout to finish: 0 of 1 updated replicas are available...",
  ],
  [
    "done",
    {
      spec: { replicas: 1 },
      status: { observedGeneration, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
    },
    "Healthy",
  ],
  ["scaled to nothing", { spec: { replicas: 0 }, status: { observedGeneration } }, "Healthy"],
])("a Deployment %s", (_, body, health) => expect(judge("apps/v1 Deployment", body)).toBe(health));

test.each<[kind: string, body: object, health: string]>([
  [
    "ReplicaSet",
    {
      status: {
        observedGeneration,
        conditions: [{ type: "ReplicaFailure", status: "True", message: "quota exceeded" }],
      },
    },
    "Degraded: quota exceeded",
  ],
  [
    "ReplicaSet",
    { spec: { replicas: 2 }, status: { observedGeneration, availableReplicas: 1 } },
    "Progressing: Waiting for rollout to finish: 1 out of 2 new replicas are available...",
  ],
  ["ReplicaSet", { spec: { replicas: 0 }, status: { observedGeneration } }, "Healthy"],
  [
    "ReplicaSet",
    {},
    "Progressing: Waiting for rollout to finish: observed replica set generation less than desired generation",
  ],
  [
    "DaemonSet",
    { status: { observedGeneration: 1 } },
    "Progressing: Waiting for rollout to finish: observed daemon set generation less than desired generation",
  ],
  [
    "DaemonSet",
    {
      spec: { updateStrategy: { type: "OnDelete" } },
      status: { observedGeneration, desiredNumberScheduled: 2, updatedNumberScheduled: 1 },
    },
    "Healthy: daemon set 1 out of 2 new pods have been updated",
  ],
  [
    "DaemonSet",
    { status: { observedGeneration, desiredNumberScheduled: 2, updatedNumberScheduled: 1 } },
    'Progressing: Waiting for daemon set "x" rollout to finish: 1 out of 2 new pods have been updated...',
  ],
  [
    "DaemonSet",
    {
      status: {
        observedGeneration,
        desiredNumberScheduled: 2,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
      },
    },
    'Progressing: Waiting for daemon set "x" rollout to finish: 1 of 2 updated pods are available...',
  ],
  ["DaemonSet", { status: { observedGeneration } }, "Healthy"],
  ["StatefulSet", { status: {} }, "Progressing: Waiting for statefulset spec update to be observed..."],
  [
    "StatefulSet",
    { spec: { replicas: 3 }, status: { observedGeneration, readyReplicas: 1 } },
    "Progressing: Waiting for 2 pods to be ready...",
  ],
  [
    "StatefulSet",
    {
      spec: { replicas: 3, updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } },
      status: { observedGeneration, readyReplicas: 3, updatedReplicas: 1 },
    },
    "Progressing: Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...",
  ],
  [
    "StatefulSet",
    {
      spec: { replicas: 3, updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } },
      status: { observedGeneration, readyReplicas: 3, updatedReplicas: 2 },
    },
    "Healthy: partitioned roll out complete: 2 new pods have been updated...",
  ],
  [
    "StatefulSet",
    { spec: { updateStrategy: { type: "OnDelete" } }, status: { observedGeneration, readyReplicas: 3 } },
    "Healthy: statefulset has 3 ready pods",
  ],
  [
    "StatefulSet",
    { status: { observedGeneration, updatedReplicas: 1, currentRevision: "x-1", updateRevision: "x-2" } },
    "Progressing: waiting for statefulset rolling update to complete 1 pods at revision x-2...",
  ],
  [
    "StatefulSet",
    { status: { observedGeneration, currentReplicas: 3, currentRevision: "x-2", updateRevision: "x-2" } },
    "Healthy: statefulset rolling update complete 3 pods at revision x-2...",
  ],
])("a %s %j", (kind, body, health) => expect(judge(`apps/v1 ${kind}`, body)).toBe(health));

const waiting = (reason: string, message?: string) => ({ state: { waiting: { reason, message } } });
const always = { restartPolicy: "Always" };

test.each<[what: string, body: object, health: string]>([
  ["pending", { spec: always, status: { phase: "Pending" } }, "Progressing"],
  [
    "without image",
    {
      spec: always,
      status: {
        phase: "Pending",
        containerStatuses: [waiting("ImagePullBackOff", "no such image"), waiting("ErrX")],
      },
    },
    "Degraded: no such image, ",
  ],
  [
    "without image, of a Job",
    {
      spec: { restartPolicy: "Never" },
      status: { phase: "Pending", containerStatuses: [waiting("ErrImagePull")] },
    },
    "Progressing",
  ],
  [
    "creating",
    { spec: always, status: { phase: "Pending", containerStatuses: [waiting("ContainerCreating")] } },
    "Progressing",
  ],
  ["done", { spec: always, status: { phase: "Succeeded", message: "bye" } }, "Healthy: bye"],
  [
    "evicted",
    { spec: always, status: { phase: "Failed", message: "low on memory" } },
    "Degraded: low on memory",
  ],
  [
    "killed",
    {
      spec: always,
      status: {
        phase: "Failed",
        initContainerStatuses: [{ name: "init", state: { terminated: { exitCode: 0 } } }],
        containerStatuses: [{ name: "app", state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }],
      },
    },
    "Degraded: OOMKilled",
  ],
  [
    "failed",
    {
      spec: always,
      status: {
        phase: "Failed",
        containerStatuses: [{ name: "app", state: { terminated: { exitCode: 3 } } }],
      },
    },
    'Degraded: container "app" failed with exit code 3',
  ],
  [
    "ready",
    { spec: always, status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } },
    "Healthy",
  ],
  [
    "running",
    { spec: always, status: { phase: "Running", containerStatuses: [{ name: "app" }] } },
    "Progressing",
  ],
  [
    "running again",
    {
      spec: always,
      status: { phase: "Running", containerStatuses: [{ lastState: { terminated: { exitCode: 1 } } }] },
    },
    "Degraded",
  ],
  [
    "running, of a Job",
    { spec: { restartPolicy: "OnFailure" }, status: { phase: "Running" } },
    "Progressing",
  ],
  ["of no phase", { spec: always, status: {} }, "Unknown"],
])("a Pod %s", (_, body, health) => expect(judge("v1 Pod", body)).toBe(health));

const condition = (type: string, status = "True", rest: object = {}) => ({ type, status, ...rest });

test.each<[kind: string, body: object, health: string | undefined]>([
  ["batch/v1 Job", {}, "Progressing"],
  [
    "batch/v1 Job",
    { status: { conditions: [condition("Complete", "True", { message: "all done" })] } },
    "Healthy: all done",
  ],
  [
    "batch/v1 Job",
    { status: { conditions: [condition("Failed", "True", { message: "backoff" })] } },
    "Degraded: backoff",
  ],
  ["batch/v1 Job", { status: { conditions: [condition("Suspended")] } }, "Suspended"],
  [
    "batch/v1 Job",
    { status: { conditions: [condition("Suspended", "True", { message: "Job suspended" })] } },
    "Suspended: Job suspended",
  ],
  ["batch/v1 CronJob", { spec: { suspend: true } }, "Healthy: CronJob is Suspended"],
  ["batch/v1 CronJob", { spec: {} }, "Progressing: Waiting for CronJob"],
  ["batch/v1 CronJob", { status: {} }, "Healthy: CronJob has not been scheduled yet"],
  [
    "batch/v1 CronJob",
    { status: { lastScheduleTime: "2026-01-02T00:00:00Z" } },
    "Healthy: The CronJob never completed successfully. It may not be healthy",
  ],
  [
    "batch/v1 CronJob",
    {
      status: {
        active: [{}],
        lastScheduleTime: "2026-01-02T00:00:00Z",
        lastSuccessfulTime: "2026-01-01T00:00:00Z",
      },
    },
    "Healthy: The job is running. Its last execution may not have been successful",
  ],
  [
    "batch/v1 CronJob",
    { status: { lastScheduleTime: "2026-01-02T00:00:00Z", lastSuccessfulTime: "2026-01-01T00:00:00Z" } },
    "Degraded: CronJob has not completed its last execution successfully",
  ],
  [
    "batch/v1 CronJob",
    { status: { lastScheduleTime: "2026-01-01T00:00:00Z", lastSuccessfulTime: "2026-01-01T00:00:09Z" } },
    "Healthy: CronJob has completed its last execution successfully",
  ],
  ["v1 Service", { spec: { type: "ClusterIP" } }, "Healthy"],
  ["v1 Service", { spec: { type: "LoadBalancer" } }, "Progressing"],
  ["v1 Service", { spec: { type: "LoadBalancer" }, status: { loadBalancer: { ingress: [{}] } } }, "Healthy"],
  ["networking.k8s.io/v1 Ingress", {}, "Progressing"],
  ["networking.k8s.io/v1 Ingress", { status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } }, "Healthy"],
  ["v1 PersistentVolumeClaim", { status: { phase: "Bound" } }, "Healthy"],
  ["v1 PersistentVolumeClaim", { status: { phase: "Pending" } }, "Progressing"],
  ["v1 PersistentVolumeClaim", { status: { phase: "Lost" } }, "Degraded"],
  ["v1 PersistentVolumeClaim", {}, "Unknown"],
  ["autoscaling/v2 HorizontalPodAutoscaler", {}, "Progressing: Waiting to Autoscale"],
  [
    "autoscaling/v2 HorizontalPodAutoscaler",
    {
      status: {
        conditions: [
          condition("AbleToScale", "True", { reason: "SucceededGetScale" }),
          condition("ScalingActive", "False", { reason: "FailedGetResourceMetric", message: "no metrics" }),
        ],
      },
    },
    "Degraded: no metrics",
  ],
  [
    "autoscaling/v2 HorizontalPodAutoscaler",
    { status: { conditions: [condition("ScalingLimited", "True", { message: "at the minimum" })] } },
    "Healthy: at the minimum",
  ],
  ["autoscaling/v1 HorizontalPodAutoscaler", {}, "Progressing: Waiting to Autoscale"],
  [
    "autoscaling/v1 HorizontalPodAutoscaler",
    {
      metadata: {
        annotations: {
          "autoscaling.alpha.kubernetes.io/conditions": '[{"type":"AbleToScale","status":"True"}]',
        },
      },
    },
    "Healthy",
  ],
  [
    "autoscaling/v1 HorizontalPodAutoscaler",
    { metadata: { annotations: { "autoscaling.alpha.kubernetes.io/conditions": "{" } } },
    "Unknown: the annotation autoscaling.alpha.kubernetes.io/conditions is no list of conditions",
  ],
  ["policy/v1 PodDisruptionBudget", {}, "Progressing: Waiting for status"],
  [
    "policy/v1 PodDisruptionBudget",
    { status: { conditions: [condition("DisruptionAllowed", "False", { reason: "InsufficientPods" })] } },
    "Healthy: PodDisruptionBudget has InsufficientPods",
  ],
  [
    "policy/v1 PodDisruptionBudget",
    { status: { conditions: [condition("DisruptionAllowed", "False", { reason: "SyncFailed" })] } },
    "Degraded: PodDisruptionBudget has SyncFailed",
  ],
  ["apiregistration.k8s.io/v1 APIService", {}, "Progressing: Waiting to be processed"],
  [
    "apiregistration.k8s.io/v1 APIService",
    {
      status: {
        conditions: [condition("Available", "False", { reason: "MissingEndpoints", message: "none" })],
      },
    },
    "Progressing: MissingEndpoints: none",
  ],
  [
    "apiregistration.k8s.io/v1 APIService",
    { status: { conditions: [condition("Available", "True", { reason: "Passed", message: "all checks" })] } },
    "Healthy: Passed: all checks",
  ],
  ["apiextensions.k8s.io/v1 CustomResourceDefinition", {}, "Progressing: Status conditions not found"],
  [
    "apiextensions.k8s.io/v1 CustomResourceDefinition",
    {
      status: {
        conditions: [condition("NamesAccepted", "False", { message: "taken" }), condition("Established")],
      },
    },
    "Degraded: CRD names have not been accepted: taken",
  ],
  [
    "apiextensions.k8s.io/v1 CustomResourceDefinition",
    { status: { conditions: [condition("Established", "False", { reason: "Installing" })] } },
    "Progressing: CRD is being installed",
  ],
  [
    "apiextensions.k8s.io/v1 CustomResourceDefinition",
    { status: { conditions: [condition("NamesAccepted")] } },
    "Progressing: CRD is not established",
  ],
  [
    "apiextensions.k8s.io/v1 CustomResourceDefinition",
    { status: { conditions: [condition("NamesAccepted"), condition("Established")] } },
    "Healthy: CRD is healthy",
  ],
  ["v1 ConfigMap", {}, undefined],
  ["v1 Namespace", { status: { phase: "Active" } }, undefined],
  ["v1 Node", { status: { conditions: [condition("Ready")] } }, undefined],
  ["rbac.authorization.k8s.io/v1 ClusterRole", {}, undefined],
  [
    "v1 ConfigMap",
    { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } },
    "Progressing: Pending deletion",
  ],
  [
    "v1 ConfigMap",
    { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["a.example/x", "b.example/y"] } },
    "Progressing: Pending deletion; blocked by finalizers: a.example/x, b.example/y",
  ],
  [
    "v1 ConfigMap",
    {
      metadata: {
        deletionTimestamp: "2026-01-01T00:00:00Z",
        finalizers: ["argocd.argoproj.io/hook-finalizer"],
      },
    },
    undefined,
  ],
])("%s %j", (kind, body, health) => expect(judge(kind, body)).toBe(health));

const at = (conditions: object[], rest: object = {}) => ({
  status: { observedGeneration, conditions, ...rest },
});

test.each<[kind: string, body: object, health: string | undefined]>([
  ["Kustomization", at([condition("Ready", "True", { message: "Applied" })]), "Healthy: Applied"],
  ["Kustomization", at([condition("Ready", "False", { message: "no such path" })]), "Degraded: no such path"],
  ["Kustomization", at([condition("Ready", "Unknown", { message: "at it" })]), "Progressing: at it"],
  [
    "Kustomization",
    at([condition("Reconciling", "True", { message: "building" }), condition("Ready", "Unknown")]),
    "Progressing: building",
  ],
  [
    "Kustomization",
    at([condition("Stalled", "True", { message: "bad spec" }), condition("Ready", "False")]),
    "Degraded: bad spec",
  ],
  [
    "Kustomization",
    at([
      condition("Reconciling", "True", { reason: "ProgressingWithRetry", message: "building" }),
      condition("Ready", "False", { observedGeneration, message: "no such path" }),
    ]),
    "Degraded: no such path",
  ],
  [
    "Kustomization",
    at([
      condition("Reconciling", "True", { reason: "ProgressingWithRetry", message: "building" }),
      condition("Ready", "False", { observedGeneration: 1, message: "what was wrong before" }),
    ]),
    "Progressing: building",
  ],
  [
    "Kustomization",
    at([
      condition("Reconciling", "True", { reason: "Progressing", message: "building" }),
      condition("Ready", "False", { observedGeneration, message: "no such path" }),
    ]),
    "Degraded: no such path",
  ],
  ["Kustomization", at([condition("Ready")], { observedGeneration: 1 }), "Progressing"],
  ["Kustomization", { status: { observedGeneration: -1 } }, "Progressing"],
  ["Kustomization", {}, "Progressing"],
  [
    "Kustomization",
    { spec: { suspend: true }, ...at([condition("Ready", "False")]) },
    "Suspended: Kustomization is suspended",
  ],
  [
    "Kustomization",
    at([condition("Ready", "False", { message: "cannot reach https://user:hunter2@example.com/x" })]),
    "Degraded: cannot reach https://example.com/x",
  ],
])("Flux's %s %j", (kind, body, health) => {
  expect(judge(`kustomize.toolkit.fluxcd.io/v1 ${kind}`, body)).toBe(health);
});

/** With the annotation by which controllers leave objects of a group alone. */
const switchedOff = (group: string, word: string) => ({
  metadata: { generation: 2, annotations: { [`${group}/reconcile`]: word } },
});

test.each<[kind: string, body: object, health: string | undefined]>([
  // Argo CD's own script counts three conditions here and calls it Degraded
  [
    "helm.toolkit.fluxcd.io/v2 HelmRelease",
    at([condition("Ready", "True", { message: "ok" }), condition("Released"), condition("TestSuccess")]),
    "Healthy: ok",
  ],
  ["source.toolkit.fluxcd.io/v1 HelmRepository", { spec: { type: "oci" } }, "Healthy"],
  ["source.toolkit.fluxcd.io/v1 HelmRepository", { spec: {} }, "Progressing"],
  ["source.toolkit.fluxcd.io/v1 ExternalArtifact", { status: { artifact: { revision: "x" } } }, "Healthy"],
  [
    "source.toolkit.fluxcd.io/v1 ExternalArtifact",
    { status: { conditions: [condition("Ready", "False", { message: "m" })] } },
    "Degraded: m",
  ],
  [
    "source.toolkit.fluxcd.io/v1 ExternalArtifact",
    { status: { conditions: [condition("Ready")] } },
    "Healthy",
  ],
  ["notification.toolkit.fluxcd.io/v1beta3 Alert", {}, undefined],
  [
    "notification.toolkit.fluxcd.io/v1beta2 Alert",
    at([condition("Ready", "True", { message: "ok" })]),
    "Healthy: ok",
  ],
  [
    "notification.toolkit.fluxcd.io/v1 Receiver",
    at([condition("Stalled", "True", { message: "no such Secret" }), condition("Ready", "False")]),
    "Degraded: no such Secret",
  ],
  [
    "notification.toolkit.fluxcd.io/v1beta3 Provider",
    { spec: { suspend: true } },
    "Suspended: Provider is suspended",
  ],
  [
    "image.toolkit.fluxcd.io/v1 ImageRepository",
    at([condition("Ready", "False", { message: "no such image" })]),
    "Degraded: no such image",
  ],
  [
    "image.toolkit.fluxcd.io/v1 ImagePolicy",
    at([condition("Reconciling", "True", { message: "choosing" }), condition("Ready", "Unknown")]),
    "Progressing: choosing",
  ],
  [
    "image.toolkit.fluxcd.io/v1 ImageUpdateAutomation",
    { spec: { suspend: true }, ...at([condition("Ready")]) },
    "Suspended: ImageUpdateAutomation is suspended",
  ],
  [
    "source.extensions.fluxcd.io/v1beta1 ArtifactGenerator",
    at([condition("Ready", "False", { message: "no such source" })]),
    "Degraded: no such source",
  ],
  [
    "source.extensions.fluxcd.io/v1beta1 ArtifactGenerator",
    { ...switchedOff("source.extensions.fluxcd.io", "disabled"), ...at([condition("Ready")]) },
    "Suspended: ArtifactGenerator is switched off (source.extensions.fluxcd.io/reconcile: disabled)",
  ],
  [
    "infra.contrib.fluxcd.io/v1alpha2 Terraform",
    at([condition("Ready", "False", { message: "error running Plan" })]),
    "Degraded: error running Plan",
  ],
  ["infra.contrib.fluxcd.io/v1alpha2 Terraform", {}, "Progressing"],
  [
    "infra.contrib.fluxcd.io/v1alpha2 Terraform",
    { spec: { suspend: true } },
    "Suspended: Terraform is suspended",
  ],
  ["example.com/v1 Widget", {}, undefined],
  ["example.com/v1 Widget", { status: { phase: "Whatever" } }, undefined],
  ["example.com/v1 Widget", { status: { conditions: ["odd", { type: 3 }, null] } }, undefined],
  ["example.com/v1 Widget", { status: "odd" }, undefined],
  ["example.com/v1 Widget", at([]), "Healthy"],
  ["example.com/v1 Widget", at([condition("Ready", "True", { message: "up" })]), "Healthy: up"],
  [
    "example.com/v1 Widget",
    at([condition("Ready", "False", { message: "not yet" })]),
    "Progressing: not yet",
  ],
  ["example.com/v1 Widget", at([condition("Stalled", "True", { message: "stuck" })]), "Degraded: stuck"],
  [
    "example.com/v1 Widget",
    at([condition("Reconciling", "True", { message: "busy" }), condition("Ready")]),
    "Progressing: busy",
  ],
  [
    "example.com/v1 Widget",
    { status: { observedGeneration: 1, conditions: [condition("Ready")] } },
    "Progressing: Widget generation is 2, but latest observed generation is 1",
  ],
  ["admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy", at([]), undefined],
  ["gateway.networking.k8s.io/v1 Gateway", at([condition("Ready")]), "Healthy"],
])("%s %j", (kind, body, health) => expect(judge(kind, body)).toBe(health));

// the operator's kinds have no `status.observedGeneration`
const said = (...conditions: object[]) => ({ status: { conditions } });

test.each<[kind: string, body: object, health: string]>([
  [
    "FluxInstance",
    said(condition("Ready", "True", { message: "installed", observedGeneration })),
    "Healthy: installed",
  ],
  [
    "FluxInstance",
    said(condition("Ready", "False", { message: "no such version" })),
    "Degraded: no such version",
  ],
  ["FluxInstance", said(condition("Ready", "True", { observedGeneration: 1 })), "Progressing"],
  ["FluxInstance", {}, "Progressing"],
  [
    "ResourceSet",
    said(condition("Reconciling", "True", { message: "building" }), condition("Ready", "Unknown")),
    "Progressing: building",
  ],
  [
    "ResourceSet",
    said(
      condition("Reconciling", "True", { message: "building" }),
      condition("Ready", "False", { message: "no such input", observedGeneration }),
    ),
    "Degraded: no such input",
  ],
  [
    "ResourceSet",
    said(condition("Stalled", "True", { message: "bad template" }), condition("Ready", "False")),
    "Degraded: bad template",
  ],
  [
    "ResourceSet",
    {
      ...switchedOff("fluxcd.controlplane.io", "Disabled"),
      ...said(condition("Ready", "False", { message: "no such input" })),
    },
    "Suspended: ResourceSet is switched off (fluxcd.controlplane.io/reconcile: disabled)",
  ],
  [
    "ResourceSet",
    { ...switchedOff("fluxcd.controlplane.io", "enabled"), ...said(condition("Ready")) },
    "Healthy",
  ],
  // an annotation of another group says nothing
  [
    "ResourceSetInputProvider",
    { ...switchedOff("source.extensions.fluxcd.io", "disabled"), ...said(condition("Ready")) },
    "Healthy",
  ],
  // what the operator writes into its spec makes a new generation, of which the condition does not know
  [
    "FluxReport",
    said(condition("Ready", "True", { message: "reported", observedGeneration: 1 })),
    "Healthy: reported",
  ],
  ["FluxReport", {}, "Progressing"],
])("the Flux Operator's %s %j", (kind, body, health) => {
  expect(judge(`fluxcd.controlplane.io/v1 ${kind}`, body)).toBe(health);
});

const promoted = (message: string) => [{ type: "Promoted", status: "Unknown", message }];

test.each<[body: object, health: string]>([
  [{}, "Unknown: No status"],
  [{ status: {} }, "Unknown"],
  [
    { status: { phase: "Initialized", canaryWeight: 0, conditions: promoted("Installation successful.") } },
    "Healthy: Initialized --- Installation successful.",
  ],
  [
    { status: { phase: "Progressing", canaryWeight: 10, conditions: promoted("New revision detected.") } },
    "Progressing: Progressing --- Canary Weight: 10 % --- New revision detected.",
  ],
  [{ status: { phase: "Promoting" } }, "Progressing: Promoting"],
  [{ status: { phase: "Finalising" } }, "Progressing: Finalising"],
  [{ status: { phase: "Succeeded" } }, "Healthy: Succeeded"],
  [
    { status: { phase: "Failed", canaryWeight: 0, conditions: promoted("Canary analysis failed.") } },
    "Degraded: Failed --- Canary analysis failed.",
  ],
  [{ status: { phase: "WaitingPromotion" } }, "Unknown: WaitingPromotion"],
  [{ status: { phase: "constructor" } }, "Unknown: constructor"],
])("Flagger's Canary %j", (body, health) => {
  expect(judge("flagger.app/v1beta1 Canary", body)).toBe(health);
});

test.each([
  ["x".repeat(1000), "x".repeat(1000)],
  ["x".repeat(1_000_000), `${"x".repeat(1000)}…`],
  // no half of a letter
  [`${"x".repeat(999)}🦩y`, `${"x".repeat(999)}…`],
])("a message is no longer than people read", (message, told) =>
  expect(health("Healthy", message).message).toBe(told),
);

test.each([
  [[], "Healthy"],
  [["Healthy", "Suspended"], "Suspended"],
  [["Progressing", "Suspended"], "Progressing"],
  [["Missing", "Progressing"], "Missing"],
  [["Missing", "Degraded", "Healthy"], "Degraded"],
  [["Unknown", "Degraded"], "Unknown"],
] as const)("the worst of %j is %s", (codes, worst) => expect(worstOf(codes)).toBe(worst));
