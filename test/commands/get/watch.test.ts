import { describe, expect, onTestFinished } from "vitest";
import { Stopped } from "../../../src/abort.js";
import { FollowedRows } from "../../../src/commands/get/follow.js";
import { generated } from "../../builders/argo.js";
import { git, ks } from "../../builders/flux.js";
import { argoCrds, clusterTest, fluxMinor, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo } from "../../flamingo.js";
import { kubeFor, proxyFor } from "../../kube/kube-for.js";
import { applied, expectRows, failing, healthy, lease, withReady } from "./scene.js";

/** However busy the machine is. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

/** Runs the command until `stop` is called: what it has said so far, and its exit code at the end. */
function watching(line: string, kubeconfig: string) {
  const stop = new AbortController();
  const heard = { stdout: "", stderr: "" };
  const running = flamingo(line, {
    kubeconfig,
    signal: stop.signal,
    now: new Date("2026-01-02T03:04:05Z"),
    onStdout: (text) => {
      heard.stdout += text;
    },
    onStderr: (text) => {
      heard.stderr += text;
    },
  });
  onTestFinished(async () => {
    stop.abort(new Stopped("Interrupted", 130));
    await running;
  });
  return {
    heard,
    rows: () => heard.stdout.split("\n").slice(1, -1),
    async end() {
      stop.abort(new Stopped("Interrupted", 130));
      return (await running).exitCode;
    },
  };
}

async function scene(cluster: TestCluster, namespace: string): Promise<void> {
  await cluster.createNamespace(namespace);
  await cluster.applyAll<TestObject>([
    lease(namespace),
    withReady(git(`${namespace}/src`), "stored artifact"),
    withReady(ks(`${namespace}/web`), applied),
    healthy(generated(ks(`${namespace}/web`), { namespace })),
  ]);
}

const broken = (namespace: string) =>
  withReady(ks(`${namespace}/web`), "kustomize build failed", failing("BuildFailed"));

describe("into a pipe", () => {
  clusterTest("rows are printed as they change", async ({ cluster }) => {
    const at = "get-watch";
    await scene(cluster, at);
    const { heard, rows, end } = watching(`get -w -N ${at}`, cluster.kubeconfig());
    await soon(rows).toEqual([expect.stringMatching(/ False +True +Healthy +Applied revision: /)]);
    await cluster.apply(broken(at));
    await soon(() => rows().slice(1)).toEqual([
      expect.stringMatching(/ False +False +Healthy +kustomize build failed$/),
    ]);
    await cluster.delete("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "web", at);
    await soon(() => rows().slice(2)).toEqual([
      expect.stringMatching(/ - +- +Healthy +Kustomization web in get-watch does not exist$/),
    ]);
    await cluster.delete("argoproj.io/v1alpha1", "Application", "web", at);
    await soon(() => rows().slice(3)).toEqual([expect.stringMatching(/ the Application is gone$/)]);
    expect(heard.stderr).toBe("");
    expect(await end()).toBe(130);
  });

  clusterTest("as JSON rows are an item a line", async ({ cluster }) => {
    const at = "get-watch-json";
    await scene(cluster, at);
    const { heard } = watching(`get -w -o json -N ${at}`, cluster.kubeconfig());
    const lines = () => heard.stdout.split("\n").slice(0, -1);
    await soon(lines).toHaveLength(1);
    await cluster.apply(broken(at));
    await soon(lines).toHaveLength(2);
    const rows = lines().map((line) => JSON.parse(line));
    expectRows(rows);
    expect(rows.map(({ ready }) => ready)).toEqual(["True", "False"]);
  });

  clusterTest("names are those that are there", async ({ cluster }) => {
    const at = "get-watch-names";
    await scene(cluster, at);
    const missing = await flamingo(`get wep -w -N ${at}`, { kubeconfig: cluster.kubeconfig() });
    expect(missing).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("Did you mean web?") });
    await cluster.apply<TestObject>(healthy(generated(ks(`${at}/other`), { namespace: at })));
    const { rows } = watching(`get web -w -N ${at}`, cluster.kubeconfig());
    await soon(rows).toEqual([expect.stringMatching(/Applied revision/)]);
  });

  clusterTest("--workloads tells those without an Application, too", async ({ cluster }) => {
    const at = "get-watch-workloads";
    await scene(cluster, at);
    const { rows } = watching(`get --workloads -w -N ${at} -n ${at}`, cluster.kubeconfig());
    await soon(rows).toEqual([expect.stringMatching(/Applied revision/)]);
    await cluster.apply<TestObject>(ks(`${at}/new`));
    await soon(() => rows().slice(1)).toEqual([
      expect.stringMatching(
        /waiting to be reconciled; no Application shows it: flamingo generate-app ks\/new -n get-watch-workloads -N get-watch-workloads$/,
      ),
    ]);
  });

  clusterTest("what may not be read is an error", async ({ cluster }) => {
    const { exitCode, stderr } = await flamingo("get -w", {
      kubeconfig: cluster.kubeconfig({ user: "bob" }),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^✗ Cannot watch Applications in argocd: .*is forbidden/);
  });
});

