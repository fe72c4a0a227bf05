import { describe, expect, test } from "vitest";
import type { Texts } from "../../src/kube/container/env.js";
import type { Container, PodRunner, Volume } from "../../src/kube/kinds.js";
import { objectsForSettings, redisSettingsFrom } from "../../src/loopback/redis/settings.js";
import { isSharedMissing, sharedArgoInstall } from "../cluster/shared.js";
import { readObjects } from "../cluster/yaml.js";

const auth = { kind: "Secret", name: "argocd-redis", key: "auth" };
const usual = {
  toldTo: "Deployment argocd-server",
  address: { host: "argocd-redis", port: 6379 },
  db: 0,
  credentials: {},
  areFiles: false,
  compression: "gzip",
  keyPrefix: "",
  treeShardSize: 0,
};

const tags = ["v2.2.16", "v2.7.17", "v2.8.10", "v2.10.5", "v3.5.1", "v3.6.1"];
describe.skipIf(isSharedMissing(...tags.map((tag) => `argo-cd/${tag}/manifests/install.yaml`)))(
  "redisSettingsFrom() of Argo CD's own manifests",
  () => {
    test.each([
      ["v2.2.16", "install.yaml", { compression: "none" }],
      ["v2.7.17", "install.yaml", { compression: "none" }],
      ["v2.8.10", "install.yaml", {}],
      ["v2.10.5", "install.yaml", {}],
      ["v3.5.1", "install.yaml", { credentials: { password: auth } }],
      ["v3.6.1", "install.yaml", { credentials: { password: auth } }],
      [
        "v3.6.1",
        "ha/install.yaml",
        { address: { host: "argocd-redis-ha-haproxy", port: 6379 }, credentials: { password: auth } },
      ],
      [
        "v3.5.1",
        "ha/install.yaml",
        { address: { host: "argocd-redis-ha-haproxy", port: 6379 }, credentials: { password: auth } },
      ],
      [
        "v3.5.1",
        "core-install.yaml",
        { toldTo: "StatefulSet argocd-application-controller", credentials: { password: auth } },
      ],
    ])("%s %s", (tag, file, difference) => {
      const objects = readObjects(sharedArgoInstall(tag, file));
      const configMaps = new Map(
        objects
          .filter(({ kind }) => kind === "ConfigMap")
          .map((object) => [object.metadata.name, (object as { data?: Texts }).data ?? {}]),
      );
      const runners = objects.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
      expect(redisSettingsFrom({ runners: runners as PodRunner[], configMaps, secrets: new Map() })).toEqual({
        ...usual,
        ...difference,
      });
    });

    test("v3.5.1 asks for one ConfigMap and no Secret", () => {
      const runners = readObjects(sharedArgoInstall("v3.5.1")).filter(({ kind }) => kind === "Deployment");
      const refs = objectsForSettings(runners as PodRunner[]);
      expect(new Set(refs.map(({ kind, name }) => `${kind}/${name}`))).toEqual(
        new Set(["ConfigMap/argocd-cmd-params-cm"]),
      );
    });
  },
);

/** An argocd-server with this in its container and its Pod. */
function server(container: Container, volumes: Volume[] = []): PodRunner {
  const { args = [], ...rest } = container;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "argocd-server", namespace: "argocd" },
    spec: {
      template: {
        spec: { containers: [{ args: ["/usr/local/bin/argocd-server", ...args], ...rest }], volumes },
      },
    },
  };
}

function settingsOf(
  runner: PodRunner,
  texts: { configMaps?: Record<string, Texts>; secrets?: Record<string, Texts> } = {},
) {
  return redisSettingsFrom({
    runners: [runner],
    configMaps: new Map(Object.entries(texts.configMaps ?? {})),
    secrets: new Map(Object.entries(texts.secrets ?? {})),
  });
}

const fromParams = (name: string, key: string) => ({
  name,
  valueFrom: { configMapKeyRef: { name: "argocd-cmd-params-cm", key } },
});
const fromSecret = (name: string, secret: string, key: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});
const params = [
  fromParams("REDIS_SERVER", "redis.server"),
  fromParams("REDIS_COMPRESSION", "redis.compression"),
  fromParams("REDISDB", "redis.db"),
];

/** As the manifests of 3.6 have it. */
const params36 = [
  fromParams("REDIS_SENTINEL_HOSTS", "redis.sentinel.hosts"),
  fromParams("REDIS_SENTINEL_MASTER", "redis.sentinel.master"),
  fromParams("ARGOCD_REDIS_KEY_PREFIX", "redis.key.prefix"),
];
const told36 = {
  "redis.sentinel.hosts": "redis-announce-0:26379, redis-announce-1",
  "redis.sentinel.master": "argocd",
  "redis.key.prefix": "dev|",
};

