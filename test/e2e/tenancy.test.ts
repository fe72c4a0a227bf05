import { gunzipSync } from "node:zlib";
import { describe, expect } from "vitest";
import type { AppProject } from "../../src/argo/app-project.js";
import { application, appProject } from "../builders/argo.js";
import type { TestObject } from "../cluster/crds.js";
import { readObjects } from "../cluster/yaml.js";
import { loopbackAsDocumented } from "./documented.js";
import { e2eTest, type Rig } from "./e2e.js";
import { run, served } from "./run.js";
import { deployment, flux } from "./workloads.js";

const kustomize = "kustomize.toolkit.fluxcd.io/v1";
const source = "source.toolkit.fluxcd.io/v1";
const argo = "argoproj.io/v1alpha1";
const server = "https://kubernetes.default.svc";
const requestedAt = "reconcile.fluxcd.io/requestedAt";

/** The AppProject of a tenant, whose namespace is called like it. */
function project(name: string, spec: AppProject["spec"] = {}) {
  return appProject(name, {
    destinations: [{ server, namespace: name }],
    clusterResourceWhitelist: [],
    ...spec,
  });
}

/** What is in nobody's reach has this in its name. */
const secretName = "not-yours";

/** A Kustomization that applies a Deployment for its tenant, and things that are none of the tenant's business. */
async function reachingFar(rig: Rig, name: string, other: string) {
  await rig.createNamespace(other);
  const objects = {
    "app/deployment.yaml": deployment("web").replace("name: web", `name: web\n  namespace: ${name}`),
    "app/far.yaml": `apiVersion: v1
kind: ConfigMap
metadata: { name: ${secretName}, namespace: ${other} }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${name}-${secretName} }
rules: []
`,
  };
  return await flux(rig, name, objects, { targetNamespace: undefined });
}

