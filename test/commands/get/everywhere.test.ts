import { describe, expect } from "vitest";
import { argo, fl, stock } from "../../argo/installed-objects.js";
import { generated } from "../../builders/argo.js";
import { git, hr, ks } from "../../builders/flux.js";
import { argoCrds, fluxMinor, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { applied, failing, healthy, items, lease, run, withReady } from "./scene.js";

/** Paths of the requests, pages told apart from the first. */
async function requests(cluster: TestCluster, line: string): Promise<{ first: string[]; further: string[] }> {
  const { stderr } = await run(cluster, `${line} --verbose -o json`);
  const paths = [...stderr.matchAll(/^ {2}GET (\S+) \d+ in/gm)].map(([, path = ""]) => path);
  return {
    first: paths.filter((path) => !path.includes("continue=")).sort(),
    further: paths.filter((path) => path.includes("continue=")),
  };
}

const managedBy = "labelSelector=app.kubernetes.io%2Fmanaged-by%3Dflamingo&limit=500";

describe("requests", () => {
  const requestTest = ownClusterTest(async (cluster) => {
    await cluster.installCrds([...fluxMinor("2.9"), ...argoCrds()]);
    for (const name of ["argocd", "apps", "web"]) await cluster.createNamespace(name);
    await cluster.applyAll<TestObject>([
      lease("argocd"),
      git(),
      withReady(ks("first"), applied),
      withReady(
        ks("web/second", { sourceRef: { kind: "GitRepository", name: "src", namespace: "apps" } }),
        applied,
      ),
      healthy(generated(ks("first"))),
      healthy(generated(ks("web/second"))),
    ]);
  });

  requestTest("are for what rows need, once for each kind", async ({ cluster }) => {
    expect(await requests(cluster, "get -A")).toEqual({
      first: [
        "/apis",
        `/apis/argoproj.io/v1alpha1/applications?${managedBy}`,
        "/apis/coordination.k8s.io/v1/leases?labelSelector=app.kubernetes.io%2Fname%3Dflamingo-loopback&limit=500",
        "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations?limit=500",
        "/apis/source.toolkit.fluxcd.io/v1/namespaces/apps/gitrepositories?limit=500",
      ],
      further: [],
    });
    expect(await requests(cluster, "get first")).toEqual({
      first: [
        "/apis",
        "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/first",
        "/apis/coordination.k8s.io/v1/namespaces/argocd/leases?labelSelector=app.kubernetes.io%2Fname%3Dflamingo-loopback&limit=500",
        "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/first",
        "/apis/source.toolkit.fluxcd.io/v1/namespaces/apps/gitrepositories/src",
      ],
      further: [],
    });
  });

  requestTest(
    "grow with pages only",
    async ({ cluster }) => {
      const few = await requests(cluster, "get -A");
      const names = Array.from({ length: 1100 }, (_, index) => `w${index}`);
      await cluster.applyAll(names.map((name) => ks(name)));
      await cluster.applyAll(names.slice(0, 600).map((name) => generated(ks(name))));
      const many = await requests(cluster, "get -A");
      expect(many.first).toEqual(few.first);
      // 602 Applications and 1,102 Kustomizations
      expect(many.further).toHaveLength(1 + 2);
    },
    60_000,
  );
});

describe("several Argo CDs, in any namespace", () => {
  const everywhereTest = ownClusterTest(async (cluster) => {
    await cluster.installCrds([...fluxMinor("2.9"), ...argoCrds()]);
    for (const name of ["argocd", "tenant", "apps"]) await cluster.createNamespace(name);
    await cluster.applyAll(argo(fl));
    await cluster.applyAll<TestObject>([
      lease("argocd", "2026-01-01T00:00:00.000000Z"),
      lease("tenant"),
      withReady(git(), "stored artifact"),
      withReady(ks("web"), applied),
      withReady(hr("redis"), "install failed", failing("InstallFailed")),
      healthy(generated(ks("web"), { engine: "fsa" })),
      { ...healthy(generated(hr("redis"), { engine: "fsa" })), status: { health: { status: "Healthy" } } },
      healthy(generated(ks("web"), { name: "old" })),
      healthy(generated(ks("web"), { name: "tenant", namespace: "tenant" })),
    ]);
  });

  everywhereTest("each is told by what shows it", async ({ cluster }) => {
    const all = await items(cluster, "get -A");
    expect(
      all.map(({ name, appNamespace, notes }) => [`${appNamespace}/${name}`, notes.map(({ id }) => id)]),
    ).toEqual([
      ["argocd/old", ["engine-stopped"]],
      ["argocd/redis", ["image-does-not-show", "green-but-empty"]],
      ["tenant/tenant", []],
      ["argocd/web", []],
    ]);
    expect(all.map(({ message }) => message)).toEqual([
      `${applied}; Argo CD shows an old state of it: flamingo loopback (host_1) was not heard of since 2026-01-01T00:00:00Z`,
      "its source HelmRepository charts in apps does not exist; the FSA image that runs shows nothing of it: v2.10.2 asks for helm.toolkit.fluxcd.io/v2beta2; this cluster serves v2; Argo CD shows it Healthy, with nothing below it",
      applied,
      applied,
    ]);
  });

  everywhereTest("a stock Argo CD shows nothing of the engine fsa", async ({ cluster }) => {
    await cluster.applyAll(argo(stock));
    const [web] = await items(cluster, "get web");
    expect(web?.message).toBe(
      `${applied}; the Argo CD v2.10.2 that runs is no FSA image, and shows nothing of it`,
    );
  });

  everywhereTest("names alone do not tell them apart", async ({ cluster }) => {
    expect(await run(cluster, "get -A -o name")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "✗ Cannot print the names of Applications in several namespaces: they are in argocd and tenant\n  hint: Choose one with -N, or print all with -o json\n",
    });
    expect((await run(cluster, "get -N tenant -o name")).stdout).toBe("application.argoproj.io/tenant\n");
  });

  everywhereTest("who may not list all sees those of -N", async ({ cluster }) => {
    const all = (group: string) => ({ apiGroups: [group], resources: ["*"], verbs: ["get", "list"] });
    await cluster.grant("alice", all("argoproj.io"), "tenant");
    await cluster.grant("alice", all("coordination.k8s.io"), "tenant");
    await cluster.grant("alice", all("kustomize.toolkit.fluxcd.io"));
    await cluster.grant("alice", all("source.toolkit.fluxcd.io"));
    const { exitCode, stdout, stderr } = await run(cluster, "get -A -N tenant", { user: "alice" });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/^✗ Cannot list Applications: .*is forbidden.*\n {2}hint: .*\n$/),
    });
    expect(stdout).toMatch(/\napps {7}tenant .*\n$/);
  });
});

describe("a cluster that lacks something", () => {
  const bareTest = ownClusterTest();

  bareTest("Argo CD, then Flux", async ({ cluster }) => {
    const withoutArgo = {
      exitCode: 6,
      stdout: "",
      stderr:
        "✗ Cannot list Applications: the cluster does not serve applications.argoproj.io\n  hint: Install Argo CD first: flamingo install; or choose another --context\n",
    };
    expect(await run(cluster, "get")).toEqual(withoutArgo);
    await cluster.installCrds(argoCrds());
    await cluster.createNamespace("argocd");
    await cluster.applyAll<TestObject>([generated(ks("web"))]);
    expect(await items(cluster, "get")).toMatchObject([
      {
        name: "web",
        state: "notServed",
        message:
          "Kustomization web in apps does not exist: the cluster serves no Kustomization of Flux; Argo CD shows nothing of it: nobody runs flamingo loopback",
      },
    ]);
    expect((await run(cluster, "get --workloads")).exitCode).toBe(0);
  });
});
