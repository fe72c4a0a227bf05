import { Readable } from "node:stream";
import { afterAll, describe, expect, vi } from "vitest";
import { Stopped } from "../../src/abort.js";
import { leaseLabels } from "../../src/argo/loopback-lease.js";
import { ConfigMap, Deployment } from "../../src/kube/kinds.js";
import { fieldManager } from "../../src/names.js";
import { application, appProject, generated } from "../builders/argo.js";
import { git, ks } from "../builders/flux.js";
import { object, runner } from "../builders/kube.js";
import { argoCrds, fluxMinor, ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { isSharedMissing, sharedArgoInstall, sharedFolder } from "../cluster/shared.js";
import { flamingo, type Surroundings } from "../flamingo.js";
import { proxyFor } from "../kube/kube-for.js";
import { kubeOf } from "../survey/kube-of.js";
import { changesBetween, everythingIn, playControllers } from "./uninstall-scene.js";

const missing = isSharedMissing("argo-cd/v2.8.4", "argo-cd/v3.6.1");
const finalizer = "resources-finalizer.argocd.argoproj.io";

function run(cluster: TestCluster, line: string, around: Surroundings = {}) {
  return flamingo(line, { kubeconfig: cluster.kubeconfig(), ticking: true, ...around });
}

const installLine = `install --no-wait --yes --manifests ${sharedFolder("argo-cd")}`;

async function install(cluster: TestCluster, flags = "--version v2.8.4"): Promise<void> {
  const { exitCode, stderr } = await run(cluster, `${installLine} ${flags}`);
  expect(stderr).toContain("✔ Applied");
  expect(exitCode).toBe(0);
}

/** An install that is stopped when it has told of so many objects. */
async function interrupted(cluster: TestCluster, after: number): Promise<void> {
  const stop = new AbortController();
  let lines = 0;
  const { stderr } = await run(cluster, `${installLine} --version v2.8.4`, {
    signal: stop.signal,
    onStdout: (text) => {
      lines += text.split("\n").length - 1;
      if (lines >= after) stop.abort(new Error("stop"));
    },
  });
  expect(stderr).toMatch(/⚠ Stopped after \d+ of \d+ objects/);
}

/** What the API server has yet to take away, such as objects of CRDs that are gone, is waited for. */
async function untilSame(cluster: TestCluster, before: Record<string, string>): Promise<void> {
  const changes = async () => changesBetween(before, await everythingIn(cluster));
  await expect.poll(changes, { timeout: 20_000, interval: 500 }).toEqual([]);
}

/** What is said without -N where the only record is in this namespace. */
const onlyIn = (namespace: string) => ({
  exitCode: 1,
  stdout: "",
  stderr: `✗ Cannot choose an install: there is none in argocd, but one in ${namespace}\n  hint: Add -N ${namespace}\n`,
});

const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "applications.argoproj.io" },
};

/** What Argo CD makes when it runs, which it does not here. */
const madeByArgo: TestObject[] = [
  object("v1", "Secret", "argocd/argocd-initial-admin-secret", { data: { password: "eA==" } }),
  object("v1", "Secret", "argocd/argocd-redis", { data: { auth: "eA==" } }),
  appProject("default"),
].map(
  ({ metadata: { name, namespace }, ...rest }) => ({ ...rest, metadata: { name, namespace } }) as TestObject,
);

/** Twenty, in all the ways in which they are made; some are shown in another namespace. */
async function generate(cluster: TestCluster): Promise<void> {
  await cluster.createNamespace("apps");
  const workloads = Array.from({ length: 20 }, (_, index) => ks(`shop/w${index}`));
  const applications = workloads.map((workload, index) => {
    const made = generated(workload, {
      namespace: index % 5 === 4 ? "apps" : "argocd",
      engine: index % 2 === 0 ? "loopback" : "fsa",
      cascade: index % 4 === 0,
      annotations: index % 3 === 0 ? { "flamingo/auto": "true" } : {},
    });
    const finalizers = index % 2 === 1 ? [finalizer] : [];
    return { ...made, metadata: { ...made.metadata, finalizers } };
  });
  await cluster.applyAll(applications);
}

const workloads = Array.from({ length: 20 }, (_, index) => ks(`shop/w${index}`));

const flux = async (cluster: TestCluster) => {
  await cluster.installCrds(fluxMinor("2.2"));
  await cluster.createNamespace("shop");
  await cluster.applyAll([git("shop/src"), ...workloads]);
  await cluster.createNamespace("apps");
};

