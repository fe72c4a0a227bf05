import { describe, expect, test } from "vitest";
import { inventoryOf } from "../../src/flux/inventory.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { inCircles } from "../../src/report/circles.js";
import { LiveIndex } from "../../src/report/live/live-index.js";
import { argo } from "../builders/argo.js";
import { flux, hr } from "../builders/flux.js";
import { live, object, owned } from "../builders/kube.js";
import { commit, gitRepository, kustomization, outline, project, reconciled, reportOf } from "./objects.js";

const deployment = object("apps/v1", "Deployment", "web/podinfo", {
  metadata: { generation: 1, resourceVersion: "7", creationTimestamp: "2026-11-20T00:00:00Z" },
  spec: { replicas: 1 },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
});
const replicaSet = owned(deployment, "apps/v1", "ReplicaSet", "web/podinfo-1", {
  metadata: { annotations: { "deployment.kubernetes.io/revision": "1" } },
});
const pods = ["a", "b"].map((name) =>
  owned(replicaSet, "v1", "Pod", `web/podinfo-1-${name}`, {
    spec: { nodeName: `node-${name}`, containers: [{ image: "podinfo:6" }] },
    status: { phase: "Pending" },
  }),
);
const service = object("v1", "Service", "web/podinfo");
const endpoints = object("v1", "Endpoints", "web/podinfo");
const cronJob = object("batch/v1", "CronJob", "web/backup", { spec: {}, status: {} });
const job = owned(cronJob, "batch/v1", "Job", "web/backup-1");
const jobPod = owned(job, "v1", "Pod", "web/backup-1-x", { status: { phase: "Pending" } });
const others = [
  object("v1", "ConfigMap", "web/settings"),
  object("v1", "Secret", "web/credentials"),
  object("v1", "ConfigMap", "monitoring/dashboards"),
  object("v1", "Namespace", "web"),
  object("rbac.authorization.k8s.io/v1", "ClusterRole", "podinfo:reader"),
  object("v1", "ConfigMap", "web/not-mine"),
];
const objects = [deployment, replicaSet, ...pods, service, endpoints, cronJob, job, jobPod, ...others];
const workload = kustomization([
  "web_podinfo_apps_Deployment",
  "web_podinfo__Service",
  "web_backup_batch_CronJob",
  "web_settings__ConfigMap",
  "web_credentials__Secret",
  "monitoring_dashboards__ConfigMap",
  "_web__Namespace",
  "_podinfo__reader_rbac.authorization.k8s.io_ClusterRole",
  "web_gone_apps_StatefulSet",
]);