describe("a cluster that goes away", () => {
  const at = "get-watch-away";
  const restartTest = ownClusterTest(async (cluster) => {
    await cluster.installCrds([...fluxMinor("2.9"), ...argoCrds()]);
    await scene(cluster, at);
  });

  restartTest(
    "comes back, in whatever way it went",
    async ({ cluster }) => {
      const proxy = await proxyFor(cluster);
      const { heard, rows } = watching(`get -w -N ${at}`, proxy.kubeconfig());
      await soon(rows).toHaveLength(1);
      // a connection that is closed
      proxy.cut();
      await cluster.apply(broken(at));
      await soon(rows).toHaveLength(2);
      // an API server that has forgotten where the watch was
      const gone = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "Expired", code: 410 };
      proxy.decide(({ query }) => (query.has("watch") ? { status: 410, body: gone } : "pass"));
      proxy.cut();
      await cluster.apply(withReady(ks(`${at}/web`), applied));
      await soon(rows).toHaveLength(3);
      proxy.decide(() => "pass");
      // one that is started anew
      await cluster.restart();
      await cluster.apply(broken(at));
      await soon(rows).toHaveLength(4);
      expect(rows()[3]).toMatch(/kustomize build failed$/);
      expect(heard.stderr).not.toContain("✗");
    },
    60_000,
  );

  restartTest("that nobody reaches is said once, and when it is back", async ({ cluster }) => {
    const proxy = await proxyFor(cluster);
    const { heard, rows } = watching(`get -w -N ${at}`, proxy.kubeconfig());
    await soon(rows).toHaveLength(1);
    proxy.decide(() => "reset");
    proxy.cut();
    const said = () => heard.stderr;
    const warning = /^⚠ Cannot watch Applications in get-watch-away: .*\n {2}hint: .*\n/;
    await soon(said).toMatch(new RegExp(`${warning.source}$`));
    proxy.decide(() => "pass");
    // through this proxy a connection says nothing before something happens
    const labels = { team: "web" };
    await cluster.change(generated(ks(`${at}/web`), { namespace: at }), { metadata: { labels } });
    await soon(said).toMatch(new RegExp(`${warning.source}✔ The cluster is heard of again\n$`));
  });

  restartTest(
    "for too long is given up, with a sentence",
    async ({ cluster }) => {
      const proxy = await proxyFor(cluster);
      const kube = kubeFor(cluster, { server: proxy.server });
      const choice = {
        namespace: at,
        everywhere: false,
        names: [],
        labels: undefined,
        workloadNamespace: undefined,
        withWorkloads: false,
      };
      const argo = {
        namespace: at,
        everywhere: false,
        readApis: () => Promise.reject(new Error("not asked")),
      };
      const rows = new FollowedRows(kube, choice, argo, {
        signal: new AbortController().signal,
        now: () => new Date("2026-01-02T03:04:05Z"),
        isServed: () => true,
        patienceMs: 300,
      });
      const pictures = rows.pictures();
      expect((await pictures.next()).value?.rows).toHaveLength(1);
      await proxy.stop();
      const rest = async () => {
        while (!(await pictures.next()).done);
      };
      await expect(rest()).rejects.toThrow(/^Cannot watch Applications in get-watch-away: /);
    },
    30_000,
  );
});