describe.skipIf(missing)("uninstall of all that install made", () => {
  let stop = async () => {};
  const test = ownClusterTest(async (cluster) => {
    await flux(cluster);
    stop = playControllers(cluster);
  });
  afterAll(() => stop());

  test("leaves the cluster as it was, and does what --dry-run tells", async ({ cluster }) => {
    const before = await everythingIn(cluster);
    await install(cluster, "--version v3.6.1");
    await cluster.applyAll(madeByArgo);
    await generate(cluster);
    const dryRun = await run(cluster, "uninstall --dry-run");
    expect(dryRun).toMatchObject({ exitCode: 0 });
    expect(dryRun.stderr).toMatch(/^► The install in argocd of context \S+ .* at https:\S+\n$/);

    const unasked = await run(cluster, "uninstall");
    expect(unasked).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unasked.stderr).toContain(
      "✗ Cannot uninstall without being told so: there is no terminal to ask on\n  hint: Add --yes; to see what would go: --dry-run\n",
    );
    const no = Object.assign(Readable.from(["no\n"]), { isTTY: true });
    const refused = await run(cluster, "uninstall", { terminal: no });
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    const total = dryRun.stdout.match(/ deleted \(dry run\)\n/g)?.length ?? 0;
    expect(refused.stderr).toContain(
      `Delete 20 Applications and ${total - 20} other objects of the install in argocd? [y/N] ► Nothing is deleted\n`,
    );

    const done = await run(cluster, "uninstall --yes");
    expect(done.stderr).toContain(
      `► Deleting ${total} objects\n✔ Deleted the install in argocd: ${total} objects\n`,
    );
    expect(done.stdout.split("\n")[0]).toBe("deployment.apps/flamingo-loopback deleted");
    expect(done).toMatchObject({ exitCode: 0, stdout: dryRun.stdout.replaceAll(" (dry run)", "") });
    await untilSame(cluster, before);

    const again = await run(cluster, "uninstall --yes");
    expect(again).toEqual({
      exitCode: 5,
      stdout: "",
      stderr:
        "✗ Cannot uninstall: flamingo remembers no install in argocd\n  hint: See what runs: flamingo version; remove what was installed otherwise as it was installed\n",
    });
  });

  test("goes on where it was interrupted", async ({ cluster }) => {
    const before = await everythingIn(cluster);
    await install(cluster);
    await generate(cluster);
    for (const last of [
      "application.argoproj.io/w1 ",
      "statefulset",
      "clusterrole",
      "customresourcedefinition",
    ]) {
      const interrupt = new AbortController();
      const stopped = await run(cluster, "uninstall --yes", {
        signal: interrupt.signal,
        onStdout: (text) => {
          if (text.startsWith(last)) interrupt.abort(new Error("stop"));
        },
      });
      expect(stopped.exitCode).not.toBe(0);
      expect(stopped.stderr).toMatch(
        /⚠ Stopped after \d+ of \d+ objects.*\n {2}hint: Run the same command again to go on\n/,
      );
    }
    const last = await run(cluster, "uninstall --yes");
    expect(last).toMatchObject({ exitCode: 0 });
    expect(last.stderr).not.toContain(" stays, ");
    await untilSame(cluster, before);
  });

  test("tells a reader who goes away as a failure, and all that it had begun", async ({ cluster }) => {
    const before = await everythingIn(cluster);
    await install(cluster);
    await generate(cluster);
    const total = async () =>
      (await run(cluster, "uninstall --dry-run")).stdout.match(/deleted/g)?.length ?? 0;
    for (const stage of ["applications", "clusterroles"]) {
      const held = new Set<string>();
      const proxy = await proxyFor(cluster, ({ method, path }) => {
        const isHeld = method === "DELETE" && path.includes(`/${stage}/`) && held.size === 0;
        if (isHeld) held.add(path);
        // meanwhile others of the stage go
        return isHeld ? { delayMs: 1000 } : "pass";
      });
      const there = await total();
      const closed = new AbortController();
      const stopped = await run(cluster, "uninstall --yes", {
        kubeconfig: proxy.kubeconfig(),
        signal: closed.signal,
        onStdout: () => {
          if (held.size > 0) closed.abort(new Stopped("stdout is closed", 0));
        },
      });
      expect(stopped.exitCode).toBe(1);
      const [, done, all, open = "0"] =
        /⚠ Stopped after (\d+) of (\d+) objects(?:; (\d+) under way, which may be gone or not)?\n {2}hint: Run the same command again to go on\n✗ stdout is closed\n$/.exec(
          stopped.stderr,
        ) ?? [];
      expect(all, stopped.stderr).toBe(String(there));
      expect(stopped.stdout.match(/deleted/g)).toHaveLength(Number(done));
      const gone = there - (await total());
      expect(gone).toBeGreaterThanOrEqual(Number(done));
      expect(gone).toBeLessThanOrEqual(Number(done) + Number(open));
    }
    expect(await run(cluster, "uninstall --yes")).toMatchObject({ exitCode: 0 });
    await untilSame(cluster, before);
  });

  test.for<[number, string]>([
    [1, ""],
    [1, ", finished"],
    [2, ", finished"],
    [5, ""],
    [40, ", finished"],
  ])(
    "leaves nothing of an install that was interrupted after %i objects%s",
    async ([after, finished], { cluster }) => {
      const before = await everythingIn(cluster);
      await interrupted(cluster, after);
      if (finished) await install(cluster);
      const done = await run(cluster, "uninstall --yes");
      expect(done).toMatchObject({ exitCode: 0 });
      expect(done.stderr).not.toContain(" stays, ");
      await untilSame(cluster, before);
    },
  );

  test("leaves the namespace of an interrupted install in which there is something else", async ({
    cluster,
  }) => {
    await interrupted(cluster, 1);
    await cluster.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "theirs", namespace: "argocd" },
    });
    expect(await run(cluster, "uninstall --yes")).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: expect.stringMatching(
        /^► The rest of an install in argocd of context .*\n► Namespace argocd stays, since ConfigMap theirs in argocd would go with it\n► Nothing is deleted\n$/,
      ),
    });
    await cluster.delete("v1", "ConfigMap", "theirs", "argocd");
    expect(await run(cluster, "uninstall --yes")).toMatchObject({
      exitCode: 0,
      stdout: "namespace/argocd deleted\n",
      stderr: expect.stringContaining("✔ Deleted the rest of an install in argocd: 1 object\n"),
    });
  });

  test("leaves what it is told to, CRDs until it is told otherwise", async ({ cluster }) => {
    const before = await everythingIn(cluster);
    await install(cluster);
    const kept = await run(cluster, "uninstall --yes --keep-crds --keep-namespace");
    expect(kept).toMatchObject({ exitCode: 0 });
    expect(kept.stderr).toContain("► Namespace argocd stays, as asked\n");
    expect(kept.stderr).toContain("► CustomResourceDefinition applications.argoproj.io stays, as asked\n");
    expect(await cluster.list("apps/v1", "Deployment", "argocd")).toEqual([]);
    await install(cluster);
    const second = await run(cluster, "uninstall --yes");
    expect(second.stderr).not.toContain(" stays, ");
    await untilSame(cluster, before);
  });

  test("takes CRDs that were installed alone, or left", async ({ cluster }) => {
    const before = await everythingIn(cluster);
    await run(cluster, `install --mode crds-only --version v2.8.4 --manifests ${sharedFolder("argo-cd")}`);
    expect(await run(cluster, "uninstall --yes --keep-crds")).toMatchObject({ exitCode: 5 });
    const theirs = application("shop/theirs", {}, { finalizers: [finalizer] });
    await vi.waitFor(() => cluster.apply(theirs), { timeout: 10_000 }); // until discovery has heard of the CRD
    const refused = await run(cluster, "uninstall --yes");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain(
      "✗ Cannot uninstall the CRDs of Argo CD: there is what flamingo did not make, and would go with them: Application theirs in shop\n",
    );
    const forced = await run(cluster, "uninstall --yes --force");
    expect(forced.stderr).toMatch(
      /^► The CRDs of Argo CD of context .*\n► Deleting 4 objects\n✔ Deleted the CRDs of Argo CD: 4 objects\n$/,
    );
    await untilSame(cluster, before);
  });

  test("takes a HelmRelease, too", async ({ cluster }) => {
    const before = await everythingIn(cluster);
    await install(cluster, "--version v2.8.4 --mode helmrelease -N by-flux");
    expect(await run(cluster, "uninstall --yes")).toEqual(onlyIn("by-flux"));
    const done = await run(cluster, "uninstall --yes -N by-flux");
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.stdout.split("\n").slice(0, 2)).toEqual([
      "helmrelease.helm.toolkit.fluxcd.io/flamingo deleted",
      "helmrepository.source.toolkit.fluxcd.io/argo-helm-repo deleted",
    ]);
    await untilSame(cluster, before);
  });

  test("is refused while there is what people declared", async ({ cluster }) => {
    await install(cluster);
    await cluster.applyAll([application("theirs", {}, { finalizers: [finalizer] }), appProject("shop")]);
    const refused = await run(cluster, "uninstall --yes");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain(
      "✗ Cannot uninstall the Argo CD in argocd: it has what flamingo did not make, and would go with it: Application theirs in argocd and AppProject shop in argocd\n",
    );
    await cluster.grant("alice", { apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch"] });
    await cluster.grant("alice", { apiGroups: ["*"], resources: ["*"], verbs: ["delete"] }, "argocd");
    const alice = { kubeconfig: cluster.kubeconfig({ user: "alice" }) };
    const powerless = await run(cluster, "uninstall --yes --force", alice);
    expect(powerless).toMatchObject({ exitCode: 1, stdout: "" });
    expect(powerless.stderr).toContain(
      "✗ Cannot uninstall with these rights: you may not patch applications.argoproj.io in argocd; you may not delete clusterroles.rbac.authorization.k8s.io, clusterrolebindings.rbac.authorization.k8s.io and customresourcedefinitions.apiextensions.k8s.io\n  hint: Choose another --context or --as, or ask for the rights; to check one: kubectl auth can-i patch applications.argoproj.io -n argocd\n",
    );
    expect(await run(cluster, "uninstall --yes --force")).toMatchObject({ exitCode: 0 });
    expect(await cluster.find(crd.apiVersion, crd.kind, crd.metadata.name)).toBeUndefined();
  });

  test("leaves CRDs that others have written, too", async ({ cluster }) => {
    await install(cluster);
    await run(cluster, "uninstall --yes --keep-crds");
    await cluster.change(crd, { metadata: { annotations: { "example.com/owner": "platform" } } });
    await install(cluster);
    const second = await run(cluster, "uninstall --yes");
    expect(second.stderr.match(/CustomResourceDefinition .* stays, .*/g)).toEqual([
      "CustomResourceDefinition applications.argoproj.io stays, since it was there before, with what flamingo changed in it",
    ]);
  });
});

