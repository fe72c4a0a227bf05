import { describe, expect, test } from "vitest";
import type { IgnoreRule } from "../../src/flux/ignore-rule.js";
import { ignoredIn } from "../../src/flux/ignored.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { fieldPaths } from "../../src/kube/field-set.js";
import type { FieldsV1, LiveObject, ManagedFields } from "../../src/kube/object.js";
import { exceptIgnored, renderTakeover, takeoversOf } from "../../src/report/drift.js";
import { LiveIndex } from "../../src/report/live/live-index.js";
import { object } from "../builders/kube.js";
import { gitRepository, kustomization, ready, reportOf } from "./objects.js";

const since = "2026-11-21T09:00:00Z";
const later = "2026-11-21T09:30:00Z";

const image: FieldsV1 = {
  "f:template": { "f:spec": { "f:containers": { 'k:{"name":"app"}': { "f:image": {} } } } },
};
const replicas: FieldsV1 = { "f:replicas": {} };
const entry = (manager: string, spec: FieldsV1, rest: Partial<ManagedFields> = {}): ManagedFields => ({
  manager,
  operation: "Update",
  time: later,
  fieldsV1: { "f:spec": spec },
  ...rest,
});
const flux = (spec: FieldsV1) => entry("kustomize-controller", spec, { operation: "Apply", time: since });

const deployment = (managedFields: ManagedFields[], metadata: object = {}): LiveObject =>
  object("apps/v1", "Deployment", "apps/podinfo", {
    metadata: {
      generation: 1,
      labels: { "kustomize.toolkit.fluxcd.io/name": "podinfo" },
      managedFields,
      ...metadata,
    },
    spec: { replicas: 1, template: { spec: { containers: [{ name: "app", image: "app:2" }] } } },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
  });

const imagePath = "spec.template.spec.containers[name=app].image";

test.each<[what: string, entries: ManagedFields[], takeovers: string[], byHand?: boolean]>([
  [
    "kubectl set image",
    [entry("kubectl-set", image)],
    [`${imagePath} was changed by kubectl-set at ${later}`],
  ],
  [
    "kubectl edit",
    [entry("kubectl-edit", replicas)],
    [`spec.replicas was changed by kubectl-edit at ${later}`],
  ],
  ["k9s", [entry("k9s", replicas)], [`spec.replicas was changed by k9s at ${later}`]],
  ["Lens", [entry("node-fetch", replicas)], [`spec.replicas was changed by node-fetch at ${later}`]],
  ["a page in a browser", [entry("Mozilla", replicas)], [`spec.replicas was changed by Mozilla at ${later}`]],
  [
    "kubectl apply --server-side",
    [entry("kubectl", image, { operation: "Apply" }), flux(replicas)],
    [`${imagePath} was changed by kubectl at ${later}`],
  ],
  [
    "what nobody knows, which is no drift",
    [entry("terraform", image)],
    [`${imagePath} was changed by terraform at ${later}`],
    false,
  ],
  [
    "many fields",
    [entry("kubectl-edit", { "f:a": {}, "f:b": {}, "f:c": {}, "f:d": {}, "f:e": {} })],
    [`spec.a, spec.b, spec.c and 2 more were changed by kubectl-edit at ${later}`],
  ],
  [
    "several, the first first",
    [entry("k9s", image, { time: "2026-11-21T09:40:00Z" }), entry("kubectl-edit", replicas)],
    [
      `spec.replicas was changed by kubectl-edit at ${later}`,
      `${imagePath} was changed by k9s at 2026-11-21T09:40:00Z`,
    ],
  ],
  [
    "a field beside spec",
    [{ ...entry("kubectl-edit", {}), fieldsV1: { "f:data": { "f:level": {} } } }],
    [`data.level was changed by kubectl-edit at ${later}`],
  ],
  // none
  ["before Flux applied it", [entry("kubectl-edit", image, { time: since })], []],
  ["what Flux owns, too", [entry("kubectl", image, { operation: "Apply" }), flux(image)], []],
  ["an autoscaler", [entry("kube-controller-manager", replicas, { subresource: "scale" })], []],
  ["a controller", [entry("vpa-admission-controller", image)], []],
  ["an operator", [entry("keda-operator", replicas)], []],
  ["Restart in Argo CD", [entry("argocd-server", { "f:template": { "f:metadata": {} } })], []],
  [
    "kubectl scale, which has no time",
    [{ ...entry("kubectl", replicas), subresource: "scale", time: undefined } as never],
    [],
  ],
  [
    "labels",
    [{ ...entry("kubectl-label", {}), fieldsV1: { "f:metadata": { "f:labels": { "f:x": {} } } } }],
    [],
  ],
  [
    "the status",
    [{ ...entry("kubectl-edit", {}), fieldsV1: { "f:status": { "f:x": {} } }, subresource: "status" }],
    [],
  ],
])("since Flux applied it, an object was changed by %s", (_, entries, takeovers, byHand = true) => {
  const found = takeoversOf(deployment(entries), since);
  expect(found.map(renderTakeover)).toEqual(takeovers);
  for (const takeover of found) expect(takeover.byHand).toBe(byHand);
});

