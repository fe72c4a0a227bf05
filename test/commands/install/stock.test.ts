import { describe, expect } from "vitest";
import { Stopped } from "../../../src/abort.js";
import { reportedAnnotation } from "../../../src/argo/loopback-lease.js";
import type { ConfigMap, PodRunner } from "../../../src/kube/kinds.js";
import { version } from "../../../src/version.js";
import { fluxMinor, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { isSharedMissing, sharedArgoInstall } from "../../cluster/shared.js";
import { install, makeReady, outcomes, recordIn } from "./run.js";

const missing = isSharedMissing("argo-cd/v3.6.1", "argo-cd/v3.5.1");

const deploymentOf = (cluster: TestCluster, name: string) =>
  cluster.find<PodRunner>("apps/v1", "Deployment", name, "argocd");

const argumentsOf = async (cluster: TestCluster) =>
  (await deploymentOf(cluster, "flamingo-loopback"))?.spec?.template?.spec?.containers?.[0]?.args;

/** Somebody reports, or has at least the Lease. */
function hold(cluster: TestCluster, identity: string, reported?: string) {
  const now = new Date().toISOString();
  return cluster.apply({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: "flamingo-loopback",
      namespace: "argocd",
      annotations: reported === undefined ? {} : { [reportedAnnotation]: `${now} ${reported} ${identity}` },
    },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: 30,
      acquireTime: now.replace("Z", "000Z"),
      renewTime: now.replace("Z", "000Z"),
    },
  });
}