describe("the tree of a Kustomization", () => {
  const made = reportOf(objects, { workload });

  test("leads from the source to the Pods, across namespaces", () => {
    expect(outline(made)).toEqual([
      "ConfigMap/dashboards < Kustomization/podinfo",
      "ConfigMap/settings < Kustomization/podinfo",
      "Endpoints/podinfo < Service/podinfo",
      "Namespace/web < Kustomization/podinfo",
      "Pod/backup-1-x < Job/backup-1",
      "Pod/podinfo-1-a < ReplicaSet/podinfo-1",
      "Pod/podinfo-1-b < ReplicaSet/podinfo-1",
      "Secret/credentials < Kustomization/podinfo",
      "Service/podinfo < Kustomization/podinfo",
      "Deployment/podinfo < Kustomization/podinfo",
      "ReplicaSet/podinfo-1 < Deployment/podinfo",
      "StatefulSet/gone < Kustomization/podinfo",
      "CronJob/backup < Kustomization/podinfo",
      "Job/backup-1 < CronJob/backup",
      "Kustomization/podinfo < GitRepository/podinfo",
      "ClusterRole/podinfo:reader < Kustomization/podinfo",
      "GitRepository/podinfo",
    ]);
  });

  test("has nodes as Argo CD writes them", () => {
    expect(made.tree.nodes.find(({ kind }) => kind === "Deployment")).toEqual({
      group: "apps",
      version: "v1",
      kind: "Deployment",
      namespace: "web",
      name: "podinfo",
      uid: "Deployment-podinfo",
      parentRefs: [
        {
          group: "kustomize.toolkit.fluxcd.io",
          version: "v1",
          kind: "Kustomization",
          namespace: "apps",
          name: "podinfo",
          uid: "Kustomization-podinfo",
        },
      ],
      resourceVersion: "7",
      health: { status: "Healthy" },
      createdAt: "2026-11-20T00:00:00Z",
    });
    expect(made.tree.hosts).toEqual([{ name: "node-a" }, { name: "node-b" }]);
    expect(made.tree.orphanedNodes).toEqual([]);
  });

  test("calls what is gone Missing, and nobody can do anything to it", () => {
    const gone = made.tree.nodes.find(({ name }) => name === "gone");
    expect(gone).toMatchObject({ group: "apps", version: "v1", health: { status: "Missing" } });
    expect(gone?.uid).toBeUndefined();
  });

  test("gives the Application its images, and no more resources than are managed", () => {
    expect(made.status.summary).toEqual({ images: ["podinfo:6"] });
    expect(made.status.resources?.map(({ kind }) => kind)).toEqual([
      "Kustomization",
      "Deployment",
      "Service",
      "CronJob",
      "ConfigMap",
      "Secret",
      "ConfigMap",
      "Namespace",
      "ClusterRole",
      "StatefulSet",
    ]);
    expect(made.status.resources?.at(-1)).toEqual({
      group: "apps",
      version: "v1",
      kind: "StatefulSet",
      namespace: "web",
      name: "gone",
      status: "OutOfSync",
      health: { status: "Missing" },
    });
    expect(made.status.health?.status).toBe("Healthy");
    expect(made.omitted).toBe(0);
  });
});

const helmRepository = reconciled(
  flux("HelmRepository", "flux-system/charts", { url: "https://charts.example.com" }),
);
const helmChart = reconciled(
  flux("HelmChart", "flux-system/apps-podinfo", {
    chart: "podinfo",
    sourceRef: { kind: "HelmRepository", name: "charts" },
  }),
  { artifact: { revision: "6.5.0" } },
);

function helmRelease(spec: object, status: object = {}): FluxWorkload {
  const inventory = { entries: [{ id: "apps_podinfo__Service", v: "v1" }] };
  return reconciled(hr("podinfo", spec), { inventory, ...status });
}

const byChart = helmRelease(
  {
    chart: {
      spec: {
        chart: "podinfo",
        sourceRef: { kind: "HelmRepository", name: "charts", namespace: "flux-system" },
      },
    },
  },
  { helmChart: "flux-system/apps-podinfo" },
);
const service2 = object("v1", "Service", "apps/podinfo");

test.each([
  [
    "a chart of a HelmRepository",
    byChart,
    [helmRepository, helmChart],
    [
      "Service/podinfo < HelmRelease/podinfo",
      "HelmRelease/podinfo < HelmChart/apps-podinfo",
      "HelmChart/apps-podinfo < HelmRepository/charts",
      "HelmRepository/charts",
    ],
  ],
  [
    "a chart that is not made yet",
    byChart,
    [helmRepository],
    [
      "Service/podinfo < HelmRelease/podinfo",
      "HelmRelease/podinfo < HelmRepository/charts",
      "HelmRepository/charts",
    ],
  ],
  [
    "a HelmChart by reference",
    helmRelease({ chartRef: { kind: "HelmChart", name: "apps-podinfo", namespace: "flux-system" } }),
    [helmChart, helmRepository],
    [
      "Service/podinfo < HelmRelease/podinfo",
      "HelmRelease/podinfo < HelmChart/apps-podinfo",
      "HelmChart/apps-podinfo < HelmRepository/charts",
      "HelmRepository/charts",
    ],
  ],
  [
    "an OCIRepository",
    helmRelease({ chartRef: { kind: "OCIRepository", name: "podinfo" } }),
    [live(flux("OCIRepository", "podinfo")), helmChart],
    [
      "Service/podinfo < HelmRelease/podinfo",
      "HelmRelease/podinfo < OCIRepository/podinfo",
      "OCIRepository/podinfo",
    ],
  ],
  [
    "an ExternalArtifact",
    helmRelease({ chartRef: { kind: "ExternalArtifact", name: "podinfo" } }),
    [
      live(
        flux("ExternalArtifact", "podinfo", { sourceRef: { kind: "ArtifactGenerator", name: "podinfo" } }),
      ),
      live(
        flux("ArtifactGenerator", "podinfo", {
          sources: [{ alias: "git", kind: "GitRepository", name: "podinfo" }],
        }),
      ),
      gitRepository,
    ],
    [
      "Service/podinfo < HelmRelease/podinfo",
      "HelmRelease/podinfo < ExternalArtifact/podinfo",
      "ArtifactGenerator/podinfo < GitRepository/podinfo",
      "ExternalArtifact/podinfo < ArtifactGenerator/podinfo",
      "GitRepository/podinfo",
    ],
  ],
])("the tree of a HelmRelease with %s", (_, release, sources, nodes) => {
  const made = reportOf([service2], { workload: release as FluxWorkload, sources });
  expect(outline(made)).toEqual(nodes);
});

