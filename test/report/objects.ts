/** Small objects to make reports of. */
import type { AppProject } from "../../src/argo/app-project.js";
import type { GeneratedApplication } from "../../src/argo/application-for.js";
import { type ArgoSettings, argoSettingsFrom } from "../../src/argo/settings.js";
import { inventoryOf } from "../../src/flux/inventory.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { LiveIndex } from "../../src/report/live/live-index.js";
import { type Report, type ReportInput, report } from "../../src/report/report.js";

export const now = new Date("2026-11-21T10:00:00Z");

/** @param at "NAMESPACE/NAME", or "NAME" for a cluster-scoped object; the uid is made of kind and name */
export function object(apiVersion: string, kind: string, at: string, rest: object = {}): LiveObject {
  const [name = "", namespace] = at.split("/").reverse();
  const { metadata, ...body } = rest as { metadata?: object };
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}), uid: `${kind}-${name}`, ...metadata },
    ...body,
  };
}

/** An object that belongs to another. */
export function owned(
  owner: LiveObject,
  apiVersion: string,
  kind: string,
  at: string,
  rest: object = {},
): LiveObject {
  const { apiVersion: by, kind: ownerKind, metadata } = owner;
  const made = object(apiVersion, kind, at, rest);
  made.metadata.ownerReferences = [
    { apiVersion: by, kind: ownerKind, name: metadata.name, uid: metadata.uid ?? "" },
  ];
  return made;
}

export const commit = "0123456789abcdef0123456789abcdef01234567";
export const revision = `main@sha1:${commit}`;

export const ready = {
  type: "Ready",
  status: "True",
  reason: "ReconciliationSucceeded",
  message: `Applied revision: ${revision}`,
  lastTransitionTime: "2026-11-21T09:00:00Z",
};

export const gitRepository = object("source.toolkit.fluxcd.io/v1", "GitRepository", "apps/podinfo", {
  metadata: { generation: 1 },
  spec: { url: "https://github.com/stefanprodan/podinfo" },
  status: {
    observedGeneration: 1,
    conditions: [{ ...ready, message: "stored artifact" }],
    artifact: { revision },
  },
});

/** @param ids as in an inventory, "NAMESPACE_NAME_GROUP_KIND", with " VERSION" when that is not v1 */
export function kustomization(
  ids: readonly string[] = [],
  changes: { spec?: object; status?: object } = {},
): FluxWorkload {
  return object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps/podinfo", {
    metadata: { generation: 1 },
    spec: { sourceRef: { kind: "GitRepository", name: "podinfo" }, path: "./kustomize", ...changes.spec },
    status: {
      observedGeneration: 1,
      conditions: [ready],
      lastAppliedRevision: revision,
      lastAttemptedRevision: revision,
      inventory: { entries: ids.map((text) => ({ id: text.split(" ")[0], v: text.split(" ")[1] ?? "v1" })) },
      ...changes.status,
    },
  }) as FluxWorkload;
}

export const application: GeneratedApplication = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: {
    name: "podinfo",
    namespace: "argocd",
    labels: {
      "app.kubernetes.io/managed-by": "flamingo",
      "flamingo/workload-name": "podinfo",
      "flamingo/workload-type": "Kustomization",
    },
    annotations: {},
  },
  spec: {
    project: "default",
    source: { repoURL: "https://github.com/stefanprodan/podinfo", path: "kustomize", targetRevision: "main" },
    destination: { server: "https://kubernetes.default.svc", namespace: "apps" },
    syncPolicy: { syncOptions: [] },
  },
};

/** Permits everything, but for what is told otherwise. */
export function project(spec: AppProject["spec"] = {}): AppProject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "default", namespace: "argocd" },
    spec: {
      sourceRepos: ["*"],
      destinations: [{ server: "*", namespace: "*" }],
      clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      ...spec,
    },
  };
}

export const argo: ArgoSettings = argoSettingsFrom("argocd", undefined, undefined);

/** A report of a Kustomization and objects on a cluster, but for what is told otherwise. */
export function reportOf(objects: readonly LiveObject[], changes: Partial<ReportInput> = {}): Report {
  const workload = "workload" in changes ? changes.workload : kustomization();
  return report({
    application,
    project: project(),
    cluster: { server: "https://kubernetes.default.svc", name: "in-cluster" },
    sources: [gitRepository],
    inventory: workload ? inventoryOf(workload) : [],
    live: new LiveIndex(objects),
    unread: [],
    argo,
    now,
    isSettled: true,
    ...changes,
    workload,
  });
}

/** Each node as "Kind/name", with " < Kind/name" for each parent, in their order. */
export function outline({ tree }: Report): string[] {
  return tree.nodes.map(({ kind, name, parentRefs = [] }) =>
    [`${kind}/${name}`, ...parentRefs.map((parent) => `${parent.kind}/${parent.name}`)].join(" < "),
  );
}
