import { expect, test } from "vitest";
import { Application } from "../../../src/argo/application.js";
import { UserError } from "../../../src/errors.js";
import { fencedKube, fencedStore } from "../../../src/loopback/engine/fenced.js";
import { generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";
import { clusterTest } from "../../cluster/cluster.js";
import { kubeFor } from "../../kube/kube-for.js";

const lost = {
  assertHeld() {
    throw new UserError("Cannot write anything more: lost");
  },
};

clusterTest("who may have lost the Lease reads, and writes nothing", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("fenced");
  const application = await cluster.apply(generated(ks("web"), { namespace }));
  const kube = fencedKube(kubeFor(cluster), lost);
  const ref = { name: application.metadata.name, namespace };
  const by = { fieldManager: "test" };
  const writes = [
    kube.mergePatch(Application, ref, {}, by),
    kube.apply(Application, application, by),
    kube.create(Application, application, by),
    kube.replace(Application, application, by),
    kube.delete(Application, ref),
  ];
  for (const write of writes) await expect(write).rejects.toThrow("Cannot write anything more: lost");
  expect(await kube.find(Application, ref)).toMatchObject({ metadata: { uid: application.metadata.uid } });
});

test("nor does it write trees", async () => {
  const done: string[] = [];
  const store = {
    put: async () => {
      done.push("put");
      return "written" as const;
    },
    remove: async () => void done.push("remove"),
  };
  const tree = { tree: { nodes: [], orphanedNodes: [], hosts: [] }, managedResources: [] };
  await expect(fencedStore(store, lost).put("web", tree)).rejects.toThrow("lost");
  await expect(fencedStore(store, lost).remove("web")).rejects.toThrow("lost");
  expect(done).toEqual([]);
  expect(await fencedStore(store, { assertHeld() {} }).put("web", tree)).toBe("written");
});
