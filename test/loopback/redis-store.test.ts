import { createRequire } from "node:module";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { format, inspect } from "node:util";
import { gunzipSync } from "node:zlib";
import type { Redis } from "ioredis";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { UserError } from "../../src/errors.js";
import type { RedisAccess } from "../../src/loopback/redis/access.js";
import { connectOver, connectToMaster } from "../../src/loopback/redis/connect.js";
import { openRedisStore, type RedisContent, type RedisStoreOptions } from "../../src/loopback/redis/store.js";
import { connectTo } from "../../src/loopback/redis/transport.js";
import { createAuthority, issueCertificate } from "../cluster/certificates.js";
import { isRedisMissing, startRedis, type TestRedis } from "./redis-server.js";

const password = "geheim-4711";
const noon = new Date("2026-01-02T12:00:00Z");

function accessTo({ port }: TestRedis, access: Partial<RedisAccess> = {}): RedisAccess {
  return {
    target: "argocd-redis.argocd",
    db: 0,
    login: { password },
    passwordFrom: "the Secret argocd-redis (key auth) in argocd",
    unreadable: [],
    compression: "gzip",
    keyPrefix: "",
    treeShardSize: 0,
    connect: () => connectTo({ host: "127.0.0.1", port }),
    ...access,
  };
}

async function storeFor(
  redis: TestRedis,
  options: Partial<RedisStoreOptions> = {},
  access = accessTo(redis),
) {
  const forgotten: string[][] = [];
  const store = await openRedisStore({
    access: async () => access,
    live: () => [],
    isOurs: () => true,
    onForgotten: (instances) => forgotten.push([...instances]),
    now: () => noon,
    checkEveryMs: 30,
    patienceMs: 3000,
    ...options,
  });
  onTestFinished(() => store.close());
  return { store, forgotten };
}

/** A tree of so many Pods, called after what is to be told apart. */
function content(pods: number, prefix = "pod"): RedisContent {
  const nodes = Array.from({ length: pods }, (_, index) => ({
    version: "v1",
    kind: "Pod",
    namespace: "default",
    name: `${prefix}-${index}`,
  }));
  return { tree: { nodes, orphanedNodes: [], hosts: [] }, managedResources: [] };
}

const keysOf = async (client: Redis) => (await client.keys("app|*")).sort();
const webKeys = ["app|managed-resources|web|1.8.3.gz", "app|resources-tree|web|1.8.3.gz"];

async function failureOf(promise: Promise<unknown>): Promise<UserError> {
  return promise.then(
    () => {
      throw new Error("It did not fail");
    },
    (error: UserError) => error,
  );
}

interface Debug {
  enable(names: string): void;
  disable(): void;
  log(...words: unknown[]): void;
}

