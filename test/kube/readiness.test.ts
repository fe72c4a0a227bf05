import { describe, expect, test } from "vitest";
import { kstatusOf } from "../../src/kube/kstatus.js";
import type { KubeObject } from "../../src/kube/object.js";
import { conventionalReadiness } from "../../src/kube/readiness.js";

type Body = { metadata?: object; spec?: object; status?: unknown };

/** An object of a kind, "VERSION KIND", in its second generation. */
function object(kind: string, { metadata, ...body }: Body): KubeObject {
  const [apiVersion = "", name = ""] = kind.split(" ");
  return { apiVersion, kind: name, metadata: { name: "x", generation: 2, ...metadata }, ...body };
}

/** "InProgress: 1 of 3 replicas updated" */
function judge(kind: string, body: Body): string {
  const { status, message } = kstatusOf(object(kind, body));
  return message === undefined ? status : `${status}: ${message}`;
}

const observedGeneration = 2;
const condition = (type: string, status: string, more: object = {}) => ({ type, status, ...more });

describe("any object", () => {
  test("that is not there", () =>
    expect(kstatusOf(undefined)).toEqual({ status: "NotFound", message: "it does not exist" }));

  const deletionTimestamp = "2026-01-01T00:00:00Z";
  test.each<[what: string, kind: string, body: Body, readiness: string]>([
    ["without a status", "v1 ConfigMap", {}, "Current"],
    ["whose status says nothing", "v1 Namespace", { status: { phase: "Active" } }, "Current"],
    [
      "that is being deleted, whatever else it says",
      "v1 Namespace",
      { metadata: { deletionTimestamp }, status: { conditions: [condition("Ready", "True")] } },
      "Terminating: it is being deleted",
    ],
    [
      "that is held",
      "v1 ConfigMap",
      { metadata: { deletionTimestamp, finalizers: ["a.example/one", "b.example/two"] } },
      "Terminating: it is held by a.example/one, b.example/two",
    ],
    [
      "of an older generation",
      "a.example/v1 Lamp",
      { status: { observedGeneration: 1, conditions: [condition("Ready", "True")] } },
      "InProgress: Lamp generation is 2, but latest observed generation is 1",
    ],
    [
      "of an older generation, with a rule of its own",
      "apps/v1 Deployment",
      { status: { observedGeneration: 1 } },
      "InProgress: Deployment generation is 2, but latest observed generation is 1",
    ],
    [
      "Stalled, with a rule of its own",
      "v1 Service",
      { status: { conditions: [condition("Stalled", "True", { message: "no way" })] } },
      "Failed: no way",
    ],
  ])("%s", (_, kind, body, readiness) => expect(judge(kind, body)).toBe(readiness));
});

describe("a custom resource", () => {
  const ready = condition("Ready", "True", { message: "stored" });
  const reconciling = condition("Reconciling", "True", { message: "busy" });
  const stalled = condition("Stalled", "True", { message: "stuck" });

  test.each<[what: string, status: unknown, readiness: string | undefined]>([
    ["Ready", { observedGeneration, conditions: [ready] }, "Current: stored"],
    ["Ready, of no generation", { conditions: [ready] }, "Current: stored"],
    ["not Ready", { conditions: [condition("Ready", "False", { message: "waits" })] }, "InProgress: waits"],
    ["not known to be Ready", { conditions: [condition("Ready", "Unknown")] }, "InProgress"],
    ["Reconciling before Ready", { conditions: [ready, reconciling] }, "InProgress: busy"],
    ["Stalled before Ready", { conditions: [ready, stalled] }, "Failed: stuck"],
    ["of both the first", { conditions: [stalled, reconciling] }, "Failed: stuck"],
    ["not Reconciling", { conditions: [condition("Reconciling", "False"), ready] }, "Current: stored"],
    ["observed", { observedGeneration }, "Current"],
    ["without a word", {}, undefined],
    ["without a status", undefined, undefined],
    ["with a status that is none", null, undefined],
    ["with conditions that are none", { conditions: "none" }, undefined],
    [
      "with conditions of another form",
      { conditions: [null, 1, { type: 3 }, { type: "Ready", message: {} }] },
      undefined,
    ],
    ["with a generation that is none", { observedGeneration: "2" }, undefined],
  ])("%s", (_, status, expected) => {
    const lamp = object("a.example/v1 Lamp", { status });
    const { status: word, message } = conventionalReadiness(lamp) ?? {};
    expect(word && [word, message].filter(Boolean).join(": ")).toBe(expected);
    // kstatus takes for done what follows no convention
    expect(kstatusOf(lamp)).toEqual(conventionalReadiness(lamp) ?? { status: "Current", message: undefined });
  });
});

