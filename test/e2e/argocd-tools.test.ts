import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished } from "vitest";
import { application } from "../builders/argo.js";
import { ks } from "../builders/flux.js";
import type { TestObject } from "../cluster/crds.js";
import { readObjects } from "../cluster/yaml.js";
import { documented, loopbackAsDocumented } from "./documented.js";
import { e2eTest, type Rig } from "./e2e.js";
import { receiveNotifications, subscriptions } from "./notifications.js";
import { loopback, run, type Served, served } from "./run.js";
import { deployment, flux } from "./workloads.js";

const argo = "argoproj.io/v1alpha1";

interface ApplicationSet extends TestObject {
  spec: { generators: { list: { elements: object[] } }[]; template: { metadata: { annotations: object } } };
}

/** That of docs/loopback.md, for the namespace and repository of a test, with one workload more. */
function documentedSet(namespace: string, url: string, element: object): ApplicationSet {
  const pages = documented("yaml").filter((text) => text.includes("kind: ApplicationSet"));
  const text = pages.join("").replaceAll("https://git.example/shop.git", url).replaceAll("shop", namespace);
  const [set] = readObjects(text) as ApplicationSet[];
  if (!set) throw new Error("docs/loopback.md has no ApplicationSet");
  set.spec.generators[0]?.list.elements.push(element);
  Object.assign(set.spec.template.metadata.annotations, subscriptions);
  return set;
}

interface StepStatus {
  application: string;
  step: string;
  status: string;
}

/** "shop-web: step 2 Waiting" of each Application of an ApplicationSet. */
async function stepsOf(rig: Rig, set: string): Promise<string[]> {
  const { status } = (await rig.cluster.get(argo, "ApplicationSet", set, "argocd")) as TestObject & {
    status?: { applicationStatus?: StepStatus[] };
  };
  const { applicationStatus = [] } = status ?? {};
  return applicationStatus.map((one) => `${one.application}: step ${one.step} ${one.status}`).sort();
}

describe("an ApplicationSet", () => {
  e2eTest("makes Applications and syncs them in steps, which do not hold Flux back", async ({ rig }) => {
    const name = "tools-set";
    const files = (database: number | string, others: number) => ({
      "database/deployment.yaml": deployment("database", database),
      "web/deployment.yaml": deployment("web", others),
      "free/deployment.yaml": deployment("free", others),
    });
    const { namespace, kustomization, source, push } = await flux(rig, name, files(1, 1), { path: "web" });
    const { url } = source["spec"] as { url: string };
    for (const other of ["database", "free"]) {
      const spec = { ...(kustomization["spec"] as object), path: other };
      await rig.untilReady(await rig.cluster.apply(ks(`${namespace}/${other}`, spec)));
    }
    await rig.cluster.change(kustomization, { spec: { dependsOn: [{ name: "database" }] } });
    const sent = await receiveNotifications(rig);
    await loopbackAsDocumented(rig);
    await rig.cluster.apply(documentedSet(namespace, url, { name: "free", step: "2" }));
    const steps = (database: string, free: string, web: string) => [
      `${name}-database: step 1 ${database}`,
      `${name}-free: step 2 ${free}`,
      `${name}-web: step 2 ${web}`,
    ];
    await expect.poll(() => stepsOf(rig, name)).toEqual(steps("Healthy", "Healthy", "Healthy"));
    // it asks again where a Sync begins in the second in which it was asked for, by the revision that it knew then: what
    // Syncs send comes by chance, natively, too (applicationset/progressivesync of Argo CD 3.6)
    const deployments = (each: string) =>
      sent.of(`${name}-${each}`).filter((trigger) => trigger === "on-deployed").length;
    // what Flux had deployed before is asked for once more: with the next commit, that Sync would wait for its dependency, and fail
    await sleep(3000);
    for (const each of ["database", "free", "web"]) {
      await expect.poll(() => deployments(each)).toBe(1);
      await expect.poll(async () => (await served(rig, `${name}-${each}`))?.operation ?? "none").toBe("none");
    }

    const bad = await push(files("-1", 2));
    await rig.reconcile(source);
    await expect.poll(() => stepsOf(rig, name)).toEqual(steps("Progressing", "Healthy", "Waiting"));
    const operation = { initiatedBy: { username: "applicationset-controller" }, sync: { revision: bad } };
    await expect
      .poll(() => served(rig, `${name}-database`))
      .toMatchObject({
        status: { health: { status: "Degraded" }, operationState: { phase: "Failed", operation } },
      });
    // Flux has applied it, long before its turn
    await expect
      .poll(() => rig.cluster.get("apps/v1", "Deployment", "free", namespace))
      .toMatchObject({ spec: { replicas: 2 } });
    expect(await rig.cluster.get("apps/v1", "Deployment", "web", namespace)).toMatchObject({
      spec: { replicas: 1 },
    });
    const failed = ["on-health-degraded", "on-sync-failed"];
    await expect.poll(() => sent.of(`${name}-database`)).toEqual(expect.arrayContaining(failed));
    expect(deployments("database")).toBe(1);
    expect(await stepsOf(rig, name)).toContain(`${name}-web: step 2 Waiting`);

    const good = await push(files(2, 2));
    await rig.reconcile(source);
    await expect
      .poll(() => stepsOf(rig, name), { timeout: 90_000 })
      .toEqual(steps("Healthy", "Healthy", "Healthy"));
    expect(await rig.cluster.get("apps/v1", "Deployment", "web", namespace)).toMatchObject({
      spec: { replicas: 2 },
    });
    await expect.poll(() => deployments("web")).toBe(2);
    for (const each of ["database", "web"])
      await expect
        .poll(async () => (await served(rig, `${name}-${each}`))?.status?.history?.at(-1)?.revision)
        .toBe(good);

    await rig.cluster.delete(argo, "ApplicationSet", name, "argocd");
    await expect.poll(() => served(rig, `${name}-web`)).toBeUndefined();
    expect(await rig.cluster.find("apps/v1", "Deployment", "web", namespace)).toBeDefined();
  });
});