describe.skipIf(isRedisMissing())("openRedisStore()", () => {
  test("writes what Argo CD reads, for good, once, and announces it", async () => {
    const redis = await startRedis({ password });
    const client = redis.client();
    const { store } = await storeFor(redis);
    expect(store.state).toEqual({ connected: true, since: noon });
    const listener = redis.client();
    const heard: string[] = [];
    listener.on("message", (channel, message) => heard.push(`${channel}=${message}`));
    await listener.subscribe("app|managed-resources|web|1.8.3");

    expect(await store.put("web", content(3))).toBe("written");
    expect(await store.put("web", content(3))).toBe("unchanged");
    expect(await store.put("team-a_web", content(1))).toBe("written");
    const tree = await client.getBuffer("app|resources-tree|web|1.8.3.gz");
    expect(JSON.parse(gunzipSync(tree ?? "").toString())).toEqual(content(3).tree);
    const managed = await client.getBuffer("app|managed-resources|web|1.8.3.gz");
    expect(gunzipSync(managed ?? "").toString()).toBe("[]");
    expect(await client.pttl("app|resources-tree|web|1.8.3.gz")).toBe(-1);
    await vi.waitFor(() => expect(heard).toEqual(["app|managed-resources|web|1.8.3="]));

    expect(await store.put("web", content(4))).toBe("written");
    // what is asked of a machine is no reason to write
    const busy = (asked: number): RedisContent => {
      const cpu = { resourceName: "cpu", requestedByApp: 1, requestedByNeighbors: asked, capacity: 9 };
      return { ...content(4), tree: { ...content(4).tree, hosts: [{ name: "a", resourcesInfo: [cpu] }] } };
    };
    expect(await store.put("web", busy(1))).toBe("written");
    expect(await store.put("web", busy(2))).toBe("unchanged");
    expect(store.counts).toEqual({ writes: 4, errors: 0 });
    await store.remove("web");
    expect(await keysOf(client)).toEqual([
      "app|managed-resources|team-a_web|1.8.3.gz",
      "app|resources-tree|team-a_web|1.8.3.gz",
    ]);
  });

  test("leaves no piece of a tree behind that has become smaller, or gone", async () => {
    const redis = await startRedis({ password });
    const client = redis.client();
    const { store } = await storeFor(redis, {}, accessTo(redis, { treeShardSize: 2, compression: "none" }));
    await store.put("web", content(5));
    expect(await keysOf(client)).toEqual([
      "app|managed-resources|web|1.8.3",
      "app|resources-tree|web|1.8.3",
      "app|resources-tree|web|1|1.8.3",
      "app|resources-tree|web|2|1.8.3",
    ]);
    await store.put("web", content(2));
    expect(await keysOf(client)).toEqual(["app|managed-resources|web|1.8.3", "app|resources-tree|web|1.8.3"]);
    await store.put("web", content(9));
    await store.remove("web");
    expect(await keysOf(client)).toEqual([]);
  });

  test("writes into the database that Argo CD uses, and nowhere when there is no such", async () => {
    const redis = await startRedis({ password });
    const { store } = await storeFor(redis, {}, accessTo(redis, { db: 3 }));
    await store.put("web", content(1));
    expect(await keysOf(redis.client())).toEqual([]);
    const third = redis.client();
    await third.select(3);
    expect(await keysOf(third)).toEqual(webKeys);

    const { store: other } = await storeFor(redis, { patienceMs: 0 }, accessTo(redis, { db: 99 }));
    expect(other.state).toEqual({ connected: false, since: noon, error: "ERR DB index is out of range" });
    await expect(other.put("web", content(1))).rejects.toThrow("DB index is out of range");
    expect(await keysOf(redis.client())).toEqual([]);
  });

  test("says when redis forgot: started anew, emptied, one key evicted, Argo CD wrote itself", async () => {
    const redis = await startRedis({ password });
    const { store, forgotten } = await storeFor(redis);
    await store.put("web", content(1));
    await store.put("api", content(2));
    await redis.restart();
    await vi.waitFor(() => expect(forgotten).toEqual([["web", "api"]]), 5000);
    expect(await store.put("web", content(1))).toBe("written");
    expect(await store.put("api", content(2))).toBe("written");
    forgotten.length = 0;

    const client = redis.client();
    await client.flushall();
    await vi.waitFor(() => expect(forgotten).toEqual([["web", "api"]]));
    await store.put("web", content(1));
    await store.put("api", content(2));
    forgotten.length = 0;

    await client.del("app|resources-tree|api|1.8.3.gz");
    await vi.waitFor(() => expect(forgotten).toEqual([["api"]]));
    await store.put("api", content(2));

    await client.set("app|managed-resources|web|1.8.3.gz", "its own", "EX", 3600);
    await vi.waitFor(() => expect(forgotten).toEqual([["api"], ["web"]]));
    await sleep(100);
    expect(forgotten).toEqual([["api"], ["web"]]);
  });

  test("trusts nothing that another redis in its place has", async () => {
    const [first, second] = [await startRedis({ password }), await startRedis({ password })];
    for (const key of webKeys) await second.client().set(key, "older");
    let redis = first;
    const { store, forgotten } = await storeFor(redis, { access: async () => accessTo(redis) });
    await store.put("web", content(1));
    redis = second;
    await first.stop();
    await vi.waitFor(() => expect(forgotten).toEqual([["web"]]), 5000);
    expect(await store.put("web", content(1))).toBe("written");
  });

  test("follows the controller to another form, and removes what nobody reads any more", async () => {
    const redis = await startRedis({ password });
    const client = redis.client();
    const info = "cluster|info|https://kubernetes.default.svc";
    await client.set(`${info}|1.8.3.gz`, "", "PX", 600_000);
    // the key decides, not what the server was told when it was started
    const { store, forgotten } = await storeFor(redis, {}, accessTo(redis, { compression: "none" }));
    await store.put("web", content(1));
    expect(await keysOf(client)).toEqual(webKeys);
    // by an upgrade; the old key is still there for a while
    await client.pexpire(`${info}|1.8.3.gz`, 400_000);
    await client.set(`${info}|1.9.0`, "", "PX", 600_000);
    await vi.waitFor(() => expect(forgotten).toEqual([["web"]]));
    expect(await keysOf(client)).toEqual([]);
    await store.put("web", content(1));
    expect(await keysOf(client)).toEqual(["app|managed-resources|web|1.9.0", "app|resources-tree|web|1.9.0"]);
  });

  test("writes behind the prefix that Argo CD is told, beside another one, and follows it", async () => {
    const redis = await startRedis({ password });
    const client = redis.client();
    const info = "cluster|info|https://kubernetes.default.svc";
    // another Argo CD in the same redis, and one whose prefix reads like a pattern
    await client.set(`${info}|1.9.0`, "", "PX", 600_000);
    await client.set("app|resources-tree|other|1.9.0", "");
    await client.set(`a*|${info}|1.8.3.gz`, "", "PX", 600_000);
    await client.set("a*|app|resources-tree|gone|1.8.3.gz", "");
    await client.set("ab|app|resources-tree|gone|1.8.3.gz", "");
    let keyPrefix = "a*|";
    const { store, forgotten } = await storeFor(redis, {
      access: async () => accessTo(redis, { keyPrefix }),
      live: () => ["web"],
    });
    const listener = redis.client();
    const heard: string[] = [];
    listener.on("message", (channel) => heard.push(channel));
    await listener.subscribe("app|managed-resources|web|1.8.3");
    await store.put("web", content(1));
    const others = ["ab|app|resources-tree|gone|1.8.3.gz", "app|resources-tree|other|1.9.0"];
    const appKeys = async () => (await client.keys("*app|*")).sort();
    expect(await appKeys()).toEqual([...webKeys.map((key) => `a*|${key}`), ...others].sort());
    await vi.waitFor(() => expect(heard).toEqual(["app|managed-resources|web|1.8.3"]));

    keyPrefix = "b|";
    await client.del(`a*|${info}|1.8.3.gz`);
    await vi.waitFor(() => expect(forgotten).toEqual([["web"]]));
    await store.put("web", content(1));
    expect(await appKeys()).toEqual([...webKeys.map((key) => `b|${key}`), ...others].sort());
  });

  test("removes what an earlier flamingo left, and nothing of Argo CD's", async () => {
    const redis = await startRedis({ password });
    const client = redis.client();
    const left = [
      "app|resources-tree|gone|1.8.3.gz",
      "app|resources-tree|gone|1|1.8.3.gz",
      "app|managed-resources|team-a_gone|1.8.3.gz",
      "app|resources-tree|web|1.8.3",
      "app|resources-tree|web|1.8.3.gz",
      "app|resources-tree|web|1|1.8.3.gz",
      "app|resources-tree|web|2|1.8.3.gz",
      "mfst|app.kubernetes.io/instance|web|1.8.3.gz",
    ];
    for (const key of left) await client.set(key, "");
    await client.set("app|resources-tree|stock|1.8.3.gz", "", "EX", 3600);
    const { store } = await storeFor(redis, { live: () => ["web"] });
    const kept = [
      "app|resources-tree|stock|1.8.3.gz",
      "app|resources-tree|web|1.8.3.gz",
      "app|resources-tree|web|1|1.8.3.gz",
      "app|resources-tree|web|2|1.8.3.gz",
    ];
    expect(await keysOf(client)).toEqual(kept);
    expect(await client.exists("mfst|app.kubernetes.io/instance|web|1.8.3.gz")).toBe(1);
    // its pieces are known, though another process wrote them
    await store.put("web", content(1));
    expect(await keysOf(client)).toEqual([webKeys[0], kept[0], kept[1]]);
  });

  test("leaves what another shard wrote, or has still to clear away", async () => {
    const redis = await startRedis({ password });
    const client = redis.client();
    const left = ["web", "gone", "other"].map((instance) => `app|resources-tree|${instance}|1.8.3.gz`);
    for (const key of left) await client.set(key, "");
    await storeFor(redis, { live: () => ["web"], isOurs: (instance) => instance !== "other" });
    expect(await keysOf(client)).toEqual([left[2], left[0]]);
  });

  test("writes nothing anew that an earlier flamingo wrote just so", async () => {
    const redis = await startRedis({ password });
    const client = redis.client();
    const options = { live: () => ["web", "api", "db"] };
    const earlier = await storeFor(redis, options, accessTo(redis, { treeShardSize: 2 }));
    for (const name of ["web", "api", "db"]) await earlier.store.put(name, content(3));
    await client.pexpire("app|resources-tree|db|1|1.8.3.gz", 3_600_000);
    await earlier.store.close();

    const { store } = await storeFor(redis, options, accessTo(redis, { treeShardSize: 2 }));
    expect(await store.put("web", content(3))).toBe("unchanged");
    expect(await store.put("web", content(3))).toBe("unchanged");
    expect(await store.put("api", content(3, "job"))).toBe("written");
    expect(await store.put("db", content(3)), "Argo CD's own, which goes by itself").toBe("written");
    expect(store.counts.writes).toBe(2);
    expect(await store.put("web", content(1))).toBe("written");
    await store.remove("web");
    expect(await client.keys("*|web|*")).toEqual([]);
  });

  test("leaves what Argo CD has written in the place of an Application that went", async () => {
    const redis = await startRedis({ password });
    const client = redis.client();
    const { store } = await storeFor(redis);
    await store.put("web", content(1));
    await client.set("app|resources-tree|web|1.8.3.gz", "native", "EX", 3600);
    await store.remove("web");
    expect(await keysOf(client)).toEqual(["app|resources-tree|web|1.8.3.gz"]);
  });

  test("reads the password again when it was changed", async () => {
    const redis = await startRedis({ password });
    const access = accessTo(redis);
    const { store } = await storeFor(redis, { access: async () => access, patienceMs: 300 });
    await store.put("web", content(1));
    await redis.changePassword("neu-4712");
    // who is in stays in
    expect(await store.put("web", content(3))).toBe("written");
    await redis.client().call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await vi.waitFor(() => expect(store.state.error).toBe("the password is not accepted"), 3000);
    await sleep(300);
    const error = await failureOf(store.put("web", content(2)));
    expect(error.message).toBe(
      "Cannot write the tree of web to redis at argocd-redis.argocd: the password is not accepted",
    );
    expect(error.hint).toBe(
      "It is read from the Secret argocd-redis (key auth) in argocd: redis may have been started with another",
    );
    access.login.password = "neu-4712";
    await vi.waitFor(() => expect(store.state.connected).toBe(true), 5000);
    expect(await store.put("web", content(2))).toBe("written");
  });

  test("waits for a redis that comes back within its patience, and says so when it does not", async () => {
    const redis = await startRedis({ password });
    const { store } = await storeFor(redis, { patienceMs: 1000 });
    await redis.stop();
    const [, outcome] = await Promise.all([redis.start(), store.put("web", content(1))]);
    expect(outcome).toBe("written");

    await redis.stop();
    await vi.waitFor(() => expect(store.state.connected).toBe(false));
    const startedAt = performance.now();
    const errors = await Promise.all([
      failureOf(store.put("web", content(2))),
      failureOf(store.remove("web")),
    ]);
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(errors.map(({ message }) => message)).toEqual([
      "Cannot write the tree of web to redis at argocd-redis.argocd: the connection was refused",
      "Cannot remove the tree of web from redis at argocd-redis.argocd: the connection was refused",
    ]);
    expect(store.counts).toEqual({ writes: 1, errors: 2 });
    // what could not be removed is, later
    await redis.start();
    await redis.client().set(webKeys[1] ?? "", "");
    await vi.waitFor(() => expect(store.state.connected).toBe(true), 5000);
    await vi.waitFor(async () => expect(await keysOf(redis.client())).toEqual([]));
  });

  test("opens without a redis and goes on trying; ends when it is closed", async () => {
    const redis = await startRedis({ password });
    await redis.stop();
    const { store } = await storeFor(redis, { patienceMs: 0 });
    expect(store.state).toEqual({ connected: false, since: noon, error: "the connection was refused" });
    await redis.start();
    await vi.waitFor(() => expect(store.state.connected).toBe(true), 5000);
    await store.close();
    await expect(store.put("web", content(1))).rejects.toThrow("Cannot write the tree of web");
    expect(await redis.client().client("LIST")).not.toMatch(/cmd=exec/);
  });

  test("does not open when it cannot be known where redis is", async () => {
    const redis = await startRedis({ password });
    const access = () => Promise.reject(new Error("no way"));
    await expect(storeFor(redis, { access })).rejects.toThrow("no way");
  });

  test("gives up on a redis that is silent", async () => {
    const redis = await startRedis({ password });
    const { store } = await storeFor(redis, { checkEveryMs: 60_000, answerWithinMs: 200 });
    await redis.client().call("CLIENT", "PAUSE", "30000");
    const startedAt = performance.now();
    await expect(store.put("web", content(1))).rejects.toThrow("it does not answer");
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(store.state.connected).toBe(false);
  });

  test("tells a redis that is full, and keeps the connection", async () => {
    const redis = await startRedis({ password });
    const { store } = await storeFor(redis);
    const client = redis.client();
    await client.config("SET", "maxmemory", "1");
    await expect(store.put("web", content(1))).rejects.toThrow(
      "OOM command not allowed when used memory > 'maxmemory'",
    );
    expect(store.state.connected).toBe(true);
    await client.config("SET", "maxmemory", "0");
    expect(await store.put("web", content(1))).toBe("written");
  });

  test("leaves a redis that is no master any more", async () => {
    const redis = await startRedis({ password });
    const { store } = await storeFor(redis, { checkEveryMs: 60_000 });
    const client = redis.client();
    await client.replicaof("127.0.0.1", 1);
    await expect(store.put("web", content(1))).rejects.toThrow("READONLY");
    expect(store.state.connected).toBe(false);
    await client.replicaof("NO", "ONE");
    expect(await store.put("web", content(1))).toBe("written");
  });

  test.each([
    ["no password where one is wanted", {}, "it wants a password"],
    ["a wrong password", { password: "falsch-123" }, "the password is not accepted"],
    ["a user that does not exist", { username: "nobody", password }, "the password is not accepted"],
  ])("never shows a password: %s", async (_, login, why) => {
    const redis = await startRedis({ password });
    const { store } = await storeFor(redis, { patienceMs: 0 }, accessTo(redis, { login }));
    expect(store.state).toMatchObject({ connected: false, error: why });
    const error = await failureOf(store.put("web", content(1)));
    expect(error.message).toBe(`Cannot write the tree of web to redis at argocd-redis.argocd: ${why}`);
    expect(inspect({ error, state: store.state, store }, { depth: 9, showHidden: true })).not.toMatch(
      /geheim|falsch/,
    );
  });

  test("logs in as a user, and into a redis that wants no password", async () => {
    const redis = await startRedis();
    const { store } = await storeFor(redis);
    expect(await store.put("web", content(1))).toBe("written");
    await redis.client().call("ACL", "SETUSER", "argo", "on", `>${password}`, "~*", "&*", "+@all", "-info");
    const login = { username: "argo", password };
    const { store: second } = await storeFor(redis, {}, accessTo(redis, { login }));
    expect(await second.put("web", content(1))).toBe("written");
  });

  test("speaks TLS, over any stream, and believes only the right authority and name", async () => {
    const authority = createAuthority();
    const certificate = issueCertificate(authority, { commonName: "redis", hosts: ["redis.test"] });
    const redis = await startRedis({ password, tls: { ...certificate, ca: authority.cert } });
    // stands for a port-forward: something that can be read and written, and nothing more
    const open = async () => plain(connect(redis.port, "127.0.0.1"));
    const tls = { insecure: false, ca: authority.cert };
    const over = (host: string, settings: typeof tls | { insecure: boolean }) =>
      accessTo(redis, { connect: connectOver(open, host, settings) });

    const { store } = await storeFor(redis, {}, over("redis.test", tls));
    expect(await store.put("web", content(1))).toBe("written");
    const { store: careless } = await storeFor(redis, {}, over("other.test", { insecure: true }));
    expect(await careless.put("web", content(1))).toBe("written");
    for (const access of [over("other.test", tls), over("redis.test", { insecure: false })]) {
      const { store: wary } = await storeFor(redis, { patienceMs: 0 }, access);
      expect(wary.state.error).toMatch(/^its certificate is not accepted: /);
    }
    const { store: naked } = await storeFor(redis, { patienceMs: 0 });
    expect(naked.state.connected).toBe(false);
  });

  test("shows no password to those who debug the library", async () => {
    const debug = createRequire(import.meta.resolve("ioredis"))("debug") as Debug;
    const said: string[] = [];
    const log = vi.spyOn(debug, "log").mockImplementation((...words) => said.push(format(...words)));
    debug.enable("*");
    onTestFinished(() => {
      debug.disable();
      log.mockRestore();
    });
    const redis = await startRedis({ password });
    // the test's own client logs in by the library
    expect(said.join("\n")).toContain(password);
    said.length = 0;
    const { store } = await storeFor(redis);
    await store.put("web", content(1));
    expect(said.join("\n")).toContain("app|resources-tree|web");
    expect(said.join("\n")).not.toContain(password);
  });

  test("writes through any stream", async () => {
    const redis = await startRedis({ password });
    const streams: Duplex[] = [];
    const open = async () => {
      const stream = plain(connect(redis.port, "127.0.0.1"));
      streams.push(stream);
      return stream;
    };
    const { store } = await storeFor(redis, {}, accessTo(redis, { connect: open }));
    expect(await store.put("web", content(2000))).toBe("written");
    streams[0]?.destroy(new Error("the pod is gone"));
    await vi.waitFor(() => expect(store.state.error).toBe("the pod is gone"));
    expect(await store.put("web", content(1))).toBe("written");
    await store.close();
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });

  test("asks Sentinels for the master", async () => {
    const redis = await startRedis({ password });
    const lines = [
      `sentinel monitor argocd 127.0.0.1 ${redis.port} 1`,
      `sentinel auth-pass argocd ${password}`,
    ];
    const sentinel = await startRedis({ sentinel: true, password: "wache-1", lines });
    const sentinels = [
      { host: "127.0.0.1", port: 1 },
      { host: "127.0.0.1", port: sentinel.port },
    ];
    const to = (master: string) =>
      accessTo(redis, {
        connect: connectToMaster({ sentinels, master }, { login: { password: "wache-1" }, tls: undefined }),
      });
    const { store } = await storeFor(redis, {}, to("argocd"));
    expect(await store.put("web", content(1))).toBe("written");
    expect(await keysOf(redis.client())).toEqual(webKeys);
    const { store: lost } = await storeFor(redis, { patienceMs: 0 }, to("other"));
    expect(lost.state.error).toBe(
      'no Sentinel leads to the master "other" (127.0.0.1: the connection was refused; 127.0.0.1: it knows no such master)',
    );
  });

  test("goes on with the redis that Sentinel makes the master", async () => {
    const lines = [`masterauth ${password}`, "repl-diskless-sync-delay 0"];
    const first = await startRedis({ password, lines });
    const second = await startRedis({ password, lines: [...lines, `replicaof 127.0.0.1 ${first.port}`] });
    await expect.poll(() => second.client().info("replication")).toContain("master_link_status:up");
    const sentinel = await startRedis({
      sentinel: true,
      lines: [
        `sentinel monitor argocd 127.0.0.1 ${first.port} 1`,
        `sentinel auth-pass argocd ${password}`,
        "sentinel down-after-milliseconds argocd 300",
      ],
    });
    const sentinels = [{ host: "127.0.0.1", port: sentinel.port }];
    const connect = connectToMaster({ sentinels, master: "argocd" }, { login: {}, tls: undefined });
    const { store } = await storeFor(first, {}, accessTo(first, { connect }));
    expect(await store.put("web", content(1))).toBe("written");
    const replicas = () => sentinel.client().call("SENTINEL", "REPLICAS", "argocd");
    await expect.poll(replicas, { timeout: 15_000 }).toHaveLength(1);
    await first.stop();
    const put = () => store.put("web", content(2)).catch(({ message }: UserError) => message);
    await expect.poll(put, { timeout: 30_000 }).toBe("written");
    expect(await keysOf(second.client())).toEqual(webKeys);
    expect(await second.client().info("replication")).toContain("role:master");
  });
});

/** The stream without what only sockets have. */
function plain(socket: Socket): Duplex {
  return Duplex.from({ readable: socket, writable: socket });
}
