import { beforeEach, describe, expect, test } from "vitest";
import { application, generated } from "../builders/argo.js";
import { chartInGit, hr, ks } from "../builders/flux.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { startProxy } from "../cluster/proxy.js";
import { flamingo } from "../flamingo.js";

const now = new Date("2026-01-02T03:04:05Z");

function run(cluster: TestCluster, line: string, user?: "alice") {
  return flamingo(line, { kubeconfig: cluster.kubeconfig(user ? { user } : {}), now });
}

/** A namespace with ks/a, ks/b (labelled) and hr/c, and Applications in it that show a and c. */
async function scene(cluster: TestCluster, namespace: string): Promise<string> {
  await cluster.createNamespace(namespace);
  const [a, c] = [ks(`${namespace}/a`), hr(`${namespace}/c`, chartInGit)];
  await cluster.applyAll<TestObject>([
    a,
    ks(`${namespace}/b`, {}, { labels: { team: "shop" } }),
    c,
    generated(a, { name: "app-a", namespace }),
    generated(c, { name: "app-c", namespace }),
  ]);
  return namespace;
}

async function suspended(cluster: TestCluster, namespace: string): Promise<string[]> {
  const objects = [
    ...(await cluster.list("kustomize.toolkit.fluxcd.io/v1", "Kustomization", namespace)),
    ...(await cluster.list("helm.toolkit.fluxcd.io/v2", "HelmRelease", namespace)),
  ];
  return objects
    .filter((object) => (object["spec"] as { suspend?: boolean }).suspend === true)
    .map(({ metadata }) => metadata.name);
}

describe("the command line", () => {
  test.each([
    [
      "suspend",
      "There is nothing to suspend",
      "Name Applications or workloads (ks/NAME, hr/NAME), or add --all",
    ],
    ["resume --all ks/a", "--all and ks/a do not go together", "Leave one of them out"],
    ["suspend -l a=b podinfo", "-l and podinfo do not go together", "Leave one of them out"],
    ["resume -A", "-A goes with --all or -l", "Add one of them, or leave -A out"],
    ["suspend -l =", '-l "=" is no label selector', "Write it as kubectl does: team=web,tier!=db"],
    ["suspend ks/a --reason ' '", "--reason is empty", "Say why, or leave it out"],
  ])("%s is wrong", async (line, message, hint) =>
    expect(await flamingo(line)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `✗ ${message}\n  hint: ${hint}\n`,
    }),
  );
});

describe("names on stdin", () => {
  clusterTest("are taken as get -o name prints them", async ({ cluster }) => {
    const namespace = await scene(cluster, "suspend-stdin");
    const stdin = "application.argoproj.io/app-a\nks/b\n\n";
    const line = `suspend - hr/c -n ${namespace} -N ${namespace}`;
    expect(await flamingo(line, { kubeconfig: cluster.kubeconfig(), stdin })).toEqual({
      exitCode: 0,
      stdout: ["Kustomization a", "Kustomization b", "HelmRelease c"]
        .map((name) => `${name} in ${namespace} suspended\n`)
        .join(""),
      stderr: "",
    });
  });

  test.each(["suspend", "resume", "reconcile", "wait", "delete"])("%s - wants some", async (name) => {
    const doing = name === "wait" ? "wait for" : name;
    expect(await flamingo(`${name} -`, { stdin: "\n" })).toEqual({
      exitCode: 5,
      stdout: "",
      stderr: `✗ Cannot ${doing} anything: there is no name on stdin\n  hint: Give a name a line, as get -o name prints them\n`,
    });
  });
});

