import { argoHas } from "../argo/versions.js";
import type { KubeObject } from "../kube/object.js";
import { releaseOf } from "../support-matrix/versions.js";
import { openToAnonymous } from "./anonymous.js";
import { type ImageWish, withImages } from "./images.js";
import { inNamespace } from "./in-namespace.js";
import { inLegacyOrder } from "./legacy-order.js";
import { tenantObjects } from "./tenant.js";

/** The modes that are made of the manifests of Argo CD's release. */
export type ManifestMode = "all" | "crds-only" | "tenant";

export interface ArgoObjectsWish extends ImageWish {
  mode: ManifestMode;
  /** where Argo CD is to run: "argocd" */
  namespace: string;
  anonymous: boolean;
}

/**
 * The files of the release that a mode is made of, below `manifests/`.
 *
 * @param argocd "v2.8.4"
 * @param ha several replicas, and a redis of several nodes
 */
export function manifestFiles(mode: ManifestMode, argocd: string, ha = false): string[] {
  if (mode === "all") return [ha ? "ha/install.yaml" : "install.yaml"];
  if (mode === "tenant") return ["namespace-install.yaml"];
  const kinds = [
    "application",
    ...(argoHas("bringsApplicationSets", releaseOf(argocd)) ? ["applicationset"] : []),
    "appproject",
  ];
  return kinds.map((kind) => `crds/${kind}-crd.yaml`);
}

/**
 * The objects of an Argo CD, stock or with an FSA image: what `kustomize build` makes of the manifests with the Go CLI's templates,
 * in its legacy order, with two differences. ClusterRoleBindings follow the namespace, and what cannot be patched is an error.
 *
 * @param released the objects of {@link manifestFiles}; one that stays as it is, as a CRD does, is the same object in the answer
 * @throws UserError when the image cannot be put in
 */
export function argoObjects(released: Iterable<KubeObject>, wish: ArgoObjectsWish): KubeObject[] {
  const { mode, namespace, anonymous } = wish;
  if (mode === "crds-only") return inLegacyOrder([...released]);
  const all = [
    namespaceObject(namespace),
    ...released,
    ...(mode === "tenant" ? tenantObjects(namespace) : []),
  ];
  const placed = all.map((object) => inNamespace(anonymous ? openToAnonymous(object) : object, namespace));
  return inLegacyOrder(withImages(placed, wish));
}

export function namespaceObject(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}
