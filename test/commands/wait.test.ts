import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Stopped } from "../../src/abort.js";
import { generated } from "../builders/argo.js";
import { git, ks } from "../builders/flux.js";
import { runner } from "../builders/kube.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { flamingo, type Surroundings } from "../flamingo.js";
import { proxyFor } from "../kube/kube-for.js";

const [old, next] = ["0", "f"].map((digit) => digit.repeat(40)) as [string, string];
const revisionOf = (commit: string) => `main@sha1:${commit}`;

/** What Flux writes when all is well at a commit. */
const appliedAt = (commit: string, inventory: string[] = []) => ({
  ...verdict("True", `Applied revision: ${revisionOf(commit)}`),
  lastAppliedRevision: revisionOf(commit),
  lastAttemptedRevision: revisionOf(commit),
  inventory: { entries: inventory.map((id) => ({ id, v: "v1" })) },
});

function verdict(status: string, message: string, reason = "Succeeded") {
  return { conditions: [{ type: "Ready", status, reason, message }] };
}

function run(cluster: TestCluster, line: string, more: Surroundings & { user?: "alice" } = {}) {
  const kubeconfig = cluster.kubeconfig(more.user ? { user: more.user } : {});
  return flamingo(`wait ${line}`, { kubeconfig, ticking: true, ...more });
}

/** Writes this status as Flux would, of the present generation. */
async function flux(cluster: TestCluster, object: TestObject, status: object): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const { generation: observedGeneration } = (
    await cluster.get(apiVersion, kind, metadata.name, metadata.namespace)
  ).metadata;
  await cluster.apply({ ...object, status: { observedGeneration, ...status } });
}

/** A namespace with the GitRepository `src` at the commit `old` and the Kustomization `web` of this status. */
async function scene(cluster: TestCluster, namespace: string, status: object = {}, spec: object = {}) {
  await cluster.createNamespace(namespace);
  const [source, web] = [git(`${namespace}/src`), ks(`${namespace}/web`, spec)];
  await cluster.applyAll<TestObject>([source, web]);
  await flux(cluster, source, {
    ...verdict("True", "stored artifact"),
    artifact: { revision: revisionOf(old) },
  });
  await flux(cluster, web, status);
  return { source, web };
}

/** The Deployment `web` with so many of its one Pod available. */
async function deploy(cluster: TestCluster, namespace: string, available: number): Promise<TestObject> {
  const written = runner(`${namespace}/web`, [{ name: "web", image: "example.org/web:1" }]);
  const { metadata } = await cluster.apply({ ...written, status: undefined } as TestObject);
  const status = {
    observedGeneration: metadata.generation,
    replicas: 1,
    updatedReplicas: 1,
    readyReplicas: available,
    availableReplicas: available,
  };
  return cluster.apply({ ...written, status } as TestObject);
}

const deployed = (namespace: string) => [`${namespace}_web_apps_Deployment`];
const waitingFor = (namespace: string) => `◎ Waiting for Kustomization web in ${namespace}\n`;

describe("the command line", () => {
  test.each([
    ["", "There is nothing to wait for", "Name Applications or workloads (ks/NAME, hr/NAME), or add --all"],
    ["--all podinfo", "--all and podinfo do not go together", "Leave one of them out"],
    [
      "podinfo --revision main",
      '--revision "main" cannot be waited for: it is no commit, no digest and no version',
      "Give a commit, as git rev-parse HEAD prints it, a digest (sha256:…) or a version",
    ],
  ])("wait %s is wrong", async (line, message, hint) =>
    expect(await flamingo(`wait ${line}`.trim())).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `✗ ${message}\n  hint: ${hint}\n`,
    }),
  );
});

