import { expect, test } from "vitest";
import { linksIn } from "../../src/report/node/links.js";
import { nodeOf } from "../../src/report/node/node.js";
import { milliValue } from "../../src/report/node/quantity.js";
import { object } from "../builders/kube.js";

test.each([
  ["100m", 100],
  ["1", 1000],
  [2, 2000],
  ["1.5", 1500],
  [".5", 500],
  ["128Mi", 134_217_728_000],
  ["1Gi", 1_073_741_824_000],
  ["1k", 1_000_000],
  ["1e3", 1_000_000],
  ["1E3", 1_000_000],
  ["2E", 2_000_000_000_000_000_000_000],
  ["1500u", 2],
  ["-1", -1000],
  ["nonsense", 0],
])("milliValue(%j) is %d", (quantity, value) => expect(milliValue(quantity)).toBe(value));

/** What a Pod's node says, by name. */
function podInfo(body: object, metadata: object = {}): Record<string, string> {
  const { info = [] } = nodeOf(object("v1", "Pod", "apps/x", { metadata, ...body }));
  return Object.fromEntries(info.map(({ name, value }) => [name, value]));
}

const containers = [{ name: "app", image: "app:1" }];
const running = { name: "app", ready: true, state: { running: {} } };

test.each<[what: string, body: object, reason: string, containers: string]>([
  ["pending", { spec: { containers }, status: { phase: "Pending" } }, "Pending", "0/1"],
  [
    "held back",
    {
      spec: { containers },
      status: { phase: "Pending", conditions: [{ type: "PodScheduled", reason: "SchedulingGated" }] },
    },
    "SchedulingGated",
    "0/1",
  ],
  [
    "running",
    { spec: { containers }, status: { phase: "Running", containerStatuses: [running] } },
    "Running",
    "1/1",
  ],
  [
    "crashing",
    {
      spec: { containers },
      status: {
        phase: "Running",
        containerStatuses: [{ name: "app", state: { waiting: { reason: "CrashLoopBackOff" } } }],
      },
    },
    "CrashLoopBackOff",
    "0/1",
  ],
  ["evicted", { spec: { containers }, status: { phase: "Failed", reason: "Evicted" } }, "Evicted", "0/1"],
  [
    "killed by a signal",
    {
      spec: { containers },
      status: { phase: "Failed", containerStatuses: [{ name: "app", state: { terminated: { signal: 9 } } }] },
    },
    "Signal:9",
    "0/1",
  ],
  [
    "half done",
    {
      spec: { containers: [...containers, { name: "helper" }] },
      status: {
        phase: "Running",
        containerStatuses: [
          { name: "helper", state: { terminated: { exitCode: 0, reason: "Completed" } } },
          running,
        ],
      },
    },
    "Running",
    "1/2",
  ],
  [
    "initializing",
    {
      spec: { containers, initContainers: [{ name: "a" }, { name: "b" }] },
      status: {
        phase: "Pending",
        initContainerStatuses: [
          { name: "a", state: { terminated: { exitCode: 0 } } },
          { name: "b", state: { running: {} } },
        ],
        containerStatuses: [{ name: "app", state: { waiting: { reason: "PodInitializing" } } }],
      },
    },
    "Init:1/2",
    "0/1",
  ],
  [
    "failing to initialize",
    {
      spec: { containers, initContainers: [{ name: "a" }] },
      status: {
        phase: "Pending",
        initContainerStatuses: [{ name: "a", state: { waiting: { reason: "CrashLoopBackOff" } } }],
      },
    },
    "Init:CrashLoopBackOff",
    "0/1",
  ],
  [
    "failed to initialize",
    {
      spec: { containers, initContainers: [{ name: "a" }] },
      status: {
        phase: "Failed",
        initContainerStatuses: [{ name: "a", state: { terminated: { exitCode: 2 } } }],
      },
    },
    "Init:ExitCode:2",
    "0/1",
  ],
  [
    "with a sidecar",
    {
      spec: { containers, initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
      status: {
        phase: "Running",
        initContainerStatuses: [{ name: "proxy", started: true, ready: true, state: { running: {} } }],
        containerStatuses: [running],
      },
    },
    "Running",
    "2/2",
  ],
  [
    "whose sidecar crashes later",
    {
      spec: { containers, initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
      status: {
        phase: "Running",
        conditions: [{ type: "Initialized", status: "True" }],
        initContainerStatuses: [
          { name: "proxy", started: false, state: { waiting: { reason: "CrashLoopBackOff" } } },
        ],
        containerStatuses: [running],
      },
    },
    "Init:CrashLoopBackOff",
    "1/2",
  ],
])("a Pod %s", (_, body, reason, ready) => {
  expect(podInfo(body)).toMatchObject({ "Status Reason": reason, Containers: ready });
});

test.each([
  [{ phase: "Running" }, "Terminating"],
  [{ phase: "Running", reason: "NodeLost" }, "Unknown"],
  [{ phase: "Succeeded" }, "Succeeded"],
])("a Pod that is going, %j", (status, reason) => {
  const going = { deletionTimestamp: "2026-11-21T09:00:00Z" };
  expect(podInfo({ spec: { containers }, status }, going)["Status Reason"]).toBe(reason);
});

test("a Pod's node tells its machine, restarts and requests, in Argo CD's order", () => {
  const pod = object("v1", "Pod", "apps/x", {
    metadata: { labels: { app: "x", team: "a" } },
    spec: {
      nodeName: "node-1",
      initContainers: [{ name: "init", image: "init:1", resources: { requests: { cpu: "300m" } } }],
      containers: [
        { name: "app", image: "app:1", resources: { requests: { cpu: "100m", memory: "64Mi" } } },
        { name: "helper", image: "app:1", resources: { requests: { cpu: "50m" } } },
      ],
    },
    status: {
      phase: "Running",
      initContainerStatuses: [{ name: "init", restartCount: 1, state: { terminated: { exitCode: 0 } } }],
      containerStatuses: [{ ...running, restartCount: 2 }],
    },
  });
  expect(nodeOf(pod, ["team", "absent"])).toMatchObject({
    version: "v1",
    kind: "Pod",
    namespace: "apps",
    name: "x",
    uid: "Pod-x",
    info: [
      { name: "team", value: "a" },
      { name: "Status Reason", value: "Running" },
      { name: "Node", value: "node-1" },
      { name: "Containers", value: "1/2" },
      { name: "Restart Count", value: "3" },
      { name: "cpu", value: "300" },
      { name: "memory", value: "67108864000" },
    ],
    images: ["app:1", "init:1"],
    networkingInfo: { labels: { app: "x", team: "a" } },
  });
});

test("a Pod that was resized asks for what it was given, one that has ended for nothing", () => {
  const spec = { containers: [{ name: "app", resources: { requests: { cpu: "100m" } } }] };
  const containerStatuses = [{ ...running, resources: { requests: { cpu: "200m" } } }];
  expect(podInfo({ spec, status: { phase: "Running", containerStatuses } })["cpu"]).toBe("200");
  expect(podInfo({ spec, status: { phase: "Succeeded" } })["cpu"]).toBeUndefined();
});

test.each([
  [
    "apps/v1",
    "ReplicaSet",
    { metadata: { annotations: { "deployment.kubernetes.io/revision": "3" } } },
    ["Rev:3"],
  ],
  ["apps/v1", "ReplicaSet", { metadata: { annotations: { "deployment.kubernetes.io/revision": "x" } } }, []],
  ["apps/v1", "ControllerRevision", { revision: 7 }, ["Rev:7"]],
  ["v1", "ConfigMap", {}, []],
  [
    "argoproj.io/v1alpha1",
    "Application",
    { metadata: { annotations: { "argocd.argoproj.io/managed-by-url": "https://argocd.example.com" } } },
    ["https://argocd.example.com"],
  ],
])("%s %s %j says %j", (apiVersion, kind, body, values) => {
  expect((nodeOf(object(apiVersion, kind, "apps/x", body)).info ?? []).map(({ value }) => value)).toEqual(
    values,
  );
});

const networking = (apiVersion: string, kind: string, body: object) =>
  nodeOf(object(apiVersion, kind, "apps/x", body)).networkingInfo;

test.each([
  ["v1", "ConfigMap", {}, undefined],
  [
    "v1",
    "ConfigMap",
    { metadata: { annotations: { "link.argocd.argoproj.io/wiki": "https://wiki.example.com" } } },
    { externalURLs: ["https://wiki.example.com"] },
  ],
  ["v1", "Pod", {}, {}],
  ["v1", "Service", { spec: { selector: { app: "x" } } }, { targetLabels: { app: "x" } }],
  [
    "v1",
    "Service",
    {
      spec: { type: "LoadBalancer", selector: { app: "x" } },
      status: {
        loadBalancer: { ingress: [{ ip: "1.2.3.4" }, { hostname: "lb.example.com", ip: "1.2.3.5" }] },
      },
    },
    { targetLabels: { app: "x" }, ingress: [{ ip: "1.2.3.4" }, { hostname: "lb.example.com" }] },
  ],
  [
    "networking.k8s.io/v1",
    "Ingress",
    {
      spec: {
        rules: [
          {
            host: "a.example.com",
            http: {
              paths: [
                { path: "/", backend: { service: { name: "web" } } },
                { path: "/api/*", backend: { service: { name: "api" } } },
              ],
            },
          },
          { http: { paths: [{ backend: { service: { name: "web" } } }] } },
        ],
        tls: [{ hosts: ["a.example.com"] }],
      },
      status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } },
    },
    {
      targetRefs: [
        { kind: "Service", namespace: "apps", name: "api" },
        { kind: "Service", namespace: "apps", name: "web" },
      ],
      ingress: [{ ip: "1.2.3.4" }],
      externalURLs: ["http://1.2.3.4", "https://a.example.com/", "https://a.example.com/api/"],
    },
  ],
  [
    "extensions/v1beta1",
    "Ingress",
    {
      metadata: { annotations: { "argocd.argoproj.io/ignore-default-links": "true" } },
      spec: {
        backend: { serviceName: "web" },
        rules: [{ host: "a.example.com", http: { paths: [{ backend: { serviceName: "api" } }] } }],
        tls: [{ secretName: "tls" }],
      },
    },
    {
      targetRefs: [
        { kind: "Service", namespace: "apps", name: "api" },
        { kind: "Service", namespace: "apps", name: "web" },
      ],
    },
  ],
  [
    "networking.istio.io/v1",
    "VirtualService",
    {
      spec: {
        http: [
          {
            route: [
              { destination: { host: "web" } },
              { destination: { host: "web.apps.svc.cluster.local" } },
            ],
          },
          { route: [{ destination: { host: "api.backend" } }] },
          { redirect: { uri: "/" } },
        ],
      },
    },
    {
      targetRefs: [
        { kind: "Service", namespace: "apps", name: "web" },
        { kind: "Service", namespace: "backend", name: "api" },
      ],
    },
  ],
  [
    "networking.istio.io/v1",
    "ServiceEntry",
    { spec: { workloadSelector: { labels: { app: "x" } } } },
    { targetLabels: { app: "x" }, targetRefs: [{ kind: "Pod", name: "" }] },
  ],
  ["networking.istio.io/v1", "ServiceEntry", { spec: { hosts: ["api.example.com"] } }, undefined],
  [
    "gateway.networking.k8s.io/v1",
    "HTTPRoute",
    {
      spec: {
        parentRefs: [
          { name: "public", namespace: "gateways" },
          { kind: "ListenerSet", name: "own" },
        ],
        rules: [
          {
            backendRefs: [
              { name: "web", port: 80 },
              { name: "web", port: 81 },
            ],
          },
          { backendRefs: [{ group: "example.com", kind: "Bucket", name: "files", namespace: "store" }] },
          { filters: [] },
        ],
      },
    },
    {
      targetRefs: [
        { group: "example.com", kind: "Bucket", namespace: "store", name: "files" },
        { group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "gateways", name: "public" },
        { group: "gateway.networking.k8s.io", kind: "ListenerSet", namespace: "apps", name: "own" },
        { kind: "Service", namespace: "apps", name: "web" },
      ],
    },
  ],
  ["gateway.networking.k8s.io/v1alpha2", "TCPRoute", {}, {}],
  [
    "gateway.networking.k8s.io/v1",
    "Gateway",
    {
      spec: {
        listeners: [
          { protocol: "HTTPS", port: 443, hostname: "a.example.com" },
          { protocol: "HTTP", port: 8080, hostname: "a.example.com" },
          { protocol: "TLS", port: 8443, hostname: "*" },
          { protocol: "HTTP", port: 80 },
        ],
      },
      status: {
        addresses: [
          { type: "IPAddress", value: "1.2.3.4" },
          { type: "Hostname", value: "lb.example.com" },
          { type: "example.com/named", value: "x" },
        ],
      },
    },
    {
      ingress: [{ ip: "1.2.3.4" }, { hostname: "lb.example.com" }],
      externalURLs: [
        "http://1.2.3.4",
        "http://a.example.com:8080",
        "http://lb.example.com",
        "https://1.2.3.4:8443",
        "https://a.example.com",
        "https://lb.example.com:8443",
      ],
    },
  ],
  [
    "gateway.networking.k8s.io/v1",
    "Gateway",
    {
      metadata: { annotations: { "argocd.argoproj.io/ignore-default-links": "true" } },
      spec: { listeners: [{ protocol: "HTTP", port: 80, hostname: "a.example.com" }] },
    },
    {},
  ],
])("the network of %s %s %j", (apiVersion, kind, body, info) => {
  expect(networking(apiVersion, kind, body)).toEqual(info);
});

test.each([
  ["https://example.com/x", true],
  ["Wiki|https://example.com", true],
  ["http://10.0.0.1:8080", true],
  ["javascript:alert(1)", false],
  ["Wiki|javascript:alert(1)", false],
  ["java\nscript:alert(1)", false],
  ["https://example.com/\tx", false],
  ["data:text/html,x", false],
  ["example.com", false],
  ["https://", false],
  ["", false],
])("the link %j is taken: %s", (value, taken) => {
  expect(linksIn({ "link.argocd.argoproj.io/x": value, other: value })).toEqual(taken ? [value] : []);
});
