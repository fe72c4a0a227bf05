import { expect, onTestFinished } from "vitest";
import { Application, type RevisionHistory } from "../../src/argo/application.js";
import { flux as fluxObject, hr, ks } from "../builders/flux.js";
import type { TestObject } from "../cluster/crds.js";
import { ServedBucket } from "./bucket.js";
import { e2eTest, type Rig } from "./e2e.js";
import { generator } from "./generator.js";
import { loopback, run, served } from "./run.js";
import { together } from "./together.js";
import { deployment, flux, release } from "./workloads.js";

/** Something that Flux deploys, and what makes it deploy anew. */
interface Deployed {
  /** for `generate-app` */
  ref: "ks/web" | "hr/web";
  /** what is deployed, as Argo CD calls it */
  first: string;
  /** answers the same of what is deployed then */
  next(): Promise<string>;
}

/** @param name of namespace, repository and Application */
type Make = (rig: Rig, name: string) => Promise<Deployed>;

/** By where the content comes from. */
const kinds: Readonly<Record<string, Make>> = {
  async "hist-git"(rig, name) {
    const { commit, push, source } = await flux(rig, name);
    const next = async () => {
      const pushed = await push({ "app/deployment.yaml": deployment("web", 2) });
      await rig.reconcile(source);
      return pushed;
    };
    return { ref: "ks/web", first: commit, next };
  },

  async "hist-git-chart"(rig, name) {
    const { commit, push, source } = await release(rig, name);
    const next = async () => {
      const pushed = await push({ "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.3.0\n" });
      await rig.reconcile(source);
      return pushed;
    };
    return { ref: "hr/web", first: commit, next };
  },

  async "hist-oci"(rig, name) {
    await rig.createNamespace(name);
    const push = (replicas: number) => {
      const files = { "app/deployment.yaml": deployment("web", replicas) };
      return rig.registry.pushArtifact(`${name}/web`, "latest", files, "main@sha1:5ec0d");
    };
    const first = await push(1);
    const url = `${rig.registry.url}/${name}/web`;
    await addRepositoryWithoutTls(rig, name, { type: "oci", url });
    const source = await rig.cluster.apply(
      fluxObject("OCIRepository", `${name}/content`, { interval: "1h", url, insecure: true }),
    );
    const sourceRef = { kind: "OCIRepository", name: "content" };
    await apply(rig, ks(`${name}/web`, { path: "./app", targetNamespace: name, sourceRef }));
    const next = async () => {
      const digest = await push(2);
      await rig.reconcile(source);
      return digest;
    };
    return { ref: "ks/web", first, next };
  },

  async "hist-oci-chart"(rig, name) {
    await rig.createNamespace(name);
    await rig.registry.pushChart(name, chart("1.2.3"));
    const folder = `${rig.registry.url}/${name}`;
    const url = folder.replace("oci://", "");
    await addRepositoryWithoutTls(rig, name, { type: "helm", url, enableOCI: "true" });
    const mediaType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
    const source = await rig.cluster.apply(
      fluxObject("OCIRepository", `${name}/content`, {
        ...{ interval: "1h", url: `${folder}/web`, insecure: true, ref: { semver: "1.x" } },
        layerSelector: { mediaType, operation: "copy" },
      }),
    );
    await apply(rig, hr(`${name}/web`, { chartRef: { kind: "OCIRepository", name: "content" } }));
    const next = async () => {
      await rig.registry.pushChart(name, chart("1.3.0"));
      await rig.reconcile(source);
      return "1.3.0";
    };
    return { ref: "hr/web", first: "1.2.3", next };
  },

  async "hist-charts"(rig, name) {
    await rig.createNamespace(name);
    const charts = await rig.charts(name);
    await charts.push(chart("1.2.3"));
    const source = await rig.cluster.apply(
      fluxObject("HelmRepository", `${name}/charts`, { interval: "1h", url: charts.url }),
    );
    await apply(rig, hr(`${name}/web`));
    const next = async () => {
      await charts.push(chart("1.3.0"));
      await rig.reconcile(source);
      return "1.3.0";
    };
    return { ref: "hr/web", first: "1.2.3", next };
  },

  async "hist-artifact"(rig, name) {
    const { commit, push, source } = await flux(rig, name);
    const { sourceRef, make } = await generator(rig, source);
    await apply(rig, ks(`${name}/web`, { path: "./app", targetNamespace: name, sourceRef }));
    const next = async () => {
      const pushed = await push({ "app/deployment.yaml": deployment("web", 2) });
      await rig.reconcile(source);
      await expect
        .poll(() => rig.cluster.get(source.apiVersion, source.kind, "content", name))
        .toMatchObject({
          status: { artifact: { revision: `main@sha1:${pushed}` } },
        });
      await make();
      return pushed;
    };
    return { ref: "ks/web", first: commit, next };
  },
};

e2eTest("every entry of a history can be opened", async ({ rig }) => {
  loopback(rig);
  await together({
    ...Object.fromEntries(Object.entries(kinds).map(([name, make]) => [name, () => opened(rig, name, make)])),
    "hist-bucket": () => withoutHistory(rig, "hist-bucket"),
  });
});

