import { Duplex } from "node:stream";
import { describe, expect, onTestFinished } from "vitest";
import type { Container, Volume } from "../../src/kube/kinds.js";
import { readRedisAccess } from "../../src/loopback/redis/read-access.js";
import type { RouteOptions } from "../../src/loopback/redis/route.js";
import { serviceForward } from "../../src/loopback/redis/service-forward.js";
import { openRedisStore } from "../../src/loopback/redis/store.js";
import { connectTo } from "../../src/loopback/redis/transport.js";
import { createAuthority, issueCertificate } from "../cluster/certificates.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { kubeFor } from "../kube/kube-for.js";
import { isRedisMissing, startRedis } from "./redis-server.js";

/** A namespace with an argocd-server; `read` tells how its redis is reached, and where a port-forward would have gone. */
async function settingFor(cluster: TestCluster, name: string, container: Container, volumes: Volume[] = []) {
  const namespace = await cluster.createNamespace(`redis-access-${name}`);
  const apply = (object: object) => cluster.apply(object as TestObject, { namespace });
  const { args = [], ...rest } = container;
  await apply({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "argocd-server" },
    spec: {
      selector: { matchLabels: { app: "argocd-server" } },
      template: {
        metadata: { labels: { app: "argocd-server" } },
        spec: {
          containers: [
            {
              name: "argocd-server",
              image: "quay.io/argoproj/argocd:v3.5.1",
              args: ["/usr/local/bin/argocd-server", ...args],
              ...rest,
            },
          ],
          volumes,
        },
      },
    },
  });
  const service = (serviceName: string, spec: object = { ports: [{ port: 6379 }] }) =>
    apply({ apiVersion: "v1", kind: "Service", metadata: { name: serviceName }, spec });
  const secret = (secretName: string, stringData: Record<string, string>) =>
    apply({ apiVersion: "v1", kind: "Secret", metadata: { name: secretName }, stringData });
  const forwarded: string[] = [];
  const options: RouteOptions = {
    kube: kubeFor(cluster),
    namespace,
    isInCluster: false,
    forward: async (to) => {
      forwarded.push(`${to.namespace}/${to.service}:${to.port}`);
      return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    },
  };
  const read = (more: Partial<RouteOptions> = {}) => readRedisAccess({ ...options, ...more });
  return { namespace, apply, service, secret, read, forwarded, options };
}

const passwordFrom = (name: string, key: string) => ({
  name: "REDIS_PASSWORD",
  valueFrom: { secretKeyRef: { name, key } },
});