/** A drawn tree with one space between columns, without ages and generated names. */
function drawn(stdout: string): string[] {
  const lines = stdout.split("\n");
  return lines
    .slice(lines.findIndex((line) => /\bNAME\b/.test(line)) + 1)
    .map((line) => line.replace(/-[a-z0-9]{8,10}(-[a-z0-9]{5})?\b/, "-X").replace(/ \d+[smh](\d+s)? /, " "))
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "");
}

describe("argocd", () => {
  e2eTest("syncs, waits and draws, and a refresh is one also when nothing has changed", async ({ rig }) => {
    const name = "tools-cli";
    const { namespace, commit } = await flux(rig, name);
    await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
    await loopbackAsDocumented(rig);
    const app = async (verb: string, ...flags: string[]) => {
      const { exitCode, stdout, stderr } = await rig.argocd().cli("app", verb, name, ...flags);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      return drawn(stdout);
    };
    await app("wait", "--timeout", "60");
    await app("sync", "--timeout", "60");
    const revision = `main@sha1:${commit}`;
    const detailed = [
      `GitRepository/content Healthy stored artifact for revision '${revision}'`,
      `└─Kustomization/web Synced Healthy Applied revision: ${revision}`,
      "└─Deployment/web Synced Healthy deployment.apps/web unchanged",
      "└─ReplicaSet/web-X Healthy",
      "└─Pod/web-X Healthy",
    ];
    // Flux writes that it has reconciled a moment before it is done
    await expect.poll(() => app("get", "--output", "tree=detailed")).toEqual(detailed);
    expect(await app("wait", "--timeout", "60", "--output", "tree=detailed")).toEqual(detailed);
    expect(await app("resources", "--output", "tree")).toEqual([
      `source.toolkit.fluxcd.io GitRepository ${namespace} content No`,
      `└─kustomize.toolkit.fluxcd.io Kustomization ${namespace} web No`,
      `└─apps Deployment ${namespace} web No`,
      `└─apps ReplicaSet ${namespace} web-X No`,
      `└─ Pod ${namespace} web-X No`,
    ]);
    expect(await app("resources", "--output", "tree=detailed")).toContain(
      `└─kustomize.toolkit.fluxcd.io Kustomization ${namespace} web No Healthy Applied revision: ${revision}`,
    );

    const before = (await served(rig, name))?.status;
    const path = `/api/v1/applications/${name}?refresh=normal`;
    const after = ((await rig.argocd().request("GET", path)).body as Served).status;
    expect(after).toEqual({ ...before, reconciledAt: expect.any(String) });
    expect(Date.parse(after?.reconciledAt ?? "")).toBeGreaterThan(Date.parse(before?.reconciledAt ?? ""));
  });
});

e2eTest("Argo CD's page over the resources of all Applications has what Flux applied", async ({ rig }) => {
  const name = "tools-resources";
  const { namespace } = await flux(rig, name);
  await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
  await run(rig, `loopback --once --redis ${rig.redis.address}`);
  // as the page asks: ui/src/app/resources/components/resources-list/resources-list.tsx of Argo CD 3.6
  const of = ["metadata.name", "metadata.namespace", "spec.destination", "spec.project", "status.resources"];
  const fields = ["metadata.resourceVersion", ...of.map((field) => `items.${field}`)];
  const { body } = await rig.argocd().request("GET", `/api/v1/applications?fields=${fields}`);
  const { items } = body as { items: { metadata: { name: string } }[] };
  expect(items.find((item) => item.metadata.name === name)).toMatchObject({
    spec: { project: "default", destination: { namespace } },
    status: {
      resources: [
        { kind: "Kustomization", namespace, name: "web", status: "Synced", health: { status: "Healthy" } },
        { kind: "Deployment", namespace, name: "web", status: "Synced", health: { status: "Healthy" } },
      ],
    },
  });
});

/** The labels of an Application's `argocd_app_info`; undefined where there is none. */
function appInfo(metrics: string, application: string): Record<string, string> | undefined {
  const line = metrics
    .split("\n")
    .find((one) => one.startsWith("argocd_app_info{") && one.includes(`name="${application}"`));
  return (
    line && Object.fromEntries([...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]))
  );
}

e2eTest("Prometheus finds in flamingo what Argo CD's own metrics leave out", async ({ rig }) => {
  const name = "tools-metrics";
  const { namespace } = await flux(rig, name);
  await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
  const { spec } = (await rig.cluster.get(argo, "Application", name, "argocd")) as TestObject & {
    spec: object;
  };
  const native = `${name}-native`;
  await rig.cluster.apply(application(native, spec));
  onTestFinished(() => rig.cluster.delete(argo, "Application", native, "argocd"));
  const { said } = loopback(rig, `--redis ${rig.redis.address} --listen 127.0.0.1:0 --argocd-metrics`);
  await expect
    .poll(() => served(rig, name))
    .toMatchObject({ status: { health: { status: "Healthy" }, operationState: { phase: "Succeeded" } } });
  const address = /metrics on (\S+)/.exec(said())?.[1];
  const ours = await (await fetch(`${address}/metrics`)).text();
  await expect.poll(async () => appInfo(await rig.metrics(), native)).toBeDefined();
  const theirs = await rig.metrics();
  expect(appInfo(theirs, name)).toBeUndefined();
  expect(appInfo(ours, name)).toEqual({
    ...appInfo(theirs, native),
    ...{ name, sync_status: "Synced", health_status: "Healthy", phase: "Succeeded" },
  });
});
