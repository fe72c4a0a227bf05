import type { TestObject } from "../../test/cluster/crds.js";
import { applied, created, type Labels, type Part } from "./parts.js";
import { nodeOf, podAddress, podSpec, podStatus } from "./pods.js";
import { wholeWorkloads } from "./size.js";

const at = "2026-01-02T03:04:05Z";

/** "shop-0001": the namespace of a workload, and the name of everything of Flux and Argo CD that belongs to it. */
export function nameOf(index: number): string {
  return `shop-${String(index).padStart(4, "0")}`;
}

/** All that kustomize-controller applies of a workload, as it stands in Git. */
export function manifestsOf(index: number): TestObject[] {
  return partsOf(index)
    .filter(({ by }) => by === "kustomize-controller")
    .map(({ object }) => object);
}

/** Twenty objects: two Deployments with three Pods each, and what goes with them. Late workloads have four. */
export function partsOf(index: number): Part[] {
  const namespace = nameOf(index);
  if (index >= wholeWorkloads)
    return [...deploymentWithPods(namespace, "web", 1), configMap(namespace, "web-config")];
  return [
    ...["web", "worker"].flatMap((app) => [
      ...deploymentWithPods(namespace, app, 3),
      ...serviceWithEndpoints(namespace, app),
      configMap(namespace, `${app}-config`),
    ]),
    applied("ServiceAccount", namespace, "shop"),
    ingress(namespace),
    rootCertificate(namespace),
    secret(namespace),
  ];
}

function deploymentWithPods(namespace: string, app: string, replicas: number): Part[] {
  const labels = { "app.kubernetes.io/name": app, "app.kubernetes.io/instance": namespace };
  const annotations = { "prometheus.io/scrape": "true" };
  const spec = { replicas, selector: { matchLabels: labels } };
  const deployment = applied("Deployment", namespace, app, {
    spec: {
      ...spec,
      revisionHistoryLimit: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { metadata: { labels, annotations }, spec: podSpec(app) },
    },
  });
  const hash = app === "web" ? "6d4cf56db6" : "7f9c88c5bd";
  const hashed = { ...labels, "pod-template-hash": hash };
  const set = replicaSet(namespace, `${app}-${hash}`, hashed, {
    ...spec,
    selector: { matchLabels: hashed },
    template: { metadata: { labels: hashed, annotations }, spec: podSpec(app) },
  });
  const counts = { replicas, readyReplicas: replicas, availableReplicas: replicas, observedGeneration: 1 };
  const conditions = [
    deploymentCondition("Available", "MinimumReplicasAvailable", "Deployment has minimum availability."),
    deploymentCondition(
      "Progressing",
      "NewReplicaSetAvailable",
      `ReplicaSet "${app}-${hash}" has successfully progressed.`,
    ),
  ];
  const manager = "kube-controller-manager";
  return [
    {
      ...deployment,
      status: { by: manager, content: { ...counts, updatedReplicas: replicas, conditions } },
    },
    {
      ...set,
      owner: { kind: "Deployment", name: app },
      status: { by: manager, content: { ...counts, fullyLabeledReplicas: replicas } },
    },
    ...["x2v9q", "k7d4m", "p8zrt"]
      .slice(0, replicas)
      .map((suffix, item) => pod(namespace, app, `${app}-${hash}`, { suffix, item, labels: hashed })),
  ];
}

function deploymentCondition(type: string, reason: string, message: string) {
  return { type, status: "True", reason, message, lastTransitionTime: at, lastUpdateTime: at };
}

function replicaSet(
  namespace: string,
  name: string,
  labels: Labels,
  spec: { replicas: number; [field: string]: unknown },
): Part {
  const annotations = {
    "deployment.kubernetes.io/desired-replicas": String(spec.replicas),
    "deployment.kubernetes.io/max-replicas": String(spec.replicas + 1),
    "deployment.kubernetes.io/revision": "1",
  };
  return created("ReplicaSet", { name, namespace, labels, annotations }, { spec });
}

function pod(
  namespace: string,
  app: string,
  set: string,
  { suffix, item, labels }: { suffix: string; item: number; labels: Labels },
): Part {
  const annotations = { "prometheus.io/scrape": "true" };
  const spec = { ...podSpec(app), nodeName: nodeOf(item) };
  return {
    ...created("Pod", { name: `${set}-${suffix}`, namespace, labels, annotations }, { spec }),
    owner: { kind: "ReplicaSet", name: set },
    status: { by: "kubelet", content: podStatus(app, item) },
  };
}

/** A Service and its EndpointSlice. */
function serviceWithEndpoints(namespace: string, app: string): Part[] {
  const selector = { "app.kubernetes.io/name": app };
  const endpoints = [0, 1, 2].map((item) => ({
    addresses: [podAddress(item)],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: nodeOf(item),
    targetRef: { kind: "Pod", namespace, name: `${app}-${item}` },
  }));
  const labels = {
    ...selector,
    "kubernetes.io/service-name": app,
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
  };
  const slice = created(
    "EndpointSlice",
    { name: `${app}-4xk2p`, namespace, labels },
    { addressType: "IPv4", endpoints, ports: [{ name: "http", port: 8080, protocol: "TCP" }] },
  );
  // others take one of the 254 addresses that the API server of the tests has
  const spec = { clusterIP: "None", selector, ports: [{ name: "http", port: 80, targetPort: "http" }] };
  return [applied("Service", namespace, app, { spec }), { ...slice, owner: { kind: "Service", name: app } }];
}

function configMap(namespace: string, name: string): Part {
  const lines = Array.from({ length: 20 }, (_, line) => `setting.${line}=value of ${namespace}/${name}`);
  const data = { "application.properties": lines.join("\n"), LOG_LEVEL: "info", REGION: "eu-1" };
  return applied("ConfigMap", namespace, name, { data });
}

function ingress(namespace: string): Part {
  const host = `${namespace}.example.com`;
  const backend = { service: { name: "web", port: { name: "http" } } };
  const part = applied("Ingress", namespace, "web", {
    spec: {
      ingressClassName: "nginx",
      tls: [{ hosts: [host], secretName: "shop-tls" }],
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    },
  });
  const content = { loadBalancer: { ingress: [{ ip: "192.0.2.10" }] } };
  return { ...part, status: { by: "nginx-ingress-controller", content } };
}

/** As every namespace has one. */
function rootCertificate(namespace: string): Part {
  const lines = "MIIDBTCCAe2gAwIBAgIIJ8A1MIIDBTCCAe2gAwIBAgIIJ8A1MIIDBTCCAe2gAwIB\n".repeat(16);
  const data = { "ca.crt": `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n` };
  return created("ConfigMap", { name: "kube-root-ca.crt", namespace }, { data });
}

function secret(namespace: string): Part {
  const data = { password: Buffer.from("p".repeat(32)).toString("base64") };
  return created("Secret", { name: "shop-db", namespace }, { type: "Opaque", data });
}
