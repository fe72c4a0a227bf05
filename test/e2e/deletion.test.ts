import { describe, expect } from "vitest";
import { application } from "../builders/argo.js";
import type { TestObject } from "../cluster/crds.js";
import { readObjects } from "../cluster/yaml.js";
import type { Argocd } from "./argocd.js";
import { documented, loopbackAsDocumented } from "./documented.js";
import { e2eTest, type Rig } from "./e2e.js";
import type { ArgocdVersion } from "./programs.js";
import { run, served } from "./run.js";
import { allow, strictArgocd } from "./strict-argocd.js";
import { deployment, flux } from "./workloads.js";

const kustomize = "kustomize.toolkit.fluxcd.io/v1";
const source = "source.toolkit.fluxcd.io/v1";
const argo = "argoproj.io/v1alpha1";

const finalizer = "resources-finalizer.argocd.argoproj.io";

interface Way {
  /** of the Application, before it is deleted */
  finalizers?: string[];
  /** it is made by an ApplicationSet of the same name */
  bySet?: true;
  delete(rig: Rig, name: string): Promise<unknown>;
}

const rest =
  (query = ""): Way["delete"] =>
  async (rig, name) =>
    expect(await rig.argocd().request("DELETE", `/api/v1/applications/${name}${query}`)).toMatchObject({
      status: 200,
    });

const cli =
  (version: ArgocdVersion, ...flags: string[]): Way["delete"] =>
  async (rig, name) =>
    expect(await rig.argocd(version).cli("app", "delete", name, "--yes", ...flags)).toMatchObject({
      exitCode: 0,
    });

const kubectl: Way["delete"] = (rig, name) => rig.cluster.delete(argo, "Application", name, "argocd");

/** By the name of the Application. */
const ways: Record<string, Way> = {
  "del-rest": { delete: rest() },
  "del-rest-foreground": { delete: rest("?cascade=true&propagationPolicy=foreground") },
  "del-rest-background": { delete: rest("?cascade=true&propagationPolicy=background") },
  "del-rest-alone": { delete: rest("?cascade=false") },
  "del-rest-alone-declared": { finalizers: [finalizer], delete: rest("?cascade=false") },
  "del-cli": { delete: cli("3.6", "--wait") },
  "del-cli-background": { delete: cli("3.6", "--propagation-policy", "background") },
  "del-cli-alone": { delete: cli("3.6", "--cascade=false") },
  "del-cli-2.14": { delete: cli("2.14") },
  "del-cli-2.8": { delete: cli("2.8") },
  "del-kubectl": { delete: kubectl },
  "del-kubectl-declared": { finalizers: [finalizer], delete: kubectl },
  "del-kubectl-forms": {
    finalizers: [`${finalizer}/foreground`, `${finalizer}/background`],
    delete: kubectl,
  },
  "del-kubectl-hooks": {
    finalizers: [
      "post-delete-finalizer.argocd.argoproj.io",
      "post-delete-finalizer.argocd.argoproj.io/cleanup",
    ],
    delete: kubectl,
  },
  "del-twice": { delete: (rig, name) => rest()(rig, name).then(() => rest()(rig, name).catch(() => {})) },
  "del-with-set": {
    bySet: true,
    delete: (rig, name) => rig.cluster.delete(argo, "ApplicationSet", name, "argocd"),
  },
  // its own controller deletes it
  "del-lost": {
    finalizers: [finalizer],
    async delete(rig, name) {
      const annotations = { "argocd.argoproj.io/skip-reconcile": null };
      await rig.cluster.change(application(name), { metadata: { annotations } });
      await kubectl(rig, name);
    },
  },
  "del-during-sync": {
    async delete(rig, name) {
      await rig.argocd().request("POST", `/api/v1/applications/${name}/sync`, {});
      await rest()(rig, name);
    },
  },
};

/** Of the same name: its controller makes this Application. */
function applicationSetFor({ metadata, spec }: TestObject): TestObject {
  const { name, labels, annotations } = metadata;
  return {
    apiVersion: argo,
    kind: "ApplicationSet",
    metadata: { name, namespace: "argocd" },
    spec: {
      generators: [{ list: { elements: [{}] } }],
      template: { metadata: { name, labels, annotations }, spec },
    },
  };
}

/** What generate-app makes, not applied. */
async function generated(rig: Rig, line: string): Promise<TestObject> {
  const { stdout } = await run(rig, `generate-app ${line} --export`);
  const [application] = readObjects(stdout);
  return application as TestObject;
}

async function applicationNames(rig: Rig, prefix: string): Promise<string[]> {
  const all = await rig.cluster.list(argo, "Application", "argocd");
  return all.map(({ metadata }) => metadata.name).filter((name) => name.startsWith(prefix));
}