test("a chart that only the status names is none of the release's", () => {
  const victim = reconciled(
    flux("HelmChart", "victim/secret", { chart: "x", sourceRef: { kind: "Bucket", name: "x" } }),
  );
  const spec = {
    chart: { spec: { chart: "podinfo", sourceRef: { kind: "GitRepository", name: "podinfo" } } },
  };
  const release = helmRelease(spec, { helmChart: "victim/secret" });
  const made = reportOf([service2], { workload: release, sources: [victim, gitRepository] });
  expect(JSON.stringify(made.tree)).not.toContain("victim");
  expect(outline(made)).toContain("HelmRelease/podinfo < GitRepository/podinfo");
});

test("a chart whose repository is gone says so", () => {
  const release = helmRelease({
    chartRef: { kind: "HelmChart", name: "apps-podinfo", namespace: "flux-system" },
  });
  const made = reportOf([], { workload: release, sources: [helmChart] });
  expect(made.status.conditions?.map(({ message }) => message)).toEqual([
    "HelmRepository charts in flux-system does not exist",
  ]);
});

test("an artifact whose maker is unknown is complete all the same", () => {
  const artifact = live({
    ...flux("ExternalArtifact", "podinfo", { sourceRef: { kind: "SomeGenerator", name: "podinfo" } }),
    status: { artifact: { revision: "latest@sha256:00" } },
  });
  const release = helmRelease({ chartRef: { kind: "ExternalArtifact", name: "podinfo" } });
  expect(reportOf([], { workload: release, sources: [artifact] }).status.conditions).toEqual([]);
});

test("a workload that manages itself and its source appears once", () => {
  const self = kustomization([
    "apps_podinfo_kustomize.toolkit.fluxcd.io_Kustomization",
    "apps_podinfo_source.toolkit.fluxcd.io_GitRepository",
    "apps_podinfo__Service",
  ]);
  const made = reportOf([service2, self, gitRepository], { workload: self });
  expect(outline(made)).toEqual([
    "Service/podinfo < Kustomization/podinfo",
    "Kustomization/podinfo < GitRepository/podinfo",
    "GitRepository/podinfo",
  ]);
  expect(made.status.resources).toHaveLength(3);
});

test("a resource has the version that Git has, its node the one that it was read in", () => {
  const live = object("autoscaling/v2", "HorizontalPodAutoscaler", "web/podinfo");
  const made = reportOf([live], {
    workload: kustomization(["web_podinfo_autoscaling_HorizontalPodAutoscaler v1"]),
  });
  const isScaler = ({ kind }: { kind: string }) => kind === "HorizontalPodAutoscaler";
  expect(made.status.resources?.find(isScaler)).toMatchObject({ version: "v1" });
  expect(made.tree.nodes.find(isScaler)).toMatchObject({ version: "v2" });
});

