import { describe, expect } from "vitest";
import { application } from "../builders/argo.js";
import { git, hr, ks } from "../builders/flux.js";
import { e2eTest, type Rig } from "./e2e.js";
import { argocdVersions } from "./programs.js";
import { redisCommand } from "./redis-client.js";
import { deployment } from "./workloads.js";

describe("Flux", () => {
  e2eTest("applies a Kustomization from Git, and its pods run", async ({ rig }) => {
    const namespace = await rig.createNamespace("rig-ks");
    const repository = await rig.repository("rig-ks");
    const commit = await repository.commit({ "app/deployment.yaml": deployment("web", 2) });
    await rig.cluster.apply(git(`${namespace}/content`, { url: repository.url }));
    const kustomization = await rig.cluster.apply(
      ks(`${namespace}/web`, {
        path: "./app",
        wait: true,
        targetNamespace: namespace,
        sourceRef: { kind: "GitRepository", name: "content" },
      }),
    );
    expect(await rig.untilReady(kustomization)).toMatchObject({
      status: {
        lastAppliedRevision: `main@sha1:${commit}`,
        inventory: { entries: [{ id: `${namespace}_web_apps_Deployment`, v: "v1" }] },
      },
    });
    expect(await podPhases(rig, namespace)).toEqual(["Running", "Running"]);

    await rig.cluster.delete(kustomization.apiVersion, kustomization.kind, "web", namespace);
    await expect.poll(() => podPhases(rig, namespace)).toEqual([]);
  });

  e2eTest("installs a HelmRelease with a chart from Git", async ({ rig }) => {
    const namespace = await rig.createNamespace("rig-hr");
    const repository = await rig.repository("rig-hr");
    await repository.commit({
      "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\n",
      "charts/web/values.yaml": "replicas: 1\n",
      "charts/web/templates/deployment.yaml": deployment("web", "{{ .Values.replicas }}"),
    });
    await rig.cluster.apply(git(`${namespace}/content`, { url: repository.url }));
    const release = await rig.cluster.apply(
      hr(`${namespace}/web`, {
        chart: { spec: { chart: "./charts/web", sourceRef: { kind: "GitRepository", name: "content" } } },
        values: { replicas: 3 },
      }),
    );
    expect(await rig.untilReady(release)).toMatchObject({
      status: { history: [{ chartName: "web", chartVersion: "1.2.3", status: "deployed" }] },
    });
    expect(await podPhases(rig, namespace)).toEqual(["Running", "Running", "Running"]);
  });
});

describe("Argo CD", () => {
  e2eTest("syncs a native Application; every version's server lists it", async ({ rig }) => {
    const namespace = await rig.createNamespace("rig-native");
    const repository = await rig.repository("rig-native");
    const commit = await repository.commit({ "app/deployment.yaml": deployment("web", 1) });
    await rig.cluster.apply(
      application("rig-native", { ...appIn(namespace, repository.url), syncPolicy: { automated: {} } }),
    );
    const argocd = rig.argocd();
    await expect
      .poll(() => argocd.request("GET", "/api/v1/applications/rig-native"))
      .toMatchObject({
        status: 200,
        body: {
          status: { sync: { status: "Synced", revision: commit }, health: { status: "Healthy" } },
        },
      });

    const tree = await argocd.request("GET", "/api/v1/applications/rig-native/resource-tree");
    const kinds = (tree.body as { nodes: { kind: string }[] }).nodes.map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(["Deployment", "Pod", "ReplicaSet"]);

    const shown = await argocd.cli("app", "get", "rig-native", "-o", "tree");
    expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Deployment/web") });
    expect(shown.stdout).toMatch(/└─ReplicaSet\/web-\S+\s[\s\S]*└─Pod\/web-\S+\s.*Healthy/);

    for (const version of argocdVersions) {
      const server = rig.argocd(version);
      expect((await server.request("GET", "/api/version")).body).toMatchObject({
        Version: expect.stringContaining(server.release),
      });
      expect(await server.request("GET", "/api/v1/applications/rig-native")).toMatchObject({
        status: 200,
        body: { status: { sync: { status: "Synced" }, health: { status: "Healthy" } } },
      });
      const list = await server.cli("app", "list", "-o", "name");
      expect(list).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^argocd\/rig-native$/m),
      });
    }
  });

  e2eTest("leaves an Application with skip-reconcile alone", async ({ rig }) => {
    const namespace = await rig.createNamespace("rig-skipped");
    const repository = await rig.repository("rig-skipped");
    await repository.commit({ "app/deployment.yaml": deployment("web", 1) });
    const annotations = { "argocd.argoproj.io/skip-reconcile": "true" };
    await rig.cluster.apply(application("rig-skipped", appIn(namespace, repository.url), { annotations }));
    // when the controller is done with a later one, it would have come to this one, too
    await rig.cluster.apply(application("rig-not-skipped", appIn(namespace, repository.url)));
    const status = async (name: string) =>
      (await rig.cluster.get("argoproj.io/v1alpha1", "Application", name, "argocd"))["status"];
    await expect.poll(() => status("rig-not-skipped")).toMatchObject({ sync: { status: "OutOfSync" } });
    expect(await status("rig-skipped")).toBeUndefined();
  });
});

