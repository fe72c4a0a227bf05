import { expect } from "vitest";
import { servedKinds } from "../../src/kube/served-kinds.js";
import { clusterTest } from "../cluster/cluster.js";
import { asOlderServer } from "../cluster/proxy.js";
import { kubeFor, proxyFor } from "./kube-for.js";

const names = (kinds: readonly { group: string; kind: string }[]) =>
  kinds.map(({ group, kind }) => `${group}/${kind}`).sort();

clusterTest("all kinds that can be watched, each once", async ({ cluster }) => {
  const kinds = await servedKinds(kubeFor(cluster));
  expect(new Set(names(kinds)).size).toBe(kinds.length);
  expect(names(kinds)).toEqual(
    expect.arrayContaining(["/Pod", "apps/Deployment", "kustomize.toolkit.fluxcd.io/Kustomization"]),
  );
  expect(kinds.find(({ kind }) => kind === "Namespace")).toMatchObject({
    plural: "namespaces",
    namespaced: false,
  });
  expect(kinds.find(({ kind }) => kind === "Pod")).toMatchObject({ plural: "pods", namespaced: true });
  expect(kinds.find(({ kind }) => kind === "Deployment")).toMatchObject({ names: ["deployment", "deploy"] });
  // questions are no objects, and what is below an object neither
  expect(names(kinds)).not.toContain("authorization.k8s.io/SelfSubjectAccessReview");
  expect(names(kinds)).not.toContain("autoscaling/Scale");
});

clusterTest("on a server without aggregated discovery they are the same", async ({ cluster }) => {
  const proxy = await proxyFor(cluster, asOlderServer);
  const older = await servedKinds(kubeFor(cluster, { server: proxy.server }));
  expect(names(older)).toEqual(names(await servedKinds(kubeFor(cluster))));
  expect(older.find(({ kind }) => kind === "Deployment")).toMatchObject({ names: ["deployment", "deploy"] });
});

clusterTest("a server that knows no kinds at all is none", async ({ cluster }) => {
  const proxy = await proxyFor(cluster);
  proxy.decide(() => ({ status: 404, body: {} }));
  await expect(servedKinds(kubeFor(cluster, { server: proxy.server }))).rejects.toMatchObject({
    message: `Cannot find out which kinds the cluster serves: ${proxy.server} does not know /api`,
    hint: "See whether it is an API server that answers: kubectl get --raw /api",
  });
});