describe("a Deployment", () => {
  const spec = { replicas: 3, progressDeadlineSeconds: 600 };
  const all = { replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 };
  const available = condition("Available", "True");
  const rolledOut = condition("Progressing", "True", { reason: "NewReplicaSetAvailable", message: "done" });

  test.each<[what: string, body: Body, readiness: string]>([
    ["that nobody has seen", { spec }, "InProgress: 0 of 3 replicas created"],
    ["without a number of replicas", { spec: {} }, "InProgress: 0 of 1 replicas created"],
    [
      "of an old template",
      { spec, status: { replicas: 3, updatedReplicas: 1 } },
      "InProgress: 1 of 3 replicas updated",
    ],
    ["with old Pods", { spec, status: { ...all, replicas: 4 } }, "InProgress: 1 replicas have to go"],
    ["starting", { spec, status: { ...all, availableReplicas: 2 } }, "InProgress: 2 of 3 replicas available"],
    [
      "with one not ready",
      { spec, status: { ...all, readyReplicas: 2 } },
      "InProgress: 2 of 3 replicas ready",
    ],
    [
      "whose new ReplicaSet is not said to be available",
      {
        spec,
        status: { ...all, conditions: [available, condition("Progressing", "True", { message: "on it" })] },
      },
      "InProgress: on it",
    ],
    [
      "that is not available",
      {
        spec,
        status: { ...all, conditions: [rolledOut, condition("Available", "False", { message: "too few" })] },
      },
      "InProgress: too few",
    ],
    ["rolled out", { spec, status: { ...all, conditions: [rolledOut, available] } }, "Current"],
    ["without a deadline", { spec: { replicas: 3 }, status: { ...all, conditions: [available] } }, "Current"],
    [
      "scaled to nothing",
      { spec: { ...spec, replicas: 0 }, status: { conditions: [rolledOut, available] } },
      "Current",
    ],
    [
      "given up",
      {
        spec,
        status: {
          conditions: [
            condition("Progressing", "False", {
              reason: "ProgressDeadlineExceeded",
              message: 'ReplicaSet "x-1" has timed out progressing.',
            }),
          ],
        },
      },
      'Failed: ReplicaSet "x-1" has timed out progressing.',
    ],
  ])("%s", (_, body, readiness) => expect(judge("apps/v1 Deployment", body)).toBe(readiness));
});

describe("a StatefulSet", () => {
  const spec = { replicas: 3 };
  const all = { replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3 };
  const partitioned = { ...spec, updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } };

  test.each<[what: string, body: Body, readiness: string]>([
    ["that nobody has seen", { spec }, "InProgress: 0 of 3 replicas created"],
    ["starting", { spec, status: { ...all, readyReplicas: 1 } }, "InProgress: 1 of 3 replicas ready"],
    ["with one too many", { spec, status: { ...all, replicas: 4 } }, "InProgress: 1 replicas have to go"],
    ["on its way", { spec, status: { ...all, currentReplicas: 2 } }, "InProgress: 2 of 3 replicas current"],
    [
      "between revisions",
      { spec, status: { ...all, currentRevision: "x-1", updateRevision: "x-2" } },
      "InProgress: it is on its way from x-1 to x-2",
    ],
    ["done", { spec, status: { ...all, currentRevision: "x-2", updateRevision: "x-2" } }, "Current"],
    [
      "with a partition, on its way",
      { spec: partitioned, status: { ...all, updatedReplicas: 1 } },
      "InProgress: 1 of 2 replicas updated",
    ],
    [
      "with a partition, done",
      { spec: partitioned, status: { ...all, updatedReplicas: 2, currentReplicas: 1 } },
      "Current",
    ],
    ["that is replaced by hand", { spec: { ...spec, updateStrategy: { type: "OnDelete" } } }, "Current"],
  ])("%s", (_, body, readiness) => expect(judge("apps/v1 StatefulSet", body)).toBe(readiness));
});

describe("a DaemonSet", () => {
  const all = {
    observedGeneration,
    desiredNumberScheduled: 2,
    currentNumberScheduled: 2,
    updatedNumberScheduled: 2,
    numberAvailable: 2,
    numberReady: 2,
  };

  test.each<[what: string, status: unknown, readiness: string]>([
    ["that nobody has seen", {}, "InProgress: its controller has not seen it yet"],
    ["that is not counted", { observedGeneration }, "InProgress: its controller has not seen it yet"],
    ["being scheduled", { ...all, currentNumberScheduled: 1 }, "InProgress: 1 of 2 Pods scheduled"],
    ["of an old template", { ...all, updatedNumberScheduled: 1 }, "InProgress: 1 of 2 Pods updated"],
    ["starting", { ...all, numberAvailable: 0 }, "InProgress: 0 of 2 Pods available"],
    ["with one not ready", { ...all, numberReady: 1 }, "InProgress: 1 of 2 Pods ready"],
    ["done", all, "Current"],
    ["that fits no Node", { observedGeneration, desiredNumberScheduled: 0 }, "Current"],
  ])("%s", (_, status, readiness) => expect(judge("apps/v1 DaemonSet", { status })).toBe(readiness));
});