describe.skipIf(missing)("install into a cluster with Flux and nothing else", () => {
  const test = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.9")));

  // one after the other, as somebody would
  test("brings stock Argo CD and the engine, and nothing changes the second time", async ({ cluster }) => {
    const first = await install(cluster, "--no-wait");
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stderr).toMatch(
      /^► Argo CD in argocd of context \S+ .* at https:\S+, Kubernetes v\S+\n► Stock Argo CD v3\.6\.1: the newest that is open to no high or critical advisory and was tested with Kubernetes v\S+\n► The engine loopback, flamingo itself in the cluster: every Kustomization and HelmRelease of all namespaces gets an Application\n► Argo CD v3\.6\.1 is in no advisory as of 2026-08-21; /,
    );
    expect(first.stdout.split("\n").slice(0, 2)).toEqual([
      "namespace/argocd created",
      "configmap/flamingo-install created",
    ]);
    const { created = 0, ...others } = outcomes(first.stdout);
    expect(others).toEqual({});
    expect((await recordIn(cluster))?.data).toMatchObject({
      argocd: "v3.6.1",
      auto: "true",
      engine: "loopback",
      flamingo: version,
      mode: "all",
    });
    expect(await argumentsOf(cluster)).toContain("--auto");

    const again = await install(cluster, "--no-wait");
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stderr).toContain("► Stock Argo CD v3.6.1: its version stays\n");
    expect(outcomes(again.stdout)).toEqual({ unchanged: created });
    expect(await install(cluster, "--diff")).toMatchObject({ exitCode: 0, stdout: "" });
  });

  test("it is waited for until an engine of this version has reported", async ({ cluster }) => {
    let written: Promise<unknown> | undefined;
    const work = async () => {
      await makeReady(cluster, "argocd");
      await hold(cluster, "flamingo-loopback-5d9c_1_ab12", "0.0.1");
      await hold(cluster, "flamingo-loopback-7d9c_1_ab12", version);
    };
    const run = await install(cluster, "--timeout 1m", {
      onStderr: (text) => {
        if (text.includes("◎ Waiting")) written = work();
      },
    });
    await written;
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toMatch(
      /◎ Waiting until everything in argocd runs, and the engine has reported everything once\n[\s\S]*✔ Everything in argocd runs, and the engine reports\n► See it: flamingo port-fwd --open, and the password with flamingo show-init-password\n$/,
    );
  });

  test("what was asked for stays until something else is", async ({ cluster }) => {
    const quiet = await install(cluster, "--no-auto --no-wait");
    expect(quiet).toMatchObject({ exitCode: 0 });
    expect(await argumentsOf(cluster)).not.toContain("--auto");
    const again = await install(cluster, "--no-wait");
    expect(again.stderr).toContain("► As it was installed before: --no-auto\n");
    expect(outcomes(again.stdout)).toEqual({ unchanged: expect.any(Number) });
  });

  test("another number of shards takes the place of the one before", async ({ cluster }) => {
    const engines = async () => {
      const all = await cluster.list("apps/v1", "Deployment", "argocd");
      return all.map(({ metadata }) => metadata.name).filter((name) => name.startsWith("flamingo-"));
    };
    const first = await install(cluster, "--shards 2 --no-wait");
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toContain("deployment.apps/flamingo-loopback deleted\n");
    expect(await engines()).toEqual(["flamingo-loopback-1-of-2", "flamingo-loopback-2-of-2"]);
    const again = await install(cluster, "--no-wait");
    expect(again.stderr).toContain("--shards 2\n");
    expect(outcomes(again.stdout)).toEqual({ unchanged: expect.any(Number) });
    const trial = await install(cluster, "--shards 1 --dry-run=server");
    expect(trial.stderr).toContain(
      "► Deployment flamingo-loopback-1-of-2 in argocd goes: it is for another number of shards\n",
    );
    expect(await engines()).toHaveLength(2);
    const closed = new AbortController();
    const stopped = await install(cluster, "--shards 1 --no-wait", {
      signal: closed.signal,
      onStdout: (text) => {
        if (text.includes(" deleted")) closed.abort(new Stopped("stdout is closed", 0));
      },
    });
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stderr).toMatch(
      /⚠ Stopped after 1 of 2 objects that go\n {2}hint: Run the same command again to go on\n✗ stdout is closed\n$/,
    );
    expect(await engines()).toEqual(["flamingo-loopback", "flamingo-loopback-2-of-2"]);
    await install(cluster, "--shards 1 --no-wait");
    expect(await engines()).toEqual(["flamingo-loopback"]);
  });

  test("somebody's terminal that reports is named", async ({ cluster }) => {
    await hold(cluster, "laptop_4711_ab12", version);
    const run = await install(cluster, "--timeout 1m");
    expect(run).toMatchObject({ exitCode: 3 });
    expect(run.stderr).toContain(
      "✗ Cannot finish the install: flamingo loopback runs as laptop_4711_ab12, too, and reports to the Argo CD in argocd\n  hint: End it there, and the engine takes over by itself\n",
    );
  });
});

