import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { application, generated } from "../builders/argo.js";
import { chartInGit, git, hr, ks } from "../builders/flux.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { startProxy } from "../cluster/proxy.js";
import { flamingo } from "../flamingo.js";

const argoFinalizer = "resources-finalizer.argocd.argoproj.io";

function run(cluster: TestCluster, line: string, user?: string) {
  return flamingo(line, { kubeconfig: cluster.kubeconfig(user ? { certificate: { user } } : {}) });
}

/** A namespace with these objects, and what is in it at a time: "Kustomization/a", "Application/app-a". */
async function scene(cluster: TestCluster, namespace: string, objects: TestObject[]) {
  await cluster.createNamespace(namespace);
  await cluster.applyAll(objects);
  const kinds = [
    ["argoproj.io/v1alpha1", "Application"],
    ["kustomize.toolkit.fluxcd.io/v1", "Kustomization"],
    ["helm.toolkit.fluxcd.io/v2", "HelmRelease"],
    ["source.toolkit.fluxcd.io/v1", "GitRepository"],
  ] as const;
  return {
    async left(): Promise<string[]> {
      const lists = await Promise.all(kinds.map(([version, kind]) => cluster.list(version, kind, namespace)));
      return lists.flat().map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    },
    run: (line: string, user?: string) => run(cluster, `delete ${line} -N ${namespace}`, user),
    app: (name: string) => cluster.get("argoproj.io/v1alpha1", "Application", name, namespace),
  };
}

/** "app-a" for the workload "a", in its namespace. */
function app(workload: FluxWorkload, metadata: object = {}): TestObject {
  const { name, namespace = "" } = workload.metadata;
  const made = generated(workload, { name: `app-${name}`, namespace });
  const annotations = { ...made.metadata.annotations, ...(metadata as { annotations?: object }).annotations };
  return { ...made, metadata: { ...made.metadata, ...metadata, annotations } };
}

const cascade = { annotations: { "flamingo/cascade": "flux" }, finalizers: [argoFinalizer] };
const auto = { annotations: { "flamingo/auto": "true" } };

describe("the command line", () => {
  test.each([
    ["delete", "Missing required argument 'NAME'", "See 'flamingo delete --help'"],
    [
      "delete ks/podinfo",
      "ks/podinfo names a workload, and delete takes Applications",
      "Name the Application that shows it; with --cascade=flux the workload goes, too",
    ],
    ["delete a --cascade=all", '--cascade "all" is not known', "Choose none or flux"],
  ])("%s is wrong", async (line, message, hint) =>
    expect(await flamingo(line)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `✗ ${message}\n  hint: ${hint}\n`,
    }),
  );
});

describe("the Application alone", () => {
  clusterTest(
    "goes with Argo CD's finalizers and its wish for a cascade; Flux keeps all",
    async ({ cluster }) => {
      const namespace = "delete-alone";
      const objects = [ks(`${namespace}/a`), git(`${namespace}/src`), app(ks(`${namespace}/a`), cascade)];
      const { left, run } = await scene(cluster, namespace, objects);
      expect(await run("app-a --yes")).toEqual({
        exitCode: 0,
        stdout: "Application app-a in delete-alone deleted\n",
        stderr: "► Kustomization a in delete-alone stays, and so does what it applied\n",
      });
      expect(await left()).toEqual(["Kustomization/a", "GitRepository/src"]);
    },
  );

  clusterTest("is held by the finalizers of others", async ({ cluster }) => {
    const namespace = "delete-held";
    const metadata = { ...cascade, finalizers: [argoFinalizer, "example.com/mine"] };
    const objects = [app(ks(`${namespace}/a`), metadata)];
    const { run, app: read } = await scene(cluster, namespace, objects);
    expect(await run("app-a --yes")).toEqual({
      exitCode: 0,
      stdout: "Application app-a in delete-held is being deleted, as soon as example.com/mine let it go\n",
      stderr: "► Kustomization a in delete-held does not exist\n",
    });
    const { finalizers, annotations } = (await read("app-a")).metadata;
    expect({ finalizers, cascade: annotations?.["flamingo/cascade"] }).toEqual({
      finalizers: ["example.com/mine"],
      cascade: undefined,
    });
    await cluster.change(await read("app-a"), { metadata: { finalizers: null } });
  });

  clusterTest("goes when it hung, since nobody took Argo CD's finalizers away", async ({ cluster }) => {
    const namespace = "delete-hanging";
    const { left, run } = await scene(cluster, namespace, [app(ks(`${namespace}/a`), cascade)]);
    await cluster.delete("argoproj.io/v1alpha1", "Application", "app-a", namespace);
    expect(await left()).toEqual(["Application/app-a"]);
    expect(await run("app-a --yes")).toMatchObject({
      exitCode: 0,
      stdout: "Application app-a in delete-hanging deleted\n",
    });
    expect(await left()).toEqual([]);
  });

  clusterTest("goes also when it is written to meanwhile", async ({ cluster }) => {
    const namespace = "delete-busy";
    const { left, app: read } = await scene(cluster, namespace, [app(ks(`${namespace}/a`), cascade)]);
    let writes = 0;
    const proxy = await startProxy(cluster, ({ method }) => (method === "PATCH" ? { delayMs: 200 } : "pass"));
    const kubeconfig = proxy.kubeconfig();
    const deletion = flamingo(`delete app-a --yes -N ${namespace}`, { kubeconfig });
    // as the engine does that reports it
    while (writes < 3)
      await cluster.change(await read("app-a"), {
        status: { reconciledAt: `2026-01-0${++writes}T00:00:00Z` },
      });
    expect(await deletion).toMatchObject({
      exitCode: 0,
      stdout: "Application app-a in delete-busy deleted\n",
    });
    await proxy.stop();
    expect(await left()).toEqual([]);
  });
});