describe("a port-forward through the API server", () => {
  e2eTest("reaches argocd-server", async ({ rig }) => {
    const port = await forwardedPort(rig, "svc/argocd-server", 80);
    const response = await fetch(`http://127.0.0.1:${port}/api/version`);
    expect(await response.json()).toMatchObject({ Version: expect.stringContaining(rig.argocd().release) });
  });

  e2eTest("reaches redis", async ({ rig }) => {
    const port = await forwardedPort(rig, "svc/argocd-redis", 6379);
    expect(await ping(port, await rig.redis.password())).toBe("PONG");
    await expect(ping(port, "wrong")).rejects.toThrow("WRONGPASS");
  });
});

describe("redis", () => {
  e2eTest("forgets all with a restart, and Argo CD writes anew", async ({ rig }) => {
    await rig.redis.command("SET", "rig-key", Buffer.from([0, 255]));
    expect(await rig.redis.command("GET", "rig-key")).toEqual(Buffer.from([0, 255]));
    await rig.redis.restart();
    expect(await rig.redis.command("GET", "rig-key")).toBeNull();
    await expect.poll(() => clusterInfoKeys(rig)).toHaveLength(1);
  });

  e2eTest("takes a new password, and Argo CD with it", async ({ rig }) => {
    const old = await rig.redis.password();
    await rig.redis.changePassword();
    expect(await rig.redis.password()).not.toBe(old);
    await rig.redis.command("FLUSHALL");
    await expect.poll(() => clusterInfoKeys(rig)).toHaveLength(1);
    for (const version of argocdVersions)
      expect((await rig.argocd(version).request("GET", "/api/v1/applications")).status).toBe(200);
  });
});

describe("programs", () => {
  e2eTest("stop and start again, and keep what they had", async ({ rig }) => {
    await rig.createNamespace("rig-restart");
    await rig.program("etcd").restart();
    await rig.program("kube-apiserver").restart();
    await expect.poll(() => rig.cluster.find("v1", "Namespace", "rig-restart")).toBeDefined();
    await rig.program("argocd-server").stop();
    await expect(rig.argocd().request("GET", "/healthz")).rejects.toThrow("fetch failed");
    await rig.program("argocd-server").start();
    expect((await rig.argocd().request("GET", "/healthz")).status).toBe(200);
    await rig.program("kwok").stop(); // and nobody starts it in this test
  });

  e2eTest("run again after a test that stopped them", async ({ rig }) => {
    const namespace = await rig.createNamespace("rig-run-again");
    await rig.cluster.load(deployment("web", 1), { namespace });
    await expect.poll(() => podPhases(rig, namespace)).toEqual(["Running"]);
  });
});

/** The folder `app` of a repository, for a namespace. */
function appIn(namespace: string, repoURL: string) {
  return {
    source: { repoURL, path: "app", targetRevision: "main" },
    destination: { server: "https://kubernetes.default.svc", namespace },
  };
}

async function podPhases(rig: Rig, namespace: string): Promise<unknown[]> {
  const pods = await rig.cluster.list("v1", "Pod", namespace);
  return pods.map(({ status }) => (status as { phase?: string }).phase);
}

/** What Argo CD's controller writes of the cluster that it is in, a few times a minute. */
async function clusterInfoKeys(rig: Rig): Promise<unknown> {
  return await rig.redis.command("KEYS", "cluster|info|https://kubernetes.default.svc|*");
}

/** From "Forwarding from 127.0.0.1:40123 -> 6379". */
async function forwardedPort(rig: Rig, service: string, remotePort: number): Promise<number> {
  const forward = ["port-forward", "--namespace=argocd", service, `:${remotePort}`];
  const { child, ended } = rig.startKubectl(...forward);
  const said = new Promise<number>((resolve) => {
    child.stdout.on("data", (text: string) => {
      const port = /127\.0\.0\.1:(\d+) ->/.exec(text)?.[1];
      if (port) resolve(Number(port));
    });
  });
  const failed = ended.then(({ stderr }) => {
    throw new Error(`kubectl port-forward ended: ${stderr}`);
  });
  return await Promise.race([said, failed]);
}

async function ping(port: number, password: string): Promise<unknown> {
  return await redisCommand({ port, password }, ["PING"]);
}
