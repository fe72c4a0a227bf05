import { describe, expect, test } from "vitest";
import { engineObjects } from "../../../src/install/engine/engine-objects.js";
import type { EngineWish } from "../../../src/install/engine/wish.js";
import type { PodRunner } from "../../../src/kube/kinds.js";
import type { KubeObject } from "../../../src/kube/object.js";
import type { PolicyRule } from "../../../src/loopback/rights.js";

const plain: EngineWish = {
  namespace: "argocd",
  image: "ghcr.io/flux-subsystem-argo/flamingo:v1.2.3",
  auto: undefined,
  ha: false,
  shards: 1,
  cascade: false,
  helmStorage: false,
  appNamespaces: [],
  serviceMonitor: false,
  admissionPolicy: false,
  redis: undefined,
};

const everything: EngineWish = {
  ...plain,
  auto: {},
  ha: true,
  cascade: true,
  helmStorage: true,
  appNamespaces: ["team-a"],
  serviceMonitor: true,
  admissionPolicy: true,
  redis: { labels: { "app.kubernetes.io/name": "argocd-redis" }, ports: [6379] },
};

function named({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function find<T = KubeObject>(wish: EngineWish, name: string): T {
  const found = engineObjects(wish).find((object) => named(object) === name);
  expect(found, name).toBeDefined();
  return found as T;
}

const podOf = (wish: EngineWish) =>
  find<PodRunner>(wish, "Deployment argocd/flamingo-loopback").spec?.template?.spec;

test("there is no more than is wished for", () => {
  expect(engineObjects(plain).map(named)).toEqual([
    "ServiceAccount argocd/flamingo-loopback",
    "ClusterRole flamingo-loopback-argocd",
    "ClusterRoleBinding flamingo-loopback-argocd",
    "Role argocd/flamingo-loopback",
    "RoleBinding argocd/flamingo-loopback",
    "Deployment argocd/flamingo-loopback",
    "Service argocd/flamingo-loopback-metrics",
  ]);
});

test("several shards are a Deployment each, with Leases of the same names, and alike otherwise", () => {
  const wish = { ...plain, shards: 2, ha: true };
  const [first, second] = ["1-of-2", "2-of-2"].map((name) =>
    find<PodRunner>(wish, `Deployment argocd/flamingo-loopback-${name}`),
  );
  const labels = { "app.kubernetes.io/name": "flamingo-loopback", "flamingo/shard": "2-of-2" };
  expect(second?.spec).toMatchObject({
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { topologySpreadConstraints: [{ labelSelector: { matchLabels: labels } }] },
    },
  });
  expect(second?.spec?.template?.spec?.containers?.[0]).toMatchObject({
    args: expect.arrayContaining(["loopback", "--shard=2/2"]),
  });
  expect(JSON.parse(JSON.stringify(first).replaceAll(/1(-of-|\/)2/g, "2$12"))).toEqual(second);
});

test("there is all that is wished for", () => {
  const extra = new Set(engineObjects(plain).map(named));
  const names = engineObjects(everything).map(named);
  expect(names.filter((name) => !extra.has(name))).toEqual([
    "Role team-a/flamingo-loopback-argocd",
    "RoleBinding team-a/flamingo-loopback-argocd",
    "NetworkPolicy argocd/flamingo-loopback-redis",
    "ServiceMonitor argocd/flamingo-loopback-metrics",
    "ValidatingAdmissionPolicy flamingo-loopback-argocd-applications",
    "ValidatingAdmissionPolicyBinding flamingo-loopback-argocd-applications",
    "ValidatingAdmissionPolicy flamingo-loopback-argocd-flux",
    "ValidatingAdmissionPolicyBinding flamingo-loopback-argocd-flux",
  ]);
});

test("nothing is taken for a part of Argo CD, and what is in no namespace says which Argo CD it is for", () => {
  const objects = engineObjects({ ...everything, namespace: "gitops" });
  expect(JSON.stringify(objects)).not.toMatch(/part-of|app\.kubernetes\.io\/instance|"argocd"/);
  for (const { metadata } of objects)
    if (metadata.namespace !== "gitops") expect(metadata.name).toMatch(/^flamingo-loopback-gitops/);
});

describe("the rights", () => {
  const rulesOf = (wish: EngineWish, name: string) =>
    find<{ rules: PolicyRule[] }>(wish, name).rules.map(
      ({ resources, resourceNames, verbs }) =>
        `${verbs} ${resources}${resourceNames ? ` ${resourceNames}` : ""}`,
    );
  const flux =
    "kustomizations,helmreleases,gitrepositories,ocirepositories,helmrepositories,helmcharts,buckets";

  test("are what reports and answers need", () => {
    expect(rulesOf(plain, "ClusterRole flamingo-loopback-argocd")).toEqual([
      "list,watch *",
      `patch ${flux}`,
      "patch artifactgenerators",
      "patch resourcesets,fluxinstances",
    ]);
    expect(rulesOf(plain, "Role argocd/flamingo-loopback")).toEqual([
      "patch applications",
      "create events",
      "get,update leases flamingo-loopback",
      "create leases",
      "get configmaps argocd-cm,argocd-cmd-params-cm",
      "get secrets argocd-redis",
    ]);
  });

  test.each<[string, Partial<EngineWish>, string, string[]]>([
    ["--auto", { auto: {} }, "Role argocd/flamingo-loopback", ["create,delete applications"]],
    [
      "cascade",
      { cascade: true },
      "ClusterRole flamingo-loopback-argocd",
      [`delete ${flux}`, "delete resourcesets"],
    ],
    ["Helm's storage", { helmStorage: true }, "ClusterRole flamingo-loopback-argocd", ["get secrets"]],
    [
      "namespaces that only a pattern tells",
      { auto: {}, appNamespaces: ["team-a", "team-*"] },
      "ClusterRole flamingo-loopback-argocd",
      ["patch applications", "create events"],
    ],
    [
      "settings that are kept elsewhere",
      { settings: { configMaps: ["argocd-cm"], secrets: ["redis-login"] } },
      "Role argocd/flamingo-loopback",
      ["get configmaps argocd-cm", "get secrets redis-login"],
    ],
    [
      "--shards",
      { shards: 2 },
      "Role argocd/flamingo-loopback",
      ["get,update leases flamingo-loopback-1-of-2,flamingo-loopback-2-of-2"],
    ],
  ])("are more for %s", (_, change, name, more) => {
    const before = rulesOf(plain, name);
    expect(rulesOf({ ...plain, ...change }, name).filter((rule) => !before.includes(rule))).toEqual(more);
  });

  test("where Applications live are those to report and to answer", () => {
    const wish: EngineWish = { ...plain, auto: {}, appNamespaces: ["argocd", "team-a"] };
    expect(rulesOf(wish, "Role team-a/flamingo-loopback-argocd")).toEqual([
      "patch applications",
      "create events",
    ]);
    expect(engineObjects(wish).filter(({ metadata }) => metadata.namespace === "team-a")).toHaveLength(2);
  });
});

describe("the Pod", () => {
  test.each<[EngineWish["auto"], string]>([
    [undefined, "loopback -N argocd --listen :8080 --argocd-metrics"],
    [{}, "loopback --auto -A -N argocd --listen :8080 --argocd-metrics"],
    [{ project: "flux" }, "loopback --auto -A --project flux -N argocd --listen :8080 --argocd-metrics"],
    [
      { projectTemplate: "{namespace}" },
      "loopback --auto -A --project-template {namespace} -N argocd --listen :8080 --argocd-metrics",
    ],
  ])("runs for --auto %o: flamingo %s", (auto, line) => {
    expect(podOf({ ...plain, auto })?.containers?.[0]?.args?.join(" ")).toBe(line);
  });

  test("may do nothing to its node, and has the time to say farewell", () => {
    expect(podOf(plain)).toMatchObject({
      terminationGracePeriodSeconds: 60,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          image: plain.image,
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
          readinessProbe: { httpGet: { path: "/healthz", port: "http" } },
          livenessProbe: { httpGet: { path: "/livez", port: "http" } },
        },
      ],
    });
  });

  test("is replaced by one that runs already", () => {
    expect(find(plain, "Deployment argocd/flamingo-loopback")).toMatchObject({
      spec: {
        replicas: 1,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      },
    });
  });

  test("has another one beside it, on another node, with --ha", () => {
    const deployment = find<PodRunner>({ ...plain, ha: true }, "Deployment argocd/flamingo-loopback");
    expect(deployment.spec?.replicas).toBe(2);
    expect(deployment.spec?.template?.spec).toHaveProperty("topologySpreadConstraints");
  });

  test("is fetched with a Secret where one is needed", () => {
    expect(podOf({ ...plain, pullSecret: "registry" })?.imagePullSecrets).toEqual([{ name: "registry" }]);
    expect(podOf(plain)).not.toHaveProperty("imagePullSecrets");
  });
});