describe("--cascade=flux", () => {
  /** What is promised is what happens. */
  async function promised(
    { run, left }: Awaited<ReturnType<typeof scene>>,
    names: string,
  ): Promise<{ goes: string[]; says: string; left: string[] }> {
    const before = await left();
    const preview = await run(`${names} --cascade=flux --dry-run`);
    expect(await left()).toEqual(before);
    const { exitCode, stdout, stderr } = await run(`${names} --cascade=flux --yes`);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: preview.stdout.replaceAll(" (dry run)", ""),
      stderr: preview.stderr,
    });
    return { goes: stdout.trimEnd().split("\n"), says: stderr, left: await left() };
  }

  clusterTest("takes the workload and its source along", async ({ cluster }) => {
    const namespace = "delete-cascade";
    const objects = [ks(`${namespace}/a`), git(`${namespace}/src`), app(ks(`${namespace}/a`), cascade)];
    expect(await promised(await scene(cluster, namespace, objects), "app-a")).toEqual({
      goes: [
        "Kustomization a in delete-cascade deleted",
        "Application app-a in delete-cascade deleted",
        "GitRepository src in delete-cascade deleted",
      ],
      says: "",
      left: [],
    });
  });

  clusterTest("leaves what others use, what would come back, and says what stays", async ({ cluster }) => {
    const namespace = "delete-stays";
    const owned = ks(`${namespace}/owned`);
    owned.metadata.labels = {
      "kustomize.toolkit.fluxcd.io/name": "parent",
      "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    };
    const objects = [
      git(`${namespace}/src`),
      ks(`${namespace}/a`, { prune: false }),
      owned,
      hr(`${namespace}/b`, chartInGit),
      app(ks(`${namespace}/a`)),
      app(ks(`${namespace}/owned`)),
      app(ks(`${namespace}/gone`)),
    ];
    expect(await promised(await scene(cluster, namespace, objects), "app-a app-owned app-gone")).toEqual({
      goes: [
        "Kustomization a in delete-stays deleted",
        "Application app-a in delete-stays deleted",
        "Application app-owned in delete-stays deleted",
        "Application app-gone in delete-stays deleted",
      ],
      says:
        "► What Kustomization a in delete-stays applied stays, since its spec.prune is false\n" +
        "► GitRepository src in delete-stays stays, since Kustomization owned in delete-stays uses it, too\n" +
        "► Kustomization owned in delete-stays stays, since Kustomization parent in flux-system would bring it back\n" +
        "► Kustomization gone in delete-stays does not exist\n",
      left: ["Kustomization/owned", "HelmRelease/b", "GitRepository/src"],
    });
  });

  clusterTest("takes a source along when all go that use it", async ({ cluster }) => {
    const namespace = "delete-shared";
    const objects = [
      git(`${namespace}/src`),
      ks(`${namespace}/a`),
      hr(`${namespace}/b`, chartInGit),
      app(ks(`${namespace}/a`)),
      app(hr(`${namespace}/b`, chartInGit)),
    ];
    const { goes, left } = await promised(await scene(cluster, namespace, objects), "app-a app-b");
    expect({ last: goes.at(-1), count: goes.length, left }).toEqual({
      last: "GitRepository src in delete-shared deleted",
      count: 5,
      left: [],
    });
  });

  clusterTest("stops at what may not be deleted: Application and source stay", async ({ cluster }) => {
    const namespace = "delete-forbidden";
    const objects = [ks(`${namespace}/a`), git(`${namespace}/src`), app(ks(`${namespace}/a`))];
    const { run, left } = await scene(cluster, namespace, objects);
    const groups = [
      "argoproj.io",
      "kustomize.toolkit.fluxcd.io",
      "helm.toolkit.fluxcd.io",
      "source.toolkit.fluxcd.io",
      "source.extensions.fluxcd.io",
      "image.toolkit.fluxcd.io",
    ];
    // of the whole cluster, which other tests share: somebody of this test alone
    const user = "delete-reader";
    for (const group of groups)
      await cluster.grant(user, { apiGroups: [group], resources: ["*"], verbs: ["get", "list"] });
    await cluster.grant(
      user,
      { apiGroups: ["argoproj.io"], resources: ["*"], verbs: ["delete", "patch"] },
      namespace,
    );
    const { exitCode, stdout, stderr } = await run("app-a --cascade=flux --yes", user);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(
      /^✗ Cannot delete Kustomization a in delete-forbidden: .* is forbidden: .*\n {2}hint: /,
    );
    expect(await left()).toEqual(["Application/app-a", "Kustomization/a", "GitRepository/src"]);
  });
});

