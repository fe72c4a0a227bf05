import { describe, expect, test } from "vitest";
import type { AppProject } from "../../src/argo/app-project.js";
import { plainOwnCluster } from "../../src/argo/own-cluster.js";
import { argoSettingsFrom, exclusionOn } from "../../src/argo/settings.js";
import { permissionsOf } from "../../src/report/permitted/permissions.js";
import { isRepositoryPermitted } from "../../src/report/permitted/repository.js";
import { project } from "./objects.js";

test.each<[patterns: string[], url: string, permitted: boolean]>([
  [["*"], "https://github.com/org/repo", true],
  [[], "https://github.com/org/repo", false],
  [["https://github.com/org/*"], "https://github.com/org/repo.git", true],
  [["https://github.com/org/*"], "https://GitHub.com/Org/repo", true],
  [["https://github.com/org/*"], "https://github.com/other/repo", false],
  [["*", "!https://github.com/org/secret"], "https://github.com/org/secret.git", false],
  [["*", "!https://github.com/org/secret"], "https://github.com/org/open", true],
  [["!https://github.com/org/secret"], "https://github.com/org/open", true],
  [["git@github.com:org/*"], "ssh://git@github.com/org/repo", true],
  [["ghcr.io/org/*"], "ghcr.io/org/charts", true],
])("the repositories %j and %s: %s", (patterns, url, permitted) => {
  expect(isRepositoryPermitted(patterns, url)).toBe(permitted);
});

const inCluster = plainOwnCluster;
const server = inCluster.server;

test.each<
  [destinations: NonNullable<AppProject["spec"]>["destinations"], namespace: string, permitted: boolean]
>([
  [[{ server: "*", namespace: "*" }], "team-a", true],
  [[{ server, namespace: "team-*" }], "team-a", true],
  [[{ server, namespace: "team-*" }], "kube-system", false],
  [[{ name: "in-cluster", namespace: "team-a" }], "team-a", true],
  [[{ server: "https://other", namespace: "*" }], "team-a", false],
  [
    [
      { server, namespace: "*" },
      { server, namespace: "!kube-*" },
    ],
    "kube-system",
    false,
  ],
  [
    [
      { server, namespace: "*" },
      { server, namespace: "!kube-*" },
    ],
    "team-a",
    true,
  ],
  [
    [
      { server: "*", namespace: "*" },
      { server: `!${server}`, namespace: "*" },
    ],
    "team-a",
    false,
  ],
  [
    [
      { server: "*", namespace: "*" },
      { name: "!in-cluster", namespace: "*" },
    ],
    "team-a",
    false,
  ],
  [[], "team-a", false],
  [undefined, "team-a", false],
])("the destinations %j and the namespace %s: %s", (destinations, namespace, permitted) => {
  const spec = destinations === undefined ? {} : { destinations };
  expect(permissionsOf({ ...project(), spec }, inCluster).namespace(namespace)).toBe(permitted);
});

test.each<[projects: string[], permitted: boolean]>([
  [[], false],
  [["other"], false],
  [["other", "default"], true],
])("with permitOnlyProjectScopedClusters, a cluster of the projects %j: %s", (projects, permitted) => {
  const scoped = project({ permitOnlyProjectScopedClusters: true });
  expect(permissionsOf(scoped, { ...inCluster, projects }).namespace("apps")).toBe(permitted);
});

test("a cluster is meant by the name that its Secret gives it", () => {
  const prod = { ...inCluster, name: "prod" };
  const permits = (...destinations: { name?: string; server?: string }[]) =>
    permissionsOf(project({ destinations: destinations.map((one) => ({ ...one, namespace: "*" })) }), prod);
  expect(permits({ server: "*" }, { name: "!prod" }).namespace("apps")).toBe(false);
  expect(permits({ name: "prod" }).namespace("apps")).toBe(true);
  expect(permits({ name: "in-cluster" }).namespace("apps")).toBe(false);
});

test.each<[clusterResources: boolean, permitted: boolean]>([
  [false, false],
  [true, true],
])("of a cluster with some namespaces and clusterResources %s", (clusterResources, permitted) => {
  const some = permissionsOf(project(), { ...inCluster, namespaces: ["apps"], clusterResources });
  expect(some.namespace("apps")).toBe(true);
  expect(some.namespace("other")).toBe(false);
  const role = { group: "rbac.authorization.k8s.io", kind: "ClusterRole", namespace: "", name: "x" };
  expect(some.object(role)).toBe(permitted);
});

