import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { redisNetworkPolicy, redisPolicyFor } from "../../../src/install/engine/redis-policy.js";
import { Deployment, type PodRunner, StatefulSet } from "../../../src/kube/kinds.js";
import { labelSelectorFrom } from "../../../src/kube/label-selector.js";
import type { KubeObject } from "../../../src/kube/object.js";
import { isOfKind } from "../../../src/kube/object-id.js";
import { objectsForSettings, redisSettingsFrom } from "../../../src/loopback/redis/settings.js";
import { stockSettings } from "../../../src/loopback/rights.js";
import { readYaml } from "../../../src/yaml.js";
import { object, runner } from "../../builders/kube.js";
import { isSharedMissing, sharedArgoInstall, sharedFolder } from "../../cluster/shared.js";

const service = (name: string, selector: object, ports: object[]) =>
  object("v1", "Service", `argocd/${name}`, { spec: { selector, ports } });
const redis = (ports: object[]) =>
  object("apps/v1", "Deployment", "argocd/redis", {
    spec: {
      template: { metadata: { labels: { app: "redis", tier: "cache" } }, spec: { containers: [{ ports }] } },
    },
  });
const server = (address: string) =>
  runner("argocd/argocd-server", [{ args: ["argocd-server", ...address.split(" ")] }]);
const policy = (spec: object) => object("networking.k8s.io/v1", "NetworkPolicy", "argocd/guard", { spec });

const argo = [
  server("--redis argocd-redis:6379"),
  service("argocd-redis", { app: "redis" }, [{ port: 6379, targetPort: "db" }]),
  redis([{ name: "db", containerPort: 6380 }]),
];
const here = { labels: { app: "redis" }, ports: [6380] };

const decide = (objects: readonly KubeObject[]) => redisPolicyFor(objects, "argocd");

test.each<[string, object, typeof here | undefined]>([
  ["selects the Pods", { podSelector: { matchLabels: { app: "redis" } }, policyTypes: ["Ingress"] }, here],
  [
    "selects them by labels that the Service does not name",
    { podSelector: { matchLabels: { tier: "cache" } } },
    here,
  ],
  ["selects all", { podSelector: {} }, here],
  ["selects others", { podSelector: { matchLabels: { app: "other" } } }, undefined],
  ["is about what goes out", { podSelector: {}, policyTypes: ["Egress"] }, undefined],
])("a policy that %s", (_, spec, expected) => {
  expect(decide([...argo, policy(spec)])).toEqual(expected);
});

test("without one, or with one of ours that was left, the first would lock all others out", () => {
  expect(decide(argo)).toBeUndefined();
  expect(decide([...argo, redisNetworkPolicy("argocd", here)])).toBeUndefined();
});

test.each([
  ["in another namespace", "--redis redis.data.svc:6379"],
  ["outside of the cluster", "--redis redis.example.com:6379"],
  ["that has no Service", "--redis redis:6379"],
])("none is made for a redis %s", (_, address) => {
  expect(decide([server(address), ...argo.slice(1), policy({ podSelector: {} })])).toBeUndefined();
});

test("Sentinels and their masters have the labels that their Services have in common", () => {
  const sentinel = (name: string) =>
    service(name, { app: "redis", pod: name }, [{ port: 26379, targetPort: "sentinel" }]);
  const objects = [
    server("--sentinel a:26379 --sentinel b:26379"),
    sentinel("a"),
    sentinel("b"),
    redis([{ containerPort: 6379 }, { name: "sentinel", containerPort: 26379 }]),
    policy({ podSelector: {} }),
  ];
  expect(decide(objects)).toEqual({ labels: { app: "redis" }, ports: [6379, 26379] });
});

/** "v3.6.1 ha/install.yaml": all that are there. */
const released = readdirSync(isSharedMissing("argo-cd") ? "." : sharedFolder("argo-cd")).flatMap((tag) =>
  ["install.yaml", "ha/install.yaml"]
    .filter((file) => existsSync(`${sharedFolder("argo-cd")}/${tag}/manifests/${file}`))
    .map((file): [string, string] => [tag, file]),
);

describe.each(released)("Argo CD %s, %s", (tag, file) => {
  const objects = readYaml(sharedArgoInstall(tag, file)) as KubeObject[];
  const runners = objects.filter(
    (object): object is PodRunner => isOfKind(object, Deployment) || isOfKind(object, StatefulSet),
  );

  test("has redis where the policy is", () => {
    const found = decide(objects);
    const isHa = file.startsWith("ha/");
    expect(found?.ports).toEqual(isHa ? [6379, 26379] : [6379]);
    const { podSelector } = redisNetworkPolicy("argocd", found ?? { labels: {}, ports: [] }).spec;
    const selects = labelSelectorFrom(podSelector);
    const selected = runners.filter(({ spec }) => selects?.(spec?.template?.metadata?.labels ?? {}));
    expect(selected.map(({ metadata }) => metadata.name)).toEqual([
      isHa ? "argocd-redis-ha-haproxy" : "argocd-redis",
    ]);
  });

  test("tells of redis in objects that the engine may read", () => {
    const settings = redisSettingsFrom({ runners, configMaps: new Map(), secrets: new Map() });
    const sources = [...objectsForSettings(runners), ...Object.values(settings?.credentials ?? {})];
    const names = sources.flatMap((source) => ("key" in source ? [source.name] : []));
    const { configMaps, secrets } = stockSettings;
    expect([...configMaps, ...secrets]).toEqual(expect.arrayContaining(names));
  });
});