describe("what is refused", () => {
  clusterTest("without a terminal and --yes, after what stays is said", async ({ cluster }) => {
    const namespace = "delete-unasked";
    const { run, left } = await scene(cluster, namespace, [app(ks(`${namespace}/a`))]);
    expect(await run("app-a")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "► Kustomization a in delete-unasked does not exist\n" +
        "✗ Cannot delete anything without being told so: there is no terminal to ask on\n" +
        "  hint: Add --yes; to see what would go: --dry-run\n",
    });
    expect(await left()).toEqual(["Application/app-a"]);
  });

  clusterTest("Applications that flamingo did not make, while the others go", async ({ cluster }) => {
    const namespace = "delete-native";
    const native = application(`${namespace}/native`);
    const { run, left } = await scene(cluster, namespace, [native, app(ks(`${namespace}/a`))]);
    const { exitCode, stdout, stderr } = await run("native app-a missing --yes");
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: "Application app-a in delete-native deleted\n",
    });
    expect(stderr).toContain(
      "✗ Cannot delete Application native in delete-native: flamingo did not make it\n" +
        "  hint: Delete it where it came from, or with kubectl delete applications.argoproj.io native -n delete-native\n",
    );
    expect(stderr).toContain("✗ Application missing not found in delete-native\n");
    expect(await left()).toEqual(["Application/native"]);
  });

  clusterTest("what is not there, with exit code 5", async ({ cluster }) => {
    const namespace = "delete-missing";
    const { run } = await scene(cluster, namespace, [app(ks(`${namespace}/a`))]);
    expect(await run("app-b --yes")).toEqual({
      exitCode: 5,
      stdout: "",
      stderr: "✗ Application app-b not found in delete-missing\n  hint: Did you mean app-a?\n",
    });
  });

  clusterTest("what --auto would make again, but with --force or its workload", async ({ cluster }) => {
    const namespace = "delete-auto";
    const objects = [
      git(`${namespace}/src`),
      ks(`${namespace}/a`),
      ks(`${namespace}/b`),
      app(ks(`${namespace}/a`), auto),
      app(ks(`${namespace}/b`), auto),
    ];
    const { run, left } = await scene(cluster, namespace, objects);
    expect(await run("app-a --yes")).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr:
        "✗ Cannot delete Application app-a in delete-auto: flamingo loopback --auto made it, and would make it again as long as Kustomization a in delete-auto exists\n" +
        "  hint: Leave the workload out of what --auto selects first, or add --force to delete it all the same\n",
    });
    expect(await run("app-a --yes --force")).toMatchObject({ exitCode: 0 });
    expect(await run("app-b --yes --cascade=flux")).toMatchObject({ exitCode: 0 });
    expect(await left()).toEqual(["Kustomization/a", "GitRepository/src"]);
  });
});

describe("on a terminal", () => {
  /** A terminal on which somebody types this. */
  const answering = (text: string) => Object.assign(Readable.from([text]), { isTTY: true });

  clusterTest.for([
    ["y\n", 0, []],
    ["YES\n", 0, []],
    ["no\n", 1, ["Application/app-a"]],
    ["\n", 1, ["Application/app-a"]],
    ["", 1, ["Application/app-a"]],
  ] as [string, number, string[]][])("the answer %j", async ([answer, code, rest], { cluster }) => {
    const namespace = "delete-asked";
    const { left } = await scene(cluster, namespace, [app(ks(`${namespace}/a`))]);
    const { exitCode, stderr } = await flamingo(`delete app-a -N ${namespace}`, {
      kubeconfig: cluster.kubeconfig(),
      terminal: answering(answer),
    });
    expect(exitCode).toBe(code);
    expect(stderr).toContain("Delete Application app-a in delete-asked? [y/N] ");
    expect(stderr.includes("► Nothing is deleted\n")).toBe(code === 1);
    expect(stderr.includes("[y/N] \n")).toBe(answer === "");
    expect(await left()).toEqual(rest);
  });
});
