/** A shop that Flux runs: Kubernetes' own kinds, and custom resources that own others. */
import type { Redis } from "ioredis";
import { appProject, generated } from "../../builders/argo.js";
import { git, ks } from "../../builders/flux.js";
import { runner } from "../../builders/kube.js";
import type { TestCluster } from "../../cluster/cluster.js";
import { openCrd, type TestObject } from "../../cluster/crds.js";

/** What an operator brings: databases, their backups, and tenants, which are in no namespace. */
export const operatorCrds = [
  openCrd({ ...custom("Database", "databases"), shortNames: ["dbs"] }),
  openCrd(custom("Backup", "backups")),
  openCrd({ ...custom("Tenant", "tenants"), scope: "Cluster" }),
];

function custom(kind: string, plural: string) {
  return { group: "db.example", kind, plural, versions: ["v1"], statusSubresource: true };
}

export const ready = {
  type: "Ready",
  status: "True",
  reason: "ReconciliationSucceeded",
  message: "Applied revision: main@sha1:0123456",
  lastTransitionTime: "2026-01-01T00:00:00Z",
} as const;

/** The labels that Flux puts on what the Kustomization `web` in `shop` applies. */
export const labels = {
  "kustomize.toolkit.fluxcd.io/name": "web",
  "kustomize.toolkit.fluxcd.io/namespace": "shop",
};

export const source: TestObject = {
  ...git("shop/src"),
  status: {
    observedGeneration: 1,
    conditions: [
      { ...ready, reason: "Succeeded", message: "stored artifact for revision 'main@sha1:0123456'" },
    ],
    artifact: { revision: "main@sha1:0123456" },
  },
};

const own = [
  "shop_web_apps_Deployment",
  "shop_web__Service",
  "shop_settings__ConfigMap",
  "shop_more-settings__ConfigMap",
  "shop_credentials__Secret",
  "shop_report_batch_CronJob",
  "shop_gone__ConfigMap",
  "_shop-reader_rbac.authorization.k8s.io_ClusterRole",
];
const ofOperator = ["shop_main_db.example_Database", "_shop_db.example_Tenant"];

/** @param custom whether it has applied custom resources, too */
export function workload(custom: boolean): TestObject & ReturnType<typeof ks> {
  const entries = [...own, ...(custom ? ofOperator : [])].map((id) => ({ id, v: "v1" }));
  return {
    ...ks("shop/web", { path: "./shop" }),
    status: {
      observedGeneration: 1,
      conditions: [ready],
      lastAppliedRevision: "main@sha1:0123456",
      lastAttemptedRevision: "main@sha1:0123456",
      inventory: { entries },
    },
  };
}

/** Applies an object that belongs to another. */
async function give(cluster: TestCluster, owner: TestObject, written: TestObject): Promise<TestObject> {
  const { apiVersion, kind, metadata } = owner;
  const ownerReferences = [
    { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true },
  ] as object[];
  return cluster.apply({
    ...written,
    metadata: { ...written.metadata, ownerReferences } as TestObject["metadata"],
  });
}

const container = { name: "main", image: "example.org/web:1", resources: { requests: { cpu: "100m" } } };

/** @param at "NAMESPACE/NAME" */
export function pod(at: string, nodeName: string, status: object = {}): TestObject {
  const [namespace = "", name = ""] = at.split("/");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels: { app: name } },
    spec: { nodeName, containers: [container] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }], ...status },
  };
}

const crashing = {
  conditions: [{ type: "Ready", status: "False" }],
  containerStatuses: [
    {
      name: "main",
      image: "example.org/web:1",
      imageID: "",
      ready: false,
      restartCount: 4,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s restarting failed container" } },
    },
  ],
};

const template = { metadata: { labels: { app: "x" } }, spec: { containers: [container] } };
const selector = { matchLabels: { app: "x" } };

export interface Scene {
  custom: boolean;
}