describe.skipIf(missing)("uninstall of an engine beside an Argo CD that was found", () => {
  const engine = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "flamingo-loopback", namespace: "argocd" },
  };
  const record: TestObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "flamingo-install", namespace: "argocd" },
    data: { engine: "loopback", objects: "apps/Deployment/argocd/flamingo-loopback created\n" },
  };
  /** As an install does. */
  const applyEngine = (cluster: TestCluster) => {
    const made = runner("argocd/flamingo-loopback", [{ name: "flamingo", image: "flamingo" }]);
    return kubeOf(cluster).apply(Deployment, made, { fieldManager });
  };
  const lease = (
    holderIdentity: string,
    name = "flamingo-loopback",
    annotations: Record<string, string> = {},
  ): TestObject => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "argocd", labels: leaseLabels, annotations },
    spec: { holderIdentity, renewTime: new Date().toISOString().replace("Z", "000Z") },
  });
  const test = ownClusterTest(async (cluster) => {
    await flux(cluster);
    await cluster.createNamespace("argocd");
    await cluster.load(sharedArgoInstall("v2.8.4"), { namespace: "argocd" });
    await cluster.applyAll(madeByArgo);
  });

  test("waits until the engine is gone, and leaves the Argo CD", async ({ cluster }) => {
    const before = await everythingIn(cluster);
    await applyEngine(cluster);
    await cluster.applyAll<TestObject>([record, lease("flamingo-loopback-5d-x_1_ab")]);
    await generate(cluster);

    const held = { terminalTakesOver: false };
    const first = await run(cluster, "uninstall --yes", {
      onStdout: () => {
        if (held.terminalTakesOver) return;
        held.terminalTakesOver = true;
        void cluster
          .list("argoproj.io/v1alpha1", "Application")
          .then((applications) => expect(applications).toHaveLength(20))
          .then(() => cluster.apply(lease("laptop_1_ab")))
          .then(() => cluster.change(engine, { metadata: { finalizers: null } }));
      },
    });
    expect(first).toMatchObject({ exitCode: 1, stdout: "deployment.apps/flamingo-loopback deleted\n" });
    expect(first.stderr).toContain(
      "✗ Cannot go on: another flamingo loopback has taken over (laptop_1_ab)\n  hint: Stop it with Ctrl-C where it runs, then run this again; or add --force\n",
    );
    const second = await run(cluster, "uninstall --yes");
    expect(second).toMatchObject({ exitCode: 1, stdout: "" });
    expect(second.stderr).toContain(
      "✗ Cannot uninstall while flamingo loopback runs for the Argo CD in argocd (laptop_1_ab)\n",
    );
    await cluster.applyAll([lease(""), lease("laptop_1_ab", "flamingo-loopback-2-of-3")]);
    expect((await run(cluster, "uninstall --yes")).stderr).toContain(
      "runs for the Argo CD in argocd (laptop_1_ab (shard 2 of 3))\n",
    );
    await cluster.apply(lease("", "flamingo-loopback-2-of-3"));
    const third = await run(cluster, "uninstall --yes");
    expect(third).toMatchObject({ exitCode: 0 });
    expect(third.stderr).toContain("► 10 Applications stay, since their Argo CD does\n");
    const changes = changesBetween(before, await everythingIn(cluster));
    expect(changes.filter((line) => !line.startsWith("+ argoproj.io/Application/"))).toEqual([]);
  });

  test("takes nobody for the engine that waits for its Lease, and waits until that is free", async ({
    cluster,
  }) => {
    const pod = "flamingo-loopback-5d-x_1_ab";
    await applyEngine(cluster);
    await cluster.apply(record);
    const waiting = { "flamingo/waiting": `laptop_1_ab ${new Date().toISOString()}` };
    await cluster.apply(lease(pod, "flamingo-loopback", waiting));
    const refused = await run(cluster, "uninstall --yes");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain(
      "✗ Cannot uninstall while flamingo loopback runs for the Argo CD in argocd (laptop_1_ab)\n",
    );
    const letGo = () => cluster.change(engine, { metadata: { finalizers: null } });

    // it gives back what somebody waits for
    await cluster.apply(lease(pod));
    const taken = await run(cluster, "uninstall --yes", {
      onStdout: () => void cluster.apply(lease("", "flamingo-loopback", waiting)).then(letGo),
    });
    expect(taken).toMatchObject({ exitCode: 1, stdout: "deployment.apps/flamingo-loopback deleted\n" });
    expect(taken.stderr).toContain(
      "✗ Cannot go on: another flamingo loopback has taken over (laptop_1_ab)\n",
    );

    // its Pod is gone without a word
    await cluster.apply(lease(pod));
    const late = await run(cluster, "uninstall --yes --timeout 3s");
    expect(late).toMatchObject({ exitCode: 3, stdout: "" });
    expect(late.stderr).toContain(
      `✗ Cannot wait any longer: Lease flamingo-loopback in argocd is held by ${pod}\n`,
    );
    expect(await cluster.find("v1", "ConfigMap", "flamingo-install", "argocd")).toBeDefined();
    await cluster.apply(lease(""));
    expect(await run(cluster, "uninstall --yes")).toMatchObject({ exitCode: 0 });
  });

  test("ends at the deadline when the engine does not go", async ({ cluster }) => {
    await applyEngine(cluster);
    await cluster.apply(record);
    const late = await run(cluster, "uninstall --yes --timeout 2s");
    expect(late).toMatchObject({ exitCode: 3, stdout: "deployment.apps/flamingo-loopback deleted\n" });
    expect(late.stderr).toContain(
      "✗ Cannot wait any longer: Deployment flamingo-loopback in argocd is Terminating: it is held by foregroundDeletion\n",
    );
    expect(await cluster.find("v1", "ConfigMap", "flamingo-install", "argocd")).toBeDefined();
  });
});

