import { expect, test } from "vitest";
import type { LiveObject } from "../../src/kube/object.js";
import { LiveIndex } from "../../src/report/live/live-index.js";
import { slim } from "../../src/report/live/slim.js";
import { nodeOf } from "../../src/report/node/node.js";

const metadata = {
  name: "x",
  namespace: "apps",
  uid: "u",
  labels: { app: "x" },
  annotations: { short: "value", "kubectl.kubernetes.io/last-applied-configuration": "x".repeat(2000) },
  managedFields: [{ manager: "kubectl" }],
};

const kept = {
  name: "x",
  namespace: "apps",
  uid: "u",
  labels: { app: "x" },
  annotations: { short: "value" },
};

const container = {
  name: "web",
  image: "nginx:1",
  resources: { requests: { cpu: "1" } },
  env: [{ name: "PASSWORD", value: "very-secret" }],
};

test.each([
  ["v1", "ConfigMap", { data: { big: "x" } }, {}],
  [
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    { spec: { versions: [] }, status: { conditions: [] } },
    { status: { conditions: [] } },
  ],
  [
    "apps/v1",
    "StatefulSet",
    { spec: { replicas: 2, template: {}, volumeClaimTemplates: [{ metadata: { name: "data" } }] } },
    { spec: { replicas: 2, volumeClaimTemplates: [{ metadata: { name: "data" } }] } },
  ],
  ["batch/v1", "CronJob", { spec: { suspend: true, jobTemplate: {} } }, { spec: { suspend: true } }],
  [
    "v1",
    "Pod",
    {
      spec: { nodeName: "a", restartPolicy: "Always", volumes: [1], containers: [container] },
      status: {
        phase: "Running",
        podIP: "10.0.0.1",
        conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-02T03:04:05Z" }],
        containerStatuses: [{ name: "web", ready: true, imageID: "x", state: { running: {} } }],
      },
    },
    {
      spec: {
        nodeName: "a",
        restartPolicy: "Always",
        containers: [{ name: "web", image: "nginx:1", resources: { requests: { cpu: "1" } } }],
      },
      status: {
        phase: "Running",
        conditions: [{ type: "Ready", status: "True" }],
        containerStatuses: [{ name: "web", ready: true, state: { running: {} } }],
      },
    },
  ],
  [
    "v1",
    "Node",
    {
      spec: { podCIDR: "10.0.0.0/24" },
      status: {
        capacity: { cpu: "4" },
        nodeInfo: { osImage: "x" },
        conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "2026-01-02T03:04:05Z" }],
        images: [{ names: ["big"] }],
      },
    },
    {
      spec: { podCIDR: "10.0.0.0/24" },
      status: {
        capacity: { cpu: "4" },
        nodeInfo: { osImage: "x" },
        conditions: [{ type: "Ready", status: "True" }],
      },
    },
  ],
  ["apps/v1", "ControllerRevision", { data: { spec: {} }, revision: 3 }, { revision: 3 }],
  // Flux's own stay whole
  [
    "kustomize.toolkit.fluxcd.io/v1",
    "Kustomization",
    { spec: { template: "x" }, other: 1 },
    { spec: { template: "x" }, other: 1 },
  ],
])("of a %s %s is kept what its node needs", (apiVersion, kind, body, rest) => {
  const object = { apiVersion, kind, metadata, ...body } as LiveObject;
  expect(slim(object)).toEqual({ apiVersion, kind, metadata: kept, ...rest });
  expect(nodeOf(slim(object), ["app"])).toEqual(nodeOf(object, ["app"]));
});

test.each(["argocd-cm", "argocd-cmd-params-cm"])("what Argo CD is told in %s stays", (name) => {
  const data = { "resource.exclusions": "- kinds: [EndpointSlice]\n" };
  const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, name }, data };
  expect(slim(settings as LiveObject)).toMatchObject({ data });
});

test("whole objects of Flux's come back as they were, others not at all", () => {
  const labels = { "helm.toolkit.fluxcd.io/name": "x" };
  const applied = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...metadata, labels },
    data: { a: "ü" },
  };
  const index = new LiveIndex([applied as LiveObject]);
  expect(index.get("/ConfigMap/apps/x")).not.toHaveProperty("data");
  expect(index.whole("/ConfigMap/apps/x")?.object).toEqual(applied);
  index.set({ ...applied, metadata } as LiveObject);
  expect(index.whole("/ConfigMap/apps/x")).toBeUndefined();
  index.delete("/ConfigMap/apps/x");
  expect(index.size).toBe(0);
});
