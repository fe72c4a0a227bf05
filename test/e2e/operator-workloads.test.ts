/** Applications of what the Flux Operator reconciles. It does not run here: the test applies and writes what it would. */
import { expect, onTestFinished } from "vitest";
import { labelsOf } from "../../src/flux/applied-by.js";
import { groupOf } from "../../src/kube/object-id.js";
import { annotation, requestAnnotation } from "../../src/names.js";
import { fi, flux as fluxObject, hr, ks, operatorReady, rset } from "../builders/flux.js";
import { yaml } from "../builders/kube.js";
import type { TestObject } from "../cluster/crds.js";
import { loopbackAsDocumented } from "./documented.js";
import { e2eTest, type Rig } from "./e2e.js";
import { extensionCrds } from "./extension-crds.js";
import { run, served } from "./run.js";
import { treeShown } from "./shown.js";
import { flux } from "./workloads.js";

const operator = "fluxcd.controlplane.io/v1";

function settings(namespace: string, name: string, labels: Record<string, string> = {}): TestObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels } };
}

/** An object as the operator leaves it that has applied these. */
function having(object: TestObject, applied: readonly TestObject[]): TestObject {
  const entries = applied.map(({ apiVersion, kind, metadata: { namespace, name } }) => ({
    id: `${namespace}_${name}_${groupOf(apiVersion)}_${kind}`,
    v: apiVersion.split("/").at(-1),
  }));
  const lastAppliedRevision = `sha256:${"1".repeat(64)}`;
  return { ...object, status: { conditions: [operatorReady], inventory: { entries }, lastAppliedRevision } };
}

/**
 * A ResourceSet, which a Kustomization has applied and two providers give inputs, with a ConfigMap, a Kustomization and a HelmRelease
 * that it has applied itself; and a FluxInstance with a ConfigMap and the Kustomization of its sync, which is that first one. Each has an Application: `NAME-set`,
 * `NAME-instance`.
 */
async function operated(rig: Rig, name: string) {
  await rig.cluster.installCrds(await extensionCrds());
  const inputsFrom = [{ name: "named" }, { selector: { matchLabels: { for: "teams" } } }];
  const written = rset(`${name}/teams`, { inputsFrom });
  const { namespace, kustomization, source } = await flux(rig, name, {
    "app/set.yaml": yaml(written),
    "inner/settings.yaml": yaml(settings(name, "of-inner")),
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\n",
    "charts/web/templates/settings.yaml": yaml(settings(name, "of-release")),
  });
  const { url } = source["spec"] as { url: string };
  const sync = { kind: "GitRepository", url, ref: "refs/heads/main", path: "app" };
  const distribution = { version: "2.x", registry: "ghcr.io/fluxcd" };
  const sourceRef = { kind: "GitRepository", name: source.metadata.name };
  const chart = { spec: { chart: "./charts/web", sourceRef } };
  const labels = labelsOf({ kind: "ResourceSet", namespace, name: "teams" });
  const ofSet = [
    settings(namespace, "of-set", labels),
    ks(`${namespace}/inner`, { path: "./inner", sourceRef }, { labels }),
    hr(`${namespace}/release`, { chart }, { labels }),
  ];
  const ofInstance = settings(
    namespace,
    "of-instance",
    labelsOf({ kind: "FluxInstance", namespace, name: "flux" }),
  );
  const [, inner, release] = await rig.cluster.applyAll([...ofSet, ofInstance]);
  for (const object of [inner, release]) await rig.untilReady(object as TestObject);
  const set = having(written, ofSet);
  const instance = having(fi(`${namespace}/flux`, { distribution, sync }), [ofInstance, kustomization]);
  const provider = (of: string, metadata: object = {}) => ({
    ...fluxObject("ResourceSetInputProvider", `${namespace}/${of}`, { type: "Static" }, metadata),
    status: { conditions: [operatorReady] },
  });
  const chosen = provider("chosen", { labels: { for: "teams" } });
  await rig.cluster.applyAll<TestObject>([set, instance, provider("named"), chosen, provider("other")]);
  // other tests would find a Flux that this one describes
  onTestFinished(() => rig.cluster.delete(operator, "FluxInstance", "flux", namespace));
  for (const [ref, of] of [
    ["rset/teams", "set"],
    ["fi/flux", "instance"],
  ])
    await run(rig, `generate-app ${ref} -n ${namespace} --app-name ${name}-${of}`);
  await loopbackAsDocumented(rig);
  return { namespace, url, set, instance };
}

async function untilShown(rig: Rig, application: string, status: object): Promise<void> {
  await expect.poll(() => served(rig, application)).toMatchObject({ status });
}

/** Waits until the operator is asked to reconcile an object, and writes what came of it. */
async function reconcileAsked(rig: Rig, object: TestObject, condition: object): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const asked = async () => {
    const { annotations } = (await rig.cluster.get(apiVersion, kind, metadata.name, metadata.namespace))
      .metadata;
    return annotations?.[requestAnnotation.reconcile];
  };
  await expect.poll(asked).toBeDefined();
  const lastTransitionTime = new Date().toISOString();
  const conditions = [{ ...operatorReady, ...condition, lastTransitionTime }];
  const status = { ...(object["status"] as object), lastHandledReconcileAt: await asked(), conditions };
  await rig.cluster.apply({ ...object, status });
}

