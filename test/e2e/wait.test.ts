import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import type { TestObject } from "../cluster/crds.js";
import { e2eTest, type Rig } from "./e2e.js";
import { run } from "./run.js";
import { deployment, flux, installing, release } from "./workloads.js";

/** A Deployment whose Pod no Node takes. */
const homeless = deployment("web").replace(
  "      containers:",
  "      nodeSelector: { nobody: has-this }\n$&",
);

/** What a kubelet would say of the Pod that nobody has taken. @returns its name */
async function cannotPull(rig: Rig, namespace: string): Promise<string> {
  const unscheduled = async () =>
    (await rig.cluster.list<TestObject>("v1", "Pod", namespace)).find(
      (pod) => !(pod["spec"] as { nodeName?: string }).nodeName,
    );
  await expect.poll(unscheduled).toBeDefined();
  const pod = (await unscheduled()) as TestObject;
  const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "example.org/web:1"' };
  const state = { name: "web", image: "", imageID: "", ready: false, restartCount: 0, state: { waiting } };
  const {
    apiVersion,
    kind,
    metadata: { name },
  } = pod;
  await rig.cluster.apply({
    apiVersion,
    kind,
    metadata: { name, namespace },
    status: { containerStatuses: [state] },
  } as TestObject);
  return name;
}

describe("a Kustomization", () => {
  e2eTest("a commit that was only pushed is waited for until it runs", async ({ rig }) => {
    const { namespace, push, source } = await flux(rig, "wait-commit");
    const commit = await push({ "app/deployment.yaml": deployment("web", 2) });
    let isThere = false;
    const waiting = run(rig, `wait ks/web -n ${namespace} --revision ${commit} --timeout 60s`).finally(() => {
      isThere = true;
    });
    await sleep(1000);
    // Flux has not looked, and is not made to
    expect(isThere).toBe(false);
    await rig.reconcile(source);
    expect(await waiting).toMatchObject({
      exitCode: 0,
      stdout: `Kustomization web in ${namespace} is ready: Applied revision: main@sha1:${commit}\n`,
    });
    const { status } = await rig.cluster.get<TestObject>("apps/v1", "Deployment", "web", namespace);
    expect(status).toMatchObject({ readyReplicas: 2 });
  });

  e2eTest("a commit whose Deployment never gets ready is late by the container", async ({ rig }) => {
    const { namespace, push, source } = await flux(rig, "wait-late");
    const commit = await push({ "app/deployment.yaml": homeless });
    const waiting = run(rig, `wait ks/web -n ${namespace} --revision ${commit} --timeout 10s`);
    await rig.reconcile(source);
    const pod = await cannotPull(rig, namespace);
    const { exitCode, stdout, stderr } = await waiting;
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(
      `it is ready, and Deployment web in ${namespace} is Progressing: Waiting for rollout to finish: `,
    );
    expect(stderr).toContain(
      `Pod ${pod} in ${namespace}, container web: ImagePullBackOff: Back-off pulling image "example.org/web:1"\n`,
    );
  });

  e2eTest("so is one whose health Flux checks itself", async ({ rig }) => {
    const { namespace, push, source } = await flux(rig, "wait-checked", undefined, {
      wait: true,
      timeout: "5m",
    });
    const commit = await push({ "app/deployment.yaml": homeless });
    const waiting = run(rig, `wait ks/web -n ${namespace} --revision ${commit.slice(0, 7)} --timeout 10s`);
    await rig.reconcile(source);
    const pod = await cannotPull(rig, namespace);
    const { exitCode, stderr } = await waiting;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining(
        "it is being reconciled: Running health checks for revision main@sha1:",
      ),
    });
    expect(stderr).toContain(`Pod ${pod} in ${namespace}, container web: ImagePullBackOff: `);
  });

  e2eTest("a commit that does not build fails at once, one before it does not", async ({ rig }) => {
    const { namespace, push, source } = await flux(rig, "wait-broken");
    const broken = await push({ "app/kustomization.yaml": "resources: [missing.yaml]\n" });
    await rig.reconcile(source);
    const { exitCode, stdout, stderr } = await run(
      rig,
      `wait ks/web -n ${namespace} --revision ${broken} --timeout 60s`,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(`✗ Cannot wait for Kustomization web in ${namespace}: kustomize build failed`);
    expect(stderr).toContain("missing.yaml");

    const mended = await push({ "app/kustomization.yaml": null });
    const waiting = run(rig, `wait ks/web -n ${namespace} --revision ${mended} --timeout 60s`);
    await sleep(1000);
    await rig.reconcile(source);
    expect(await waiting).toMatchObject({ exitCode: 0 });
  });
});

describe("a HelmRelease", () => {
  e2eTest("is waited for by the version of its chart, and by the commit", async ({ rig }) => {
    const { namespace, push, source } = await release(rig, "wait-helm");
    const commit = await push({ "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.3.0\n" });
    const where = `-n ${namespace} --timeout 60s`;
    const waiting = [commit, "1.3.0"].map((revision) =>
      run(rig, `wait hr/web ${where} --revision ${revision}`),
    );
    await rig.reconcile(source);
    for (const { exitCode, stdout } of await Promise.all(waiting)) {
      expect({ exitCode, stdout }).toEqual({
        exitCode: 0,
        stdout: expect.stringContaining(`HelmRelease web in ${namespace} is ready: Helm upgrade succeeded`),
      });
    }
  });

  e2eTest("whose first install does not end is late by the container", async ({ rig }) => {
    const namespace = "wait-install";
    const spec = { install: { timeout: "5m" } };
    const files = { "charts/web/templates/deployment.yaml": homeless };
    const release = await installing(rig, namespace, spec, files);
    const waiting = run(rig, `wait hr/web -n ${namespace} --timeout 12s`);
    const pod = await cannotPull(rig, namespace);
    const { exitCode, stderr } = await waiting;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining(`Pod ${pod} in ${namespace}, container web: ImagePullBackOff: `),
    });
    await rig.cluster.change(release, { spec: { suspend: true } });
  });
});