describe("kinds", () => {
  const deployment = { group: "apps", kind: "Deployment", namespace: "apps", name: "x" };
  const secret = { group: "", kind: "Secret", namespace: "apps", name: "x" };
  const role = { group: "rbac.authorization.k8s.io", kind: "ClusterRole", namespace: "", name: "x" };
  const namespace = { group: "", kind: "Namespace", namespace: "", name: "team-a" };

  test.each<[spec: AppProject["spec"], id: typeof role, permitted: boolean]>([
    [{}, deployment, true],
    [{ namespaceResourceWhitelist: [] }, deployment, false],
    [{ namespaceResourceWhitelist: [{ group: "apps", kind: "*" }] }, deployment, true],
    [{ namespaceResourceWhitelist: [{ group: "apps", kind: "*" }] }, secret, false],
    [{ namespaceResourceBlacklist: [{ group: "", kind: "Secret" }] }, secret, false],
    [{ namespaceResourceBlacklist: [{ group: "", kind: "Secret" }] }, deployment, true],
    [{ destinations: [{ server: "*", namespace: "other" }] }, deployment, false],
    [{ destinations: [] }, role, true],
    [{ clusterResourceWhitelist: [] }, role, false],
    [{ clusterResourceWhitelist: [{ group: "rbac.*", kind: "Cluster*" }] }, role, true],
    [{ clusterResourceBlacklist: [{ group: "*", kind: "ClusterRole" }] }, role, false],
    [{ clusterResourceWhitelist: [{ group: "", kind: "Namespace", name: "team-*" }] }, namespace, true],
    [{ clusterResourceWhitelist: [{ group: "", kind: "Namespace", name: "other-*" }] }, namespace, false],
  ])("%j and %j: %s", (spec, id, permitted) => {
    expect(permissionsOf(project(spec), inCluster).object(id)).toBe(permitted);
  });
});

test.each<[cm: Record<string, string>, group: string, kind: string, excluded: boolean]>([
  [{}, "apps", "Deployment", false],
  [{}, "", "Event", true],
  [{}, "events.k8s.io", "Event", true],
  [{}, "coordination.k8s.io", "Lease", true],
  [
    { "resource.exclusions": "- kinds: [Endpoints, EndpointSlice]\n  apiGroups: ['', discovery.k8s.io]" },
    "",
    "Endpoints",
    true,
  ],
  [{ "resource.exclusions": "- kinds: [Endpoints]\n  apiGroups: ['']" }, "", "Service", false],
  [{ "resource.exclusions": "- apiGroups: ['*.example.com']" }, "a.example.com", "Widget", true],
  [{ "resource.exclusions": "- kinds: [Secret]\n  clusters: ['https://other*']" }, "", "Secret", false],
  [{ "resource.inclusions": "- apiGroups: [apps]" }, "", "ConfigMap", true],
  [{ "resource.inclusions": "- apiGroups: [apps]" }, "apps", "Deployment", false],
  [{ "resource.inclusions": "- apiGroups: [apps]\n  clusters: ['https://other']" }, "", "ConfigMap", false],
  [
    {
      "resource.inclusions": "- apiGroups: ['*']",
      "resource.exclusions": "- kinds: ['*']\n  apiGroups: [apps]",
    },
    "apps",
    "Deployment",
    true,
  ],
])("with %j, %s %s is left out: %s", (cm, group, kind, excluded) => {
  expect(exclusionOn(argoSettingsFrom("argocd", cm, undefined), server)({ group, kind })).toBe(excluded);
});

test.each([
  ["- kinds: Secret", "an item is no map of lists of texts"],
  ["kinds: [Secret]", "it is no list"],
  ["- [", "line 1: "],
])("the exclusions %j cannot be read", (text, why) => {
  expect(() => argoSettingsFrom("argocd", { "resource.exclusions": text }, undefined)).toThrow(
    `Cannot read resource.exclusions of the ConfigMap argocd-cm: ${why}`,
  );
});

test("argoSettingsFrom() reads lists", () => {
  const cm = {
    "resource.sensitive.mask.annotations": "a/b, c",
    "resource.customLabels": "team",
    "application.allowedNodeLabels": "zone, disk",
  };
  expect(argoSettingsFrom("argo", cm, { "application.namespaces": "team-*, apps" })).toMatchObject({
    namespace: "argo",
    applicationNamespaces: ["team-*", "apps"],
    sensitiveAnnotations: ["a/b", "c"],
    customLabels: ["team"],
    nodeLabels: ["zone", "disk"],
  });
});