/** The workload, its source, its Application, what it applied and what became of that, and neighbours on the same machine. */
export async function shop(cluster: TestCluster, { custom }: Scene): Promise<void> {
  for (const name of ["shop", "elsewhere"]) await cluster.createNamespace(name);
  await cluster.applyAll<TestObject>([
    appProject("default"),
    source,
    generated(ks("shop/web")),
    machine("node-a"),
    pod("elsewhere/neighbour", "node-a"),
    configMap("shop/stranger"),
  ]);
  const written = workload(custom);
  await cluster.apply(written);
  const labelled = (object: TestObject): TestObject => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } },
  });
  const [deployment, service, cronJob] = (await cluster.applyAll(
    [
      runner("shop/web", [container]) as TestObject,
      { ...plain("v1", "Service", "shop/web"), spec: { selector: { app: "x" }, ports: [{ port: 80 }] } },
      {
        ...plain("batch/v1", "CronJob", "shop/report"),
        spec: {
          schedule: "0 0 * * *",
          jobTemplate: {
            spec: { template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } },
          },
        },
      },
      configMap("shop/settings"),
      // without Flux's labels, which somebody took away
      { ...plain("v1", "Secret", "shop/credentials"), data: { password: "c2VjcmV0" } },
      plain("rbac.authorization.k8s.io/v1", "ClusterRole", "/shop-reader"),
    ].map(labelled),
  )) as [TestObject, TestObject, TestObject];
  await cluster.apply(configMap("shop/more-settings"));
  const replicaSet = await give(cluster, deployment, {
    ...plain("apps/v1", "ReplicaSet", "shop/web-1"),
    spec: { replicas: 2, selector, template },
  });
  await give(cluster, replicaSet, pod("shop/web-1-a", "node-a"));
  await give(cluster, replicaSet, pod("shop/web-1-b", "node-a", crashing));
  const job = await give(cluster, cronJob, {
    ...plain("batch/v1", "Job", "shop/report-1"),
    spec: { template: { spec: { ...template.spec, restartPolicy: "Never" } } },
  });
  await give(cluster, job, pod("shop/report-1-x", "node-a", { phase: "Succeeded" }));
  await give(cluster, service, {
    ...plain("discovery.k8s.io/v1", "EndpointSlice", "shop/web-x"),
    addressType: "IPv4",
    endpoints: [],
  });
  if (custom) await operated(cluster, labelled);
}

/** What an operator makes of its custom resources. */
async function operated(cluster: TestCluster, labelled: (object: TestObject) => TestObject): Promise<void> {
  const condition = { conditions: [{ type: "Ready", status: "True" }] };
  const database = await cluster.apply(
    labelled({ ...plain("db.example/v1", "Database", "shop/main"), spec: {}, status: condition }),
  );
  const statefulSet = await give(cluster, database, {
    ...plain("apps/v1", "StatefulSet", "shop/main"),
    spec: {
      serviceName: "main",
      selector,
      template,
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim }],
    },
  });
  await give(cluster, statefulSet, pod("shop/main-0", "node-a"));
  await cluster.apply({ ...plain("v1", "PersistentVolumeClaim", "shop/data-main-0"), spec: claim });
  const backup = await give(cluster, database, {
    ...plain("db.example/v1", "Backup", "shop/main-1"),
    spec: {},
  });
  await give(cluster, backup, { ...plain("v1", "Secret", "shop/main-1"), data: { key: "c2VjcmV0" } });
  const tenant = await cluster.apply(labelled(plain("db.example/v1", "Tenant", "/shop")));
  await give(cluster, tenant, configMap("elsewhere/tenant"));
}

const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

function machine(name: string): TestObject {
  return { ...plain("v1", "Node", `/${name}`), status: { capacity: { cpu: "4", memory: "8Gi" } } };
}

export function configMap(at: string): TestObject {
  return { ...plain("v1", "ConfigMap", at), data: { a: "1" } };
}

/** @param at "NAMESPACE/NAME", "/NAME" of what is in none */
export function plain(apiVersion: string, kind: string, at: string): TestObject {
  const [namespace = "", name = ""] = at.split("/");
  return { apiVersion, kind, metadata: { name, ...(namespace === "" ? {} : { namespace }) } };
}

/** As Argo CD's controller leaves it behind, by which the form of keys is known. */
export async function prepareRedis(client: Redis): Promise<void> {
  await client.set("cluster|info|https://kubernetes.default.svc|1.8.3.gz", "", "PX", 600_000);
}
