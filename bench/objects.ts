/** What a large cluster holds: a hundred teams, each with five repositories and any number of Kustomizations. */

const teams = 100;

export const fluxApi = "kustomize.toolkit.fluxcd.io/v1";
export const sourceApi = "source.toolkit.fluxcd.io/v1";
const argoApi = "argoproj.io/v1alpha1";

export function teamNames(): string[] {
  return Array.from({ length: teams }, (_, index) => teamOf(index));
}

export function kustomization(index: number) {
  const name = `service-${String(index).padStart(5, "0")}`;
  return {
    apiVersion: fluxApi,
    kind: "Kustomization",
    metadata: {
      name,
      namespace: teamOf(index),
      labels: {
        "app.kubernetes.io/part-of": teamOf(index),
        "kustomize.toolkit.fluxcd.io/name": "tenants",
        "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
      },
    },
    spec: {
      interval: "10m0s",
      retryInterval: "1m0s",
      timeout: "5m0s",
      path: `./deploy/production/${name}`,
      prune: true,
      wait: true,
      serviceAccountName: "deployer",
      sourceRef: { kind: "GitRepository", name: repositoryOf(index) },
      postBuild: { substitute: { cluster: "production-eu-1", team: teamOf(index) } },
    },
  };
}

/** As kustomize-controller writes it after it applied ten objects. */
export function kustomizationStatus(index: number) {
  const { metadata } = kustomization(index);
  const revision = `main@sha1:${String(index).padStart(40, "a")}`;
  const at = "2026-01-02T03:04:05Z";
  return {
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "ReconciliationSucceeded",
        message: `Applied revision: ${revision}`,
        lastTransitionTime: at,
        observedGeneration: 1,
      },
      {
        type: "Healthy",
        status: "True",
        reason: "Succeeded",
        message: "Health check passed in 5.037190172s",
        lastTransitionTime: at,
        observedGeneration: 1,
      },
    ],
    inventory: {
      entries: Array.from({ length: 10 }, (_, item) => ({
        id: `${metadata.namespace}_${metadata.name}-${item}_apps_Deployment`,
        v: "v1",
      })),
    },
    lastAppliedRevision: revision,
    lastAttemptedRevision: revision,
    observedGeneration: 1,
  };
}

export function gitRepository(index: number) {
  const name = repositoryOf(index);
  return {
    apiVersion: sourceApi,
    kind: "GitRepository",
    metadata: { name, namespace: teamOf(index) },
    spec: {
      interval: "1m0s",
      timeout: "60s",
      url: `https://git.example.com/${teamOf(index)}/${name}.git`,
      ref: { branch: "main" },
    },
  };
}

/** As source-controller writes it after a fetch. */
export function gitRepositoryStatus(index: number) {
  const { metadata } = gitRepository(index);
  const revision = `main@sha1:${String(index).padStart(40, "b")}`;
  const at = "2026-01-02T03:04:05Z";
  return {
    artifact: {
      digest: `sha256:${String(index).padStart(64, "c")}`,
      lastUpdateTime: at,
      path: `gitrepository/${metadata.namespace}/${metadata.name}/latest.tar.gz`,
      revision,
      size: 81_920,
    },
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "Succeeded",
        message: `stored artifact for revision '${revision}'`,
        lastTransitionTime: at,
        observedGeneration: 1,
      },
    ],
    observedGeneration: 1,
  };
}

/** The Application of a Kustomization, as `flamingo loopback` reports it. */
export function application(index: number) {
  const { metadata } = kustomization(index);
  const { name, namespace } = metadata;
  const at = "2026-01-02T03:04:05Z";
  const revision = String(index).padStart(40, "a");
  const source = {
    repoURL: `https://git.example.com/${namespace}.git`,
    path: "deploy",
    targetRevision: "main",
  };
  return {
    apiVersion: argoApi,
    kind: "Application",
    metadata: {
      name: `${namespace}-${name}-ks`,
      namespace: "argocd",
      labels: {
        "app.kubernetes.io/managed-by": "flamingo",
        "flamingo/workload-name": name,
        "flamingo/workload-type": "Kustomization",
        "flamingo/source-type": "GitRepository",
        "flamingo/destination-namespace": namespace,
        "flamingo/cluster-name": "in-cluster",
      },
      annotations: { "argocd.argoproj.io/skip-reconcile": "true", "flamingo/engine": "loopback" },
    },
    spec: {
      project: "default",
      source,
      destination: { server: "https://kubernetes.default.svc", namespace },
    },
    status: {
      health: { status: "Healthy", lastTransitionTime: at },
      sync: { status: "Synced", revision, comparedTo: { source, destination: { namespace } } },
      history: [0, 1, 2].map((id) => ({ id, revision, deployedAt: at, source })),
      operationState: {
        operation: { sync: { revision } },
        phase: "Succeeded",
        message: `Applied revision: main@sha1:${revision}`,
        startedAt: at,
        finishedAt: at,
      },
      resources: Array.from({ length: 10 }, (_, item) => ({
        group: "apps",
        version: "v1",
        kind: "Deployment",
        namespace,
        name: `${name}-${item}`,
        status: "Synced",
        health: { status: "Healthy" },
      })),
      reconciledAt: at,
      sourceType: "Kustomize",
    },
  };
}

function teamOf(index: number): string {
  return `team-${String(index % teams).padStart(2, "0")}`;
}

/** Five a team: Kustomizations 0, 500, 1000 and so on are made from the same one. */
function repositoryOf(index: number): string {
  return `repository-${Math.floor(index / teams) % 5}`;
}
