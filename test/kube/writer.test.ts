import { describe, expect } from "vitest";
import { isConflict, isForbidden, isMissing } from "../../src/kube/failure.js";
import { ConfigMap, Lease } from "../../src/kube/kinds.js";
import type { Kind, KubeObject } from "../../src/kube/object.js";
import { clusterTest, ownClusterTest } from "../cluster/cluster.js";
import { openCrd } from "../cluster/crds.js";
import { kubeFor, proxyFor } from "./kube-for.js";

type Managed = KubeObject["metadata"] & { managedFields?: { manager: string; subresource?: string }[] };

const NotServed: Kind = { group: "nobody.example", kind: "Nothing", plural: "nothings" };
const by = { fieldManager: "flamingo" };

const configMap = (namespace: string, name: string, data: Record<string, string> = {}): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace, name },
  data,
});

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => error,
  );

describe("mergePatch", () => {
  clusterTest("changes what it names, removes what is null", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-merge");
    await cluster.apply(configMap(namespace, "a", { color: "red", size: "1" }));
    const ref = { namespace, name: "a" };
    const changed = await kubeFor(cluster).mergePatch(
      ConfigMap,
      ref,
      { metadata: { labels: { team: "x" } }, data: { color: null, taste: "sweet" } },
      by,
    );
    expect(changed).toMatchObject({
      metadata: { labels: { team: "x" } },
      data: { size: "1", taste: "sweet" },
    });
    expect(changed.data).not.toHaveProperty("color");
    const { managedFields } = changed.metadata as Managed;
    expect(managedFields?.map(({ manager }) => manager)).toContain("flamingo");
  });

  clusterTest("as a dry run it changes nothing", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-merge-dry");
    await cluster.apply(configMap(namespace, "a", { color: "red" }));
    const kube = kubeFor(cluster);
    const ref = { namespace, name: "a" };
    const patch = { data: { color: "blue" } };
    const answer = await kube.mergePatch(ConfigMap, ref, patch, { ...by, dryRun: true });
    expect(answer.data).toEqual({ color: "blue" });
    expect((await kube.find(ConfigMap, ref))?.data).toEqual({ color: "red" });
  });

  clusterTest("only while it is the object that was read", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-merge-version");
    const { metadata } = await cluster.apply(configMap(namespace, "a", { color: "red" }));
    const kube = kubeFor(cluster);
    const { resourceVersion } = metadata;
    const patch = { metadata: { labels: { team: "x" } }, data: { color: "blue" } };
    const first = await kube.mergePatch(ConfigMap, metadata, patch, { ...by, resourceVersion });
    expect(first).toMatchObject({ metadata: { labels: { team: "x" } }, data: { color: "blue" } });
    const late = await failureOf(
      kube.mergePatch(ConfigMap, metadata, { data: { color: "green" } }, { ...by, resourceVersion }),
    );
    expect(late).toMatchObject({
      message: "Cannot update ConfigMap a in kube-merge-version: the object has been modified",
      exitCode: 1,
    });
    expect([isConflict(late), isMissing(late)]).toEqual([true, false]);
  });

  clusterTest("of what is not there", async ({ cluster }) => {
    const kube = kubeFor(cluster);
    const missing = await failureOf(
      kube.mergePatch(ConfigMap, { namespace: "default", name: "gone" }, {}, by),
    );
    expect(missing).toMatchObject({
      message: 'Cannot update ConfigMap gone in default: configmaps "gone" not found',
      exitCode: 5,
    });
    expect([isConflict(missing), isMissing(missing)]).toEqual([false, true]);
    const unserved = await failureOf(kube.mergePatch(NotServed, { namespace: "default", name: "a" }, {}, by));
    expect(unserved).toMatchObject({
      message: `Cannot update Nothing a in default: ${cluster.server} does not serve nothings.nobody.example`,
      exitCode: 6,
    });
    expect(isMissing(unserved)).toBe(false);
  });

  clusterTest("without the right to", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-merge-rights");
    const patch = kubeFor(cluster, { user: "alice" }).mergePatch(ConfigMap, { namespace, name: "a" }, {}, by);
    const refused = await failureOf(patch);
    expect(refused).toMatchObject({
      message: expect.stringMatching(/^Cannot update ConfigMap a in kube-merge-rights: .* cannot patch /),
      hint: expect.stringMatching(/can-i patch configmaps -n kube-merge-rights$/),
    });
    expect(isForbidden(refused)).toBe(true);
  });

  clusterTest("is not sent twice", async ({ cluster }) => {
    const proxy = await proxyFor(cluster, () => "reset");
    const kube = kubeFor(cluster, { server: proxy.server });
    await failureOf(kube.mergePatch(ConfigMap, { namespace: "default", name: "a" }, {}, by));
    expect(proxy.requests).toHaveLength(1);
  });
});

describe("replace", () => {
  clusterTest("of two who want a Lease one gets it", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-replace");
    const kube = kubeFor(cluster);
    const free = await kube.create(Lease, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { namespace, name: "flamingo" },
      spec: { leaseTransitions: 0 },
    });
    const take = (holderIdentity: string) =>
      kube.replace(Lease, { ...free, spec: { holderIdentity, leaseTransitions: 1 } }, by);
    const results = await Promise.all(["a", "b", "c"].map((who) => take(who).catch((error) => error)));
    const winners = results.filter((result) => !(result instanceof Error));
    expect(winners).toHaveLength(1);
    for (const loser of results.filter((result) => result instanceof Error)) {
      expect(isConflict(loser)).toBe(true);
      expect(loser.message).toBe(
        "Cannot update Lease flamingo in kube-replace: the object has been modified",
      );
    }
    expect((await kube.find(Lease, free.metadata))?.spec).toEqual(winners[0]?.spec);
  });

  clusterTest("what is gone", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-replace-gone");
    const kube = kubeFor(cluster);
    const object = await kube.create(ConfigMap, configMap(namespace, "a"));
    await kube.delete(ConfigMap, object.metadata);
    expect(isMissing(await failureOf(kube.replace(ConfigMap, object)))).toBe(true);
  });

  clusterTest("without the right to", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-replace-rights");
    const replaced = kubeFor(cluster, { user: "alice" }).replace(ConfigMap, configMap(namespace, "a"));
    await expect(replaced).rejects.toMatchObject({
      hint: expect.stringMatching(/can-i update configmaps -n kube-replace-rights$/),
    });
  });
});

