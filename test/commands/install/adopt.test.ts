import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { Stopped } from "../../../src/abort.js";
import type { Application } from "../../../src/argo/application.js";
import type { PodRunner } from "../../../src/kube/kinds.js";
import type { KubeObject } from "../../../src/kube/object.js";
import { application, generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";
import { fluxMinor, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { isSharedMissing, sharedArgoInstall } from "../../cluster/shared.js";
import { flamingo, type Surroundings } from "../../flamingo.js";
import { changesBetween, everythingIn } from "../uninstall-scene.js";

const missing = isSharedMissing("argo-cd/v2.8.4", "argo-cd/v3.6.1");

function adopt(cluster: TestCluster, flags: string, around: Surroundings = {}) {
  return flamingo(`install --no-wait ${flags}`, { kubeconfig: cluster.kubeconfig(), ...around });
}

const argo = (tag: string) => async (cluster: TestCluster) => {
  await cluster.installCrds(fluxMinor("2.2"));
  await cluster.createNamespace("argocd");
  await cluster.load(sharedArgoInstall(tag), { namespace: "argocd" });
};

const runners = [
  ["Deployment", "argocd-applicationset-controller"],
  ["Deployment", "argocd-dex-server"],
  ["Deployment", "argocd-notifications-controller"],
  ["Deployment", "argocd-repo-server"],
  ["Deployment", "argocd-server"],
  ["StatefulSet", "argocd-application-controller"],
] as const;

test.each([
  ["--rollback --mode tenant", "--rollback does not go with --mode tenant"],
  ["--mode adopt --engine loopback", "--engine loopback does not go with --mode adopt"],
  ["--mode adopt --export", "--export does not go with --mode adopt"],
  ["--mode adopt --auto", "--auto does not go with --mode adopt"],
  ["--rollback --version v2.8.4", "--version does not go with --rollback"],
  ["--mode adopt --registry https://r.example/", '--registry "https://r.example/" is no registry'],
  ["--mode adopt --image a:b:c", '--image "a:b:c" is no image'],
  ["--mode adopt --diff --dry-run", "--diff and --dry-run do not go together"],
])("install %s is a wrong command line", async (line, message) =>
  expect(await flamingo(`install ${line}`)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`✗ ${message}\n`),
  }),
);

