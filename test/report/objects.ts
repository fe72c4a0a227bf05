/** Small objects to make reports of. */
import type { AppProject } from "../../src/argo/app-project.js";
import { plainOwnCluster } from "../../src/argo/own-cluster.js";
import { inventoryOf } from "../../src/flux/inventory.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { KubeObject, LiveObject } from "../../src/kube/object.js";
import { LiveIndex } from "../../src/report/live/live-index.js";
import { type Report, type ReportInput, report } from "../../src/report/report.js";
import { appProject, argo, generated } from "../builders/argo.js";
import { flux, ks, location } from "../builders/flux.js";
import { live } from "../builders/kube.js";

export const now = new Date("2026-11-21T10:00:00Z");

export const commit = "0123456789abcdef0123456789abcdef01234567";
export const revision = `main@sha1:${commit}`;

export const ready = {
  type: "Ready",
  status: "True",
  reason: "ReconciliationSucceeded",
  message: `Applied revision: ${revision}`,
  lastTransitionTime: "2026-11-21T09:00:00Z",
};

export const gitRepository = reconciled(
  flux("GitRepository", "podinfo", { url: "https://github.com/stefanprodan/podinfo" }),
  { conditions: [{ ...ready, message: "stored artifact" }], artifact: { revision } },
);

/** As it lives in a cluster and is Ready, but for what its status says otherwise. */
export function reconciled<T extends KubeObject>(written: T, status: object = {}): T & { status: object } {
  return live({
    ...written,
    metadata: { generation: 1, ...written.metadata },
    status: { observedGeneration: 1, conditions: [ready], ...status },
  });
}

/** @param ids as in an inventory, "NAMESPACE_NAME_GROUP_KIND", with " VERSION" when that is not v1 */
export function kustomization(
  ids: readonly string[] = [],
  changes: { spec?: object; status?: object } = {},
): FluxWorkload {
  const sourceRef = { kind: "GitRepository", name: "podinfo" };
  return reconciled(ks("podinfo", { sourceRef, path: "./kustomize", ...changes.spec }), {
    lastAppliedRevision: revision,
    lastAttemptedRevision: revision,
    inventory: { entries: ids.map((text) => ({ id: text.split(" ")[0], v: text.split(" ")[1] ?? "v1" })) },
    ...changes.status,
  });
}

export const application = generated(
  kustomization(),
  {},
  location({ url: "https://github.com/stefanprodan/podinfo", path: "kustomize" }),
);

/** The AppProject `default`, which permits everything, but for what is told otherwise. */
export const project = (spec: AppProject["spec"] = {}) => appProject("default", spec);

/** A report of a Kustomization and objects on a cluster, but for what is told otherwise. */
export function reportOf(objects: readonly LiveObject[], changes: Partial<ReportInput> = {}): Report {
  return report(inputOf(objects, changes));
}

/** What {@link reportOf} makes a report of. */
export function inputOf(objects: readonly LiveObject[], changes: Partial<ReportInput> = {}): ReportInput {
  const workload = "workload" in changes ? changes.workload : kustomization();
  return {
    application,
    project: project(),
    cluster: plainOwnCluster,
    workloads: new Map(),
    sources: [gitRepository],
    inventory: workload ? inventoryOf(workload) : [],
    unlisted: 0,
    live: new LiveIndex(objects),
    unread: [],
    argo,
    release: undefined,
    now,
    isSettled: true,
    isLast: true,
    ...changes,
    workload,
  };
}

/** Each node as "Kind/name", with " < Kind/name" for each parent, in their order. */
export function outline({ tree }: Report): string[] {
  return tree.nodes.map(({ kind, name, parentRefs = [] }) =>
    [`${kind}/${name}`, ...parentRefs.map((parent) => `${parent.kind}/${parent.name}`)].join(" < "),
  );
}