/** What redis has of Applications whose names begin so, but for one. */
async function treeKeys(rig: Rig, prefix: string, except: string): Promise<string[]> {
  const keys = (await rig.redis.command("KEYS", `app|*|${prefix}*`)) as Buffer[];
  return keys.map(String).filter((key) => !key.includes(`|${except}|`));
}

/** Flux's objects and what they made, as far as deleting would be seen. */
async function identities(rig: Rig, namespace: string) {
  const objects = await Promise.all([
    rig.cluster.find(kustomize, "Kustomization", "web", namespace),
    rig.cluster.find(source, "GitRepository", "content", namespace),
    rig.cluster.find("apps/v1", "Deployment", "web", namespace),
  ]);
  return objects.map((object) => ({
    kind: object?.kind,
    uid: object?.metadata.uid,
    deleted: object?.metadata["deletionTimestamp"],
  }));
}

async function reasons(rig: Rig, name: string): Promise<string[]> {
  const events = await rig.cluster.list("v1", "Event", "argocd");
  return events
    .filter((event) => (event["involvedObject"] as { name: string }).name === name)
    .map((event) => event["reason"] as string)
    .filter((reason) => reason.startsWith("Flux"));
}

describe("deleting an Application", () => {
  e2eTest("in any way leaves Flux and what it made alone", async ({ rig }) => {
    const { namespace } = await flux(rig, "del-ways");
    const before = await identities(rig, namespace);
    const made = await generated(rig, `ks/web -n ${namespace} --app-name del`);
    for (const [name, { finalizers = [], bySet }] of Object.entries(ways)) {
      const named = { ...made, metadata: { ...made.metadata, name, finalizers } };
      await rig.cluster.apply(bySet ? applicationSetFor(named) : named);
    }
    // an Application of Argo CD's own with an Application of ours in it
    const apps = await rig.repository("del-apps");
    const child = { ...made, metadata: { ...made.metadata, name: "del-child" } };
    await apps.commit({ "apps/child.yaml": JSON.stringify(child) });
    await rig.cluster.apply(
      application("del-parent", {
        source: { repoURL: apps.url, path: "apps", targetRevision: "main" },
        destination: { server: "https://kubernetes.default.svc", namespace: "argocd" },
        syncPolicy: { automated: {} },
      }),
    );
    const first = await loopbackAsDocumented(rig);
    for (const name of ["del-child", ...Object.keys(ways)])
      await expect.poll(() => served(rig, name)).toMatchObject({ status: { sync: { status: "Synced" } } });

    await Promise.all([
      ...Object.entries(ways).map(([name, way]) => way.delete(rig, name)),
      rest()(rig, "del-parent"),
    ]);
    await expect.poll(() => applicationNames(rig, "del-")).toEqual([]);
    expect(await identities(rig, namespace)).toEqual(before);
    expect(first.said()).toContain(
      `Application del-rest in argocd: Kustomization web in ${namespace} stays, and so does what it applied: only an Application with the annotation flamingo/cascade: flux takes it along`,
    );
    expect(await reasons(rig, "del-rest")).toEqual(["FluxObjectsKept"]);
    expect(await reasons(rig, "del-kubectl-hooks")).toEqual(["FluxObjectsKept"]);
    // Argo CD keeps its own for a while
    await expect.poll(() => treeKeys(rig, "del-", "del-parent")).toEqual([]);

    // nobody is there to answer
    await rig.cluster.apply({ ...made, metadata: { ...made.metadata, name: "del-later" } });
    await first.stop();
    await rest()(rig, "del-later");
    expect(await served(rig, "del-later")).toHaveProperty("metadata.deletionTimestamp");
    await loopbackAsDocumented(rig);
    await expect.poll(() => applicationNames(rig, "del-")).toEqual([]);
    expect(await identities(rig, namespace)).toEqual(before);
  });

  e2eTest("with --cascade=flux deletes what nobody else needs", async ({ rig }) => {
    const child = (name: string, namespace: string) => `apiVersion: ${kustomize}
kind: Kustomization
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  interval: 1h
  path: ./child
  prune: true
  targetNamespace: ${namespace}
  sourceRef: { kind: GitRepository, name: content }
`;
    const { namespace, kustomization } = await flux(rig, "del-cascade", {
      "app/deployment.yaml": deployment("web"),
      "parent/child.yaml": child("child", "del-cascade"),
      "child/deployment.yaml": deployment("child"),
    });
    const parent = await rig.cluster.apply<TestObject>({
      apiVersion: kustomize,
      kind: "Kustomization",
      metadata: { name: "parent", namespace },
      spec: { ...(kustomization["spec"] as object), path: "./parent" },
    });
    await rig.untilReady(parent);
    for (const name of ["web", "parent", "child"])
      await run(rig, `generate-app ks/${name} -n ${namespace} --app-name del-with-${name} --cascade=flux`);
    await loopbackAsDocumented(rig);
    for (const name of ["web", "parent", "child"])
      await expect
        .poll(() => served(rig, `del-with-${name}`))
        .toMatchObject({ status: { sync: { status: "Synced" } } });

    // its parent would bring it back
    await rest()(rig, "del-with-child");
    // others use its source
    await rest()(rig, "del-with-web");
    await expect.poll(() => applicationNames(rig, "del-with-")).toEqual(["del-with-parent"]);
    await expect.poll(() => rig.cluster.find("apps/v1", "Deployment", "web", namespace)).toBeUndefined();
    await expect.poll(() => rig.cluster.find(kustomize, "Kustomization", "web", namespace)).toBeUndefined();
    expect(await reasons(rig, "del-with-child")).toEqual(["FluxObjectsKept"]);
    expect(await reasons(rig, "del-with-web")).toEqual(["FluxObjectsDeleted"]);
    expect(await rig.cluster.find(source, "GitRepository", "content", namespace)).toBeDefined();
    const stays = await rig.cluster.get(kustomize, "Kustomization", "child", namespace);
    expect(stays.metadata).not.toHaveProperty("deletionTimestamp");

    // without cascade nothing goes, whatever the annotation says
    await run(rig, `generate-app ks/child -n ${namespace} --app-name del-with-child --cascade=flux`);
    await rest("?cascade=false")(rig, "del-with-child");
    await rest()(rig, "del-with-parent");
    await expect.poll(() => applicationNames(rig, "del-with-")).toEqual([]);
    await expect.poll(() => rig.cluster.list(kustomize, "Kustomization", namespace)).toEqual([]);
    await expect.poll(() => rig.cluster.find("apps/v1", "Deployment", "child", namespace)).toBeUndefined();
  });
});