describe("readRedisAccess()", () => {
  clusterTest("of a usual install goes to the Service, with the password of now", async ({ cluster }) => {
    const setting = await settingFor(cluster, "usual", { env: [passwordFrom("argocd-redis", "auth")] });
    const { namespace } = setting;
    await setting.service("argocd-redis");
    await setting.secret("argocd-redis", { auth: "eins" });
    const access = await setting.read();
    expect(access).toMatchObject({
      target: `argocd-redis.${namespace}`,
      db: 0,
      login: { password: "eins" },
      passwordFrom: `the Secret argocd-redis (key auth) in ${namespace}`,
      compression: "gzip",
      treeShardSize: 0,
    });
    await access.connect();
    expect(setting.forwarded).toEqual([`${namespace}/argocd-redis:6379`]);
    await setting.secret("argocd-redis", { auth: "zwei" });
    expect((await setting.read()).login.password).toBe("zwei");
  });

  clusterTest("of an HA install, as argocd-cmd-params-cm says", async ({ cluster }) => {
    const key = { name: "argocd-cmd-params-cm", key: "redis.server", optional: true };
    const env = [{ name: "REDIS_SERVER", valueFrom: { configMapKeyRef: key } }];
    const setting = await settingFor(cluster, "ha", { env });
    await setting.service("argocd-redis-ha-haproxy");
    await setting.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cmd-params-cm" },
      data: { "redis.server": "argocd-redis-ha-haproxy:6379" },
    });
    const access = await setting.read();
    await access.connect();
    expect(access.target).toBe(`argocd-redis-ha-haproxy.${setting.namespace}`);
    expect(setting.forwarded).toEqual([`${setting.namespace}/argocd-redis-ha-haproxy:6379`]);
  });

  clusterTest(
    "goes straight to hosts outside, also by a Service that is only a name",
    async ({ cluster }) => {
      const setting = await settingFor(cluster, "outside", { args: ["--redis", "localhost.invalid:6390"] });
      const access = await setting.read();
      expect(access.target).toBe("localhost.invalid:6390");
      await expect(access.connect()).rejects.toMatchObject({ syscall: "getaddrinfo" });

      const named = await settingFor(cluster, "named", { args: ["--redis", "cache:6390"] });
      await named.service("cache", { type: "ExternalName", externalName: "cache.invalid" });
      await expect((await named.read()).connect()).rejects.toMatchObject({ hostname: "cache.invalid" });
      expect([...setting.forwarded, ...named.forwarded]).toEqual([]);
    },
  );

  clusterTest("goes straight from inside the cluster, to the namespace of Argo CD", async ({ cluster }) => {
    const setting = await settingFor(cluster, "inside", {});
    const access = await setting.read({ isInCluster: true });
    await expect(access.connect()).rejects.toMatchObject({ hostname: `argocd-redis.${setting.namespace}` });
    expect(setting.forwarded).toEqual([]);
  });

  clusterTest("says where no way leads to", async ({ cluster }) => {
    const none = await settingFor(cluster, "none", {});
    const hint =
      "Run flamingo in the cluster, or name an address that can be reached from here with --redis HOST:PORT";
    const why = (text: string) => expect.objectContaining({ message: `Cannot reach redis at ${text}`, hint });
    await expect(none.read()).rejects.toEqual(
      why(`argocd-redis.${none.namespace}: there is no Service argocd-redis in ${none.namespace}`),
    );
    const sidecar = await settingFor(cluster, "sidecar", { args: ["--redis=localhost:6379"] });
    await expect(sidecar.read()).rejects.toEqual(
      why("localhost: only Deployment argocd-server gets there, inside its own Pod"),
    );
    const args = ["--sentinel=announce-0:26379", "--sentinelmaster=argocd"];
    const sentinels = await settingFor(cluster, "sentinels", { args });
    await expect(sentinels.read()).rejects.toEqual(
      why(
        `argocd (of Sentinel announce-0.${sentinels.namespace}:26379): only Pods of the cluster get from the Sentinels to the master`,
      ),
    );
    const namespace = await cluster.createNamespace("redis-access-empty");
    await expect(none.read({ namespace })).rejects.toMatchObject({
      message: `Cannot find Argo CD's redis: no Argo CD runs in ${namespace}`,
      hint: "Name the namespace of Argo CD with -N",
    });
    const files = await settingFor(cluster, "files", {
      env: [{ name: "REDIS_CREDS_DIR_PATH", value: "/vault" }],
    });
    await expect(files.read()).rejects.toMatchObject({
      message:
        "Cannot read redis' password: Deployment argocd-server has it in /vault/auth_username, where no Secret is mounted",
    });
  });

  clusterTest("tells what keeps the port-forward from redis", async ({ cluster }) => {
    const setting = await settingFor(cluster, "no-pods", {});
    await setting.service("argocd-redis");
    const forward = serviceForward(setting.options.kube);
    await expect((await setting.read({ forward })).connect()).rejects.toThrow(
      `Cannot connect to port 6379 of Service argocd-redis in ${setting.namespace}: it selects no pods`,
    );
  });

  clusterTest("names the Secret that must not be read", async ({ cluster }) => {
    const setting = await settingFor(cluster, "forbidden", { env: [passwordFrom("argocd-redis", "auth")] });
    const rule = { apiGroups: ["apps"], resources: ["deployments", "statefulsets"], verbs: ["list"] };
    await cluster.grant("carol", rule, setting.namespace);
    const kube = kubeFor(cluster, { user: "carol" });
    await expect(setting.read({ kube })).rejects.toThrow(/Secret argocd-redis in redis-access-forbidden/);
  });

  describe.skipIf(isRedisMissing())("and what it leads to", () => {
    clusterTest("a redis with TLS and files of the operator, at --redis", async ({ cluster }) => {
      const authority = createAuthority();
      const service = "argocd-redis.argocd.svc.cluster.local";
      const certificate = issueCertificate(authority, {
        commonName: "redis",
        hosts: [service, "redis.test"],
      });
      const redis = await startRedis({ password: "geheim-1", tls: { ...certificate, ca: authority.cert } });
      const setting = await settingFor(
        cluster,
        "tls",
        {
          args: [`--redis=${service}:6379`, "--redis-use-tls", "--redis-ca-certificate=/tls/tls.crt"],
          env: [{ name: "REDIS_CREDS_DIR_PATH", value: "/auth" }],
          volumeMounts: [
            { name: "tls", mountPath: "/tls" },
            { name: "auth", mountPath: "/auth" },
          ],
        },
        [
          { name: "tls", secret: { secretName: "redis-tls" } },
          {
            name: "auth",
            secret: { secretName: "initial", items: [{ key: "admin.password", path: "auth" }] },
          },
        ],
      );
      await setting.secret("redis-tls", { "tls.crt": authority.cert });
      await setting.secret("initial", { "admin.password": "geheim-1\n" });
      const address = { host: "127.0.0.1", port: redis.port };
      const store = await openRedisStore({
        access: () => setting.read({ address }),
        live: () => [],
        isOurs: () => true,
        onForgotten: () => {},
        now: () => new Date(),
      });
      onTestFinished(() => store.close());
      expect(store.state.error).toBeUndefined();
      expect(await redis.client().client("LIST")).toBeTruthy();
      const tree = { nodes: [], orphanedNodes: [], hosts: [] };
      expect(await store.put("web", { tree, managedResources: [] })).toBe("written");

      // without the Secret, the certificate is of an authority that nobody knows
      await cluster.delete("v1", "Secret", "redis-tls", setting.namespace);
      const wary = await openRedisStore({
        access: () => setting.read({ address }),
        live: () => [],
        isOurs: () => true,
        onForgotten: () => {},
        now: () => new Date(),
        patienceMs: 0,
      });
      onTestFinished(() => wary.close());
      await expect(wary.put("web", { tree, managedResources: [] })).rejects.toMatchObject({
        message: expect.stringContaining(": its certificate is not accepted: "),
        hint: "Argo CD has the authority (key tls.crt of the Secret redis-tls), which cannot be read: mount it from a Secret, or name an authority with NODE_EXTRA_CA_CERTS",
      });
    });

    clusterTest("a redis behind a port-forward, whose password changes", async ({ cluster }) => {
      const redis = await startRedis({ password: "geheim-1" });
      const setting = await settingFor(cluster, "password", { env: [passwordFrom("argocd-redis", "auth")] });
      await setting.service("argocd-redis");
      await setting.secret("argocd-redis", { auth: "geheim-1" });
      const forward = () => connectTo({ host: "127.0.0.1", port: redis.port });
      const store = await openRedisStore({
        access: () => setting.read({ forward }),
        live: () => [],
        isOurs: () => true,
        onForgotten: () => {},
        now: () => new Date(),
      });
      onTestFinished(() => store.close());
      const tree = { nodes: [], orphanedNodes: [], hosts: [] };
      expect(await store.put("web", { tree, managedResources: [] })).toBe("written");
      await redis.changePassword("geheim-2");
      await setting.secret("argocd-redis", { auth: "geheim-2" });
      await redis.client().call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      expect(await store.put("api", { tree, managedResources: [] })).toBe("written");
    });
  });
});
