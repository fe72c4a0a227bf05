import { describe, expect } from "vitest";
import { argoCrds, fluxMinor, ownClusterTest } from "../../cluster/cluster.js";
import { flImage, oldFlImage, Setting, stockImage } from "./setting.js";

const fluxTest = (minor: Parameters<typeof fluxMinor>[0]) =>
  ownClusterTest((cluster) => cluster.installCrds([...fluxMinor(minor), ...argoCrds()]));

describe("on Flux 2.2, all of which the newest FSA images show", () => {
  const flux22Test = fluxTest("2.2");

  flux22Test("an FSA image gets fsa, an older one what it shows", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "verdict-22");
    await setting.git();
    await setting.kustomization("a");
    await setting.helmRelease("b", {}, "v2beta2");
    await setting.argo(flImage);
    expect((await setting.run("--all --export")).stderr).toBe(
      "► Engine fsa: the FSA image v2.10.2-fl.23-main-d2c9a8cb runs in verdict-22-argocd\n",
    );
    await setting.argo("ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c");
    const runs = "the FSA image v2.8.4-fl.21-main-6c72e98c runs in verdict-22-argocd";
    expect((await setting.run("--all --export")).stderr).toBe(
      `► Engine fsa for 1 of 2 Applications: ${runs}\n` +
        `► Engine loopback for 1 of 2 Applications: ${runs}, and v2.8.4 puts objects below helm.toolkit.fluxcd.io/v2beta1; this cluster prefers v2beta2; flamingo loopback must run to fill it\n`,
    );
    expect((await setting.run("hr/b --export --engine fsa --app-name shown")).stderr).toBe(
      `► Engine fsa: as asked; ${runs}, and v2.8.4 puts objects below helm.toolkit.fluxcd.io/v2beta1; this cluster prefers v2beta2\n` +
        "⚠ HelmRelease b in verdict-22: the FSA image that runs shows not all of it: v2.8.4 puts objects below helm.toolkit.fluxcd.io/v2beta1; this cluster prefers v2beta2\n",
    );
  });

  flux22Test("no Argo CD gets what install would bring", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "verdict-none");
    await setting.git();
    await setting.kustomization("a");
    const { stdout, stderr } = await setting.run("ks/a --export");
    expect(stderr).toBe(
      "► Engine loopback: no Argo CD was found in verdict-none-argocd; flamingo install brings one, and the engine\n",
    );
    expect(stdout).toContain("flamingo/engine: loopback");
  });
});

describe("on Flux 2.9", () => {
  const flux29Test = fluxTest("2.9");
  const reason = "v2.10.2 asks for helm.toolkit.fluxcd.io/v2beta2; this cluster serves v2";

  flux29Test("HelmReleases go to loopback, Kustomizations from Git to fsa", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "verdict-29");
    await setting.git();
    await setting.kustomization("a");
    await setting.helmRelease("b");
    await setting.argo(flImage);
    const { stdout, stderr } = await setting.run("--all --export");
    const runs = "the FSA image v2.10.2-fl.23-main-d2c9a8cb runs in verdict-29-argocd";
    expect(stderr).toBe(
      `► Engine fsa for 1 of 2 Applications: ${runs}\n` +
        `► Engine loopback for 1 of 2 Applications: ${runs}, and ${reason}; flamingo loopback must run to fill it\n`,
    );
    expect(stdout.match(/FluxSubsystem=true|skip-reconcile: 'true'/g)).toEqual([
      "FluxSubsystem=true",
      "skip-reconcile: 'true'",
    ]);
    expect(await setting.run("hr/b --engine fsa")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `✗ Cannot use the engine fsa for HelmRelease b in verdict-29: ${runs}, and ${reason}\n  hint: Leave --engine out, or add --force to write an Application that shows nothing\n`,
    });
    const forced = await setting.run("hr/b --engine fsa --force");
    expect(forced).toMatchObject({ exitCode: 0, stdout: "application.argoproj.io/b created\n" });
    expect(forced.stderr).toContain(
      `⚠ HelmRelease b in verdict-29: the FSA image that runs shows nothing of it: ${reason}\n`,
    );
    // and it keeps its engine, with the same warning
    const again = await setting.run("hr/b");
    expect(again.stderr).toContain("► Engine fsa: the Application b has it already\n");
    expect(again.stderr).toContain("shows nothing of it");
  });

  flux29Test("an image that the support matrix does not have is not guessed at", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "verdict-foreign");
    await setting.git();
    await setting.kustomization("a");
    await setting.argo("registry.example/argocd:v2.10.9-fl.99-main-00000000");
    expect((await setting.run("ks/a --export")).stderr).toBe(
      "► Engine loopback: the FSA image v2.10.9-fl.99-main-00000000 runs in verdict-foreign-argocd, and what it shows is not known, since the support matrix does not have it; flamingo loopback must run to fill it\n",
    );
  });

  flux29Test("an image before 2.8 that does not show it leaves no engine", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "verdict-old");
    await setting.git();
    await setting.kustomization("a");
    await setting.helmRelease("b");
    await setting.argo(oldFlImage);
    const runs = "the FSA image v2.7.17-fl.15-main-f762c2ac runs in verdict-old-argocd";
    const lacks = "v2.7.17 asks for helm.toolkit.fluxcd.io/v2beta1; this cluster serves v2";
    const run = await setting.run("--all --name-template '{name}'");
    expect(run).toEqual({
      exitCode: 1,
      stdout: "application.argoproj.io/a created\n",
      stderr:
        `► Engine fsa: ${runs}\n` +
        "► Applying 2 Applications\n" +
        "✔ Applied 1 of 2 Applications: 1 created\n" +
        `✗ Cannot choose an engine for HelmRelease b in verdict-old: ${runs}, and ${lacks}, and loopback is unproven before Argo CD 2.8\n` +
        "  hint: Upgrade Argo CD to 2.8 or newer, or add --force to take loopback all the same\n",
    });
    expect((await setting.run("hr/b --export --force")).stderr).toBe(
      `► Engine loopback: ${runs}, and ${lacks}; loopback is unproven before Argo CD 2.8; forced\n`,
    );
  });

  flux29Test("stock Argo CD is not asked for", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "verdict-stock");
    await setting.git();
    await setting.kustomization("a");
    await setting.argo(stockImage);
    expect((await setting.run("ks/a --export --engine fsa --force")).stderr).toBe(
      "► Engine fsa: stock Argo CD v3.5.1 runs in verdict-stock-argocd, where Sync would apply the workload itself; forced\n",
    );
  });
});