describe("deleting a node of the tree", () => {
  e2eTest("goes past flamingo, unless Argo CD's RBAC denies it", async ({ rig }) => {
    const [policy = "", mayAct = ""] = documented("csv").map((text) => text.replaceAll("flux-users", "test"));
    const [{ namespace }, strict] = await Promise.all([flux(rig, "del-node"), strictArgocd(rig, policy)]);
    const name = "del-node";
    await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
    await loopbackAsDocumented(rig);
    await expect.poll(() => served(rig, name)).toMatchObject({ status: { sync: { status: "Synced" } } });
    const node = new URLSearchParams({
      namespace,
      resourceName: "web",
      group: "apps",
      version: "v1",
      kind: "Deployment",
    });
    const suspend = async (argocd: Argocd) => {
      const flux = {
        namespace,
        resourceName: "web",
        group: "kustomize.toolkit.fluxcd.io",
        version: "v1",
        kind: "Kustomization",
      };
      const body = { ...flux, action: "suspend" };
      return (await argocd.request("POST", `/api/v1/applications/${name}/resource/actions/v2`, body)).status;
    };
    const path = `/api/v1/applications/${name}/resource?${node}`;
    expect(await strict.request("GET", path)).toMatchObject({ status: 200 });
    expect(await strict.request("DELETE", path)).toMatchObject({ status: 403 });
    expect(await suspend(strict)).toBe(403);
    const edit = `${path}&patchType=application/merge-patch%2Bjson`;
    expect(await strict.request("POST", edit, "{}")).toMatchObject({ status: 403 });
    await allow(rig, `${policy.replace(/^.*action.*$/m, "")}${mayAct}`);
    await expect.poll(() => suspend(strict)).toBe(200);
    const restart = await strict.cli("app", "actions", "run", name, "restart", "--kind", "Deployment");
    expect(restart.stderr).toContain("permission denied");
    const flag = ["--kind", "Deployment"];
    const denied = await strict.cli("app", "delete-resource", name, ...flag);
    expect(denied).toMatchObject({ exitCode: 20, stderr: expect.stringContaining("permission denied") });
    expect(await rig.cluster.find("apps/v1", "Deployment", "web", namespace)).toBeDefined();

    expect(await rig.argocd().cli("app", "delete-resource", name, ...flag)).toMatchObject({ exitCode: 0 });
    await expect.poll(() => rig.cluster.find("apps/v1", "Deployment", "web", namespace)).toBeUndefined();
    const gone = expect.objectContaining({
      kind: "Deployment",
      status: "OutOfSync",
      health: { status: "Missing" },
    });
    await expect
      .poll(() => served(rig, name))
      .toMatchObject({
        status: { health: { status: "Suspended" }, resources: expect.arrayContaining([gone]) },
      });
    // the Application itself may go
    expect(await strict.request("DELETE", `/api/v1/applications/${name}`)).toMatchObject({ status: 200 });
    await expect.poll(() => applicationNames(rig, name)).toEqual([]);
    expect(await rig.cluster.find(kustomize, "Kustomization", "web", namespace)).toBeDefined();
  });
});
