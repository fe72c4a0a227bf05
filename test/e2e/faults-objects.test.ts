import { describe, expect, onTestFinished } from "vitest";
import { openCrd, type TestObject } from "../cluster/crds.js";
import type { SeenRequest } from "../cluster/proxy.js";
import { e2eTest } from "./e2e.js";
import { loopback, run } from "./run.js";
import { proxyTo, show } from "./shown.js";

const applications = "argoproj.io/v1alpha1";
const kustomizations = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "kustomizations.kustomize.toolkit.fluxcd.io" },
};

e2eTest("an Application is deleted while it is written", async ({ rig }) => {
  const shown = await show(rig, "fault-deleted");
  const proxy = await proxyTo(rig);
  loopback(rig, `--redis ${rig.redis.address}`, proxy.kubeconfig());
  await shown.untilServed();
  const keys = () => rig.redis.command("KEYS", `app|*|${shown.name}|*`);
  expect(await keys()).toHaveLength(2);
  const isWrite = ({ method, path }: SeenRequest) =>
    method === "PATCH" && path.endsWith(`/applications/${shown.name}`);
  proxy.forget();
  proxy.decide((request) => (isWrite(request) ? { delayMs: 1500 } : "pass"));
  await shown.scale(0);
  await expect.poll(() => proxy.requests.filter(isWrite)).toHaveLength(1);
  await rig.cluster.delete(applications, "Application", shown.name, "argocd");
  await expect.poll(keys).toEqual([]);
  proxy.decide(() => "pass");
  await run(rig, `generate-app ks/web -n ${shown.name} --app-name ${shown.name}`);
  await shown.follows();
});

e2eTest("a CRD of Flux serves a newer version, and then not any more", async ({ rig }) => {
  interface Version {
    name: string;
    storage: boolean;
  }
  const { apiVersion, kind, metadata } = kustomizations;
  const { spec } = (await rig.cluster.get(apiVersion, kind, metadata.name)) as TestObject & {
    spec: { versions: Version[] };
  };
  const serve = (versions: Version[]) => rig.cluster.change(kustomizations, { spec: { versions } });
  onTestFinished(() => serve(spec.versions).then(() => {}));
  const newer = spec.versions.map((version) => ({ ...version, name: "v2", storage: false }));
  const shown = await show(rig, "fault-versions");
  const version = async () => (await shown.nodes())?.find((node) => node.kind === "Kustomization")?.version;
  const first = loopback(rig);
  await shown.untilServed();
  expect(await version()).toBe("v1");
  await serve([...spec.versions, ...newer]);
  await shown.follows();
  await first.stop();

  loopback(rig);
  await expect.poll(version).toBe("v2");
  await serve(spec.versions);
  await expect.poll(version).toBe("v1");
  await shown.follows();
});

e2eTest("a CRD and its first object come, change and go at the same time", async ({ rig }) => {
  const shown = await show(rig, "fault-crd");
  const { said } = loopback(rig);
  await shown.untilServed();
  const group = "arrives.example";
  const kinds = ["One", "Two", "Three"].map((kind) => ({ kind, plural: `${kind.toLowerCase()}s` }));
  await Promise.all(
    kinds.map(async ({ kind, plural }) => {
      await rig.cluster.installCrds([
        openCrd({ group, kind, plural, versions: ["v1alpha1", "v1"], statusSubresource: false }),
      ]);
      await rig.cluster.apply({
        apiVersion: `${group}/v1`,
        kind,
        metadata: { name: "first", namespace: "fault-crd" },
      });
      await rig.cluster.delete("apiextensions.k8s.io/v1", "CustomResourceDefinition", `${plural}.${group}`);
    }),
  );
  await shown.follows();
  expect(said()).not.toContain(group);
});

describe("large", () => {
  e2eTest("are two objects, each with 1 MB of status", async ({ rig }) => {
    const group = "fault.example";
    await rig.cluster.installCrds([
      openCrd({ group, kind: "Big", plural: "bigs", versions: ["v1"], statusSubresource: true }),
    ]);
    const big = (name: string) => `apiVersion: ${group}/v1\nkind: Big\nmetadata: { name: ${name} }\n`;
    const shown = await show(rig, "fault-status", {
      "app/big.yaml": `${big("one")}---\n${big("two")}`,
    });
    loopback(rig);
    await shown.untilServed();
    const message = "large ".repeat(1_000_000 / 6);
    const status = { observedGeneration: 1, conditions: [{ type: "Ready", status: "True", message }] };
    for (const name of ["one", "two"]) {
      const metadata = { name, namespace: shown.name };
      await rig.cluster.apply<TestObject>({ apiVersion: `${group}/v1`, kind: "Big", metadata, status });
    }
    await shown.follows();
  });

  e2eTest("is what a Kustomization has applied, 1 MB of names", async ({ rig }) => {
    const shown = await show(rig, "fault-inventory");
    loopback(rig);
    await shown.untilServed();
    const path = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${shown.name}/kustomizations/web/status`;
    const headers = { "content-type": "application/merge-patch+json" };
    const apply = (ids: string[]) => {
      const entries = ids.map((id) => ({ id: `${shown.name}_${id}`, v: "v1" }));
      return rig.cluster.request("PATCH", path, { status: { inventory: { entries } } }, headers);
    };
    await apply(Array.from({ length: 12_000 }, (_, index) => `a-rather-long-name-${index}__ConfigMap`));
    // all but the source
    const isCut = expect.stringMatching(/^\d+ of 4999 objects are only in the tree/);
    const isFull = "7002 objects and what they own are not shown: a tree has 5000 at most";
    await expect.poll(async () => (await shown.state())?.conditions).toEqual([isFull, isCut]);
    expect(await shown.nodes()).toHaveLength(5000);
    // it takes Flux itself a minute to compare so many with what is in Git
    await apply(["web_apps_Deployment"]);
    await shown.follows();
  });

  e2eTest("is a workload of 500 pods", async ({ rig }) => {
    const shown = await show(rig, "fault-pods");
    loopback(rig);
    await shown.untilServed();
    await shown.scale(500);
    await expect.poll(shown.pods).toBe(500);
    const [pod] = await rig.cluster.list("v1", "Pod", shown.name);
    await rig.cluster.delete("v1", "Pod", pod?.metadata.name ?? "", shown.name);
    const names = async () => (await shown.nodes())?.map(({ name }) => name);
    await expect.poll(names).not.toContain(pod?.metadata.name);
    const counts = async () => ({
      inCluster: (await rig.cluster.list("v1", "Pod", shown.name)).length,
      inTree: await shown.pods(),
    });
    await expect.poll(counts).toEqual({ inCluster: 500, inTree: 500 });
  });
});