/** Everything that Argo CD can tell of an Application, in its API and in redis, as one text. */
async function toldOf(rig: Rig, name: string): Promise<string> {
  const path = `/api/v1/applications/${name}`;
  const answers = await Promise.all(
    [path, `${path}/resource-tree`, `${path}/managed-resources`].map((each) =>
      rig.argocd().request("GET", each),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const keys = (await rig.redis.command("KEYS", `app|*|${name}|*`)) as Buffer[];
  const values = await Promise.all(keys.map((key) => rig.redis.command("GET", key)));
  const texts = values.map((value) => gunzipSync(value as Buffer).toString());
  return [...answers.map(({ body }) => JSON.stringify(body)), ...texts].join("\n");
}

async function untilSynced(rig: Rig, name: string): Promise<void> {
  await expect
    .poll(() => served(rig, name))
    .toMatchObject({ status: { sync: { status: "Synced" }, health: { status: "Healthy" } } });
}

function nodePath(name: string, kind: string, namespace: string, resourceName: string, group = ""): string {
  const query = new URLSearchParams({ kind, namespace, resourceName, version: "v1", group });
  return `/api/v1/applications/${name}/resource?${query}`;
}

describe("an AppProject", () => {
  e2eTest("keeps everything that it does not permit out of sight and out of reach", async ({ rig }) => {
    const [name, other] = ["ten-a", "ten-a-other"];
    await rig.cluster.apply(project(name));
    await reachingFar(rig, name, other);
    await run(rig, `generate-app ks/web -n ${name} --app-name ${name} --project ${name}`);
    await loopbackAsDocumented(rig);
    await untilSynced(rig, name);
    expect(await toldOf(rig, name)).not.toContain(secretName);
    expect(await served(rig, name)).toMatchObject({
      status: {
        conditions: [
          {
            type: "ExcludedResourceWarning",
            message: `2 objects are not shown: the AppProject ${name} does not permit them`,
          },
        ],
      },
    });
    const argocd = rig.argocd();
    const own = nodePath(name, "Deployment", name, "web", "apps");
    expect(await argocd.request("GET", own)).toMatchObject({ status: 200 });
    for (const path of [
      nodePath(name, "ConfigMap", other, secretName),
      nodePath(name, "ClusterRole", "", `${name}-${secretName}`, "rbac.authorization.k8s.io"),
    ])
      for (const method of ["GET", "DELETE"]) {
        const { status, body } = await argocd.request(method, path);
        expect({ status, body }).toMatchObject({
          status: 400,
          body: { message: expect.stringContaining("not found as part of application") },
        });
      }
    expect(await rig.cluster.find("v1", "ConfigMap", secretName, other)).toBeDefined();

    // the project grows, and is cut back
    const wide = {
      destinations: [name, other].map((namespace) => ({ server, namespace })),
      clusterResourceWhitelist: [{ group: "*", kind: "*" }],
    };
    await rig.cluster.change(project(name), { spec: wide });
    await expect.poll(() => toldOf(rig, name)).toContain(secretName);
    expect(await argocd.cli("app", "sync", name, "--timeout", "60")).toMatchObject({ exitCode: 0 });
    expect(JSON.stringify((await served(rig, name))?.status?.operationState)).toContain(secretName);
    await rig.cluster.change(project(name), { spec: project(name)["spec"] as object });
    await expect.poll(() => toldOf(rig, name)).not.toContain(secretName);
    expect(await argocd.cli("app", "sync", name, "--timeout", "60")).toMatchObject({ exitCode: 0 });
    expect(await toldOf(rig, name)).not.toContain(secretName);
  });
});

describe("an Application that names what is another tenant's", () => {
  e2eTest("shows nothing of it, and cannot reconcile or delete it", async ({ rig }) => {
    const [thief, victim] = ["ten-thief", "ten-victim"];
    await rig.cluster.applyAll([project(thief), project(victim)]);
    await rig.createNamespace(thief);
    const { kustomization } = await flux(rig, victim);
    const { stdout } = await run(
      rig,
      `generate-app ks/web -n ${victim} --app-name ten --project ${thief} --cascade=flux --export`,
    );
    const [made] = readObjects(stdout) as [TestObject];
    const { spec } = made as TestObject & { spec: Record<string, unknown> };
    const metadata = {
      ...made.metadata,
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
    };
    const forms: Record<string, TestObject> = {
      "ten-named": made,
      "ten-labelled": { ...made, spec: { ...spec, destination: { server } } },
      "ten-in-cluster": {
        ...made,
        spec: { ...spec, destination: { name: "in-cluster", namespace: victim } },
      },
      "ten-no-project": { ...made, spec: { ...spec, project: "ten-none" } },
    };
    for (const [name, form] of Object.entries(forms))
      await rig.cluster.apply({ ...form, metadata: { ...metadata, name } });
    // where Argo CD does not look
    await rig.cluster.apply({
      ...made,
      metadata: { ...metadata, name: "ten-elsewhere", namespace: thief },
    });
    await run(rig, `generate-app ks/web -n ${victim} --app-name ${victim} --project ${victim}`);
    await loopbackAsDocumented(rig);
    await untilSynced(rig, victim);

    const refusal = `The AppProject ${thief} does not permit the namespace ${victim} on this cluster`;
    const messageFor = (name: string) =>
      name === "ten-no-project" ? "The AppProject ten-none does not exist" : refusal;
    const live = (name: string) => rig.cluster.get(argo, "Application", name, "argocd");
    for (const name of Object.keys(forms)) {
      const conditions = [{ type: "InvalidSpecError", message: messageFor(name) }];
      await expect
        .poll(() => live(name))
        .toMatchObject({ status: { conditions, health: { status: "Unknown" } } });
      await rig.cluster.change(application(name), { operation: { sync: { revision: "HEAD" } } });
    }
    for (const name of Object.keys(forms))
      await expect
        .poll(() => live(name))
        .toMatchObject({ status: { operationState: { phase: "Failed", message: messageFor(name) } } });
    expect(await rig.cluster.get(argo, "Application", "ten-elsewhere", thief)).not.toHaveProperty("status");
    const argocd = rig.argocd();
    for (const name of ["ten-named", "ten-labelled", "ten-in-cluster"]) {
      const tree = await argocd.request("GET", `/api/v1/applications/${name}/resource-tree`);
      expect(tree).toMatchObject({ status: 200 });
      expect(JSON.stringify(tree.body)).not.toContain("web");
      const node = await argocd.request("GET", nodePath(name, "Deployment", victim, "web", "apps"));
      expect(node.status).toBe(400);
    }

    for (const name of Object.keys(forms)) await rig.cluster.delete(argo, "Application", name, "argocd");
    for (const name of Object.keys(forms))
      await expect.poll(() => rig.cluster.find(argo, "Application", name, "argocd")).toBeUndefined();
    const { metadata: left } = await rig.cluster.get(kustomize, "Kustomization", "web", victim);
    expect(left["uid"]).toBe(kustomization.metadata["uid"]);
    expect(left).not.toHaveProperty("deletionTimestamp");
    expect(left["annotations"] ?? {}).not.toHaveProperty([requestedAt]);
  });

  e2eTest("does no harm to others, whatever is in it", async ({ rig }) => {
    const name = "ten-strange";
    await rig.cluster.apply(project(name));
    await flux(rig, name);
    const { stdout } = await run(
      rig,
      `generate-app ks/web -n ${name} --app-name ${name} --project ${name} --export`,
    );
    const [application] = readObjects(stdout) as [TestObject & { spec: Record<string, unknown> }];
    const { spec, metadata } = application;
    const strange: Record<string, object> = {
      "no-source": { spec: { ...spec, source: undefined } },
      "many-sources": { spec: { ...spec, source: undefined, sources: [spec["source"]] } },
      "no-labels": { metadata: { ...metadata, labels: undefined } },
      "no-namespace": { spec: { ...spec, destination: { server } } },
    };
    for (const [what, change] of Object.entries(strange)) {
      const made = { ...application, operation: { sync: { revision: "HEAD" } }, ...change };
      await rig.cluster.apply({ ...made, metadata: { ...made.metadata, name: `${name}-${what}` } });
    }
    await rig.cluster.apply(application);
    await loopbackAsDocumented(rig);
    await untilSynced(rig, name);
    for (const what of Object.keys(strange))
      await expect
        .poll(() => rig.cluster.get(argo, "Application", `${name}-${what}`, "argocd"))
        .toMatchObject({
          status: { operationState: { phase: what === "no-labels" ? "Failed" : "Succeeded" } },
        });
  });

  e2eTest("does not reach a source of others", async ({ rig }) => {
    const [name, other] = ["ten-source", "ten-source-other"];
    await rig.cluster.apply(project(name));
    const { kustomization } = await flux(rig, other);
    await rig.createNamespace(name);
    const crossing = await rig.cluster.apply<TestObject>({
      apiVersion: kustomize,
      kind: "Kustomization",
      metadata: { name: "web", namespace: name },
      spec: {
        ...(kustomization["spec"] as object),
        targetNamespace: name,
        sourceRef: { kind: "GitRepository", name: "content", namespace: other },
      },
    });
    await rig.untilReady(crossing);
    await run(rig, `generate-app ks/web -n ${name} --app-name ${name} --project ${name} --cascade=flux`);
    await loopbackAsDocumented(rig);
    await untilSynced(rig, name);
    expect((await rig.argocd().cli("app", "get", name, "-o", "tree")).stdout).not.toContain("GitRepository");
    const sync = await rig.argocd().cli("app", "sync", name, "--timeout", "60");
    expect(sync).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("a source that the AppProject does not permit was not fetched"),
    });
    await rig.argocd().request("DELETE", `/api/v1/applications/${name}`);
    await expect.poll(() => rig.cluster.find(kustomize, "Kustomization", "web", name)).toBeUndefined();
    const { metadata } = await rig.cluster.get(source, "GitRepository", "content", other);
    expect(metadata).not.toHaveProperty("deletionTimestamp");
    expect(metadata["annotations"] ?? {}).not.toHaveProperty([requestedAt]);
  });
});