describe("uninstall by a record that somebody else wrote", () => {
  const test = ownClusterTest(async (cluster) => {
    await flux(cluster);
    await cluster.installCrds(argoCrds());
    for (const name of ["argocd", "tenant", "victim"]) await cluster.createNamespace(name);
  });

  test("takes only what flamingo has applied, and is asked for by name", async ({ cluster }) => {
    const configMap = (name: string): ConfigMap => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "tenant" },
      data: { a: "b" },
    });
    await cluster.apply(configMap("theirs"));
    await cluster.apply(runner("victim/web", [{ name: "web", image: "web" }]));
    const lines = [
      "/Namespace//victim",
      "/Namespace//shop",
      "apiextensions.k8s.io/CustomResourceDefinition//kustomizations.kustomize.toolkit.fluxcd.io",
      "apiextensions.k8s.io/CustomResourceDefinition//applications.argoproj.io",
      "apps/Deployment/victim/web",
      "kustomize.toolkit.fluxcd.io/Kustomization/shop/w1",
      "/ConfigMap/tenant/theirs",
      "/ConfigMap/tenant/ours",
    ];
    await cluster.apply<TestObject>({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "flamingo-install", namespace: "tenant" },
      data: { objects: lines.map((line) => `${line} created\n`).join("") },
    });
    const before = await everythingIn(cluster);
    await kubeOf(cluster).apply(ConfigMap, configMap("ours"), { fieldManager });
    expect(await run(cluster, "uninstall --yes --force")).toMatchObject(onlyIn("tenant"));
    const done = await run(cluster, "uninstall --yes --force -N tenant");
    expect(done).toMatchObject({
      exitCode: 0,
      stdout: "configmap/ours deleted\nconfigmap/flamingo-install deleted\n",
    });
    expect(changesBetween(before, await everythingIn(cluster))).toEqual([
      "- /ConfigMap/tenant/flamingo-install",
    ]);
  });

  test("is not kept from the default one", async ({ cluster }) => {
    const records = ["argocd", "tenant"].map((namespace) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "flamingo-install", namespace },
      data: { objects: "/ConfigMap/argocd/gone created\n" },
    }));
    await cluster.applyAll<TestObject>(records);
    expect((await run(cluster, "uninstall --dry-run")).stderr).toMatch(
      /^► The install in argocd of context /,
    );
    await cluster.delete("v1", "ConfigMap", "flamingo-install", "argocd");
    await cluster.apply<TestObject>({
      ...(records[0] as TestObject),
      metadata: { name: "flamingo-install", namespace: "victim" },
    });
    expect(await run(cluster, "uninstall --dry-run")).toMatchObject({
      exitCode: 1,
      stderr:
        "✗ Cannot choose an install: there is one in each of tenant and victim\n  hint: Name its namespace with -N\n",
    });
  });
});

