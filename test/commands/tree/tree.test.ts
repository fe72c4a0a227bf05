import { expect } from "vitest";
import { ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import { golden } from "../../golden.js";
import { installArgo, installFlux, run, stock } from "../check/scene.js";
import { configMap, operatorCrds, pod, shop } from "./scene.js";

const own = (custom: boolean) =>
  ownClusterTest(async (cluster) => {
    await installFlux(cluster);
    await installArgo(cluster, stock);
    await cluster.installCrds(operatorCrds);
    await shop(cluster, { custom });
  });

const shopTest = own(false);
const operatedTest = own(true);

/** Paths of the requests of a command line, pages told apart from the first. */
async function requests(cluster: TestCluster, line: string): Promise<{ first: string[]; further: number }> {
  const { stderr } = await run(cluster, `${line} --verbose`);
  const paths = [...stderr.matchAll(/^ {2}(?:GET|POST) (\S+) \d+ in/gm)].map(([, path = ""]) => path);
  const first = paths.filter((path) => !path.includes("continue="));
  return { first: first.map(decodeURIComponent).sort(), further: paths.length - first.length };
}

const requested = [
  "/api",
  "/api/v1/namespaces/argocd/configmaps/argocd-cm",
  "/api/v1/namespaces/argocd/configmaps/argocd-cmd-params-cm",
  "/api/v1/namespaces/argocd/secrets?labelSelector=argocd.argoproj.io/secret-type=cluster&limit=500",
  "/api/v1/namespaces/shop/configmaps/gone",
  "/api/v1/namespaces/shop/configmaps/more-settings",
  "/api/v1/namespaces/shop/configmaps?labelSelector=kustomize.toolkit.fluxcd.io/name=web,kustomize.toolkit.fluxcd.io/namespace=shop&limit=500",
  "/api/v1/namespaces/shop/endpoints?limit=500",
  "/api/v1/namespaces/shop/persistentvolumeclaims?limit=500",
  "/api/v1/namespaces/shop/pods?limit=500",
  "/api/v1/namespaces/shop/secrets/credentials",
  "/api/v1/namespaces/shop/services/web",
  "/apis",
  "/apis",
  "/apis/apps/v1/namespaces/shop/deployments/web",
  "/apis/apps/v1/namespaces/shop/replicasets?limit=500",
  "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/web",
  "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/default",
  "/apis/batch/v1/namespaces/shop/cronjobs/report",
  "/apis/batch/v1/namespaces/shop/jobs?limit=500",
  "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?limit=500",
  "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/shop/kustomizations/web",
  "/apis/rbac.authorization.k8s.io/v1/clusterroles/shop-reader",
  "/apis/resource.k8s.io/v1/namespaces/shop/resourceclaims?limit=500",
  "/apis/source.toolkit.fluxcd.io/v1/namespaces/shop/gitrepositories/src",
];

operatedTest(
  "what Kubernetes and operators have made is drawn below what Flux applied",
  async ({ cluster }) => {
    const drawn = await run(cluster, "tree ks/web -n shop");
    expect(drawn).toEqual({ exitCode: 0, stdout: golden("tree/table.txt", drawn.stdout), stderr: "" });
    const names = await run(cluster, "tree ks/web -n shop -o name");
    expect(names).toEqual({ exitCode: 0, stdout: golden("tree/name.txt", names.stdout), stderr: "" });
  },
);

shopTest(
  "the number of requests grows with pages of what the workload itself has, and not with the cluster",
  async ({ cluster }) => {
    const few = await requests(cluster, "tree web");
    expect(few).toEqual({ first: requested, further: 0 });
    await cluster.createNamespace("crowd");
    const names = Array.from({ length: 600 }, (_, index) => `crowd-${index}`);
    await cluster.applyAll(
      names.flatMap((name) => [pod(`crowd/${name}`, "node-b"), configMap(`shop/${name}`)]),
    );
    expect(await requests(cluster, "tree web")).toEqual(few);
  },
  60_000,
);