describe("delete", () => {
  clusterTest("says whether it was there", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-delete");
    const kube = kubeFor(cluster);
    await cluster.apply(configMap(namespace, "a"));
    const ref = { namespace, name: "a" };
    expect(await kube.delete(ConfigMap, ref, { propagationPolicy: "Background" })).toBe(true);
    expect(await kube.find(ConfigMap, ref)).toBeUndefined();
    expect(await kube.delete(ConfigMap, ref)).toBe(false);
    expect(await kube.delete(ConfigMap, { namespace: "kube-nowhere", name: "a" })).toBe(false);
    expect(await kube.delete(NotServed, ref)).toBe(false);
    await expect(kube.delete({ ...NotServed, version: "v1" }, ref)).rejects.toMatchObject({ exitCode: 6 });
  });

  clusterTest("as a dry run it stays", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-delete-dry");
    const kube = kubeFor(cluster);
    await cluster.apply(configMap(namespace, "a"));
    const ref = { namespace, name: "a" };
    expect(await kube.delete(ConfigMap, ref, { dryRun: true })).toBe(true);
    expect(await kube.find(ConfigMap, ref)).toBeDefined();
  });

  clusterTest("only the object that was meant", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-delete-uid");
    const kube = kubeFor(cluster);
    const { metadata } = await cluster.apply(configMap(namespace, "a"));
    for (const preconditions of [{ uid: "another" }, { resourceVersion: "1" }]) {
      const refused = await failureOf(kube.delete(ConfigMap, metadata, { preconditions }));
      expect(refused).toMatchObject({
        message: expect.stringMatching(/^Cannot delete ConfigMap a in kube-delete-uid: the \w+ in the pre/),
      });
      expect(isConflict(refused)).toBe(true);
    }
    const { uid, resourceVersion } = metadata;
    expect(await kube.delete(ConfigMap, metadata, { preconditions: { uid, resourceVersion } })).toBe(true);
  });

  clusterTest("what finalizers hold is there, and on its way", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-delete-held");
    const kube = kubeFor(cluster);
    const object = configMap(namespace, "a");
    await cluster.apply({ ...object, metadata: { ...object.metadata, finalizers: ["test.example/hold"] } });
    const ref = { namespace, name: "a" };
    expect(await kube.delete(ConfigMap, ref, { propagationPolicy: "Foreground" })).toBe(true);
    const held = await kube.find(ConfigMap, ref);
    expect(held?.metadata.deletionTimestamp).toBeDefined();
    expect(held?.metadata.finalizers).toContain("foregroundDeletion");
  });

  clusterTest("without the right to", async ({ cluster }) => {
    const refused = kubeFor(cluster, { user: "alice" }).delete(ConfigMap, {
      namespace: "default",
      name: "a",
    });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringMatching(/^Cannot delete ConfigMap a in default: .* cannot delete /),
      hint: expect.stringMatching(/can-i delete configmaps -n default$/),
    });
  });
});

describe("a kind with and one without a status of its own", () => {
  const of = { group: "writer.example", versions: ["v1"] };
  const WithStatus: Kind<KubeObject & { status?: object }> = { ...of, kind: "Lamp", plural: "lamps" };
  const Without: Kind = { ...of, kind: "Stone", plural: "stones" };
  const ownTest = ownClusterTest((cluster) =>
    cluster.installCrds([
      openCrd({ ...of, kind: "Lamp", plural: "lamps", statusSubresource: true }),
      openCrd({ ...of, kind: "Stone", plural: "stones", statusSubresource: false }),
    ]),
  );
  const ref = { namespace: "default", name: "a" };
  const patch = { status: { isOn: true }, spec: { ignored: true } };
  const status = { ...by, subresource: "status" };

  ownTest("the status alone is patched, then replaced", async ({ cluster }) => {
    const kube = kubeFor(cluster);
    await kube.create(WithStatus, { apiVersion: "writer.example/v1", kind: "Lamp", metadata: ref });
    const patched = await kube.mergePatch(WithStatus, ref, patch, status);
    expect(patched).toMatchObject({ status: { isOn: true } });
    expect(patched).not.toHaveProperty("spec");
    const replaced = await kube.replace(WithStatus, { ...patched, status: { isOn: false } }, status);
    expect(replaced.status).toEqual({ isOn: false });
  });

  ownTest("one that is not there", async ({ cluster }) => {
    const kube = kubeFor(cluster);
    await kube.create(Without, { apiVersion: "writer.example/v1", kind: "Stone", metadata: ref });
    await cluster.apply(configMap("default", "a"));
    const builtIn = await failureOf(kube.mergePatch(ConfigMap, ref, patch, status));
    expect(builtIn).toMatchObject({
      message: `Cannot update ConfigMap a in default: ${cluster.server} does not serve configmaps/status`,
      exitCode: 6,
    });
    expect(isMissing(builtIn)).toBe(false);
    // of custom kinds the API server says the same as of an object that is missing
    const custom = await failureOf(kube.mergePatch(Without, ref, patch, status));
    expect(custom).toMatchObject({ exitCode: 5 });
  });
});