describe.skipIf(missing)("install beside an Argo CD of somebody else", () => {
  const test = ownClusterTest(async (cluster) => {
    await cluster.installCrds(fluxMinor("2.9"));
    await cluster.createNamespace("argocd");
    await cluster.load(sharedArgoInstall("v3.5.1"), { namespace: "argocd" });
  });

  test("brings the engine alone, when told to", async ({ cluster }) => {
    const unasked = await install(cluster, "--no-wait");
    expect(unasked).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unasked.stderr).toContain("► Nothing changes in stock Argo CD v3.5.1 in argocd\n");
    expect(unasked.stderr).toContain(
      "✗ Cannot install beside stock Argo CD v3.5.1 in argocd without being told to\n  hint: Add --yes; what it would change tells --diff\n",
    );
    const everywhere = await install(cluster, "--no-wait --yes --auto");
    expect(everywhere).toMatchObject({ exitCode: 1, stdout: "" });
    expect(everywhere.stderr).toContain(
      "✗ Cannot install --auto beside stock Argo CD v3.5.1 in argocd: whoever may see its AppProject default would see every workload\n",
    );
    const idle = await install(cluster, "--no-wait --yes --anonymous");
    expect(idle).toMatchObject({ exitCode: 2, stdout: "" });
    expect(idle.stderr).toContain("✗ --anonymous is for Argo CD, which is left alone here\n");

    const server = await deploymentOf(cluster, "argocd-server");
    const done = await install(cluster, "--no-wait --yes");
    expect(done).toMatchObject({ exitCode: 0 });
    expect(outcomes(done.stdout)).toEqual({ created: expect.any(Number) });
    expect(done.stdout).toContain("networkpolicy.networking.k8s.io/flamingo-loopback-redis created\n");
    expect(done.stdout).not.toContain("argocd-server");
    expect(done.stderr).toMatch(/► Show Flux in it: flamingo generate-app --all -A\n$/);
    expect(await deploymentOf(cluster, "argocd-server")).toEqual(server);
    const { argocd, engine, auto } = ((await recordIn(cluster)) as ConfigMap).data ?? {};
    expect({ argocd, engine, auto }).toEqual({ argocd: undefined, engine: "loopback", auto: "false" });

    const again = await install(cluster, "--no-wait");
    expect(outcomes(again.stdout)).toEqual({ unchanged: expect.any(Number) });
    const theirs = await install(cluster, "--mode crds-only --version v3.6.1 --force");
    expect(theirs).toMatchObject({ exitCode: 1, stdout: "" });
    expect(theirs.stderr).toContain(
      "✗ Cannot change stock Argo CD v3.5.1 in argocd, which flamingo did not install, without being told to\n",
    );
    const auto2 = await install(cluster, "--no-wait --auto --project-template {namespace}");
    expect(auto2).toMatchObject({ exitCode: 0 });
    expect(await argumentsOf(cluster)).toEqual(expect.arrayContaining(["--auto", "--project-template"]));
  });

  test("rights go where nothing needs them any more", async ({ cluster }) => {
    await cluster.createNamespace("team-a");
    const look = (namespaces: string) =>
      cluster.change(
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "argocd-cmd-params-cm", namespace: "argocd" },
        },
        { data: { "application.namespaces": namespaces } },
      );
    const role = () =>
      cluster.find("rbac.authorization.k8s.io/v1", "Role", "flamingo-loopback-argocd", "team-a");
    await look("team-a,gone");
    const wider = await install(cluster, "--no-wait");
    expect(wider).toMatchObject({ exitCode: 0 });
    expect(wider.stderr).toContain(
      "⚠ Applications in gone will not be shown: Argo CD looks for them there, and the namespace does not exist\n  hint: Run flamingo install again when it does\n",
    );
    expect(await role()).toBeDefined();
    await look("");
    expect(await install(cluster, "--diff")).toMatchObject({ exitCode: 4 });
    const narrower = await install(cluster, "--no-wait");
    expect(narrower.stderr).toContain(
      "► Role flamingo-loopback-argocd in team-a goes: nothing needs it any more\n",
    );
    expect(narrower.stdout).toContain(
      "rolebinding.rbac.authorization.k8s.io/flamingo-loopback-argocd deleted\n",
    );
    expect(await role()).toBeUndefined();
    expect(outcomes((await install(cluster, "--no-wait")).stdout)).toEqual({
      unchanged: expect.any(Number),
    });
  });

  test("not into a namespace that is being deleted", async ({ cluster }) => {
    await cluster.delete("v1", "Namespace", "argocd");
    const late = await install(cluster, "--no-wait");
    expect(late).toMatchObject({ exitCode: 1, stdout: "" });
    expect(late.stderr).toContain(
      "✗ Cannot install over Namespace argocd: it is being deleted\n  hint: Run the same command again when it is gone\n",
    );
  });
});

