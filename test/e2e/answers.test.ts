import { describe, expect } from "vitest";
import type { TestObject } from "../cluster/crds.js";
import { loopbackAsDocumented } from "./documented.js";
import { e2eTest, type Rig } from "./e2e.js";
import { run, served } from "./run.js";
import { deployment, flux, release } from "./workloads.js";

const kustomize = "kustomize.toolkit.fluxcd.io/v1";
const source = "source.toolkit.fluxcd.io/v1";

/** Waits until Argo CD shows this of an Application. */
async function untilShown(rig: Rig, name: string, status: object): Promise<void> {
  await expect.poll(() => served(rig, name)).toMatchObject({ status });
}

function withCondition(type: string, message: string) {
  return { conditions: expect.arrayContaining([expect.objectContaining({ type, message })]) };
}

/** `argocd app sync`, which waits until it is over, and `argocd app wait`. */
function commandsFor(rig: Rig, name: string) {
  const argocd = rig.argocd();
  return {
    app: (verb: string, ...flags: string[]) => argocd.cli("app", verb, name, ...flags),
    sync: () => argocd.cli("app", "sync", name, "--timeout", "60"),
    wait: () => argocd.cli("app", "wait", name, "--sync", "--health", "--timeout", "60"),
    act: (action: string, kind: string) => argocd.cli("app", "actions", "run", name, action, "--kind", kind),
  };
}

const done = expect.objectContaining({ exitCode: 0 });

/** Presses Sync, and waits until it has failed with this. */
async function expectFailedSync(rig: Rig, name: string, message: string, wishes = {}): Promise<void> {
  const { status } = await rig.argocd().request("POST", `/api/v1/applications/${name}/sync`, wishes);
  expect(status).toBe(200);
  await untilShown(rig, name, {
    operationState: { phase: "Failed", message: expect.stringContaining(message) },
  });
}

describe("a commit", () => {
  e2eTest("is OutOfSync until Flux has applied it; what is wrong with it is said", async ({ rig }) => {
    const name = "ans-commit";
    const { namespace, commit, push, kustomization } = await flux(rig, name, {
      "app/deployment.yaml": deployment("web"),
      "base/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: base }\n",
    });
    const base = await rig.untilReady(
      await rig.cluster.apply<TestObject>({
        apiVersion: kustomize,
        kind: "Kustomization",
        metadata: { name: "base", namespace },
        spec: { ...(kustomization["spec"] as object), path: "./base" },
      }),
    );
    await rig.cluster.change(kustomization, { spec: { dependsOn: [{ name: "base" }] } });
    await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
    await loopbackAsDocumented(rig);
    const { app, sync, wait, act } = commandsFor(rig, name);
    await untilShown(rig, name, { sync: { status: "Synced", revision: commit } });

    // a dependency that failed keeps Flux from applying the next commit
    await rig.cluster.change(base, { spec: { path: "./missing" } });
    await expect
      .poll(() => rig.cluster.get(kustomize, "Kustomization", "base", namespace))
      .toMatchObject({
        status: {
          conditions: expect.arrayContaining([expect.objectContaining({ type: "Ready", status: "False" })]),
        },
      });
    const next = await push({ "app/deployment.yaml": deployment("web", 2) });
    expect(await act("reconcile", "GitRepository")).toEqual(done);
    const waits = `dependency '${namespace}/base' is not ready`;
    await untilShown(rig, name, {
      sync: { status: "OutOfSync", revision: next },
      ...withCondition(
        "DependencyWarning",
        expect.stringContaining(
          `Kustomization web in ${namespace} waits for Kustomization base in ${namespace}, which failed: kustomization path not found`,
        ),
      ),
    });
    await expectFailedSync(rig, name, waits);
    expect(await replicas(rig, namespace)).toBe(1);

    await rig.cluster.change(base, { spec: { path: "./base" } });
    await rig.untilReady(base);
    expect(await sync()).toEqual(done);
    expect(await wait()).toEqual(done);
    expect(await replicas(rig, namespace)).toBe(2);
    const { status } = (await served(rig, name)) ?? {};
    expect(status).toMatchObject({
      sync: { status: "Synced", revision: next },
      health: { status: "Healthy" },
      operationState: { phase: "Succeeded", message: `Applied revision: main@sha1:${next}` },
      history: [{ revision: commit }, { revision: next }],
    });

    // Flux cannot go back by itself: Git can
    const [first] = status?.history ?? [];
    expect((await app("rollback", String(first?.id))).stdout).toContain(
      `Cannot roll back to ${commit}: which revision Flux applies is decided by spec.ref of GitRepository content in ${namespace}`,
    );
    expect(await replicas(rig, namespace)).toBe(2);

    const wrong = await push({ "app/deployment.yaml": deployment("web", 2).replace("image:", "picture:") });
    const why = "spec.template.spec.containers[0].image: Required value";
    const { exitCode, stdout } = await sync();
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringContaining(why) });
    await untilShown(rig, name, {
      sync: { status: "OutOfSync", revision: wrong },
      health: { status: "Degraded" },
      ...withCondition("SyncError", expect.stringContaining(why)),
    });
  });
});

