import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Stopped } from "../../src/abort.js";
import { generated } from "../builders/argo.js";
import { chartInGit, flux, git, hr, ks } from "../builders/flux.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { startProxy } from "../cluster/proxy.js";
import { flamingo, type Surroundings } from "../flamingo.js";

const requestedAt = "reconcile.fluxcd.io/requestedAt";
const revision = "main@sha1:0123456789abcdef0123456789abcdef01234567";
const applied = `Applied revision: ${revision}`;
const fetched = { artifact: { revision } };
const done = { lastAppliedRevision: revision, lastAttemptedRevision: revision };

function run(cluster: TestCluster, line: string, more: Surroundings & { user?: "alice" } = {}) {
  const kubeconfig = cluster.kubeconfig(more.user ? { user: more.user } : {});
  return flamingo(line, { kubeconfig, ticking: true, ...more });
}

function ready(message: string, changes: object = {}) {
  return { conditions: [{ type: "Ready", status: "True", reason: "Succeeded", message, ...changes }] };
}

const failing = (reason: string, message: string) => ready(message, { status: "False", reason });

/** Answers as Flux does, once it is asked: with this status. @returns the text that it was asked with */
async function answer(cluster: TestCluster, object: TestObject, status: object): Promise<string> {
  const { apiVersion, kind, metadata } = object;
  for (;;) {
    const { metadata: found } = await cluster.get(apiVersion, kind, metadata.name, metadata.namespace);
    const token = found.annotations?.[requestedAt];
    if (token !== undefined) {
      const { generation: observedGeneration } = found;
      await cluster.apply({
        ...object,
        status: { observedGeneration, lastHandledReconcileAt: token, ...status },
      });
      return token;
    }
    await sleep(20);
  }
}

/** A namespace with the GitRepository `src`, fetched, and these objects in it. */
async function scene<T extends TestObject>(
  cluster: TestCluster,
  namespace: string,
  ...objects: T[]
): Promise<TestObject> {
  await cluster.createNamespace(namespace);
  const source = git(`${namespace}/src`);
  await cluster.applyAll<TestObject>([
    { ...source, status: { observedGeneration: 1, ...ready("stored artifact"), ...fetched } },
    ...objects,
  ]);
  return source;
}

const waiting = "◎ Waiting until Flux has reconciled it\n";

describe("the command line", () => {
  test.each([
    [
      "reconcile",
      "There is nothing to reconcile",
      "Name Applications or workloads (ks/NAME, hr/NAME), or add --all",
    ],
    ["reconcile --all ks/a", "--all and ks/a do not go together", "Leave one of them out"],
  ])("%s is wrong", async (line, message, hint) =>
    expect(await flamingo(line)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `✗ ${message}\n  hint: ${hint}\n`,
    }),
  );

  clusterTest("--force wants a HelmRelease", async ({ cluster }) => {
    await scene(cluster, "reconcile-flags", ks("reconcile-flags/a"));
    expect(await run(cluster, "reconcile ks/a -n reconcile-flags --force")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "✗ --force is for HelmReleases, and there is none among these\n  hint: Leave it out\n",
    });
  });
});