const waiting = (reason: string) => ({ name: "web", state: { waiting: { reason } } });

test.each<[kind: string, body: Body, readiness: string]>([
  ["apps/v1 ReplicaSet", { spec: { replicas: 2 } }, "InProgress: 0 of 2 replicas labelled"],
  [
    "apps/v1 ReplicaSet",
    { status: { conditions: [condition("ReplicaFailure", "True", { message: "quota exceeded" })] } },
    "InProgress: quota exceeded",
  ],
  [
    "apps/v1 ReplicaSet",
    { status: { replicas: 1, fullyLabeledReplicas: 1, availableReplicas: 1, readyReplicas: 1 } },
    "Current",
  ],
  ["batch/v1 Job", {}, "InProgress: it has not started"],
  ["batch/v1 Job", { status: { startTime: "2026-01-01T00:00:00Z", active: 1 } }, "Current"],
  ["batch/v1 Job", { status: { conditions: [condition("Suspended", "True")] } }, "Current"],
  [
    "batch/v1 Job",
    { status: { conditions: [condition("Complete", "True", { message: "all" })] } },
    "Current: all",
  ],
  [
    "batch/v1 Job",
    { status: { conditions: [condition("Failed", "True", { message: "too often" })] } },
    "Failed: too often",
  ],
  ["v1 Pod", {}, "InProgress"],
  [
    "v1 Pod",
    {
      status: {
        phase: "Pending",
        conditions: [condition("PodScheduled", "False", { message: "0/3 nodes" })],
      },
    },
    "InProgress: 0/3 nodes",
  ],
  [
    "v1 Pod",
    {
      status: {
        phase: "Running",
        conditions: [condition("PodScheduled", "True"), condition("Ready", "True")],
      },
    },
    "Current",
  ],
  [
    "v1 Pod",
    {
      status: { phase: "Running", conditions: [condition("Ready", "False", { message: "unready: [web]" })] },
    },
    "InProgress: unready: [web]",
  ],
  [
    "v1 Pod",
    { status: { phase: "Running", containerStatuses: [waiting("CrashLoopBackOff")] } },
    "Failed: CrashLoopBackOff: web",
  ],
  [
    "v1 Pod",
    { status: { phase: "Pending", containerStatuses: [waiting("ImagePullBackOff")] } },
    "InProgress",
  ],
  ["v1 Pod", { status: { phase: "Succeeded" } }, "Current"],
  ["v1 Pod", { status: { phase: "Failed", message: "evicted" } }, "Current: evicted"],
  ["v1 PersistentVolumeClaim", {}, "InProgress: its phase is not known"],
  ["v1 PersistentVolumeClaim", { status: { phase: "Lost" } }, "InProgress: its phase is Lost"],
  ["v1 PersistentVolumeClaim", { status: { phase: "Bound" } }, "Current"],
  ["v1 Service", { spec: { type: "ClusterIP" } }, "Current"],
  ["v1 Service", { spec: { type: "LoadBalancer" } }, "InProgress: it has no cluster IP"],
  ["v1 Service", { spec: { type: "LoadBalancer", clusterIP: "10.0.0.1" } }, "Current"],
  ["apiextensions.k8s.io/v1 CustomResourceDefinition", {}, "InProgress: it is not established"],
  [
    "apiextensions.k8s.io/v1 CustomResourceDefinition",
    { status: { conditions: [condition("Established", "False", { reason: "Installing" })] } },
    "InProgress: it is not established",
  ],
  [
    "apiextensions.k8s.io/v1 CustomResourceDefinition",
    {
      status: {
        conditions: [condition("NamesAccepted", "False", { message: '"lamps" is already in use' })],
      },
    },
    'Failed: "lamps" is already in use',
  ],
  [
    "apiextensions.k8s.io/v1 CustomResourceDefinition",
    { status: { conditions: [condition("Established", "False", { reason: "NotAccepted", message: "no" })] } },
    "Failed: no",
  ],
  [
    "apiextensions.k8s.io/v1 CustomResourceDefinition",
    { status: { conditions: [condition("NamesAccepted", "True"), condition("Established", "True")] } },
    "Current",
  ],
  ["apiregistration.k8s.io/v1 APIService", {}, "InProgress"],
  [
    "apiregistration.k8s.io/v1 APIService",
    { status: { conditions: [condition("Available", "False", { message: "no endpoints" })] } },
    "InProgress: no endpoints",
  ],
  [
    "apiregistration.k8s.io/v1 APIService",
    { status: { conditions: [condition("Available", "True", { message: "all checks passed" })] } },
    "Current",
  ],
])("%s %j", (kind, body, readiness) => expect(judge(kind, body)).toBe(readiness));
