import { describe, expect } from "vitest";
import type { Application } from "../../../src/argo/application.js";
import type { PodRunner } from "../../../src/kube/kinds.js";
import { application, generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";
import { fluxMinor, ownClusterTest } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { startProxy } from "../../cluster/proxy.js";
import { isSharedMissing } from "../../cluster/shared.js";
import { install } from "./run.js";

const missing = isSharedMissing("argo-cd/v2.10.2", "argo-cd/v2.14.21");

describe.skipIf(missing)("install of stock Argo CD in the place of an FSA image", () => {
  const test = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.2")));

  test("gives Applications the form loopback before anything else", async ({ cluster }) => {
    expect(await install(cluster, "--version v2.10.2 --no-wait")).toMatchObject({ exitCode: 0 });
    const image = async () => {
      const server = await cluster.get<PodRunner>("apps/v1", "Deployment", "argocd-server", "argocd");
      return server.spec?.template?.spec?.containers?.[0]?.image;
    };
    const native = application("native", { syncPolicy: { syncOptions: ["FluxSubsystem=true"] } });
    const mine = ["a", "b"].map((name) => generated(ks(`shop/${name}`), { engine: "fsa" }));
    await cluster.applyAll<TestObject>([...mine, generated(ks("shop/c")), native]);

    const refused = await install(cluster, "--version v2.14.21 --no-wait");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain(
      "✗ Cannot take the FSA image away: flamingo did not make Application native in argocd, and",
    );
    expect(await image()).toMatch(/-fl\./);
    await cluster.delete("argoproj.io/v1alpha1", "Application", "native", "argocd");

    const exported = await install(cluster, "--version v2.14.21 --export --context test");
    expect(exported).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("argocd:v2.14.21\n") });
    expect(exported.stderr).toContain(
      "⚠ Once this is applied, Sync would apply workloads of Flux a second time\n  hint: Give the 2 Applications of the FSA image the form that a stock one leaves alone: flamingo generate-app --all -A --engine loopback\n",
    );
    const second = await install(cluster, "--export --context test -N second");
    expect(second).toMatchObject({ exitCode: 1, stdout: "" });
    expect(second.stderr).toContain("✗ Cannot install a second Argo CD for the whole cluster: there is ");

    const dryRun = await install(cluster, "--version v2.14.21 --dry-run");
    expect(dryRun).toMatchObject({ exitCode: 0 });
    expect(dryRun.stderr).toContain(
      "► Before that Applications get the form for the engine loopback (2 of them), which must run to fill them\n",
    );
    const written: string[] = [];
    const proxy = await startProxy(cluster, ({ method, path, query }) => {
      if (method === "PATCH" && !query.has("dryRun")) written.push(path);
      return "pass";
    });
    const done = await install(cluster, "--version v2.14.21 --no-wait", { kubeconfig: proxy.kubeconfig() });
    await proxy.stop();
    expect(done).toMatchObject({ exitCode: 0 });
    const applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
    expect(written.slice(0, 2).sort()).toEqual([`${applications}/a`, `${applications}/b`]);
    expect(await image()).toBe("quay.io/argoproj/argocd:v2.14.21");
    for (const name of ["a", "b", "c"]) {
      const { metadata, spec } = generated(ks(`shop/${name}`));
      const now = await cluster.get<Application>("argoproj.io/v1alpha1", "Application", name, "argocd");
      expect(now).toMatchObject({ metadata: { annotations: metadata.annotations }, spec });
    }
    expect((await install(cluster, "--no-wait")).stderr).not.toContain("Before that Applications");
  });
});
