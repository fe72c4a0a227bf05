import { describe, expect, test } from "vitest";
import { argoBeside } from "../../src/install/engine-place.js";
import { readManifest } from "../../src/install/manifest.js";
import type { KubeObject } from "../../src/kube/object.js";
import { isSharedMissing, sharedArgoInstall } from "../cluster/shared.js";

describe.skipIf(isSharedMissing("argo-cd/v3.6.1", "argo-cd/v2.8.4"))("of real releases", () => {
  test.each<[tag: string, file: string, labels: Record<string, string>, ports: number[], secrets: string[]]>([
    ["v3.6.1", "install.yaml", { "app.kubernetes.io/name": "argocd-redis" }, [6379], ["argocd-redis"]],
    [
      "v3.6.1",
      "ha/install.yaml",
      { "app.kubernetes.io/name": "argocd-redis-ha-haproxy" },
      [6379],
      ["argocd-redis"],
    ],
    // without a password
    ["v2.8.4", "install.yaml", { "app.kubernetes.io/name": "argocd-redis" }, [6379], ["argocd-redis"]],
  ])("%s %s", (tag, file, labels, ports, secrets) => {
    const objects = [...readManifest(sharedArgoInstall(tag, file), tag).keys()].map(
      (object): KubeObject => ({ ...object, metadata: { ...object.metadata, namespace: "team-a" } }),
    );
    const { redis, settings } = argoBeside(objects, "team-a");
    expect(redis).toEqual({ labels, ports: expect.arrayContaining(ports) });
    expect(settings).toEqual({ configMaps: ["argocd-cm", "argocd-cmd-params-cm"], secrets });
  });
});

function serverWith(environment: object): KubeObject {
  const container = { name: "server", args: ["/usr/local/bin/argocd-server"], ...environment };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "argo-server", namespace: "argo" },
    spec: { template: { spec: { containers: [container] } } },
  } as KubeObject;
}

/** It finds its redis, and the password, in places of its own. */
const server = serverWith({
  env: [
    { name: "REDIS_SERVER", valueFrom: { configMapKeyRef: { name: "argo-params", key: "redis" } } },
    { name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: { name: "argo-redis", key: "auth" } } },
  ],
});
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "cache", namespace: "argo" },
  spec: { selector: { app: "cache" }, ports: [{ port: 6380, targetPort: 6379 }] },
} as KubeObject;
const params = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "argo-params", namespace: "argo" },
  data: { redis: "cache:6380" },
} as KubeObject;

const cache = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "cache", namespace: "argo" },
  spec: { template: { metadata: { labels: { app: "cache" } }, spec: { containers: [{ name: "redis" }] } } },
} as KubeObject;
const policy = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "all", namespace: "argo" },
  spec: { podSelector: {} },
} as KubeObject;

test("an Argo CD with names of its own", () => {
  const objects = [server, service, params, cache];
  const settings = {
    configMaps: ["argocd-cm", "argocd-cmd-params-cm", "argo-params"],
    secrets: ["argo-redis"],
  };
  // nothing keeps anybody from that redis
  expect(argoBeside(objects, "argo")).toEqual({ redis: undefined, settings });
  expect(argoBeside([...objects, policy], "argo")).toEqual({
    redis: { labels: { app: "cache" }, ports: [6379] },
    settings,
  });
});

test("a Secret whose keys are variables may be read: one of them may say where redis is", () =>
  expect(
    argoBeside([serverWith({ envFrom: [{ secretRef: { name: "more" } }] })], "argo").settings,
  ).toMatchObject({ secrets: expect.arrayContaining(["argocd-redis", "more"]) }));

test("where no Argo CD runs nothing is known", () =>
  expect(argoBeside([service], "argo")).toEqual({ redis: undefined }));