describe("one workload", () => {
  clusterTest("is there when Flux is ready with it and all below it is healthy", async ({ cluster }) => {
    const namespace = "wait-healthy";
    const { web } = await scene(cluster, namespace);
    await cluster.apply(generated(web as never, { name: "app-web", namespace }) as TestObject);
    const said: string[] = [];
    const running = run(cluster, `app-web -N ${namespace}`, { onStdout: () => said.push("command") });
    await deploy(cluster, namespace, 0);
    await flux(cluster, web, appliedAt(old, [...deployed(namespace), `${namespace}_settings__ConfigMap`]));
    await sleep(300);
    said.push("Deployment");
    await deploy(cluster, namespace, 1);
    expect(await running).toEqual({
      exitCode: 0,
      stdout: `Kustomization web in ${namespace} is ready: Applied revision: ${revisionOf(old)}\n`,
      stderr: waitingFor(namespace),
    });
    expect(said).toEqual(["Deployment", "command"]);
  });

  clusterTest(
    "on another cluster counts as healthy when it is ready, and that is said",
    async ({ cluster }) => {
      const namespace = "wait-elsewhere";
      const kubeConfig = { secretRef: { name: "leaf" } };
      await scene(cluster, namespace, appliedAt(old, deployed(namespace)), { kubeConfig });
      expect(await run(cluster, `ks/web -n ${namespace}`)).toMatchObject({
        exitCode: 0,
        stderr:
          `${waitingFor(namespace)}⚠ Kustomization web in ${namespace} applies to another cluster, ` +
          "which is not looked at: it counts as healthy when it is ready\n",
      });
    },
  );

  clusterTest("--for ready asks Flux alone", async ({ cluster }) => {
    const namespace = "wait-ready";
    await scene(cluster, namespace, appliedAt(old, deployed(namespace)));
    expect(await run(cluster, `ks/web -n ${namespace} --for ready`)).toMatchObject({ exitCode: 0 });
  });

  clusterTest("is late by an object that is not there", async ({ cluster }) => {
    const namespace = "wait-missing";
    await scene(cluster, namespace, appliedAt(old, deployed(namespace)));
    const { exitCode, stderr } = await run(cluster, `ks/web -n ${namespace} --timeout 1s`);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr:
        `${waitingFor(namespace)}✗ Cannot wait any longer for Kustomization web in ${namespace}: ` +
        `it is ready, and Deployment web in ${namespace} is Missing\n` +
        "  hint: Flux goes on by itself; to wait longer: --timeout\n",
    });
  });

  clusterTest("is late by a container, which is named with the end of its log", async ({ cluster }) => {
    const namespace = "wait-pod";
    await scene(cluster, namespace, appliedAt(old, deployed(namespace)));
    const owner = await deploy(cluster, namespace, 0);
    await crash(cluster, namespace, owner);
    // there is no kubelet, who alone has logs
    const log = { status: 200, body: "starting\ncannot open database\n\n" };
    const proxy = await proxyFor(cluster, ({ path }) => (path.endsWith("/web-1-x/log") ? log : "pass"));
    const { exitCode, stderr } = await run(cluster, `ks/web -n ${namespace} --timeout 2s`, {
      kubeconfig: proxy.kubeconfig(),
    });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining(
        `it is ready, and Deployment web in ${namespace} is Progressing: Waiting for rollout to finish: ` +
          `0 of 1 updated replicas are available...; Pod web-1-x in ${namespace}, container web: ` +
          "CrashLoopBackOff: back-off 40s restarting failed container; its log ends with: cannot open database\n",
      ),
    });
  });

  clusterTest("whose health Flux checks is late by the same container", async ({ cluster }) => {
    const namespace = "wait-checks";
    const { web } = await scene(cluster, namespace, {
      ...appliedAt(old, deployed(namespace)),
      ...verdict("Unknown", "Running health checks", "Progressing"),
    });
    await crash(cluster, namespace, await deploy(cluster, namespace, 0));
    const { exitCode, stderr } = await run(cluster, `ks/${web.metadata.name} -n ${namespace} --timeout 2s`);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      `it is being reconciled: Running health checks; Deployment web in ${namespace} is Progressing: ` +
        `Waiting for rollout to finish: 0 of 1 updated replicas are available...; Pod web-1-x in ${namespace}, container web: `,
    );
  });

  clusterTest("that is suspended is not waited for", async ({ cluster }) => {
    const namespace = "wait-suspended";
    await scene(cluster, namespace, appliedAt(old), { suspend: true });
    expect(await run(cluster, `ks/web -n ${namespace}`)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        `${waitingFor(namespace)}✗ Cannot wait for Kustomization web in ${namespace}: it is suspended\n` +
        `  hint: Resume it: flamingo resume ks/web -n ${namespace}\n`,
    });
  });

  clusterTest("that is not there is guessed", async ({ cluster }) => {
    await scene(cluster, "wait-guess");
    expect(await run(cluster, "ks/wbe -n wait-guess")).toEqual({
      exitCode: 5,
      stdout: "",
      stderr: "✗ Kustomization wbe not found in wait-guess\n  hint: Did you mean ks/web?\n",
    });
  });

  clusterTest("that goes is not waited for any longer", async ({ cluster }) => {
    const namespace = "wait-gone";
    const { web } = await scene(cluster, namespace);
    const running = run(cluster, `ks/web -n ${namespace}`);
    await sleep(500);
    await cluster.delete(web.apiVersion, web.kind, web.metadata.name, namespace);
    expect(await running).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("it does not exist any more\n"),
    });
  });

  clusterTest("needs the right to see what is below it, or --for ready", async ({ cluster }) => {
    const namespace = "wait-rights";
    await scene(cluster, namespace, appliedAt(old, deployed(namespace)));
    for (const group of ["kustomize", "source"])
      await cluster.grant(
        "alice",
        { apiGroups: [`${group}.toolkit.fluxcd.io`], resources: ["*"], verbs: ["get", "list", "watch"] },
        namespace,
      );
    const line = `ks/web -n ${namespace}`;
    expect(await run(cluster, line, { user: "alice" })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`Cannot read Deployment web in ${namespace}: `),
    });
    expect(await run(cluster, `${line} --for ready`, { user: "alice" })).toMatchObject({ exitCode: 0 });
  });

  clusterTest("Ctrl-C ends it", async ({ cluster }) => {
    await scene(cluster, "wait-stopped");
    const stop = new AbortController();
    const running = run(cluster, "ks/web -n wait-stopped", { signal: stop.signal });
    await sleep(500);
    stop.abort(new Stopped("Interrupted", 130));
    expect(await running).toEqual({
      exitCode: 130,
      stdout: "",
      stderr: `${waitingFor("wait-stopped")}✗ Interrupted\n`,
    });
  });
});