describe("suspend and resume", () => {
  clusterTest("by the names of Applications and by REF, each workload once", async ({ cluster }) => {
    const namespace = await scene(cluster, "suspend-names");
    const names = "app-a ks/b application.argoproj.io/app-c ks/a";
    const where = `-n ${namespace} -N ${namespace}`;
    expect(await run(cluster, `suspend ${names} ${where}`)).toEqual({
      exitCode: 0,
      stdout:
        "Kustomization a in suspend-names suspended\n" +
        "Kustomization b in suspend-names suspended\n" +
        "HelmRelease c in suspend-names suspended\n",
      stderr: "",
    });
    expect(await suspended(cluster, namespace)).toEqual(["a", "b", "c"]);
    expect(await run(cluster, `suspend app-a ${where}`)).toMatchObject({
      stdout: "Kustomization a in suspend-names was suspended already\n",
    });
    expect(await run(cluster, `resume ${names} ${where}`)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await suspended(cluster, namespace)).toEqual([]);
    expect(await run(cluster, `resume ks/a ${where}`)).toMatchObject({
      stdout: "Kustomization a in suspend-names was not suspended\n",
    });
  });

  clusterTest("all of a namespace, or those with a label", async ({ cluster }) => {
    const namespace = await scene(cluster, "suspend-many");
    expect(await run(cluster, `suspend -l team=shop -n ${namespace}`)).toMatchObject({
      exitCode: 0,
      stdout: "Kustomization b in suspend-many suspended\n",
    });
    await run(cluster, `suspend --all -n ${namespace}`);
    expect(await suspended(cluster, namespace)).toEqual(["a", "b", "c"]);
    await run(cluster, "resume -A -l team=shop");
    expect(await suspended(cluster, namespace)).toEqual(["a", "c"]);
  });

  clusterTest("keeps why, who and when until it is resumed", async ({ cluster }) => {
    const namespace = await scene(cluster, "suspend-reason");
    const read = () => cluster.get("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "a", namespace);
    await cluster.change(await read(), { metadata: { annotations: { other: "kept" } } });
    await run(cluster, `suspend ks/a -n ${namespace} --reason 'the database is moved'`);
    expect((await read()).metadata.annotations).toEqual({
      other: "kept",
      "flamingo/suspend-reason": "the database is moved",
      "flamingo/suspend-by": "admin",
      "flamingo/suspend-at": "2026-01-02T03:04:05Z",
    });
    await run(cluster, `resume ks/a -n ${namespace}`);
    expect((await read()).metadata.annotations).toEqual({ other: "kept" });
  });

  clusterTest("many at a time", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("suspend-parallel");
    await cluster.applyAll(Array.from({ length: 40 }, (_, index) => ks(`${namespace}/ks-${index}`)));
    const proxy = await startProxy(cluster, ({ method }) => (method === "PATCH" ? { delayMs: 100 } : "pass"));
    const { exitCode, stdout } = await flamingo(`suspend --all -n ${namespace}`, {
      kubeconfig: proxy.kubeconfig(),
    });
    await proxy.stop();
    expect({ exitCode, lines: stdout.split("\n").length - 1 }).toEqual({ exitCode: 0, lines: 40 });
    expect(proxy.maxInFlight).toBeGreaterThanOrEqual(16);
  });
});