describe("an Application that is deleted and made anew", () => {
  e2eTest("inherits nothing, whoever makes it", async ({ rig }) => {
    const [first, second, name] = ["ten-first", "ten-second", "ten-again"];
    await rig.cluster.applyAll([project(first), project(second)]);
    const [{ namespace: _ }, { push: __ }] = await Promise.all([flux(rig, first), flux(rig, second)]);
    const make = (tenant: string) =>
      run(rig, `generate-app ks/web -n ${tenant} --app-name ${name} --project ${tenant}`);
    const remove = () => rig.argocd().request("DELETE", `/api/v1/applications/${name}`);
    await make(first);
    const earlier = await loopbackAsDocumented(rig);
    await untilSynced(rig, name);
    expect(await rig.argocd().cli("app", "sync", name, "--timeout", "60")).toMatchObject({ exitCode: 0 });
    expect(await toldOf(rig, name)).toContain(`"namespace":"${first}"`);

    await remove();
    await expect.poll(() => served(rig, name)).toBeUndefined();
    await make(second);
    await untilSynced(rig, name);
    await expect.poll(() => toldOf(rig, name)).toContain(`"namespace":"${second}"`);
    expect(await toldOf(rig, name)).not.toContain(first);

    // one of Argo CD's own
    await remove();
    await expect.poll(() => served(rig, name)).toBeUndefined();
    const repository = await rig.repository(name);
    await repository.commit({ "app/deployment.yaml": deployment("own") });
    await rig.cluster.apply(
      application(name, {
        project: first,
        source: { repoURL: repository.url, path: "app", targetRevision: "main" },
        destination: { server, namespace: first },
        syncPolicy: { automated: {} },
      }),
    );
    await untilSynced(rig, name);
    await expect.poll(() => toldOf(rig, name)).toContain("own");
    expect(await toldOf(rig, name)).not.toContain(second);

    // while nobody looks
    await remove();
    await expect.poll(() => served(rig, name)).toBeUndefined();
    await make(first);
    await untilSynced(rig, name);
    await earlier.stop();
    await rig.argocd().request("DELETE", `/api/v1/applications/${name}?cascade=false`);
    await expect.poll(() => served(rig, name)).toBeUndefined();
    await make(second);
    await loopbackAsDocumented(rig);
    await untilSynced(rig, name);
    await expect.poll(() => toldOf(rig, name)).not.toContain(first);
  });
});