describe.skipIf(missing)("uninstall of one of two Argo CDs", () => {
  let stop = async () => {};
  const test = ownClusterTest(async (cluster) => {
    await flux(cluster);
    stop = playControllers(cluster);
  });
  afterAll(() => stop());

  test("leaves what the other one needs", async ({ cluster }) => {
    await install(cluster);
    await cluster.createNamespace("other");
    await cluster.load(sharedArgoInstall("v2.8.4").replaceAll("namespace: argocd", "namespace: other"), {
      namespace: "other",
    });
    await cluster.apply(application("other/theirs"));
    const settings = (namespace: string, patterns: string) =>
      cluster.change(
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-cmd-params-cm", namespace } },
        { data: { "application.namespaces": patterns } },
      );
    await settings("argocd", "apps,both");
    await settings("other", "both");
    await cluster.createNamespace("both");
    await cluster.applyAll(["apps", "both"].map((namespace) => generated(ks("shop/w1"), { namespace })));
    const before = await everythingIn(cluster);
    const done = await run(cluster, "uninstall --yes");
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.stderr).toContain(
      "► ClusterRoleBinding argocd-server stays, since ServiceAccount argocd-server in other needs it, too\n",
    );
    expect(done.stderr).toContain(
      "► CustomResourceDefinition applications.argoproj.io stays, since Argo CD runs in other, too\n",
    );
    const ours = ([key]: [string, string]) =>
      key.split("/")[2] === "argocd" ||
      ["/Namespace//argocd", "argoproj.io/Application/apps/w1"].includes(key);
    await untilSame(cluster, Object.fromEntries(Object.entries(before).filter((entry) => !ours(entry))));
  });

  test("goes by the record where it is, or by -N", async ({ cluster }) => {
    const elsewhere = await run(cluster, "uninstall --yes -N nowhere");
    expect(elsewhere).toMatchObject({ exitCode: 5 });
  });
});

describe.skipIf(missing)("uninstall of what Flux keeps", () => {
  const test = ownClusterTest(flux);

  test("is refused, with who keeps it", async ({ cluster }) => {
    await cluster.createNamespace("argocd");
    const record: TestObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "flamingo-install",
        namespace: "argocd",
        labels: { "kustomize.toolkit.fluxcd.io/name": "w1", "kustomize.toolkit.fluxcd.io/namespace": "shop" },
      },
    };
    await cluster.apply(record);
    const refused = await run(cluster, "uninstall --yes --force");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain(
      "✗ Cannot uninstall ConfigMap flamingo-install in argocd: Kustomization w1 in shop keeps it, and would bring it back\n  hint: Take it out of what Kustomization w1 in shop applies: Flux prunes it then\n",
    );
  });
});