describe("what is not there", () => {
  let namespace = "";
  beforeEach(() => {
    namespace = "suspend-missing";
  });

  clusterTest("of a single name is exit code 5, with what is near it", async ({ cluster }) => {
    await scene(cluster, namespace);
    expect(await run(cluster, `suspend appa -N ${namespace}`)).toEqual({
      exitCode: 5,
      stdout: "",
      stderr: "✗ Application appa not found in suspend-missing\n  hint: Did you mean app-a?\n",
    });
    expect(await run(cluster, "suspend app-a -N default")).toMatchObject({
      exitCode: 5,
      stderr: expect.stringMatching(
        /^✗ Application app-a not found in default; it is in .*\n {2}hint: Add -N /,
      ),
    });
    await cluster.apply(ks(`${namespace}/shop-web`));
    expect(await run(cluster, `resume ks/shop-wbe -n ${namespace}`)).toMatchObject({
      exitCode: 5,
      stderr: "✗ Kustomization shop-wbe not found in suspend-missing\n  hint: Did you mean ks/shop-web?\n",
    });
    expect(await run(cluster, `resume ks/nothing -n ${namespace}`)).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining("✗ Kustomization nothing not found in suspend-missing\n"),
    });
  });

  clusterTest("of several is exit code 1, and the others are done", async ({ cluster }) => {
    await scene(cluster, namespace);
    const { exitCode, stdout, stderr } = await run(cluster, `suspend ks/nothing ks/a -n ${namespace}`);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: "Kustomization a in suspend-missing suspended\n",
    });
    expect(stderr).toContain("✗ Kustomization nothing not found in suspend-missing\n");
  });

  clusterTest("of a selector is exit code 5", async ({ cluster }) => {
    await scene(cluster, namespace);
    expect(await run(cluster, `suspend -l team=none -n ${namespace}`)).toEqual({
      exitCode: 5,
      stdout: "",
      stderr:
        "✗ Cannot suspend anything: there is no workload with the labels team=none in suspend-missing\n" +
        "  hint: Choose another -n, or add -A\n",
    });
  });

  clusterTest("is the workload of an Application", async ({ cluster }) => {
    await scene(cluster, namespace);
    await cluster.delete("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "a", namespace);
    expect(await run(cluster, `resume app-a -N ${namespace}`)).toEqual({
      exitCode: 5,
      stdout: "",
      stderr:
        "✗ Kustomization a in suspend-missing not found, which is what the Application app-a in suspend-missing shows\n" +
        "  hint: See what is wrong with it: flamingo check\n",
    });
  });

  clusterTest(
    "is what an Application shows that flamingo did not make, or one on another cluster",
    async ({ cluster }) => {
      await scene(cluster, namespace);
      const leaf = generated(ks(`${namespace}/a`), {
        name: "leaf",
        namespace,
        server: "https://leaf.example",
      });
      await cluster.applyAll<TestObject>([application(`${namespace}/native`), leaf]);
      expect(await run(cluster, `suspend native -N ${namespace}`)).toMatchObject({
        exitCode: 1,
        stderr:
          "✗ Cannot tell what the Application native in suspend-missing shows: flamingo did not make it\n" +
          "  hint: Name the workload itself: ks/NAME or hr/NAME\n",
      });
      expect(await run(cluster, `suspend leaf -N ${namespace}`)).toMatchObject({
        exitCode: 1,
        stderr:
          "✗ Cannot reach what the Application leaf in suspend-missing shows: it is on the cluster https://leaf.example\n" +
          "  hint: Name the workload itself, ks/NAME or hr/NAME, with the --context of its cluster\n",
      });
    },
  );
});

clusterTest("who may not change one is told so, and the others are changed", async ({ cluster }) => {
  const namespace = await scene(cluster, "suspend-rights");
  const rule = (group: string, resources: string[], verbs: string[]) => ({
    apiGroups: [group],
    resources,
    verbs,
  });
  await cluster.grant(
    "alice",
    rule("kustomize.toolkit.fluxcd.io", ["kustomizations"], ["get", "list", "patch"]),
    namespace,
  );
  await cluster.grant("alice", rule("helm.toolkit.fluxcd.io", ["helmreleases"], ["get", "list"]), namespace);
  const { exitCode, stdout, stderr } = await run(cluster, `suspend --all -n ${namespace}`, "alice");
  expect({ exitCode, stdout }).toEqual({
    exitCode: 1,
    stdout: "Kustomization a in suspend-rights suspended\nKustomization b in suspend-rights suspended\n",
  });
  expect(stderr).toMatch(
    /^✗ Cannot update HelmRelease c in suspend-rights: .*\n {2}hint: .*kubectl auth can-i patch helmreleases\.helm\.toolkit\.fluxcd\.io -n suspend-rights\n$/,
  );
});