async function opened(rig: Rig, name: string, make: Make): Promise<void> {
  const { ref, first, next } = await make(rig, name);
  await run(rig, `generate-app ${ref} -n ${name} --app-name ${name}`);
  const status = async () => {
    const found = await rig.cluster.get<Application>(
      "argoproj.io/v1alpha1",
      Application.kind,
      name,
      "argocd",
    );
    return found.status ?? {};
  };
  const revisions = async () => ((await status()).history ?? []).map(({ revision }) => revision);
  await expect.poll(revisions).toEqual([first]);
  const second = await next();
  await expect.poll(revisions).toEqual([first, second]);

  const { history = [], operationState } = await status();
  expect(history.map(({ id }) => id)).toEqual([0, 1]);
  expect(history[1]).toMatchObject({
    deployStartedAt: operationState?.startedAt,
    deployedAt: operationState?.finishedAt,
    initiatedBy: operationState?.operation.initiatedBy,
  });
  for (const entry of history)
    expect(await rig.argocd().request("GET", pathOf(name, entry))).toMatchObject({ status: 200 });
}

/** What comes from a bucket has none, since Argo CD can open none. */
async function withoutHistory(rig: Rig, name: string): Promise<void> {
  await rig.createNamespace(name);
  const bucket = await ServedBucket.create(name);
  bucket.put({ "app/deployment.yaml": deployment("web") });
  const source = await rig.cluster.apply(
    fluxObject("Bucket", `${name}/content`, {
      ...{ interval: "1h", bucketName: name, endpoint: bucket.endpoint },
      ...{ insecure: true, region: "us-east-1" },
    }),
  );
  const sourceRef = { kind: "Bucket", name: "content" };
  await apply(rig, ks(`${name}/web`, { path: "./app", targetNamespace: name, sourceRef }));
  await run(rig, `generate-app ks/web -n ${name} --app-name ${name}`);
  const shown = async () => (await served(rig, name))?.status;
  await expect.poll(shown).toMatchObject({ sync: { status: "Synced" }, health: { status: "Healthy" } });
  const first = (await shown())?.sync?.revision;
  bucket.put({ "app/deployment.yaml": deployment("web", 2) });
  await rig.reconcile(source);
  await expect
    .poll(async () => (await shown())?.operationState)
    .toMatchObject({
      phase: "Succeeded",
      syncResult: { revision: expect.not.stringMatching(`^${first}$`) },
    });
  expect((await shown())?.history ?? []).toEqual([]);
}

e2eTest("a chart that is pinned by its digest is synced by Argo CD's button", async ({ rig }) => {
  const name = "hist-digest";
  await rig.createNamespace(name);
  const digest = await rig.registry.pushChart(name, chart("1.2.3"));
  const url = `${rig.registry.url}/${name}/web`;
  await addRepositoryWithoutTls(rig, name, { type: "oci", url });
  const mediaType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
  await rig.cluster.apply(
    fluxObject("OCIRepository", `${name}/content`, {
      ...{ interval: "1h", url, insecure: true, ref: { digest } },
      layerSelector: { mediaType, operation: "copy" },
    }),
  );
  await apply(rig, hr(`${name}/web`, { chartRef: { kind: "OCIRepository", name: "content" } }));
  expect(await run(rig, `generate-app hr/web -n ${name} --app-name ${name}`)).toMatchObject({
    exitCode: 0,
    stderr: expect.not.stringContaining("Sync button"),
  });
  loopback(rig);
  await expect.poll(() => served(rig, name)).toMatchObject({ status: { sync: { status: "Synced" } } });
  const synced = await rig.argocd().cli("app", "sync", name, "--timeout", "60");
  expect(synced).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(digest) });
  expect(await served(rig, name)).toMatchObject({ status: { operationState: { phase: "Succeeded" } } });
});

/** What the page asks for when an entry is opened. */
function pathOf(name: string, { id, revision = "", source }: RevisionHistory): string {
  const isOci = source?.repoURL?.startsWith("oci://");
  const what = isOci ? "ocimetadata" : source?.chart ? "chartdetails" : "metadata";
  return `/api/v1/applications/${name}/revisions/${revision}/${what}?sourceIndex=0&versionId=${id}`;
}

/** Tells Argo CD that there is no TLS. It goes with the test: others look for whatever stands in Secrets. */
async function addRepositoryWithoutTls(rig: Rig, name: string, data: Record<string, string>): Promise<void> {
  await rig.cluster.apply<TestObject>({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "argocd", labels: { "argocd.argoproj.io/secret-type": "repository" } },
    stringData: { name, ...data, insecureOCIForceHttp: "true" },
  });
  onTestFinished(() => rig.cluster.delete("v1", "Secret", name, "argocd"));
}

async function apply(rig: Rig, workload: TestObject): Promise<void> {
  await rig.untilReady(await rig.cluster.apply(workload));
}

function chart(version: string) {
  return { name: "web", version, files: { "templates/deployment.yaml": deployment("web") } };
}