describe("buttons", () => {
  e2eTest("suspend, resume, terminate, and what cannot be synced", async ({ rig }) => {
    const name = "ans-buttons";
    const { namespace, push, kustomization } = await flux(rig, name);
    await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
    await loopbackAsDocumented(rig);
    const { app, sync, wait, act } = commandsFor(rig, name);
    await untilShown(rig, name, { sync: { status: "Synced" }, health: { status: "Healthy" } });

    expect(await act("suspend", "Kustomization")).toEqual(done);
    await untilShown(rig, name, { sync: { status: "Synced" }, health: { status: "Suspended" } });
    await expectFailedSync(
      rig,
      name,
      `Kustomization web in ${namespace} is suspended: resume it first (flamingo resume ${name})`,
    );
    expect(await act("resume", "Kustomization")).toEqual(done);
    expect(await wait()).toEqual(done);
    // nothing was out of sync: it may be that Flux still looks
    await rig.untilReady(await rig.cluster.get(kustomize, "Kustomization", "web", namespace));

    // somebody deletes what Flux made
    await rig.cluster.delete("apps/v1", "Deployment", "web", namespace);
    await untilShown(rig, name, { sync: { status: "OutOfSync" }, health: { status: "Missing" } });
    const diff = await app("diff");
    expect(diff).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(`apps/Deployment ${namespace}/web`),
    });
    const tree = await app("get", "-o", "tree");
    expect(tree.stdout).toMatch(/└─Deployment\/web +OutOfSync +Missing/);
    expect(await sync()).toEqual(done);
    expect(await wait()).toEqual(done);
    expect(await replicas(rig, namespace)).toBe(1);

    // a Deployment without a node to run on keeps Flux waiting
    await rig.cluster.change(kustomization, { spec: { wait: true, timeout: "60s" } });
    const nowhere = deployment("web").replace(
      "containers:",
      "nodeSelector: { no: where }\n      containers:",
    );
    await push({ "app/deployment.yaml": nowhere });
    expect(await app("sync", "--async")).toEqual(done);
    await untilShown(rig, name, {
      sync: { status: "OutOfSync" },
      health: { status: "Progressing" },
      operationState: { phase: "Running", message: expect.stringContaining("Running health checks") },
    });
    expect(await app("terminate-op")).toEqual(done);
    await untilShown(rig, name, { operationState: { phase: "Failed", message: "Operation terminated" } });
    expect(await rig.cluster.get(kustomize, "Kustomization", "web", namespace)).toMatchObject({
      status: {
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: "Reconciling", status: "True" }),
        ]),
      },
    });

    await rig.cluster.delete(source, "GitRepository", "content", namespace);
    const missing = `GitRepository content in ${namespace} does not exist`;
    await untilShown(rig, name, withCondition("InvalidSpecError", missing));
    await expectFailedSync(rig, name, missing);
  });
});

