import { expect } from "vitest";
import { fl } from "../../argo/installed-objects.js";
import { generated } from "../../builders/argo.js";
import { ks, src } from "../../builders/flux.js";
import { ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import { installArgo, installFlux, run } from "./scene.js";

/** Paths of the requests, pages told apart from the first. */
async function requests(cluster: TestCluster): Promise<{ first: string[]; further: string[] }> {
  const { stderr } = await run(cluster, "check --verbose -o json");
  const paths = [...stderr.matchAll(/^ {2}(?:GET|POST) (\S+) \d+ in/gm)].map(([, path = ""]) => path);
  return {
    first: paths.filter((path) => !path.includes("continue=")).sort(),
    further: paths.filter((path) => path.includes("continue=")),
  };
}

const requestTest = ownClusterTest(async (cluster) => {
  await installFlux(cluster);
  await installArgo(cluster, fl);
  await cluster.createNamespace("apps");
  await cluster.applyAll([src, ks("first"), generated(ks("first"))]);
});

requestTest(
  "the number of requests grows with pages only",
  async ({ cluster }) => {
    const few = await requests(cluster);
    expect(few.first).toEqual([
      "/api/v1/namespaces/argocd/configmaps/argocd-cm",
      "/api/v1/namespaces/argocd/secrets?labelSelector=argocd.argoproj.io%2Fsecret-type+in+%28cluster%2Crepository%2Crepo-creds%29&limit=500",
      "/apis",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gitrepositories.source.toolkit.fluxcd.io",
      "/apis/apps/v1/deployments?limit=500",
      "/apis/apps/v1/namespaces/argocd/deployments?labelSelector=app.kubernetes.io%2Fname%3Dflamingo-loopback&limit=500",
      "/apis/apps/v1/statefulsets?limit=500",
      "/apis/argoproj.io/v1alpha1/applications?limit=500",
      "/apis/coordination.k8s.io/v1/namespaces/argocd/leases?labelSelector=app.kubernetes.io%2Fname%3Dflamingo-loopback&limit=500",
      "/apis/helm.toolkit.fluxcd.io/v2/helmreleases?limit=500",
      "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations?limit=500",
      "/apis/source.toolkit.fluxcd.io/v1/gitrepositories?limit=500",
      "/version",
    ]);
    expect(few.further).toEqual([]);
    const names = Array.from({ length: 2000 }, (_, index) => `w${index}`);
    await cluster.applyAll(names.map((name) => ks(name)));
    await cluster.applyAll(names.slice(0, 600).map((name) => generated(ks(name))));
    const many = await requests(cluster);
    expect(many.first).toEqual(few.first);
    // 2,001 Kustomizations and 600 Applications
    expect(many.further).toHaveLength(4 + 1);
  },
  60_000,
);
