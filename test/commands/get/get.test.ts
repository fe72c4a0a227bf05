import { describe, expect, test } from "vitest";
import { shardOf } from "../../../src/argo/shard.js";
import { generated } from "../../builders/argo.js";
import { flux, git, hr, ks } from "../../builders/flux.js";
import { clusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo } from "../../flamingo.js";
import { golden } from "../../golden.js";
import { applied, failing, healthy, items, lease, run, withReady } from "./scene.js";

describe("the command line", () => {
  test.each([
    ["get podinfo -A", "-A and podinfo do not go together", "Leave one of them out"],
    ["get podinfo -l team=web", "-l and podinfo do not go together", "Leave one of them out"],
    ["get podinfo --workloads", "--workloads and podinfo do not go together", "Leave one of them out"],
    [
      "get --workloads -l team=web",
      "-l and --workloads do not go together",
      "-l is for the labels of Applications: leave one of them out",
    ],
    [
      "get --exit-code",
      "--exit-code goes with --not-ready or --suspended",
      "Add one of them, or leave it out",
    ],
    ["get --not-ready --exit-code -w", "--exit-code and -w do not go together", "Leave one of them out"],
    ["get -w -o name", "-w cannot go on with -o name", "Choose table, wide, or json: an item a line"],
    ["get -l a=(b", '-l "a=(b" is no label selector', "Write it as kubectl does: team=web,tier!=db"],
    [
      "get Web",
      "\"Web\" is no name of an Application: it must consist of lower-case letters, digits, '-' and '.', and start and end with a letter or digit",
      "Write the name of an Application, or ks/NAME or hr/NAME for a workload",
    ],
    [
      "get ks/web",
      "ks/web names a workload, and get takes Applications",
      "Name the Application that shows it; to see the workload: flamingo get --workloads",
    ],
    [
      "get pod/web",
      '"pod/web" names the kind "pod", which is no Flux workload',
      "Kinds are ks (kustomization), hr (helmrelease), rset (resourceset) and fi (fluxinstance), and their plurals",
    ],
  ])("%s is wrong", async (line, message, hint) =>
    expect(await flamingo(line)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `✗ ${message}\n  hint: ${hint}\n`,
    }),
  );
});

/** Applications in `NAMESPACE-argocd` of what is in NAMESPACE, and an engine that reports them. */
async function scene(cluster: TestCluster, namespace: string, objects: TestObject[]): Promise<string> {
  const argocd = `${namespace}-argocd`;
  for (const name of [namespace, argocd]) await cluster.createNamespace(name);
  await cluster.applyAll<TestObject>([lease(argocd), ...objects]);
  return argocd;
}

