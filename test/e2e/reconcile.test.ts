import { describe, expect } from "vitest";
import { ks } from "../builders/flux.js";
import type { TestObject } from "../cluster/crds.js";
import { e2eTest, type Rig } from "./e2e.js";
import { generator } from "./generator.js";
import { run } from "./run.js";
import { deployment, flux, release } from "./workloads.js";

async function replicas(rig: Rig, namespace: string): Promise<number> {
  const { spec } = await rig.cluster.get<TestObject>("apps/v1", "Deployment", "web", namespace);
  return (spec as { replicas: number }).replicas;
}

function settings(value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  value: ${value}\n`;
}

describe("a Kustomization", () => {
  e2eTest(
    "a commit is applied when the command returns; one that breaks the build fails",
    async ({ rig }) => {
      const { namespace, push } = await flux(rig, "rec-commit");
      const where = `-n ${namespace} --timeout 60s`;
      const next = await push({ "app/deployment.yaml": deployment("web", 2) });
      // Flux has not looked, and is not made to
      expect(await run(rig, `reconcile ks/web ${where}`)).toMatchObject({ exitCode: 0 });
      expect(await replicas(rig, namespace)).toBe(1);
      expect(await run(rig, `reconcile ks/web ${where} --with-source`)).toMatchObject({
        exitCode: 0,
        stdout: `Kustomization web in rec-commit reconciled: Applied revision: main@sha1:${next}\n`,
      });
      expect(await replicas(rig, namespace)).toBe(2);

      await push({ "app/kustomization.yaml": "resources: [missing.yaml]\n" });
      const broken = await run(rig, `reconcile ks/web ${where} --with-source`);
      expect(broken).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr: expect.stringContaining(
          "✗ Cannot reconcile Kustomization web in rec-commit: kustomize build failed",
        ),
      });
      expect(broken.stderr).toContain("missing.yaml");
    },
  );

  e2eTest("that waits for a dependency ends at the deadline with the chain", async ({ rig }) => {
    const { namespace, kustomization } = await flux(rig, "rec-waits");
    const spec = { ...(kustomization["spec"] as object), path: "./missing" };
    const base = await rig.cluster.apply(ks(`${namespace}/base`, spec));
    await expect
      .poll(async () =>
        JSON.stringify((await rig.cluster.get(base.apiVersion, base.kind, "base", namespace))["status"]),
      )
      .toContain("kustomization path not found");
    await rig.cluster.change(kustomization, { spec: { dependsOn: [{ name: "base" }] } });
    const line = `reconcile ks/web -n ${namespace} --with-source`;
    const { exitCode, stderr } = await run(rig, `${line} --timeout 8s`);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining(
        "✗ Cannot wait any longer for Kustomization web in rec-waits: it waits for Kustomization base in rec-waits, " +
          "which failed: kustomization path not found: ",
      ),
    });
    const patient = run(rig, `${line} --timeout 60s`);
    await rig.cluster.change(base, { spec: { suspend: true } });
    expect(await run(rig, `reconcile ks/base -n ${namespace}`)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Kustomization base in rec-waits: it is suspended\n"),
    });
    await rig.cluster.change(base, { spec: { suspend: false, path: "./app" } });
    expect(await patient).toMatchObject({ exitCode: 0 });
  });
});

describe("sources", () => {
  e2eTest("one that is gone is said, and so is one that is suspended", async ({ rig }) => {
    const { namespace, source } = await flux(rig, "rec-sources");
    const line = `reconcile ks/web -n ${namespace} --with-source --timeout 60s`;
    await rig.cluster.change(source, { spec: { suspend: true } });
    expect(await run(rig, line)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(
        "⚠ GitRepository content in rec-sources is suspended and is not fetched\n",
      ),
    });
    await rig.cluster.delete(source.apiVersion, source.kind, "content", namespace);
    expect(await run(rig, line)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        "Cannot reconcile Kustomization web in rec-sources: GitRepository content in rec-sources does not exist\n",
      ),
    });
  });

  e2eTest("a generator that is switched off is said, not waited for", async ({ rig }) => {
    const { namespace, source, kustomization } = await flux(rig, "rec-generator");
    const annotations = { "source.extensions.fluxcd.io/reconcile": "disabled" };
    const { sourceRef } = await generator(rig, source, annotations);
    await rig.cluster.change(kustomization, { spec: { sourceRef } });
    expect(await run(rig, `reconcile ks/web -n ${namespace} --with-source --timeout 60s`)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^Kustomization web in rec-generator reconciled: Applied revision: main@sha1:/,
      ),
      stderr: expect.stringContaining(
        "⚠ ArtifactGenerator made in rec-generator is switched off (source.extensions.fluxcd.io/reconcile: disabled) and is not fetched\n",
      ),
    });
  });
});

e2eTest(
  "a hundred at once are done, and those that are suspended are named",
  async ({ rig }) => {
    const { namespace, push, kustomization } = await flux(rig, "rec-hundred", {
      "app/settings.yaml": settings("first"),
    });
    const names = Array.from({ length: 100 }, (_, index) => `web-${index}`);
    const spec = kustomization["spec"] as object;
    const all = await rig.cluster.applyAll(
      names.map((name) => ks(`${namespace}/${name}`, { ...spec, namePrefix: `${name}-` })),
    );
    for (const one of all) await rig.untilReady(one);
    await rig.cluster.change(kustomization, { spec: { suspend: true } });
    const commit = await push({ "app/settings.yaml": settings("second") });
    const { exitCode, stdout, stderr } = await run(
      rig,
      `reconcile --all -n ${namespace} --with-source --timeout 3m`,
    );
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        "◎ Waiting until Flux has reconciled 101 workloads\n" +
        "✗ Cannot reconcile Kustomization web in rec-hundred: it is suspended\n" +
        "  hint: Resume it first: flamingo resume ks/web -n rec-hundred\n",
    });
    expect(
      stdout.split("\n").filter((line) => line.endsWith(`Applied revision: main@sha1:${commit}`)),
    ).toHaveLength(100);
    const { data } = await rig.cluster.get<TestObject>("v1", "ConfigMap", "web-99-settings", namespace);
    expect(data).toEqual({ value: "second" });
  },
  300_000,
);

describe("a HelmRelease", () => {
  e2eTest("gets the chart of a commit, and is released again by force", async ({ rig }) => {
    const { namespace, push } = await release(rig, "rec-helm", { install: { disableWait: true } });
    await push({ "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.3.0\n" });
    const line = `reconcile hr/web -n ${namespace} --timeout 60s`;
    expect(await run(rig, `${line} --with-source`)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("release rec-helm/web.v2 with chart web@1.3.0"),
    });
    expect(await run(rig, `${line} --force --reset`)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("release rec-helm/web.v3 with chart web@1.3.0"),
    });
  });
});