test.each([
  { annotations: { "kustomize.toolkit.fluxcd.io/ssa": "Merge" } },
  { annotations: { "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent" } },
  { labels: { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" } },
  { annotations: { "helm.toolkit.fluxcd.io/driftDetection": "disabled" } },
])("what Flux is told to leave alone does not drift: %j", (metadata) => {
  expect(takeoversOf(deployment([entry("kubectl-edit", image)], metadata), since)).toEqual([]);
});

test.each<[rules: IgnoreRule[], paths: string[]]>([
  [[], ["spec.replicas", imagePath]],
  [[{ paths: ["/spec/replicas"] }], [imagePath]],
  [[{ paths: ["/spec/template/spec/containers/0/image"] }], ["spec.replicas"]],
  [[{ paths: ["/spec/template", "/spec/replicas"] }], []],
  [[{ paths: [""], target: { kind: "Deployment", name: "podinfo" } }], []],
  [[{ paths: [""], target: { kind: "Deployment", name: "other" } }], ["spec.replicas", imagePath]],
  [[{ paths: [""], target: { kind: "StatefulSet|Deployment" } }], []],
  [[{ paths: [""], target: { labelSelector: "app=other" } }], []],
  [[{ paths: ["/metadata/annotations/a~1b", "/spec/replicas/x"] }], ["spec.replicas", imagePath]],
])("what Flux is told to ignore is no drift: %j", (ignore, paths) => {
  const release = { kind: "HelmRelease", spec: { driftDetection: { ignore } } } as unknown as FluxWorkload;
  for (const workload of [kustomization([], { spec: { ignore } }), release]) {
    const live = deployment([entry("kubectl-edit", { ...replicas, ...image })]);
    const takeovers = exceptIgnored(takeoversOf(live, since), ignoredIn(live, workload));
    expect(takeovers.flatMap(({ fields }) => fieldPaths(fields))).toEqual(paths);
  }
});

test("of what Flux is told to ignore of an object 100 paths count, however long", () => {
  const paths = Array.from({ length: 100 }, (_, index) => `/spec/x${index}${"/y".repeat(1000)}`);
  const ignore = Array.from({ length: 100 }, () => ({ paths }));
  const live = deployment([entry("kubectl-edit", replicas)]);
  const ignored = ignoredIn(live, kustomization([], { spec: { ignore } }));
  expect(ignored).toEqual(paths);
  expect(exceptIgnored(takeoversOf(live, since), ignored)).toHaveLength(1);
});

test.each(["Kustomization", "HelmRelease"] as const)("kubectl rollout restart, of a %s", (kind) => {
  const annotation = { "f:annotations": { ".": {}, "f:kubectl.kubernetes.io/restartedAt": {} } };
  const live = deployment([entry("kubectl-rollout", { "f:template": { "f:metadata": annotation } })]);
  const takeovers = exceptIgnored(takeoversOf(live, since), ignoredIn(live, { kind } as FluxWorkload));
  const path = "spec.template.metadata.annotations[kubectl.kubernetes.io/restartedAt]";
  expect(takeovers.map(renderTakeover)).toEqual(
    kind === "HelmRelease" ? [] : [`${path} was changed by kubectl-rollout at ${later}`],
  );
});

describe("kubectl scale", () => {
  const scale = { ...entry("kubectl", replicas), subresource: "scale", time: undefined } as never;
  const steps: Record<string, LiveObject> = {
    applied: deployment([flux(replicas)]),
    scaled: deployment([flux(image), scale]),
    anew: deployment([flux(image), scale], { uid: "another" }),
    "left alone": deployment([flux(image), scale], {
      annotations: { "kustomize.toolkit.fluxcd.io/ssa": "Merge" },
    }),
  };

  test.each<[sequence: string[], scaled: boolean]>([
    [["applied"], false],
    [["scaled"], false],
    [["applied", "scaled"], true],
    [["applied", "scaled", "scaled"], true],
    [["applied", "scaled", "applied"], false],
    [["applied", "anew"], false],
    [["applied", "left alone"], false],
  ])("%j", (sequence, scaled) => {
    const live = new LiveIndex(sequence.map((step) => steps[step] as LiveObject));
    const { status } = reportOf([], { workload: kustomization(["apps_podinfo_apps_Deployment"]), live });
    const resource = status.resources?.find(({ kind }) => kind === "Deployment");
    expect(resource?.status).toBe(scaled ? "OutOfSync" : "Synced");
    expect(resource?.health?.message).toBe(scaled ? "spec.replicas was changed by kubectl" : undefined);
  });
});

describe("a report", () => {
  const workload = kustomization(["apps_podinfo_apps_Deployment"]);
  const byKubectl = deployment([entry("kubectl-set", image), flux(replicas)]);

  const shown = (live: LiveObject, of: FluxWorkload = workload) => {
    const chart = object("source.toolkit.fluxcd.io/v1", "OCIRepository", "apps/podinfo");
    const made = reportOf([live], { workload: of, sources: [gitRepository, chart] });
    const resource = made.status.resources?.find(({ kind }) => kind === live.kind);
    const node = made.tree.nodes.find(({ kind }) => kind === live.kind);
    const diff = made.managedResources.find(({ kind }) => kind === live.kind);
    return { made, resource, node, diff };
  };

  test("says who changed an object, when and what, and that it is out of sync", () => {
    const { made, resource, node, diff } = shown(byKubectl);
    expect(made.status.sync?.status).toBe("OutOfSync");
    expect(made.status.health?.status).toBe("Healthy");
    const message = `${imagePath} was changed by kubectl-set at ${later}`;
    expect(resource).toMatchObject({ status: "OutOfSync", health: { status: "Healthy", message } });
    expect(node).toMatchObject({
      health: { status: "Healthy", message },
      info: [{ name: "Changed by", value: `kubectl-set at ${later}` }],
    });
    const live = JSON.parse(diff?.normalizedLiveState ?? "");
    expect(live.spec.template.spec.containers).toEqual([{ name: "app", image: "app:2" }]);
    live.spec.template.spec.containers = [{ name: "app" }];
    expect(JSON.parse(diff?.predictedLiveState ?? "")).toEqual(live);
    expect(diff?.modified).toBe(true);
    // the workload itself has done what it should
    expect(made.status.resources?.find(({ kind }) => kind === "Kustomization")?.status).toBe("Synced");
  });

  test("only informs of who is no person, for all that is known", () => {
    const { made, resource, node, diff } = shown(deployment([entry("terraform", image)]));
    expect(made.status.sync?.status).toBe("Synced");
    expect(resource).toMatchObject({ status: "Synced", health: { status: "Healthy" } });
    expect(resource?.health?.message).toBeUndefined();
    expect(node?.info).toEqual([{ name: "Changed by", value: `terraform at ${later}` }]);
    expect(diff?.modified).toBeUndefined();
  });

  test.each<[what: string, status: object, drifts: boolean]>([
    ["is Ready", { conditions: [ready] }, true],
    ["reconciles, and nobody knows since when", { conditions: [{ ...ready, status: "Unknown" }] }, false],
    [
      "fails, and had succeeded before",
      {
        conditions: [{ ...ready, status: "False" }],
        history: [
          { lastReconciled: "2026-11-21T09:40:00Z", lastReconciledStatus: "HealthCheckFailed" },
          { lastReconciled: since, lastReconciledStatus: "ReconciliationSucceeded" },
        ],
      },
      true,
    ],
  ])("of a Kustomization that %s", (_, status, drifts) => {
    const { resource } = shown(byKubectl, kustomization(["apps_podinfo_apps_Deployment"], { status }));
    expect(resource?.status).toBe(drifts ? "OutOfSync" : "Synced");
  });

  const release = (status: object, mode = "warn") =>
    object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "apps/podinfo", {
      metadata: { generation: 1 },
      spec: { driftDetection: { mode }, chartRef: { kind: "OCIRepository", name: "podinfo" } },
      status: {
        observedGeneration: 1,
        inventory: { entries: [{ id: "apps_podinfo_apps_Deployment", v: "v1" }] },
        ...status,
        conditions: [ready, ...((status as { conditions?: object[] }).conditions ?? [])],
      },
    }) as FluxWorkload;
  const drifted = {
    type: "Drifted",
    status: "True",
    message:
      "Cluster state of release apps/podinfo.v1 has drifted from the desired state:\nDeployment/apps/podinfo changed (0 additions, 1 changes, 0 removals)\nConfigMap/apps/x excluded",
  };

  test.each<[what: string, status: object, mode: string, message: string | undefined]>([
    [
      "was deployed before",
      { history: [{ status: "deployed", lastDeployed: since }] },
      "disabled",
      `${imagePath} was changed by kubectl-set at ${later}`,
    ],
    ["was deployed since", { history: [{ status: "deployed", lastDeployed: later }] }, "disabled", undefined],
    ["was never deployed", { history: [{ status: "failed", lastDeployed: since }] }, "disabled", undefined],
    [
      "failed since it was deployed",
      {
        history: [
          { status: "failed", lastDeployed: later },
          { status: "deployed", lastDeployed: since },
        ],
      },
      "disabled",
      `${imagePath} was changed by kubectl-set at ${later}`,
    ],
    [
      "has found drift itself",
      { conditions: [drifted] },
      "warn",
      "Flux found it changed (0 additions, 1 changes, 0 removals)",
    ],
    [
      "has found one of two that it may mean",
      {
        conditions: [drifted],
        inventory: {
          entries: [
            { id: "apps_podinfo_apps_Deployment", v: "v1" },
            { id: "apps_podinfo_example.com_Deployment", v: "v1" },
          ],
        },
      },
      "warn",
      undefined,
    ],
    ["looks no more", { conditions: [drifted] }, "disabled", undefined],
    ["found none", { conditions: [{ ...drifted, status: "False" }] }, "warn", undefined],
  ])("of a HelmRelease that %s", (_, status, mode, message) => {
    const { resource } = shown(byKubectl, release(status, mode));
    expect(resource?.health?.message).toBe(message);
    expect(resource?.status).toBe(message ? "OutOfSync" : "Synced");
  });

  test("what was changed without anything to show for it stands in the workload's difference", () => {
    const { made, diff } = shown(deployment([]), release({ conditions: [drifted] }));
    expect(diff?.modified).toBeUndefined();
    const [workloads] = made.managedResources.filter(({ kind }) => kind === "HelmRelease");
    expect(JSON.parse(workloads?.normalizedLiveState ?? "").status).toMatchObject({
      changed: ["Deployment podinfo in apps: Flux found it changed (0 additions, 1 changes, 0 removals)"],
    });
    expect(workloads?.modified).toBe(true);
  });
});