describe("Sync with prune", () => {
  e2eTest("is what a Kustomization does that prunes, and refused by one that does not", async ({ rig }) => {
    const name = "ans-prune";
    const old = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: old }\n";
    const files = { "app/deployment.yaml": deployment("web"), "app/old.yaml": old };
    const { namespace, push, kustomization } = await flux(rig, name, files, { prune: false });
    await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
    await loopbackAsDocumented(rig);
    const prune = () => rig.argocd().cli("app", "sync", name, "--prune", "--timeout", "60");
    await untilShown(rig, name, { sync: { status: "Synced" } });
    await push({ "app/old.yaml": null });
    const refused = `Cannot prune: Kustomization web in ${namespace} deletes nothing that it applied (spec.prune is false)`;
    await expectFailedSync(rig, name, refused, { prune: true });

    await rig.cluster.change(kustomization, { spec: { prune: true } });
    await rig.untilReady(kustomization);
    expect(await prune()).toEqual(done);
    expect(await rig.cluster.find("v1", "ConfigMap", "old", namespace)).toBeUndefined();
  });

  e2eTest("is what a HelmRelease does", async ({ rig }) => {
    const name = "ans-prune-hr";
    const old = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: old }\n";
    const { namespace, push } = await release(rig, name, {}, { "charts/web/templates/old.yaml": old });
    await run(rig, `generate-app hr/web -n ${namespace} --app-name ${name}`);
    await loopbackAsDocumented(rig);
    await untilShown(rig, name, { sync: { status: "Synced" } });
    await push({
      "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.3.0\n",
      "charts/web/templates/old.yaml": null,
    });
    expect(await rig.argocd().cli("app", "sync", name, "--prune", "--timeout", "60")).toEqual(done);
    expect(await rig.cluster.find("v1", "ConfigMap", "old", namespace)).toBeUndefined();
  });
});

describe("a HelmRelease", () => {
  e2eTest("is Healthy with tests that pass, and says that it was rolled back", async ({ rig }) => {
    const name = "ans-helm";
    const passes = `apiVersion: batch/v1
kind: Job
metadata:
  name: passes
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: passes, image: "example.org/passes:1" }]
`;
    const { namespace, commit, push } = await release(
      rig,
      name,
      {
        test: { enable: true },
        install: { disableWait: true },
        upgrade: { remediation: { retries: 0, remediateLastFailure: true, strategy: "rollback" } },
      },
      { "charts/web/templates/test.yaml": passes },
    );
    await run(rig, `generate-app hr/web -n ${namespace} --app-name ${name}`);
    // to redis by a port-forward
    await loopbackAsDocumented(rig, "");
    const { app, wait } = commandsFor(rig, name);
    await untilShown(rig, name, { sync: { status: "Synced" }, health: { status: "Healthy" } });
    expect(await wait()).toEqual(done);
    const tested = await rig.cluster.get("helm.toolkit.fluxcd.io/v2", "HelmRelease", "web", namespace);
    expect(tested).toMatchObject({
      status: {
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: "TestSuccess", status: "True" }),
        ]),
      },
    });
    const { stdout } = await app("get", "-o", "tree");
    expect(stdout).toMatch(/└─HelmRelease\/web +Synced +Healthy/);

    await push({
      "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.3.0\n",
      "charts/web/templates/deployment.yaml": deployment("web", "-1"),
    });
    const why = `Helm rollback to previous release ${namespace}/web.v1 with chart web@1.2.3 succeeded`;
    await expectFailedSync(rig, name, why);
    await untilShown(rig, name, {
      sync: { status: "OutOfSync" },
      health: { status: "Degraded" },
      ...withCondition("SyncError", expect.stringContaining("spec.replicas: Invalid value: -1")),
    });
    const { status } = (await served(rig, name)) ?? {};
    expect(status?.history).toMatchObject([{ id: 0, revision: commit }]);
  });
});

async function replicas(rig: Rig, namespace: string): Promise<unknown> {
  const { spec } = await rig.cluster.get<TestObject>("apps/v1", "Deployment", "web", namespace);
  return (spec as { replicas: number }).replicas;
}
