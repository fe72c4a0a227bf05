import { argoCrds, fluxMinor, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo, type Run } from "../../flamingo.js";

/** The controllers of Flux 2.9.3. */
const controllers = {
  "source-controller": "v1.9.3",
  "kustomize-controller": "v1.9.4",
  "helm-controller": "v1.6.3",
  "notification-controller": "v1.9.2",
};

export const stock = "quay.io/argoproj/argocd:v3.5.1";
export const fl = "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.10.2-fl.23-main-d2c9a8cb";

/** Something that runs, all of its pods ready. */
export function runner(
  kind: "Deployment" | "StatefulSet",
  namespace: string,
  name: string,
  container: { name?: string; image: string; args?: string[] },
  { ready = 1, labels = {} }: { ready?: number; labels?: Record<string, string> } = {},
): TestObject {
  const selector = { "app.kubernetes.io/name": name };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      template: { metadata: { labels: selector }, spec: { containers: [{ name, ...container }] } },
    },
    status: { replicas: 1, readyReplicas: ready, availableReplicas: ready, observedGeneration: 1 },
  } as TestObject;
}

/** Flux in flux-system: CRDs and controllers. */
export async function installFlux(cluster: TestCluster): Promise<void> {
  await cluster.installCrds(fluxMinor("2.9"));
  await cluster.createNamespace("flux-system", { "app.kubernetes.io/part-of": "flux" });
  await cluster.applyAll(
    Object.entries(controllers).map(([name, tag]) =>
      runner(
        "Deployment",
        "flux-system",
        name,
        { name: "manager", image: `ghcr.io/fluxcd/${name}:${tag}` },
        { labels: { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/version": "v2.9.3" } },
      ),
    ),
  );
}

/** An Argo CD of this image, whole. */
export async function installArgo(cluster: TestCluster, image: string, namespace = "argocd"): Promise<void> {
  await cluster.installCrds(argoCrds());
  await cluster.createNamespace(namespace);
  const component = (kind: "Deployment" | "StatefulSet", name: string) =>
    runner(kind, namespace, name, { image, args: [`/usr/local/bin/${name}`] });
  await cluster.applyAll([
    component("StatefulSet", "argocd-application-controller"),
    component("Deployment", "argocd-server"),
    component("Deployment", "argocd-repo-server"),
    runner("Deployment", namespace, "argocd-redis", { name: "redis", image: "redis:7.0.15-alpine" }),
  ]);
}

export function kustomization(
  name: string,
  spec: object = {},
  status?: object,
  namespace = "apps",
): TestObject {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace },
    spec: { interval: "10m", prune: true, sourceRef: { kind: "GitRepository", name: "src" }, ...spec },
    ...(status ? { status } : {}),
  } as TestObject;
}

export function helmRelease(name: string, spec: object = {}): TestObject {
  return {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name, namespace: "apps" },
    spec: {
      interval: "10m",
      chart: { spec: { chart: "./charts/x", sourceRef: { kind: "GitRepository", name: "src" } } },
      ...spec,
    },
  } as TestObject;
}

export function gitRepository(name = "src", spec: object = {}): TestObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace: "apps" },
    spec: { interval: "10m", url: "https://git.example/r", ref: { branch: "main" }, ...spec },
  } as TestObject;
}

/** @param shows the workload in namespace `apps`; undefined: an Application of Argo CD's own */
export function application(
  name: string,
  shows: { kind: string; name: string } | undefined,
  engine: "fsa" | "loopback" | undefined,
  resources: object[] = [],
  namespace = "argocd",
): TestObject {
  const labels = shows && {
    "app.kubernetes.io/managed-by": "flamingo",
    "flamingo/workload-name": shows.name,
    "flamingo/workload-type": shows.kind,
  };
  const byLoopback = { "flamingo/engine": "loopback", "argocd.argoproj.io/skip-reconcile": "true" };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace,
      ...(labels ? { labels } : {}),
      ...(engine === "loopback" ? { annotations: byLoopback } : {}),
    },
    spec: {
      project: "default",
      source: { repoURL: "https://git.example/r", path: ".", targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: "apps" },
      syncPolicy: { syncOptions: engine === "fsa" ? ["FluxSubsystem=true"] : [] },
    },
    status: { resources },
  } as TestObject;
}

export function run(cluster: TestCluster, line: string, user?: "alice" | "bob", now?: Date): Promise<Run> {
  const kubeconfig = cluster.kubeconfig(user ? { user } : {});
  return flamingo(line, { kubeconfig, ...(now ? { now } : {}) });
}
