import { argo } from "../../argo/installed-objects.js";
import { runner } from "../../builders/kube.js";
import { argoCrds, fluxMinor, type TestCluster } from "../../cluster/cluster.js";
import { flamingo, type Run } from "../../flamingo.js";

/** The controllers of Flux 2.9.3. */
const controllers = {
  "source-controller": "v1.9.3",
  "kustomize-controller": "v1.9.4",
  "helm-controller": "v1.6.3",
  "notification-controller": "v1.9.2",
};

export const stock = "quay.io/argoproj/argocd:v3.5.1";

/** Flux in flux-system: CRDs and controllers. */
export async function installFlux(cluster: TestCluster): Promise<void> {
  await cluster.installCrds(fluxMinor("2.9"));
  await cluster.createNamespace("flux-system", { "app.kubernetes.io/part-of": "flux" });
  await cluster.applyAll(
    Object.entries(controllers).map(([name, tag]) =>
      runner(`flux-system/${name}`, [{ name: "manager", image: `ghcr.io/fluxcd/${name}:${tag}` }], {
        labels: { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/version": "v2.9.3" },
      }),
    ),
  );
}

/** An Argo CD of this image, whole. */
export async function installArgo(cluster: TestCluster, image: string, namespace = "argocd"): Promise<void> {
  await cluster.installCrds(argoCrds());
  await cluster.createNamespace(namespace);
  await cluster.applyAll([
    ...argo(image, { namespace }),
    runner(`${namespace}/argocd-redis`, [{ name: "redis", image: "redis:7.0.15-alpine" }]),
  ]);
}

export function run(
  cluster: TestCluster,
  line: string,
  user?: "alice" | "bob" | "carol",
  now?: Date,
): Promise<Run> {
  const kubeconfig = cluster.kubeconfig(user ? { user } : {});
  return flamingo(line, { kubeconfig, ...(now ? { now } : {}) });
}
