import { describe, expect } from "vitest";
import type { ConfigMap, PodRunner } from "../../../src/kube/kinds.js";
import type { KubeObject } from "../../../src/kube/object.js";
import { fluxMinor, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import { isSharedMissing, sharedArgoInstall } from "../../cluster/shared.js";
import { install, makeReady, outcomes, recordIn } from "./run.js";

const missing = isSharedMissing("argo-cd/v2.8.4", "argo-cd/v2.8.6");
const serverImage = async (cluster: TestCluster, namespace = "argocd") =>
  (await cluster.get<PodRunner>("apps/v1", "Deployment", "argocd-server", namespace)).spec?.template?.spec
    ?.containers?.[0]?.image;

describe.skipIf(missing)("install into a cluster with Flux", () => {
  const test = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.2")));

  // one after the other, as somebody would
  test("it is told what would be done", async ({ cluster }) => {
    const diff = await install(cluster, "--version v2.8.4 --diff");
    expect(diff).toMatchObject({ exitCode: 4 });
    expect(diff.stderr).toMatch(/⚠ \d+ objects are not checked: their namespace is not there yet\n/);
    expect(diff.stdout).toContain("+++ generated//Namespace//argocd");
    const dryRun = await install(cluster, "--version v2.8.4 --dry-run");
    expect(dryRun).toMatchObject({ exitCode: 0 });
    expect(outcomes(dryRun.stdout)).toEqual({ created: 57 });
    expect(await cluster.find("v1", "Namespace", "argocd")).toBeUndefined();
  });

  test("by Flux, in the versions that the cluster serves", async ({ cluster }) => {
    const release = await install(cluster, "--version v2.8.4 --mode helmrelease --no-wait -N by-flux");
    expect(release).toMatchObject({
      exitCode: 0,
      stdout: `namespace/by-flux created
configmap/flamingo-install created
helmrelease.helm.toolkit.fluxcd.io/flamingo created
helmrepository.source.toolkit.fluxcd.io/argo-helm-repo created
`,
    });
    const exported = await install(
      cluster,
      "--version v2.8.4 --mode helmrelease --export --context test -N by-flux",
    );
    expect(exported.stdout).toContain("apiVersion: helm.toolkit.fluxcd.io/v2beta2\n");
  });

  test("it is installed, and nothing changes the second time", async ({ cluster }) => {
    // by Flux one was begun elsewhere
    const first = await install(cluster, "--version v2.8.4 --no-wait -N argocd");
    expect(first.stderr).toContain("✔ Applied 57 of 57 objects: 57 created\n");
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout.split("\n").slice(0, 2)).toEqual([
      "namespace/argocd created",
      "configmap/flamingo-install created",
    ]);
    expect(first.stderr).toMatch(
      /^► Argo CD in argocd of context \S+ .* at https:\/\/127\.0\.0\.1:\d+, Kubernetes v/,
    );
    const { data = {} } = (await recordIn(cluster)) as ConfigMap;
    expect(data).toMatchObject({ argocd: "v2.8.4", engine: "fsa", mode: "all" });
    expect(data["objects"]).toContain("apps/Deployment/argocd/argocd-server created\n");
    expect(data["objects"]?.trim().split("\n")).toHaveLength(56);

    const again = await install(cluster, "--version v2.8.4 --no-wait");
    expect(again.stderr).toContain("✔ Applied 57 of 57 objects: 57 unchanged\n");
    expect(await install(cluster, "--version v2.8.4 --diff")).toMatchObject({ exitCode: 0, stdout: "" });
    const dryRun = await install(cluster, "--version v2.8.4 --dry-run");
    expect(outcomes(dryRun.stdout)).toEqual({ unchanged: 57 });
  });

  test("it is upgraded, but not back, and to no other mode", async ({ cluster }) => {
    const origins = (await recordIn(cluster))?.data?.["objects"];
    const next = await install(cluster, "--version v2.8.6 --diff");
    expect(next).toMatchObject({ exitCode: 4 });
    expect(next.stdout).toMatch(/-\s+image: ghcr\.io\/flux-subsystem-argo\/fsa\/argocd:v2\.8\.4-fl/);
    const upgrade = await install(cluster, "--version v2.8.6 --no-wait");
    expect(upgrade).toMatchObject({ exitCode: 0 });
    expect(outcomes(upgrade.stdout)["created"]).toBeUndefined();
    expect(outcomes(upgrade.stdout)["configured"]).toBeLessThan(12);
    expect(await serverImage(cluster)).toMatch(/:v2\.8\.6-fl\./);
    expect((await recordIn(cluster))?.data?.["objects"]).toBe(origins);

    const back = await install(cluster, "--version v2.8.4 --no-wait");
    expect(back).toMatchObject({ exitCode: 1, stdout: "" });
    expect(back.stderr).toContain("it is older than the Argo CD 2.8.6 that is there");
    const tenant = await install(cluster, "--version v2.8.6 --mode tenant --no-wait");
    expect(tenant.stderr).toContain(
      "✗ Cannot install --mode tenant over the install of --mode all in argocd: what only that needs would stay\n  hint: Add --mode all, or --force to leave it there\n",
    );
  });

  test("it is waited for until everything runs", async ({ cluster }) => {
    let written: Promise<unknown> | undefined;
    const run = await install(cluster, "--version v2.8.6", {
      onStderr: (text) => {
        if (text.includes("◎ Waiting until everything in argocd runs"))
          written = makeReady(cluster, "argocd");
      },
    });
    await written;
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toMatch(
      /✔ Everything in argocd runs\n► See it: flamingo port-fwd --open, and the password with flamingo show-init-password\n► Show Flux in it: flamingo generate-app --all -A\n$/,
    );
  });

  test("a second one has to be for one namespace", async ({ cluster }) => {
    const second = await install(cluster, "--version v2.8.6 --no-wait -N team-a");
    expect(second).toMatchObject({ exitCode: 1, stdout: "" });
    expect(second.stderr).toMatch(
      /✗ Cannot install a second Argo CD for the whole cluster: there is the FSA image v2\.8\.6-fl\.\S+ in argocd, whose ClusterRoles have the same names\n {2}hint: Name its namespace with -N argocd, take --mode tenant, or add --force\n/,
    );
    const tenant = "--version v2.8.6 --no-wait -N team-a --mode tenant";
    const unasked = await install(cluster, tenant);
    expect(unasked).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unasked.stderr).toMatch(
      /✗ Cannot install beside the FSA image v2\.8\.6-fl\.\S+ in argocd without being told to\n/,
    );
    expect(await install(cluster, `${tenant} --yes`)).toMatchObject({ exitCode: 0 });
    const again = await install(cluster, "--version v2.8.6 -N team-a --dry-run");
    expect(again.stderr).toContain("► As it was installed before: --mode tenant\n");
    expect(Object.keys(outcomes(again.stdout))).toEqual(["unchanged"]);
    const lost = await install(cluster, "--version v2.8.6 --no-wait");
    expect(lost.stderr).toContain(
      "✗ Cannot choose a namespace: an Argo CD runs in each of argocd and team-a\n  hint: Name one with -N\n",
    );
  });

  test("what Helm keeps is left to Helm", async ({ cluster }) => {
    const helm = { "meta.helm.sh/release-name": "argo", "meta.helm.sh/release-namespace": "argocd" };
    for (const [kind, name] of [
      ["Deployment", "argocd-server"],
      ["Deployment", "argocd-repo-server"],
      ["StatefulSet", "argocd-application-controller"],
    ] as const)
      await cluster.change(
        { apiVersion: "apps/v1", kind, metadata: { name, namespace: "argocd" } } as KubeObject,
        { metadata: { annotations: helm } },
      );
    const owned = await install(cluster, "--version v2.8.6 --no-wait -N argocd --force");
    expect(owned).toMatchObject({ exitCode: 1, stdout: "" });
    expect(owned.stderr).toMatch(
      /✗ Cannot install over the FSA image \S+ in argocd \(Helm release argo\): Helm would put back what is changed\n {2}hint: Set the image there, in the values of Helm release argo: global: \{image: \{repository: ghcr\.io\/flux-subsystem-argo\/fsa\/argocd, tag: v2\.8\.6-fl\.\S+\}\}\n/,
    );
  });
});