describe("redisSettingsFrom()", () => {
  test.each<[string, PodRunner, Parameters<typeof settingsOf>[1], object]>([
    ["nothing said", server({}), {}, {}],
    [
      "argocd-cmd-params-cm",
      server({ env: params }),
      {
        configMaps: {
          "argocd-cmd-params-cm": {
            "redis.server": "redis.data.svc.cluster.local:6380",
            "redis.compression": "none",
            "redis.db": "3",
          },
        },
      },
      { address: { host: "redis.data.svc.cluster.local", port: 6380 }, compression: "none", db: 3 },
    ],
    [
      "empty values are none",
      server({ env: params }),
      { configMaps: { "argocd-cmd-params-cm": { "redis.server": "", "redis.compression": "" } } },
      {},
    ],
    [
      "flags win over variables",
      server({
        env: params,
        args: ["--redis", "flag:1", "--redisdb=2", "--redis-compress", "none", "--repo-server-redis", "no:9"],
      }),
      { configMaps: { "argocd-cmd-params-cm": { "redis.server": "variable:2", "redis.db": "7" } } },
      { address: { host: "flag", port: 1 }, db: 2, compression: "none" },
    ],
    ["a number that is none", server({ env: [{ name: "REDISDB", value: "-1" }] }), {}, { db: 0 }],
    [
      "a script for a shell",
      {
        ...server({}),
        spec: {
          template: {
            spec: {
              containers: [
                { command: ["sh", "-c", 'exec argocd-server --insecure --redis "r.example.com:6390"'] },
              ],
            },
          },
        },
      },
      {},
      { address: { host: "r.example.com", port: 6390 } },
    ],
    [
      "variables in arguments",
      server({
        env: [
          { name: "HOST", value: "redis" },
          { name: "WHERE", value: "$(HOST).data" },
        ],
        args: ["--redis=$(WHERE):6379"],
      }),
      {},
      { address: { host: "redis.data", port: 6379 } },
    ],
    [
      "Sentinels",
      server({
        args: [
          "--sentinel",
          "redis-announce-0:26379",
          "--sentinel=redis-announce-1:26379",
          "--sentinelmaster",
          "argocd",
        ],
        env: [fromSecret("REDIS_SENTINEL_PASSWORD", "redis-ha", "sentinel-password")],
      }),
      {},
      {
        address: {
          sentinels: [
            { host: "redis-announce-0", port: 26379 },
            { host: "redis-announce-1", port: 26379 },
          ],
          master: "argocd",
        },
        credentials: { sentinelPassword: { kind: "Secret", name: "redis-ha", key: "sentinel-password" } },
      },
    ],
    [
      "Sentinels and the prefix of keys in argocd-cmd-params-cm",
      server({ env: params36 }),
      { configMaps: { "argocd-cmd-params-cm": told36 } },
      {
        address: {
          sentinels: [
            { host: "redis-announce-0", port: 26379 },
            { host: "redis-announce-1", port: 6379 },
          ],
          master: "argocd",
        },
        keyPrefix: "dev|",
      },
    ],
    [
      "a flag for Sentinels, and the master by its variable",
      server({ env: params36, args: ["--sentinel", "redis:26379"] }),
      {
        configMaps: { "argocd-cmd-params-cm": { "redis.sentinel.hosts": "x", "redis.sentinel.master": "m" } },
      },
      { address: { sentinels: [{ host: "redis", port: 26379 }], master: "m" } },
    ],
    [
      "variables that Argo CD 3.5 does not read",
      server({ env: params36, image: "quay.io/argoproj/argocd:v3.5.7" }),
      { configMaps: { "argocd-cmd-params-cm": told36 } },
      {},
    ],
    [
      "Helm chart with an external redis",
      server({
        env: [
          fromParams("REDIS_SERVER", "redis.server"),
          fromSecret("REDIS_USERNAME", "cloud-redis", "redis-username"),
          fromSecret("REDIS_PASSWORD", "cloud-redis", "redis-password"),
        ],
        args: ["--redis-use-tls"],
      }),
      { configMaps: { "argocd-cmd-params-cm": { "redis.server": "abc.cache.example.com:6380" } } },
      {
        address: { host: "abc.cache.example.com", port: 6380 },
        credentials: {
          username: { kind: "Secret", name: "cloud-redis", key: "redis-username" },
          password: { kind: "Secret", name: "cloud-redis", key: "redis-password" },
        },
        tls: { insecure: false },
      },
    ],
    [
      "variables of a whole Secret",
      server({ envFrom: [{ prefix: "REDIS_", secretRef: { name: "cache" } }] }),
      { secrets: { cache: { PASSWORD: "never shown", SERVER: "cache:6379" } } },
      {
        address: { host: "cache", port: 6379 },
        credentials: { password: { kind: "Secret", name: "cache", key: "PASSWORD" } },
      },
    ],
    [
      "the operator with TLS and a folder of credentials",
      server(
        {
          args: [
            "--redis",
            "argocd-redis.argocd.svc.cluster.local:6379",
            "--redis-use-tls",
            "--redis-ca-certificate",
            "/app/config/server/tls/redis/tls.crt",
          ],
          env: [{ name: "REDIS_CREDS_DIR_PATH", value: "/app/config/redis-auth/" }],
          volumeMounts: [
            { name: "redis-tls", mountPath: "/app/config/server/tls/redis" },
            { name: "auth", mountPath: "/app/config/redis-auth" },
          ],
        },
        [
          { name: "redis-tls", secret: { secretName: "argocd-operator-redis-tls" } },
          {
            name: "auth",
            secret: {
              secretName: "argocd-redis-initial-password",
              items: [{ key: "admin.password", path: "auth" }],
            },
          },
        ],
      ),
      {},
      {
        address: { host: "argocd-redis.argocd.svc.cluster.local", port: 6379 },
        credentials: {
          password: { kind: "Secret", name: "argocd-redis-initial-password", key: "admin.password" },
        },
        areFiles: true,
        tls: { insecure: false, ca: { kind: "Secret", name: "argocd-operator-redis-tls", key: "tls.crt" } },
      },
    ],
    [
      "certificates in files that come from elsewhere, and one by subPath",
      server(
        {
          args: [
            "--redis-use-tls=true",
            "--redis-insecure-skip-tls-verify",
            "--redis-ca-certificate=/vault/ca.crt",
            "--redis-client-certificate=/tls/client.crt",
            "--redis-client-key=/tls/client.key",
          ],
          volumeMounts: [
            { name: "injected", mountPath: "/vault" },
            { name: "client", mountPath: "/tls/client.crt", subPath: "tls.crt" },
            { name: "all", mountPath: "/tls" },
          ],
        },
        [
          { name: "injected" },
          { name: "client", secret: { secretName: "client" } },
          { name: "all", projected: { sources: [{ configMap: { name: "files" } }] } },
        ],
      ),
      {},
      {
        tls: {
          insecure: true,
          ca: { file: "/vault/ca.crt" },
          cert: { kind: "Secret", name: "client", key: "tls.crt" },
          key: { kind: "ConfigMap", name: "files", key: "client.key" },
        },
      },
    ],
    ["TLS taken back", server({ args: ["--redis-use-tls=false"] }), {}, {}],
    [
      "an old image compresses only when told to",
      server({ image: "quay.io/argoproj/argocd:v2.7.1" }),
      {},
      { compression: "none" },
    ],
  ])("%s", (_, runner, texts, difference) => {
    expect(settingsOf(runner, texts)).toEqual({ ...usual, ...difference });
  });

  test.each([
    ["v3.5.1", "100", 100],
    ["v3.5.1", "5000", 0],
    // its server reads whole trees only
    ["v2.12.6", "100", 0],
  ])("of the controller of %s takes the size of shards %s as %i", (tag, size, expected) => {
    const image = `quay.io/argoproj/argocd:${tag}`;
    const controller: PodRunner = {
      ...server({}),
      kind: "StatefulSet",
      spec: {
        template: {
          spec: {
            containers: [
              {
                image,
                args: ["/usr/local/bin/argocd-application-controller"],
                env: [{ name: "ARGOCD_APPLICATION_TREE_SHARD_SIZE", value: size }],
              },
            ],
          },
        },
      },
    };
    const evidence = { configMaps: new Map(), secrets: new Map() };
    expect(redisSettingsFrom({ ...evidence, runners: [controller, server({ image })] })).toMatchObject({
      toldTo: "Deployment argocd-server",
      treeShardSize: expected,
    });
  });

  test("is undefined where no Argo CD runs", () => {
    expect(settingsOf({ ...server({}), spec: {} })).toBeUndefined();
  });

  test("does not repeat an address that it cannot read", () => {
    const runner = server({ args: ["--redis", "redis://:geheim@redis:6379"] });
    expect(() => settingsOf(runner)).toThrow(
      "Cannot tell where Argo CD's redis is: what Deployment argocd-server is told is no HOST:PORT",
    );
  });
});