describe.skipIf(missing)("install beside a highly available Argo CD of somebody else", () => {
  const test = ownClusterTest(async (cluster) => {
    await cluster.installCrds(fluxMinor("2.9"));
    await cluster.createNamespace("argocd");
    await cluster.load(sharedArgoInstall("v3.6.1", "ha/install.yaml"), { namespace: "argocd" });
  });

  test("brings an engine that is let through to the proxy of its redis, with the password", async ({
    cluster,
  }) => {
    const done = await install(cluster, "--no-wait --yes");
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.stderr).toContain("► Nothing changes in stock Argo CD v3.6.1 in argocd\n");
    expect(outcomes(done.stdout)).toEqual({ created: expect.any(Number) });
    expect(
      await cluster.find("networking.k8s.io/v1", "NetworkPolicy", "flamingo-loopback-redis", "argocd"),
    ).toMatchObject({
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/name": "argocd-redis-ha-haproxy" } },
        ingress: [{ ports: [{ port: 6379 }, { port: 26379 }] }],
      },
    });
    const role = await cluster.find<TestObject & { rules: object[] }>(
      "rbac.authorization.k8s.io/v1",
      "Role",
      "flamingo-loopback",
      "argocd",
    );
    expect(role?.rules).toContainEqual(
      expect.objectContaining({ resources: ["secrets"], resourceNames: ["argocd-redis"] }),
    );
  });

  test("is that of --ha when it changes, and no other", async ({ cluster }) => {
    const standard = await install(cluster, "--no-wait --yes --version v3.6.1");
    expect(standard).toMatchObject({ exitCode: 1, stdout: "" });
    expect(standard.stderr).toContain(
      "✗ Cannot install over stock Argo CD v3.6.1 in argocd: it is one of --ha, and what only that has would stay\n  hint: Add --ha, or add --force to leave that there\n",
    );
    const ha = await install(cluster, "--dry-run=client --yes --version v3.6.1 --ha");
    expect(ha).toMatchObject({ exitCode: 0 });
    expect(ha.stdout).toContain("deployment.apps/argocd-redis-ha-haproxy unchanged (dry run)\n");
  });
});

describe.skipIf(missing)("install of stock Argo CD into a cluster with Flux 2.2", () => {
  const test = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.2")));

  test("lets the engine read Helm's storage, and says so", async ({ cluster }) => {
    const run = await install(cluster, "--dry-run=client");
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain(
      "⚠ The engine may read all Secrets, since Flux before 2.8 keeps what a HelmRelease consists of in Helm's\n",
    );
  });
});

describe.skipIf(missing)("install of stock Argo CD without Flux", () => {
  const test = ownClusterTest();

  test("only when told to, and with how to get it", async ({ cluster }) => {
    const unasked = await install(cluster, "--no-wait");
    expect(unasked).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unasked.stderr).toContain(
      "⚠ There is no Flux yet: flux install brings it, and the engine finds it when it comes\n",
    );
    expect(unasked.stderr).toContain(
      "✗ Cannot install without Flux, of which nothing is here, without being told to\n",
    );
    await cluster.createNamespace("elsewhere");
    await cluster.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "flamingo-install", namespace: "elsewhere" },
      data: { argocd: "v3.5.1", auto: "false", engine: "loopback", mode: "all" },
    } as ConfigMap);
    // whoever may write there could have
    const drawn = await install(cluster, "--dry-run=client");
    expect(drawn).toMatchObject({ exitCode: 1, stdout: "" });
    expect(drawn.stderr).toBe(
      "✗ Cannot choose a namespace: no Argo CD runs, and an install is remembered in elsewhere\n  hint: Add -N elsewhere to go on with it, or -N argocd for a new one\n",
    );
    const interrupted = await install(cluster, "--dry-run=client -N elsewhere");
    expect(interrupted.stderr).toMatch(
      /^► Argo CD in elsewhere of context .*\n► Stock Argo CD v3\.5\.1: its version stays\n► Argo CD v3\.6\.1 is newer: --version v3\.6\.1 takes it\n/,
    );
    const monitored = await install(cluster, "--no-wait --yes --service-monitor --dry-run=client -N argocd");
    expect(monitored.stderr).toContain("⚠ No ServiceMonitor is made: this cluster does not serve them\n");
  });
});