describe.skipIf(missing)("install where something is in the way", () => {
  const test = ownClusterTest();

  test("no Flux", async ({ cluster }) => {
    const unasked = await install(cluster, "--version v2.8.4 --no-wait");
    expect(unasked).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unasked.stderr).toContain(
      "✗ Cannot install without Flux, of which nothing is here, without being told to\n  hint: Install Flux first, or add --yes: its workloads are shown when it comes\n",
    );
    const release = await install(cluster, "--version v2.8.4 --mode helmrelease --no-wait --yes");
    expect(release).toMatchObject({ exitCode: 6, stdout: "" });
    const tenant = await install(cluster, "--version v2.8.4 --mode tenant --no-wait --yes");
    expect(tenant).toMatchObject({ exitCode: 6, stdout: "" });
    expect(tenant.stderr).toMatch(
      /✗ Cannot install for one namespace: https:\S+ does not serve Applications\n {2}hint: Install the CRDs first: flamingo install --version v2\.8\.4 --mode crds-only\n/,
    );
  });

  test("missing rights are told at once, before anything is written", async ({ cluster }) => {
    const everything = { apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch"] };
    await cluster.grant("alice", everything);
    const alice = { kubeconfig: cluster.kubeconfig({ user: "alice" }) };
    const powerless = await install(cluster, "--version v2.8.4 --no-wait --yes", alice);
    expect(powerless).toMatchObject({ exitCode: 1, stdout: "" });
    expect(powerless.stderr).toMatch(
      /✗ Cannot install with these rights: you may not create or patch namespaces, customresourcedefinitions\.apiextensions\.k8s\.io, clusterroles[^;]+; you may not create or patch serviceaccounts, [^;]+, deployments\.apps[^;]+ in argocd\n {2}hint: /,
    );
    const narrow = await cluster.createNamespace("narrow");
    await cluster.grant("bob", { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, narrow);
    const bob = { kubeconfig: cluster.kubeconfig({ user: "bob" }) };
    expect((await install(cluster, `--version v2.8.4 -N ${narrow} --no-wait --yes`, bob)).stderr).toMatch(
      /✗ Cannot install with these rights: you may not get or create or patch customresourcedefinitions\.apiextensions\.k8s\.io, clusterroles[^;]+\n {2}hint: /,
    );
    await cluster.grant("alice", { apiGroups: ["*"], resources: ["*"], verbs: ["create", "patch"] });
    const escalating = await install(cluster, "--version v2.8.4 --no-wait --yes", alice);
    expect(escalating.stderr).toMatch(
      /✗ Cannot install with these rights: cannot apply ClusterRole argocd-application-controller: .*attempting to grant RBAC permissions not currently held/,
    );
    expect(await cluster.find("v1", "Namespace", "argocd")).toBeUndefined();
  });

  test("CRDs of a newer Argo CD", async ({ cluster }) => {
    const crds = await install(cluster, "--version v2.10.5 --mode crds-only --yes");
    expect(crds).toMatchObject({ exitCode: 0 });
    expect(outcomes(crds.stdout)).toEqual({ created: 3 });
    const older = await install(cluster, "--version v2.8.4 --no-wait --yes");
    expect(older).toMatchObject({ exitCode: 1, stdout: "" });
    expect(older.stderr).toMatch(
      /✗ Cannot install over CustomResourceDefinition applications\.argoproj\.io: it is of a newer Argo CD, and would lose \S+ and \d+ more fields\n {2}hint: Take a newer --version, or add --force to replace it all the same\n/,
    );
  });

  test("interrupted, and run again", async ({ cluster }) => {
    const stop = new AbortController();
    const stopped = await install(cluster, "--version v2.10.5 --no-wait --yes", {
      signal: stop.signal,
      onStderr: (text) => {
        // what it does is remembered before most of it is done
        if (text.includes("Applying"))
          void expect
            .poll(() => recordIn(cluster), { interval: 10 })
            .toBeDefined()
            .then(() => stop.abort(new Error("stop")));
      },
    });
    expect(stopped.stderr).toMatch(/⚠ Stopped after \d+ of 59 objects/);
    const resumed = await install(cluster, "--version v2.10.5 --no-wait --yes");
    expect(resumed).toMatchObject({ exitCode: 0 });
    expect(resumed.stderr).toContain("✔ Applied 59 of 59 objects: ");
    const origins = (await recordIn(cluster))?.data?.["objects"] ?? "";
    expect(origins).not.toContain(" changed\n");
    expect(origins).toContain("/CustomResourceDefinition//applications.argoproj.io created\n");
  });
});

describe.skipIf(missing)("install over an Argo CD of somebody else", () => {
  const test = ownClusterTest(async (cluster) => {
    await cluster.installCrds(fluxMinor("2.2"));
    await cluster.createNamespace("argocd");
    await cluster.load(sharedArgoInstall("v2.8.4"), { namespace: "argocd" });
  });

  test("only when told to, and its fields only by force", async ({ cluster }) => {
    const unasked = await install(cluster, "--version v2.8.4 --no-wait --force");
    expect(unasked).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unasked.stderr).toContain(
      "✗ Cannot change stock Argo CD v2.8.4 in argocd, which flamingo did not install, without being told to\n  hint: Add --yes; what it would change tells --diff\n",
    );
    const unforced = await install(cluster, "--version v2.8.4 --no-wait --yes");
    expect(unforced).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unforced.stderr).toMatch(
      /✗ Cannot install over what is there: .*cannot apply Deployment argocd-server in argocd: .*test.*image.*\n {2}hint: Add --force to take the fields over; those of ConfigMaps and Secrets never are\n/,
    );
    expect(await serverImage(cluster)).toBe("quay.io/argoproj/argocd:v2.8.4");
    expect(await recordIn(cluster)).toBeUndefined();

    const forced = await install(cluster, "--version v2.8.4 --no-wait --yes --force");
    expect(forced).toMatchObject({ exitCode: 0 });
    expect(await serverImage(cluster)).toMatch(/:v2\.8\.4-fl\./);
    expect((await recordIn(cluster))?.data?.["objects"]).toContain(
      "apps/Deployment/argocd/argocd-server changed\n",
    );
  });
});