describe("one workload", () => {
  clusterTest("is done when Flux has done it, not before", async ({ cluster }) => {
    const namespace = "reconcile-one";
    const a = ks(`${namespace}/a`);
    await scene(cluster, namespace, a, generated(a, { name: "app-a", namespace }) as TestObject);
    const events: string[] = [];
    const running = run(cluster, `reconcile app-a -N ${namespace}`, {
      onStdout: () => events.push("command"),
    });
    await answer(cluster, a, {
      ...ready("", { status: "Unknown", message: "Reconciliation in progress" }),
    });
    await sleep(300);
    events.push("flux");
    await answer(cluster, a, { ...ready(applied), ...done });
    expect(await running).toEqual({
      exitCode: 0,
      stdout: `Kustomization a in reconcile-one reconciled: ${applied}\n`,
      stderr: waiting,
    });
    expect(events).toEqual(["flux", "command"]);
  });

  clusterTest("fails with Flux's message", async ({ cluster }) => {
    const a = ks("reconcile-fails/a");
    await scene(cluster, "reconcile-fails", a);
    const running = run(cluster, "reconcile ks/a -n reconcile-fails");
    await answer(cluster, a, failing("BuildFailed", "kustomize build failed: no such file"));
    expect(await running).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `${waiting}✗ Cannot reconcile Kustomization a in reconcile-fails: kustomize build failed: no such file\n`,
    });
  });

  clusterTest("that waits ends at the deadline, with what it waits for", async ({ cluster }) => {
    const [namespace, other] = ["reconcile-waits", "reconcile-waits-on"];
    await cluster.createNamespace(other);
    const a = ks(`${namespace}/a`, { dependsOn: [{ name: "base", namespace: other }] });
    const base = ks(`${other}/base`, { dependsOn: [{ name: "crds" }] });
    const waits = failing("DependencyNotReady", "dependency is not ready");
    await scene<TestObject>(cluster, namespace, a, {
      ...base,
      status: { observedGeneration: 1, ...waits },
    });
    await cluster.apply<TestObject>(ks(`${other}/crds`, { suspend: true }));
    const running = run(cluster, `reconcile ks/a -n ${namespace} --timeout 3s`);
    await answer(cluster, a, waits);
    expect(await running).toEqual({
      exitCode: 3,
      stdout: "",
      stderr:
        `${waiting}✗ Cannot wait any longer for Kustomization a in reconcile-waits: it waits for Kustomization base in reconcile-waits-on, ` +
        "which waits for Kustomization crds in reconcile-waits-on, which is suspended\n" +
        "  hint: Flux goes on by itself; to wait longer: --timeout\n",
    });
  });

  clusterTest("that Flux does not answer for ends at the deadline", async ({ cluster }) => {
    await scene(cluster, "reconcile-silence", ks("reconcile-silence/a"));
    expect(await run(cluster, "reconcile ks/a -n reconcile-silence --timeout 1s")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(
        "✗ Cannot wait any longer for Kustomization a in reconcile-silence: it was asked, and Flux has not answered\n",
      ),
    });
  });

  clusterTest("without its source is not asked", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("reconcile-sourceless");
    const a = await cluster.apply<TestObject>(ks(`${namespace}/a`));
    expect(await run(cluster, `reconcile ks/a -n ${namespace}`)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `${waiting}✗ Cannot reconcile Kustomization a in reconcile-sourceless: GitRepository src in reconcile-sourceless does not exist\n`,
    });
    const { metadata } = await cluster.get(a.apiVersion, a.kind, "a", namespace);
    expect(metadata.annotations).toBeUndefined();
  });

  clusterTest("that is not there is guessed", async ({ cluster }) => {
    await scene(cluster, "reconcile-guess", ks("reconcile-guess/podinfo"));
    expect(await run(cluster, "reconcile ks/podinof -n reconcile-guess")).toEqual({
      exitCode: 5,
      stdout: "",
      stderr: "✗ Kustomization podinof not found in reconcile-guess\n  hint: Did you mean ks/podinfo?\n",
    });
  });

  clusterTest("may not be changed by everybody", async ({ cluster }) => {
    const namespace = "reconcile-rights";
    await scene(cluster, namespace, ks(`${namespace}/a`));
    for (const group of ["kustomize", "source"]) {
      const rule = {
        apiGroups: [`${group}.toolkit.fluxcd.io`],
        resources: ["*"],
        verbs: ["get", "list", "watch"],
      };
      await cluster.grant("alice", rule, namespace);
    }
    const { exitCode, stderr } = await run(cluster, `reconcile ks/a -n ${namespace}`, { user: "alice" });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("✗ Cannot update Kustomization a in reconcile-rights: ");
  });
});

describe("a HelmRelease", () => {
  clusterTest("is forced, and forced again when its request was spent on waiting", async ({ cluster }) => {
    const namespace = "reconcile-force";
    const c = hr(`${namespace}/c`, chartInGit);
    await scene(cluster, namespace, c);
    const running = run(cluster, `reconcile hr/c -n ${namespace} --force`);
    const first = await answer(cluster, c, failing("DependencyNotReady", "dependency is not ready"));
    await sleep(300);
    await answer(cluster, c, { ...ready("Released"), lastHandledForceAt: first });
    const read = async () => (await cluster.get(c.apiVersion, c.kind, "c", namespace)).metadata.annotations;
    await expect.poll(async () => (await read())?.[requestedAt]).not.toBe(first);
    const { [requestedAt]: second = "", "reconcile.fluxcd.io/forceAt": forceAt } = (await read()) ?? {};
    expect(forceAt).toBe(second);
    await answer(cluster, c, { ...ready("Released again"), lastHandledForceAt: second });
    expect(await running).toMatchObject({
      exitCode: 0,
      stdout: "HelmRelease c in reconcile-force reconciled: Released again\n",
    });
  });
});

