import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { application, appProject, generated } from "../../builders/argo.js";
import { ks, src } from "../../builders/flux.js";
import { runner } from "../../builders/kube.js";
import { ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo } from "../../flamingo.js";
import { installArgo, installFlux, run, stock } from "../check/scene.js";

const schema = JSON.parse(readFileSync("schemas/loopback.schema.json", "utf8"));
const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, formats: { "date-time": true } });
const validate = ajv.compile(schema);

describe("the command line", () => {
  test.each([
    ["--exit-code", "✗ --exit-code goes with --once\n  hint: Add --once, or leave --exit-code out\n"],
    [
      "--once --farewell unknown",
      "✗ --farewell does not go with --once\n  hint: It is for a flamingo that goes on until it is stopped: leave --farewell out\n",
    ],
    [
      "--argocd-metrics",
      "✗ --argocd-metrics goes with --listen\n  hint: Say where: --listen 127.0.0.1:8080\n",
    ],
    [
      "--listen here",
      '✗ --listen "here" is no address\n  hint: Write it as 127.0.0.1:8080, or as :8080 for all addresses of this machine\n',
    ],
    [
      "--redis redis://user:very-secret@redis:6379",
      "✗ --redis takes no user name and no password\n  hint: Write it as --redis HOST:PORT; password and TLS are read from where Argo CD has them\n",
    ],
  ])("loopback %s is wrong", async (flags, stderr) => {
    expect(await flamingo(`loopback ${flags}`)).toEqual({ exitCode: 2, stdout: "", stderr });
  });
});

describe("without Argo CD", () => {
  const bareTest = ownClusterTest((cluster) => installFlux(cluster));
  bareTest("there is nothing to report into", async ({ cluster }) => {
    expect(await run(cluster, "loopback --once")).toEqual({
      exitCode: 6,
      stdout: "",
      stderr:
        "✗ Cannot report into the Argo CD in argocd: the cluster does not serve applications.argoproj.io\n" +
        "  hint: Install Argo CD first: flamingo install; or choose another --context\n",
    });
  });
});

const ready = {
  inventory: { entries: [{ id: "apps_web_apps_Deployment", v: "v1" }] },
  lastAppliedRevision: "main@sha1:abc",
  observedGeneration: 1,
  conditions: [
    {
      type: "Ready",
      status: "True",
      reason: "ReconciliationSucceeded",
      message: "Applied revision: main@sha1:abc",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    },
  ],
};

async function show(cluster: TestCluster): Promise<void> {
  await cluster.applyAll([
    appProject("default"),
    src,
    runner("apps/web", [{ name: "web", image: "nginx:1" }]),
    { ...ks("shown"), status: ready },
    generated(ks("shown")),
  ]);
}

describe("--dry-run", () => {
  const dryTest = ownClusterTest(async (cluster) => {
    await installFlux(cluster);
    await installArgo(cluster, stock);
    await cluster.createNamespace("apps");
  });

  dryTest("without an Application of this engine says so", async ({ cluster }) => {
    await cluster.apply(application("native"));
    expect(await run(cluster, "loopback --once --dry-run --exit-code")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "► There is no Application of the engine loopback: flamingo generate-app --all -A makes them\n",
    });
  });

  dryTest("without the right to list Applications there says how to check it", async ({ cluster }) => {
    const settings = { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] };
    await cluster.grant("bob", settings, "argocd");
    expect(await run(cluster, "loopback --once --dry-run", "bob")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "✗ Cannot report into the Argo CD in argocd: its Applications may not be listed\n" +
        "  hint: Look at your rights: kubectl auth can-i list applications.argoproj.io -n argocd\n",
    });
  });

  dryTest("tells what would be written, and writes nothing", async ({ cluster }) => {
    await show(cluster);
    const { exitCode, stdout } = await run(cluster, "loopback --once --dry-run -o json --exit-code");
    expect(exitCode).toBe(4);
    const line = JSON.parse(stdout);
    expect(validate(line) || validate.errors).toBe(true);
    expect(line).toMatchObject({
      application: { namespace: "argocd", name: "shown" },
      sync: "Synced",
      health: "Progressing",
      wrote: { status: true, tree: false },
      dryRun: true,
      status: { sync: { status: "Synced", revision: "abc" }, operationState: { phase: "Succeeded" } },
    });
    expect((await run(cluster, "loopback --once --dry-run")).stdout).toBe(
      "application.argoproj.io/argocd/shown Synced Progressing (dry run)\n",
    );
    const untouched = await cluster.get("argoproj.io/v1alpha1", "Application", "shown", "argocd");
    expect(untouched["status"]).toBeUndefined();
    expect(
      await cluster.find("coordination.k8s.io/v1", "Lease", "flamingo-loopback", "argocd"),
    ).toBeUndefined();
  });

  dryTest("beside somebody who reports it works, and one pass that writes does not", async ({ cluster }) => {
    await show(cluster);
    const held = (renewTime: string): TestObject => ({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "flamingo-loopback", namespace: "argocd" },
      spec: { holderIdentity: "somebody", leaseDurationSeconds: 1, renewTime },
    });
    await cluster.apply(held("2026-01-02T03:04:00.000000Z"));
    expect(await run(cluster, "loopback --once")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "✗ Cannot report into the Argo CD in argocd: another flamingo loopback does (somebody)\n" +
        "  hint: To look without writing, which works beside it: flamingo loopback --dry-run --once --exit-code\n",
    });
    const lease = await cluster.get("coordination.k8s.io/v1", "Lease", "flamingo-loopback", "argocd");
    expect(lease.metadata.annotations).toBeUndefined();
    expect((await run(cluster, "loopback --dry-run --once --exit-code")).exitCode).toBe(4);

    // one that has died is waited for, for as long as its Lease lasts
    await cluster.apply(held("2026-01-02T03:00:00.000000Z"));
    const { exitCode, stderr } = await run(cluster, "loopback --once --redis 127.0.0.1:1");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^► Another flamingo loopback reports into argocd: somebody; waiting for it to end\n⚠ somebody held/,
    );
    expect(stderr).toContain("Cannot write the tree of shown to redis");
  });

  dryTest("without redis the status is true all the same, and the pass has failed", async ({ cluster }) => {
    await show(cluster);
    const { exitCode, stdout, stderr } = await run(cluster, "loopback --once --redis 127.0.0.1:1");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^✗ Cannot write the tree of shown to redis at 127\.0\.0\.1:1: .*\n {2}hint: /m);
    const shown = await cluster.get("argoproj.io/v1alpha1", "Application", "shown", "argocd");
    expect(shown["status"]).toMatchObject({ sync: { status: "Synced", revision: "abc" } });
    const lease = await cluster.get("coordination.k8s.io/v1", "Lease", "flamingo-loopback", "argocd");
    expect(lease["spec"]).toMatchObject({ holderIdentity: "" });
  });
});