test("what cannot be read is not called missing", () => {
  const made = reportOf([deployment], {
    workload: kustomization(["web_podinfo_apps_Deployment", "web_w_example.com_Widget v1beta1"]),
    unread: [
      { group: "example.com", kind: "Widget", because: "forbidden" },
      { group: "", kind: "Pod", because: "forbidden" },
      { group: "", kind: "ConfigMap", because: "forbidden" },
    ],
  });
  const widget = made.tree.nodes.find(({ kind }) => kind === "Widget");
  expect(widget).toMatchObject({ version: "v1beta1", name: "w" });
  expect(widget?.health).toBeUndefined();
  expect(made.status.resources?.at(-1)).toMatchObject({ kind: "Widget", status: "Unknown" });
  expect(made.managedResources.map(({ kind }) => kind)).not.toContain("Widget");
  expect(made.status.health?.status).toBe("Healthy");
  expect(made.status.conditions?.map(({ message }) => message)).toEqual([
    "Cannot read Widget.example.com: forbidden",
    "Cannot read Pod: forbidden",
  ]);
});

test("kinds that Argo CD leaves out are left out with what they own, and counted", () => {
  const made = reportOf(objects, {
    workload,
    argo: { ...argo, exclusions: [{ kinds: ["CronJob"] }, { apiGroups: [""], kinds: ["Endpoints"] }] },
  });
  expect(outline(made).filter((line) => /CronJob|Job|Endpoints|backup/.test(line))).toEqual([]);
  expect(made.status.resources?.map(({ kind }) => kind)).not.toContain("CronJob");
  expect(made.omitted).toBe(0);
  expect(made.status.conditions?.map(({ message }) => message)).toEqual([
    "1 object is not shown: Argo CD is told to leave out CronJob",
  ]);
});

const ks = "kustomize.toolkit.fluxcd.io_Kustomization";
const operated = "fluxcd.controlplane.io";

/** Of the Flux Operator, with what it applied. @param ids as in an inventory */
const operator = (kind: "FluxInstance" | "ResourceSet", name: string, ids: readonly string[]) =>
  reconciled(flux(kind, name), { inventory: { entries: ids.map((id) => ({ id, v: "v1" })) } });

test.each<[what: string, managed: string[], appliers: LiveObject[], nodes: string[]]>([
  [
    "a ResourceSet, down to what its objects own",
    [`apps_web_${operated}_ResourceSet`],
    [operator("ResourceSet", "web", ["web_backup_batch_CronJob", "web_gone_apps_StatefulSet"])],
    [
      "Pod/backup-1-x < Job/backup-1",
      "CronJob/backup < ResourceSet/web",
      "Job/backup-1 < CronJob/backup",
      "ResourceSet/web < Kustomization/podinfo",
    ],
  ],
  [
    "a ResourceSet in a ResourceSet",
    [`apps_outer_${operated}_ResourceSet`],
    [
      operator("ResourceSet", "outer", [`apps_inner_${operated}_ResourceSet`]),
      operator("ResourceSet", "inner", ["web_settings__ConfigMap"]),
    ],
    [
      "ConfigMap/settings < ResourceSet/inner",
      "ResourceSet/inner < ResourceSet/outer",
      "ResourceSet/outer < Kustomization/podinfo",
    ],
  ],
  [
    "what several list, below the nearest",
    [`apps_outer_${operated}_ResourceSet`, "web_settings__ConfigMap"],
    [
      operator("ResourceSet", "outer", [
        `apps_inner_${operated}_ResourceSet`,
        "web_settings__ConfigMap",
        "web_podinfo__Service",
      ]),
      operator("ResourceSet", "inner", ["web_podinfo__Service", `apps_outer_${operated}_ResourceSet`]),
    ],
    [
      "ConfigMap/settings < Kustomization/podinfo",
      "Endpoints/podinfo < Service/podinfo",
      "Service/podinfo < ResourceSet/outer",
      "ResourceSet/inner < ResourceSet/outer",
      "ResourceSet/outer < Kustomization/podinfo",
    ],
  ],
  [
    "a FluxInstance, and no further than workloads",
    [`apps_flux_${operated}_FluxInstance`],
    [
      operator("FluxInstance", "flux", [`apps_podinfo_${ks}`, `apps_other_${ks}`]),
      live({ ...kustomization(["web_settings__ConfigMap"]), metadata: { name: "other", namespace: "apps" } }),
    ],
    ["FluxInstance/flux < Kustomization/podinfo", "Kustomization/other < FluxInstance/flux"],
  ],
])("the tree has %s", (_, managed, appliers, nodes) => {
  const workload = kustomization(managed);
  const made = reportOf([workload, ...objects, ...appliers], { workload });
  const origins = ["Kustomization/podinfo < GitRepository/podinfo", "GitRepository/podinfo"];
  expect(outline(made)).toEqual([...nodes, ...origins]);
  expect(made.status.resources?.map(({ name }) => name)).toHaveLength(managed.length + 1);
});