describe("--with-source", () => {
  clusterTest("asks the source first, and waits until what it holds is applied", async ({ cluster }) => {
    const namespace = "reconcile-source";
    const a = ks(`${namespace}/a`);
    const source = await scene(cluster, namespace, a);
    const running = run(cluster, `reconcile ks/a -n ${namespace} --with-source`);
    await expect
      .poll(async () => (await cluster.get(source.apiVersion, source.kind, "src", namespace)).metadata)
      .toMatchObject({ annotations: { [requestedAt]: expect.anything() } });
    await sleep(200);
    expect((await cluster.get(a.apiVersion, a.kind, "a", namespace)).metadata.annotations).toBeUndefined();
    const newer = "main@sha1:ffffffffffffffffffffffffffffffffffffffff";
    await answer(cluster, source, { ...ready("stored"), artifact: { revision: newer } });
    await answer(cluster, a, { ...ready(applied), ...done });
    await sleep(300);
    const message = `Applied revision: ${newer}`;
    await answer(cluster, a, { ...ready(message), lastAppliedRevision: newer, lastAttemptedRevision: newer });
    expect(await running).toMatchObject({
      exitCode: 0,
      stdout: `Kustomization a in reconcile-source reconciled: ${message}\n`,
    });
  });

  clusterTest("says which sources are left as they are", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("reconcile-generator");
    const sourceRef = {
      apiVersion: "source.extensions.fluxcd.io/v1beta1",
      kind: "ArtifactGenerator",
      name: "cut",
    };
    const a = ks(`${namespace}/a`, { sourceRef: { kind: "ExternalArtifact", name: "cut" } });
    await cluster.applyAll<TestObject>([
      git(`${namespace}/src`, { suspend: true }),
      flux(
        "ArtifactGenerator",
        `${namespace}/cut`,
        { sources: [{ alias: "src", kind: "GitRepository", name: "src" }] },
        { annotations: { "source.extensions.fluxcd.io/reconcile": "disabled" } },
      ),
      { ...flux("ExternalArtifact", `${namespace}/cut`, { sourceRef }), status: fetched },
      a,
    ]);
    const running = run(cluster, `reconcile ks/a -n ${namespace} --with-source`);
    await answer(cluster, a, { ...ready(applied), ...done });
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr:
        waiting +
        "⚠ GitRepository src in reconcile-generator is suspended and is not fetched\n" +
        "⚠ ArtifactGenerator cut in reconcile-generator is switched off (source.extensions.fluxcd.io/reconcile: disabled) and is not fetched\n",
    });
  });
});

describe("several", () => {
  clusterTest("what is suspended or missing is named, and the others are done", async ({ cluster }) => {
    const namespace = "reconcile-several";
    const a = ks(`${namespace}/a`);
    await scene(cluster, namespace, a, ks(`${namespace}/off`, { suspend: true }));
    const running = run(cluster, `reconcile ks/a ks/off ks/nothing -n ${namespace}`);
    await answer(cluster, a, { ...ready(applied), ...done });
    const { exitCode, stdout, stderr } = await running;
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: `Kustomization a in reconcile-several reconciled: ${applied}\n`,
    });
    expect(stderr).toContain(
      "✗ Cannot reconcile Kustomization off in reconcile-several: it is suspended\n" +
        "  hint: Resume it first: flamingo resume ks/off -n reconcile-several\n",
    );
    expect(stderr).toContain("✗ Kustomization nothing not found in reconcile-several\n");
  });

  clusterTest("a hundred at once, by one watch for each kind", async ({ cluster }) => {
    const namespace = "reconcile-hundred";
    const all = Array.from({ length: 100 }, (_, index) => ks(`${namespace}/ks-${index}`));
    const source = await scene(cluster, namespace, ...all);
    const proxy = await startProxy(cluster);
    const running = run(cluster, `reconcile --all -n ${namespace} --with-source`, {
      kubeconfig: proxy.kubeconfig(),
    });
    await answer(cluster, source, { ...ready("stored"), ...fetched });
    await Promise.all(all.map((one) => answer(cluster, one, { ...ready(applied), ...done })));
    const { exitCode, stdout } = await running;
    await proxy.stop();
    const watches = proxy.requests.filter(({ query }) => query.has("watch"));
    const asked = proxy.requests.filter(({ method }) => method === "PATCH");
    expect({ exitCode, lines: stdout.split("\n").length - 1, watches: watches.length }).toEqual({
      exitCode: 0,
      lines: 100,
      watches: 2,
    });
    // one that was changed meanwhile is asked again
    expect(asked.length).toBeLessThanOrEqual(120);
  });

  clusterTest("--no-wait only asks", async ({ cluster }) => {
    const namespace = "reconcile-no-wait";
    const a = ks(`${namespace}/a`);
    const source = await scene(cluster, namespace, a);
    expect(await run(cluster, `reconcile --all -n ${namespace} --with-source --no-wait`)).toEqual({
      exitCode: 0,
      stdout: "Kustomization a in reconcile-no-wait asked\n",
      stderr: "",
    });
    for (const { apiVersion, kind, metadata } of [a, source]) {
      const found = await cluster.get(apiVersion, kind, metadata.name, namespace);
      expect(found.metadata.annotations).toHaveProperty([requestedAt]);
    }
  });

  clusterTest("Ctrl-C says what Flux was asked for", async ({ cluster }) => {
    const namespace = "reconcile-stopped";
    const a = ks(`${namespace}/a`);
    await scene(cluster, namespace, a);
    const stop = new AbortController();
    const running = run(cluster, `reconcile ks/a -n ${namespace}`, { signal: stop.signal });
    await answer(cluster, a, ready("", { status: "Unknown" }));
    await sleep(200);
    stop.abort(new Stopped("Interrupted", 130));
    expect(await running).toEqual({
      exitCode: 130,
      stdout: "",
      stderr:
        `${waiting}► Flux was asked for Kustomization a in reconcile-stopped, and goes on with it\n` +
        "✗ Interrupted\n",
    });
  });
});