describe.skipIf(missing)("install --mode adopt on a stock Argo CD", () => {
  const test = ownClusterTest(argo("v2.8.4"));

  test("changes images and nothing else, and --rollback takes it back", async ({ cluster }) => {
    const before = await everythingIn(cluster);
    const diff = await adopt(cluster, "--mode adopt --diff");
    expect(diff).toMatchObject({ exitCode: 4 });
    expect(diff.stdout.match(/^\+ .*image: ghcr\.io\/flux-subsystem-argo/gm)).toHaveLength(7);
    const unasked = await adopt(cluster, "--mode adopt");
    expect(unasked).toMatchObject({ exitCode: 1, stdout: "" });
    expect(unasked.stderr).toContain(
      "✗ Cannot change the images of stock Argo CD v2.8.4 in argocd without being told to\n  hint: Add --yes; what it would change tells --diff\n",
    );
    const dryRun = await adopt(cluster, "--mode adopt --dry-run=server");
    expect(dryRun.stdout.match(/ configured \(server dry run\)\n/g)).toHaveLength(6);
    expect(changesBetween(before, await everythingIn(cluster))).toEqual([]);

    const yes = Object.assign(Readable.from(["y\n"]), { isTTY: true });
    const done = await adopt(cluster, "--mode adopt", { terminal: yes });
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.stdout.split("\n").slice(0, 2)).toEqual([
      "deployment.apps/argocd-applicationset-controller configured",
      "deployment.apps/argocd-dex-server configured",
    ]);
    expect(done.stderr).toMatch(
      /► deployment\.apps\/argocd-dex-server, copyutil: quay\.io\/argoproj\/argocd:v2\.8\.4 → ghcr\.io\/flux-subsystem-argo\/fsa\/argocd:v2\.8\.\d+-fl\.\S+\n/,
    );
    const changes = runners.map(([kind, name]) => `~ apps/${kind}/argocd/${name}`);
    expect(changesBetween(before, await everythingIn(cluster))).toEqual(changes);
    expect(await adopt(cluster, "--mode adopt --yes")).toMatchObject({
      exitCode: 0,
      stdout: "",
      stderr: expect.stringContaining("✔ Nothing is to be changed in argocd\n"),
    });

    const back = await adopt(cluster, "--rollback --yes");
    expect(back).toMatchObject({ exitCode: 0 });
    const spec = (text = "{}") => (JSON.parse(text) as PodRunner).spec;
    const after = await everythingIn(cluster);
    for (const [kind, name] of runners) {
      const key = `apps/${kind}/argocd/${name}`;
      expect(spec(after[key])).toEqual(spec(before[key]));
      expect(after[key]).not.toContain('"flamingo/images-before":');
    }
    expect((await adopt(cluster, "--rollback --yes")).stderr).toContain(
      "✗ Cannot roll back stock Argo CD v2.8.4 in argocd: nothing in argocd says what ran before\n",
    );
  });

  test("tells a reader who goes away as a failure, but not of a dry run", async ({ cluster }) => {
    const untilClosed = (flags: string) => {
      const closed = new AbortController();
      const onStdout = () => closed.abort(new Stopped("stdout is closed", 0));
      return adopt(cluster, flags, { signal: closed.signal, onStdout });
    };
    const first = "deployment.apps/argocd-applicationset-controller configured";
    expect(await untilClosed("--mode adopt --dry-run=server")).toMatchObject({
      exitCode: 0,
      stdout: `${first} (server dry run)\n`,
      stderr: expect.not.stringMatching(/Stopped|✗/),
    });
    expect(await untilClosed("--mode adopt --yes")).toMatchObject({
      exitCode: 1,
      stdout: `${first}\n`,
      stderr: expect.stringMatching(
        /⚠ Stopped after 1 of 6 objects\n {2}hint: Run the same command again to go on\n✗ stdout is closed\n$/,
      ),
    });
    const rest = await adopt(cluster, "--mode adopt --yes");
    expect(rest).toMatchObject({ exitCode: 0 });
    expect(rest.stdout.match(/ configured\n/g)).toHaveLength(5);
    expect(await adopt(cluster, "--rollback --yes")).toMatchObject({ exitCode: 0 });
  });

  test("keeps to its minor", async ({ cluster }) => {
    const other = await adopt(cluster, "--mode adopt --version v2.9.3 --yes");
    expect(other).toMatchObject({ exitCode: 1, stdout: "" });
    expect(other.stderr).toContain(
      "✗ Cannot adopt stock Argo CD v2.8.4 in argocd with v2.9.3: it is of another minor, for which only the images would be right\n  hint: Take --version 2.8, upgrade it with --mode all, or add --force\n",
    );
    const older = await adopt(cluster, "--mode adopt --version v2.8.3 --yes");
    expect(older).toMatchObject({ exitCode: 1, stdout: "" });
    expect(older.stderr).toContain("it is older than the Argo CD 2.8.4 that is there");
    const forced = await adopt(
      cluster,
      "--mode adopt --version v2.8.3 --force --dry-run --registry r.example",
    );
    expect(forced).toMatchObject({ exitCode: 0 });
    expect(forced.stderr).toContain("→ r.example/flux-subsystem-argo/fsa/argocd:v2.8.3-fl.");
  });

  test("takes no image away that Applications need, before they have another form", async ({ cluster }) => {
    await adopt(cluster, "--mode adopt --yes");
    const native = application("native", { syncPolicy: { syncOptions: ["FluxSubsystem=true"] } });
    await cluster.applyAll<TestObject>([generated(ks("shop/web"), { engine: "fsa" }), native]);
    const refused = await adopt(cluster, "--rollback --yes");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain(
      "✗ Cannot take the FSA image away: flamingo did not make Application native in argocd, and with a stock Argo CD Sync would apply what it shows a second time\n  hint: Delete them without cascading first, and make new ones with flamingo generate-app\n",
    );
    await cluster.delete("argoproj.io/v1alpha1", "Application", "native", "argocd");
    await cluster.grant("alice", {
      apiGroups: ["*"],
      resources: ["*"],
      verbs: ["get", "list", "watch", "update"],
    });
    const alice = { kubeconfig: cluster.kubeconfig({ user: "alice" }) };
    const powerless = await adopt(cluster, "--rollback --yes", alice);
    expect(powerless).toMatchObject({ exitCode: 1, stdout: "" });
    expect(powerless.stderr).toContain(
      "✗ Cannot take the FSA image away: you may not patch Applications in argocd, which would be applied a second time\n",
    );
    const done = await adopt(cluster, "--rollback --yes");
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.stderr).toContain(
      "► Before that Applications get the form for the engine loopback (1 of them), which must run to fill them\n",
    );
    const web = await cluster.get<Application>("argoproj.io/v1alpha1", "Application", "web", "argocd");
    const { metadata, spec } = generated(ks("shop/web"));
    expect(web).toMatchObject({ metadata: { annotations: metadata.annotations }, spec });
  });

  const release = { "meta.helm.sh/release-name": "argo" };
  const flux = (kind: string) => ({
    [`${kind}.toolkit.fluxcd.io/name`]: "argo",
    [`${kind}.toolkit.fluxcd.io/namespace`]: "flux-system",
  });
  const tracking = { "argocd.argoproj.io/tracking-id": "argo:apps/Deployment:argocd/argocd-server" };
  const image = "ghcr.io/flux-subsystem-argo/fsa/argocd";
  test.for<[owner: string, metadata: object, printed: string, where: string]>([
    [
      "Helm release argo",
      { annotations: release },
      `---\nglobal:\n  image:\n    repository: ${image}\n    tag: TAG\n`,
      "the values of Helm release argo",
    ],
    [
      "HelmRelease argo in flux-system",
      { labels: flux("helm") },
      `---\nspec:\n  values:\n    global:\n      image:\n        repository: ${image}\n        tag: TAG\n`,
      "HelmRelease argo in flux-system",
    ],
    [
      "Kustomization argo in flux-system",
      { labels: flux("kustomize") },
      `---\nspec:\n  images:\n  - name: quay.io/argoproj/argocd\n    newName: ${image}\n    newTag: TAG\n`,
      "Kustomization argo in flux-system",
    ],
    [
      "Application argo",
      { annotations: tracking },
      `---\nspec:\n  source:\n    kustomize:\n      images:\n      - quay.io/argoproj/argocd=${image}:TAG\n`,
      "Application argo",
    ],
    [
      "ArgoCD argo in argocd",
      { ownerReferences: [{ apiVersion: "argoproj.io/v1beta1", kind: "ArgoCD", name: "argo", uid: "u" }] },
      `---\nspec:\n  image: ${image}\n  version: TAG\n`,
      "ArgoCD argo in argocd",
    ],
  ])("is left to %s, with what to set there", async ([, metadata, printed, where], { cluster }) => {
    const server = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "argocd-server", namespace: "argocd" },
    } as KubeObject;
    await cluster.change(server, { metadata });
    const before = await everythingIn(cluster);
    const owned = await adopt(cluster, "--mode adopt --yes --force");
    expect(owned).toMatchObject({ exitCode: 1 });
    expect(owned.stdout.replace(/v2\.8\.\d+-fl\.[\w.-]+/, "TAG")).toBe(printed);
    expect(owned.stderr).toMatch(
      /✗ Cannot change the images of stock Argo CD v2\.8\.4 in argocd \(.*\): .* would put back what is changed\n/,
    );
    expect(owned.stderr).toContain(`hint: Set what is printed in ${where}\n`);
    expect(changesBetween(before, await everythingIn(cluster))).toEqual([]);
    const nothing = Object.fromEntries(
      Object.keys({ ...release, ...flux("helm"), ...flux("kustomize"), ...tracking }).map((key) => [
        key,
        null,
      ]),
    );
    await cluster.change(server, {
      metadata: { annotations: nothing, labels: nothing, ownerReferences: null },
    });
  });
});

describe.skipIf(missing)("install --mode adopt on an Argo CD that no FSA image is of", () => {
  const test = ownClusterTest(argo("v3.6.1"));

  test("is refused, and the engine offered", async ({ cluster }) => {
    const refused = await adopt(cluster, "--mode adopt --yes");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain(
      "✗ Cannot choose an FSA image for the Argo CD 3.6.1 that is there: none of 3.6 is as new\n  hint: Stay with it and use the engine loopback\n",
    );
    expect((await adopt(cluster, "--mode adopt --yes -N nowhere")).exitCode).toBe(5);
  });
});
