import { expect, test } from "vitest";
import type { AppProject } from "../../src/argo/app-project.js";
import { asksForClusterSecret, ownClusterFrom, plainOwnCluster } from "../../src/argo/own-cluster.js";
import type { Secret } from "../../src/kube/kinds.js";
import { appProject } from "../builders/argo.js";
import { object } from "../builders/kube.js";

const own = "https://kubernetes.default.svc";

function cluster(name: string, texts: Record<string, string>): Secret {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  return { ...object("v1", "Secret", `argocd/${name}`), data: Object.fromEntries(data) };
}

const leaf = cluster("a-leaf", { server: "https://leaf.example", name: "leaf", project: "leaf" });

test.each<[secrets: Secret[], expected: object]>([
  [[], plainOwnCluster],
  [[leaf, object("v1", "Secret", "argocd/empty")], plainOwnCluster],
  [[leaf, cluster("own", { server: `${own}/`, name: "prod" })], { ...plainOwnCluster, name: "prod" }],
  [
    [cluster("own", { server: own, name: "prod", namespaces: "apps, web,", clusterResources: "true" })],
    { ...plainOwnCluster, name: "prod", namespaces: ["apps", "web"], clusterResources: true },
  ],
  [
    [
      cluster("second", { server: own, name: "b", project: "team-b" }),
      cluster("first", { server: own, name: "a", project: "team-a" }),
    ],
    { ...plainOwnCluster, name: "a", projects: ["team-a", "team-b"] },
  ],
])("the own cluster by %j", (secrets, expected) => expect(ownClusterFrom(secrets)).toEqual(expected));

test.each<[spec: AppProject["spec"], asks: boolean]>([
  [{}, false],
  [{ destinations: [{ name: "*", namespace: "*" }] }, false],
  [{ destinations: [{ server: "*", name: "!prod", namespace: "*" }] }, true],
  [{ permitOnlyProjectScopedClusters: true }, true],
])("an AppProject with %j asks for the Secret: %s", (spec, asks) =>
  expect(asksForClusterSecret(appProject("a", spec))).toBe(asks),
);