describe("an ArtifactGenerator", () => {
  const made = ["a", "b", "gone"].map((name) => ({
    ...{ name, namespace: "apps", digest: `sha256:${"0".repeat(64)}`, filename: "1.tar.gz" },
  }));
  const content = { alias: "content", kind: "GitRepository", name: "podinfo" };
  const maker = reconciled(flux("ArtifactGenerator", "maker", { sources: [content] }), { inventory: made });
  const sourceRef = { apiVersion: maker.apiVersion, kind: maker.kind, name: "maker" };
  const artifacts = ["a", "b", "other"].map((name) =>
    reconciled(flux("ExternalArtifact", name, { sourceRef })),
  );

  test("that was applied has what it made below it", () => {
    const workload = kustomization(["apps_maker_source.extensions.fluxcd.io_ArtifactGenerator"]);
    expect(outline(reportOf([workload, maker, ...artifacts], { workload }))).toEqual([
      "Kustomization/podinfo < GitRepository/podinfo",
      "ArtifactGenerator/maker < Kustomization/podinfo",
      "ExternalArtifact/a < ArtifactGenerator/maker",
      "ExternalArtifact/b < ArtifactGenerator/maker",
      "GitRepository/podinfo",
    ]);
  });

  test("that is behind a source has nothing else below it", () => {
    const sources = [gitRepository, maker, ...artifacts];
    const workload = helmRelease({ chartRef: { kind: "ExternalArtifact", name: "a" } });
    expect(outline(reportOf([service2, ...sources], { workload, sources }))).toEqual([
      "Service/podinfo < HelmRelease/podinfo",
      "HelmRelease/podinfo < ExternalArtifact/a",
      "ArtifactGenerator/maker < GitRepository/podinfo",
      "ExternalArtifact/a < ArtifactGenerator/maker",
      "GitRepository/podinfo",
    ]);
  });
});

test("what an AppProject does not permit is not in the tree for being applied", () => {
  const workload = kustomization([`apps_web_${operated}_ResourceSet`]);
  const applier = operator("ResourceSet", "web", [
    "monitoring_dashboards__ConfigMap",
    "apps_podinfo__Service",
  ]);
  const destinations = [{ server: "*", namespace: "apps" }];
  const made = reportOf([workload, applier, service2, ...others], {
    workload,
    project: project({ destinations }),
  });
  expect(outline(made)).toContain("Service/podinfo < ResourceSet/web");
  expect(JSON.stringify(made.tree)).not.toContain("dashboards");
  expect(made.omitted).toBe(1);
});