e2eTest("a ResourceSet and a FluxInstance are in their pages, down to workloads", async ({ rig }) => {
  const name = "operator-shown";
  const { namespace, url, set } = await operated(rig, name);
  await untilShown(rig, `${name}-set`, {
    sync: { status: "Synced", revision: `sha256:${"1".repeat(64)}` },
    health: { status: "Healthy" },
  });
  const belowProviders = "below ResourceSetInputProvider/chosen ResourceSetInputProvider/named";
  expect(await treeShown(rig.argocd(), `${name}-set`)).toEqual([
    "ConfigMap/of-set below ResourceSet/teams: -",
    "HelmRelease/release below ResourceSet/teams: Healthy",
    "Kustomization/inner below ResourceSet/teams: Healthy",
    `ResourceSet/teams ${belowProviders}: Healthy`,
    "ResourceSetInputProvider/chosen below nothing: Healthy",
    "ResourceSetInputProvider/named below nothing: Healthy",
  ]);
  await untilShown(rig, `${name}-instance`, { sync: { status: "Synced" }, health: { status: "Healthy" } });
  expect(await treeShown(rig.argocd(), `${name}-instance`)).toEqual([
    "ConfigMap/of-instance below FluxInstance/flux: -",
    "FluxInstance/flux below nothing: Healthy",
    "Kustomization/web below FluxInstance/flux: Healthy",
  ]);
  const sources = [
    ["set", "main"],
    ["instance", "refs/heads/main"],
  ];
  for (const [of, targetRevision] of sources)
    expect(await served(rig, `${name}-${of}`)).toMatchObject({
      spec: { source: { repoURL: url, path: "app", targetRevision } },
    });
  const drawn = await rig.argocd().cli("app", "get", `${name}-set`, "--output", "tree");
  expect(drawn).toMatchObject({ exitCode: 0 });
  for (const below of ["ConfigMap/of-set", "HelmRelease/release", "Kustomization/inner"])
    expect(drawn.stdout).toMatch(new RegExp(`ResourceSet/teams [^]*\\n[│ ]*[├└]─${below} `));

  const switched = (to: string | null) =>
    rig.cluster.change(set, { metadata: { annotations: { [`${groupOf(operator)}/reconcile`]: to } } });
  await switched("disabled");
  await untilShown(rig, `${name}-set`, { sync: { status: "Synced" }, health: { status: "Suspended" } });
  expect(await treeShown(rig.argocd(), `${name}-set`)).toContain(
    `ResourceSet/teams ${belowProviders}: Suspended`,
  );
  const sync = await rig.argocd().cli("app", "sync", `${name}-set`, "--timeout", "60");
  expect(sync).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining(
      `ResourceSet teams in ${namespace} is suspended: resume it first (flamingo resume ${name}-set)`,
    ),
  });
  await switched(null);
  await untilShown(rig, `${name}-set`, { health: { status: "Healthy" } });
});

e2eTest("Sync asks the operator; a FluxInstance never goes with its Application", async ({ rig }) => {
  const name = "operator-pressed";
  const { namespace, set, instance } = await operated(rig, name);
  await untilShown(rig, `${name}-set`, { health: { status: "Healthy" } });
  await untilShown(rig, `${name}-instance`, { health: { status: "Healthy" } });
  const sync = (of: string) => rig.argocd().cli("app", "sync", `${name}-${of}`, "--timeout", "60");
  const message = "Reconciliation finished in 3s";
  const [done] = await Promise.all([sync("set"), reconcileAsked(rig, set, { message })]);
  expect(done).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(message) });

  const failure = { status: "False", reason: "ArtifactFailed", message: "no such version of Flux" };
  const [failed] = await Promise.all([sync("instance"), reconcileAsked(rig, instance, failure)]);
  expect(failed).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(failure.message) });
  await untilShown(rig, `${name}-instance`, {
    sync: { status: "OutOfSync" },
    health: { status: "Degraded" },
  });

  // nobody applies it any more
  const labels = { "kustomize.toolkit.fluxcd.io/name": null, "kustomize.toolkit.fluxcd.io/namespace": null };
  await rig.cluster.change(set, { metadata: { labels } });
  for (const of of ["set", "instance"]) {
    const application = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };
    const metadata = { name: `${name}-${of}`, namespace: "argocd" };
    await rig.cluster.change(
      { ...application, metadata },
      { metadata: { annotations: { [annotation.cascade]: "flux" } } },
    );
    await rig.argocd().request("DELETE", `/api/v1/applications/${metadata.name}`);
    await expect.poll(() => served(rig, metadata.name)).toBeUndefined();
  }
  const left = await Promise.all([
    rig.cluster.find(operator, "ResourceSet", "teams", namespace),
    rig.cluster.find(operator, "FluxInstance", "flux", namespace),
    rig.cluster.find("v1", "ConfigMap", "of-set", namespace),
    rig.cluster.find("source.toolkit.fluxcd.io/v1", "GitRepository", "content", namespace),
  ]);
  expect(left.map((object) => object?.metadata.name)).toEqual([undefined, "flux", "of-set", "content"]);
});