describe("a revision", () => {
  clusterTest("is waited for before the source knows it, until it runs", async ({ cluster }) => {
    const namespace = "wait-commit";
    const { source, web } = await scene(cluster, namespace, appliedAt(old));
    const running = run(cluster, `ks/web -n ${namespace} --revision ${next.slice(0, 7)}`);
    await sleep(300);
    await flux(cluster, source, { ...verdict("True", "stored"), artifact: { revision: revisionOf(next) } });
    await sleep(300);
    await flux(cluster, web, appliedAt(next));
    expect(await running).toMatchObject({
      exitCode: 0,
      stdout: `Kustomization web in ${namespace} is ready: Applied revision: ${revisionOf(next)}\n`,
    });
  });

  clusterTest("that the source has left behind is not waited for", async ({ cluster }) => {
    const namespace = "wait-behind";
    const { source, web } = await scene(cluster, namespace, appliedAt(old));
    const last = "a".repeat(40);
    const running = run(cluster, `ks/web -n ${namespace} --revision ${next}`);
    await sleep(300);
    for (const commit of [next, last]) {
      await flux(cluster, source, {
        ...verdict("True", "stored"),
        artifact: { revision: revisionOf(commit) },
      });
      await sleep(300);
    }
    await flux(cluster, web, appliedAt(last));
    expect(await running).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        `${waitingFor(namespace)}✗ Cannot wait for Kustomization web in ${namespace}: ` +
        `GitRepository src in ${namespace} has left ${next} behind, and it runs ${revisionOf(last)}\n` +
        "  hint: To wait for what the source holds, leave --revision out\n",
    });
  });

  clusterTest("that never comes is late with what the source holds", async ({ cluster }) => {
    const namespace = "wait-never";
    await scene(cluster, namespace, appliedAt(old));
    expect(await run(cluster, `ks/web -n ${namespace} --revision ${next} --timeout 1s`)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(
        `it waits until GitRepository src in ${namespace} holds ${next}, where ${revisionOf(old)} is\n` +
          `  hint: To have the source fetched now: flamingo reconcile ks/web -n ${namespace} --with-source\n`,
      ),
    });
  });
});

describe("several", () => {
  clusterTest("are waited for side by side, and each is told", async ({ cluster }) => {
    const namespace = "wait-several";
    const { web } = await scene(cluster, namespace, appliedAt(old));
    const off = ks(`${namespace}/off`, { suspend: true }, { labels: { team: "shop" } });
    await cluster.apply<TestObject>(off);
    const { exitCode, stdout, stderr } = await run(cluster, `ks/web ks/off ks/nothing -n ${namespace}`);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: `Kustomization ${web.metadata.name} in ${namespace} is ready: Applied revision: ${revisionOf(old)}\n`,
    });
    expect(stderr).toContain(`Cannot wait for Kustomization off in ${namespace}: it is suspended\n`);
    expect(stderr).toContain(`Kustomization nothing not found in ${namespace}\n`);
    expect(await run(cluster, `-l team=nobody -n ${namespace}`)).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining(
        "✗ Cannot wait for anything: there is no workload with the labels team=nobody",
      ),
    });
  });
});

/** A Pod of the Deployment, two owners up, whose container does not start. */
async function crash(cluster: TestCluster, namespace: string, deployment: TestObject): Promise<void> {
  const owned = (owner: TestObject, name: string) => ({
    name,
    namespace,
    labels: { "app.kubernetes.io/name": "web" },
    ownerReferences: [
      {
        apiVersion: owner.apiVersion,
        kind: owner.kind,
        name: owner.metadata.name,
        uid: owner.metadata.uid ?? "",
      },
    ],
  });
  const { spec } = deployment as TestObject & { spec: { selector: object; template: { spec: object } } };
  const set = await cluster.apply({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: owned(deployment, "web-1"),
    spec: { replicas: 1, selector: spec.selector, template: spec.template },
  } as TestObject);
  const waiting = { reason: "CrashLoopBackOff", message: "back-off 40s restarting failed container" };
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: owned(set, "web-1-x"),
    spec: spec.template.spec,
    status: {
      phase: "Running",
      containerStatuses: [
        { name: "web", image: "", imageID: "", ready: false, restartCount: 3, state: { waiting } },
      ],
    },
  } as TestObject);
}