describe("owners", () => {
  test.each([
    [
      "Endpoints of a Service",
      service,
      [endpoints, object("v1", "Endpoints", "other/podinfo"), object("v1", "Endpoints", "web/other")],
      ["Endpoints/podinfo"],
    ],
    [
      "claims of a StatefulSet",
      object("apps/v1", "StatefulSet", "web/db", {
        spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] },
      }),
      [
        object("v1", "PersistentVolumeClaim", "web/data-db-0"),
        object("v1", "PersistentVolumeClaim", "web/data-db-12"),
        object("v1", "PersistentVolumeClaim", "web/data-db"),
        object("v1", "PersistentVolumeClaim", "web/more-data-db-0"),
        object("v1", "PersistentVolumeClaim", "other/data-db-0"),
      ],
      ["PersistentVolumeClaim/data-db-0", "PersistentVolumeClaim/data-db-12"],
    ],
    [
      "the token of a ServiceAccount",
      object("v1", "ServiceAccount", "web/app"),
      [
        object("v1", "Secret", "web/app-token", {
          metadata: {
            annotations: {
              "kubernetes.io/service-account.uid": "ServiceAccount-app",
              "kubernetes.io/service-account.name": "app",
            },
          },
        }),
      ],
      ["Secret/app-token"],
    ],
    [
      "the ClusterServiceVersion of an OperatorGroup",
      object("operators.coreos.com/v1", "OperatorGroup", "web/group"),
      [
        object("operators.coreos.com/v1alpha1", "ClusterServiceVersion", "web/operator", {
          metadata: { annotations: { "olm.operatorGroup": "group" } },
        }),
      ],
      ["ClusterServiceVersion/operator"],
    ],
    [
      "of a cluster-scoped object, in any namespace",
      object("example.com/v1", "Provider", "aws"),
      [owned(object("example.com/v1", "Provider", "aws"), "apps/v1", "Deployment", "web/provider")],
      ["Deployment/provider"],
    ],
    [
      "of a namespaced object, in its namespace only",
      deployment,
      [replicaSet, owned(deployment, "apps/v1", "ReplicaSet", "other/claims-to-be-owned")],
      ["ReplicaSet/podinfo-1"],
    ],
  ])("%s", (_, owner, candidates, expected) => {
    const found = new LiveIndex([owner, ...candidates]).ownedBy(owner);
    expect(found.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(expected);
  });

  test("an index follows changes", () => {
    const index = new LiveIndex([deployment, replicaSet]);
    index.set({ ...replicaSet, metadata: { ...replicaSet.metadata, ownerReferences: [] } });
    expect(index.ownedBy(deployment)).toEqual([]);
    index.set(replicaSet);
    expect(index.ownedBy(deployment)).toEqual([replicaSet]);
    index.delete("apps/ReplicaSet/web/podinfo-1");
    expect(index.ownedBy(deployment)).toEqual([]);
    expect(index.get("apps/ReplicaSet/web/podinfo-1")).toBeUndefined();
  });

  test("who is in a circle of owners appears once, and no parent comes after its child", () => {
    const first = owned(deployment, "example.com/v1", "Ring", "web/first");
    const second = owned(first, "example.com/v1", "Ring", "web/second");
    first.metadata.ownerReferences?.push({
      apiVersion: "example.com/v1",
      kind: "Ring",
      name: "second",
      uid: "Ring-second",
    });
    const made = reportOf([deployment, first, second], {
      workload: kustomization(["web_podinfo_apps_Deployment"]),
    });
    expect(outline(made).filter((line) => line.startsWith("Ring"))).toEqual([
      "Ring/first < Deployment/podinfo",
      "Ring/second < Ring/first",
    ]);
  });

  const claim = object("v1", "PersistentVolumeClaim", "web/data-db-0");
  const database = object("apps/v1", "StatefulSet", "web/db", {
    spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] },
  });

  test("what Flux applied belongs to its owner first, to the workload all the same", () => {
    const made = reportOf([claim, database], {
      workload: kustomization(["web_data-db-0__PersistentVolumeClaim", "web_db_apps_StatefulSet"]),
    });
    expect(outline(made)).toContain(
      "PersistentVolumeClaim/data-db-0 < StatefulSet/db < Kustomization/podinfo",
    );
    expect(made.status.resources?.map(({ kind }) => kind)).toContain("PersistentVolumeClaim");
  });

  test("an owner that may not be shown is not named", () => {
    const made = reportOf([claim, database], {
      workload: kustomization(["web_data-db-0__PersistentVolumeClaim", "web_db_apps_StatefulSet"]),
      project: project({ namespaceResourceBlacklist: [{ group: "apps", kind: "StatefulSet" }] }),
    });
    expect(outline(made)).toContain("PersistentVolumeClaim/data-db-0 < Kustomization/podinfo");
  });

  test("Flux applied two that own each other: one of them names the other", () => {
    const first = owned(object("example.com/v1", "Ring", "web/b"), "example.com/v1", "Ring", "web/a");
    const second = owned(first, "example.com/v1", "Ring", "web/b");
    const made = reportOf([first, second], {
      workload: kustomization(["web_a_example.com_Ring", "web_b_example.com_Ring"]),
    });
    expect(outline(made).filter((line) => line.startsWith("Ring"))).toEqual([
      "Ring/a < Kustomization/podinfo",
      "Ring/b < Ring/a < Kustomization/podinfo",
    ]);
  });

  test("many ways lead up, and each is gone once", () => {
    const rows = Array.from({ length: 60 }, (_, row) =>
      ["a", "b"].map((name) => object("example.com/v1", "Rung", `web/${name}${row}`)),
    );
    for (const [row, objects] of rows.entries()) {
      for (const one of objects) {
        one.metadata.ownerReferences = (rows[row - 1] ?? []).map(({ apiVersion, kind, metadata }) => {
          return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "" };
        });
      }
    }
    const made = reportOf(rows.flat(), { workload: kustomization(["web_a0_example.com_Rung"]) });
    expect(made.tree.nodes.filter(({ kind }) => kind === "Rung")).toHaveLength(119);
  });

  test("hundreds that all own each other are in no circle, and there at once", () => {
    const ring = Array.from({ length: 400 }, (_, index) => object("v1", "ConfigMap", `web/${index}`));
    for (const one of ring)
      one.metadata.ownerReferences = ring.slice(0, 200).map(({ apiVersion, kind, metadata }) => {
        return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "" };
      });
    const start = performance.now();
    const { tree } = reportOf(ring, { workload: kustomization(["web_7__ConfigMap"]) });
    expect(performance.now() - start).toBeLessThan(4000);
    const parents = new Map(
      tree.nodes.map(({ uid = "", parentRefs = [] }) => [uid, parentRefs.map((ref) => ref.uid ?? "")]),
    );
    expect(parents.size).toBe(402);
    expect(inCircles(parents)).toEqual(new Set());
    expect([...parents.values()].filter((ofOne) => ofOne.length === 0)).toHaveLength(1);
  });

  test("an object of two owners in the tree names both, in the order in which they were found", () => {
    const both = owned(deployment, "example.com/v1", "Policy", "web/both");
    both.metadata.ownerReferences?.push({
      apiVersion: "v1",
      kind: "Service",
      name: "podinfo",
      uid: "Service-podinfo",
    });
    const ids = ["web_podinfo__Service", "web_podinfo_apps_Deployment"];
    const made = reportOf([deployment, service, both], { workload: kustomization(ids) });
    expect(outline(made)).toContain("Policy/both < Service/podinfo < Deployment/podinfo");
  });
});

test("inventoryOf() reads ids and leaves out what it does not know", () => {
  const ids = [
    "web_podinfo_apps_Deployment",
    "_system__reader_rbac.authorization.k8s.io_ClusterRole",
    "nonsense",
  ];
  expect(inventoryOf(kustomization(ids))).toEqual([
    { group: "apps", version: "v1", kind: "Deployment", namespace: "web", name: "podinfo" },
    {
      group: "rbac.authorization.k8s.io",
      version: "v1",
      kind: "ClusterRole",
      namespace: "",
      name: "system:reader",
    },
  ]);
});

test("a revision that Flux wrote is the commit to Argo CD", () => {
  expect(reportOf([]).status.sync).toMatchObject({ status: "Synced", revision: commit });
});