describe("a list", () => {
  const at = "get-list";
  const argocd = `${at}-argocd`;
  const app = (workload: ReturnType<typeof ks> | ReturnType<typeof hr>, settings: object = {}) =>
    healthy(generated(workload, { namespace: argocd, ...settings }));
  const dependent = ks(`${at}/dependent`, { dependsOn: [{ name: "broken" }] });
  const orphan = ks(`${at}/orphan`, { sourceRef: { kind: "Bucket", name: "nowhere" } });
  const paused = ks(
    `${at}/paused`,
    { suspend: true },
    {
      annotations: {
        "flamingo/suspend-reason": "the database is moved",
        "flamingo/suspend-by": "alice",
        "flamingo/suspend-at": "2026-01-01T00:00:00Z",
      },
    },
  );
  const helmRepository = flux("HelmRepository", `${at}/charts`, { url: "https://charts.example" });
  const listTest = clusterTest.extend<{ ready: undefined }>({
    ready: [
      async ({ cluster }, use) => {
        await scene(cluster, at, [
          withReady(git(`${at}/src`), "stored artifact"),
          withReady(helmRepository, "stored artifact"),
          withReady(ks(`${at}/web`), applied),
          withReady(ks(`${at}/broken`), "kustomize build failed: no such file", failing("BuildFailed")),
          withReady(dependent, "dependency is not ready", failing("DependencyNotReady")),
          withReady(paused, applied),
          withReady(orphan, applied),
          withReady(hr(`${at}/redis`), "Helm install succeeded"),
          ks(`${at}/unshown`),
          app(ks(`${at}/web`), { labels: { team: "web" } }),
          ...[ks(`${at}/broken`), dependent, paused, orphan, hr(`${at}/redis`), ks(`${at}/gone`)].map((one) =>
            app(one),
          ),
          app(ks(`${at}/leaf`), { server: "https://10.0.0.1", clusterName: "dev-1" }),
        ]);
        await use(undefined);
      },
      { auto: true },
    ],
  });

  listTest("tells how each is", async ({ cluster }) => {
    const { exitCode, stdout, stderr } = await run(cluster, `get -N ${argocd}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toBe(golden("get/list.txt", stdout));
  });

  listTest("is wider with more columns, and whole as data", async ({ cluster }) => {
    const wide = await run(cluster, `get web -N ${argocd} -o wide`, { now: new Date(Date.now() + 100_000) });
    expect(wide.stdout).toMatch(/ {2}MESSAGE .* APP-NS .* REVISION {2}AGE\n/);
    expect(wide.stdout).toMatch(/ {2}get-list-argocd {2}01234567 {2}1\d\ds\n$/);
    const all = await items(cluster, `get -N ${argocd} --workloads -n ${at}`);
    expect(all.map(({ name, workload }) => name ?? `-/${workload.name}`)).toEqual([
      ...["broken", "dependent", "gone", "leaf", "orphan", "paused", "redis", "web"],
      "-/unshown",
    ]);
    const yaml = await run(cluster, `get web -N ${argocd} -o yaml`);
    expect(yaml.stdout).toMatch(/^---\nitems:\n- name: web\n/);
  });

  listTest("of names, which other commands take", async ({ cluster }) => {
    const { stdout } = await run(cluster, `get --not-ready -o name -N ${argocd} -l '!team'`);
    expect(stdout).toBe(
      ["broken", "dependent", "gone", "leaf"].map((name) => `application.argoproj.io/${name}\n`).join(""),
    );
    const names = stdout.trim().split("\n").slice(0, 2).join(" ");
    const again = await run(cluster, `get - -o name -N ${argocd}`, { stdin: stdout });
    expect(again.stdout).toBe(stdout);
    const reconciled = await run(cluster, `reconcile --no-wait ${names} -N ${argocd}`);
    expect(reconciled.exitCode).toBe(0);
    expect(reconciled.stdout.split("\n").sort()).toEqual([
      "",
      `Kustomization broken in ${at} asked`,
      `Kustomization dependent in ${at} asked`,
    ]);
  });

  listTest.for([
    ["--suspended", 0, ["paused"]],
    ["--suspended --exit-code", 4, ["paused"]],
    ["--not-ready --exit-code", 4, ["broken", "dependent", "gone", "leaf"]],
    ["-l team=web", 0, ["web"]],
    ["-l team=web --not-ready --exit-code", 0, []],
    ["-n nowhere", 0, []],
    ["redis application.argoproj.io/web app/web", 0, ["redis", "web"]],
  ] as const)("%s", async ([flags, exitCode, names], { cluster }) => {
    const answer = await run(cluster, `get ${flags} -N ${argocd} -o json`);
    expect(answer.exitCode).toBe(exitCode);
    const { items: found } = JSON.parse(answer.stdout) as { items: { name: string }[] };
    expect(found.map(({ name }) => name)).toEqual(names);
  });

  listTest("of nothing says so", async ({ cluster }) => {
    expect(await run(cluster, `get -l team=web --not-ready -N ${argocd} -n ${at}`)).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: `► No Application that flamingo made is not ready in ${argocd} with the labels team=web for workloads in ${at}; -A looks everywhere\n`,
    });
  });

  listTest("a name that is not there", async ({ cluster }) => {
    const missing = `✗ Application wep not found in ${argocd}\n  hint: Did you mean web?\n`;
    expect(await run(cluster, `get wep -N ${argocd}`)).toEqual({ exitCode: 5, stdout: "", stderr: missing });
    expect(await run(cluster, `get wep web -N ${argocd} -o name`)).toEqual({
      exitCode: 1,
      stdout: "application.argoproj.io/web\n",
      stderr: missing,
    });
  });

  listTest("an Application that flamingo did not make", async ({ cluster }) => {
    const foreign = generated(ks(`${at}/web`), { name: "foreign", namespace: argocd });
    await cluster.apply<TestObject>({ ...foreign, metadata: { ...foreign.metadata, labels: {} } });
    expect(await run(cluster, `get foreign -N ${argocd}`)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `✗ Cannot tell what the Application foreign in ${argocd} shows: flamingo did not make it\n  hint: Argo CD itself shows it: argocd app get foreign\n`,
    });
  });
});

describe("rights", () => {
  const at = "get-rights";
  const argocd = `${at}-argocd`;
  const read = (group: string, resource: string) => ({
    apiGroups: [group],
    resources: [resource],
    verbs: ["get", "list"],
  });

  clusterTest("half of them missing", async ({ cluster }) => {
    await scene(cluster, at, [
      withReady(ks(`${at}/web`), applied),
      withReady(hr(`${at}/redis`), "Helm install succeeded"),
      healthy(generated(ks(`${at}/web`), { namespace: argocd })),
      healthy(generated(hr(`${at}/redis`), { namespace: argocd })),
    ]);
    await cluster.grant("alice", read("argoproj.io", "applications"), argocd);
    await cluster.grant("alice", read("kustomize.toolkit.fluxcd.io", "kustomizations"), at);
    const { exitCode, stderr } = await run(cluster, `get -N ${argocd}`, { user: "alice" });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^⚠ Cannot list Leases in get-rights-argocd: .*is forbidden/m);
    expect(stderr).toMatch(/^⚠ Cannot list GitRepositories in get-rights: .*is forbidden/m);
    expect(stderr).toMatch(/^✗ Cannot list HelmReleases in get-rights: .*is forbidden/m);
    expect(await items(cluster, `get -N ${argocd}`, "alice")).toMatchObject([
      {
        name: "redis",
        ready: null,
        state: "unread",
        message: expect.stringMatching(/^flamingo cannot list HelmReleases/),
      },
      { name: "web", ready: "True", message: applied, notes: [] },
    ]);
  });

  clusterTest("none", async ({ cluster }) => {
    const { exitCode, stdout, stderr } = await run(cluster, "get", { user: "bob" });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^✗ Cannot list Applications in argocd: .*is forbidden/);
  });
});

clusterTest("of several shards the one that nobody runs is told where it matters", async ({ cluster }) => {
  const at = "get-shards";
  const argocd = `${at}-argocd`;
  const [first = "", second = ""] = [1, 2].map((index) =>
    ["a", "b", "c", "d", "e"].find((name) => shardOf(`${argocd}/${name}`, 2).index === index),
  );
  const running = lease(argocd, undefined, "flamingo-loopback-1-of-2");
  const objects = [first, second].flatMap((name) => [
    withReady(ks(`${at}/${name}`), applied),
    healthy(generated(ks(`${at}/${name}`), { namespace: argocd })),
  ]);
  await cluster.createNamespace(at);
  await cluster.createNamespace(argocd);
  await cluster.applyAll<TestObject>([running, withReady(git(`${at}/src`), "stored"), ...objects]);
  const notes = async (name: string) => (await items(cluster, `get ${name} -N ${argocd}`))[0]?.notes;
  expect(await notes(first)).toEqual([]);
  expect(await notes(second)).toEqual([
    {
      id: "engine-stopped",
      text: "Argo CD shows an old state of it: nobody runs flamingo loopback --shard=2/2",
    },
  ]);
});
