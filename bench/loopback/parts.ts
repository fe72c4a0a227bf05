import type { TestObject } from "../../test/cluster/crds.js";

/** An object of a workload, and who writes it. */
export interface Part {
  /** where objects of its kind are: "/api/v1/namespaces/shop-0001/services" */
  collection: string;
  object: TestObject;
  /** kustomize-controller applies, everybody else creates */
  by: "kustomize-controller" | "kube-controller-manager";
  /** written by itself, as the API server wants it */
  status?: { by: string; content: object };
  /** the object that owns it, among those before */
  owner?: { kind: Kind; name: string };
}

const kinds = {
  ConfigMap: ["v1", "configmaps"],
  Deployment: ["apps/v1", "deployments"],
  EndpointSlice: ["discovery.k8s.io/v1", "endpointslices"],
  GitRepository: ["source.toolkit.fluxcd.io/v1", "gitrepositories"],
  Ingress: ["networking.k8s.io/v1", "ingresses"],
  Kustomization: ["kustomize.toolkit.fluxcd.io/v1", "kustomizations"],
  Pod: ["v1", "pods"],
  ReplicaSet: ["apps/v1", "replicasets"],
  Secret: ["v1", "secrets"],
  Service: ["v1", "services"],
  ServiceAccount: ["v1", "serviceaccounts"],
} as const;

export type Kind = keyof typeof kinds;

export type Labels = Readonly<Record<string, string>>;

/** What kustomize-controller applies, with the labels that it gives to everything. */
export function applied(kind: Kind, namespace: string, name: string, body: object = {}): Part {
  const labels = {
    "app.kubernetes.io/instance": namespace,
    "app.kubernetes.io/part-of": "shop",
    "kustomize.toolkit.fluxcd.io/name": namespace,
    "kustomize.toolkit.fluxcd.io/namespace": namespace,
  };
  return partOf(kind, { name, namespace, labels }, body, "kustomize-controller");
}

/** What controllers make of it. */
export function created(kind: Kind, metadata: TestObject["metadata"], body: object): Part {
  return partOf(kind, metadata, body, "kube-controller-manager");
}

function partOf(kind: Kind, metadata: TestObject["metadata"], body: object, by: Part["by"]): Part {
  const [apiVersion, plural] = kinds[kind];
  const api = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const collection = `${api}/namespaces/${metadata.namespace}/${plural}`;
  return { collection, object: { apiVersion, kind, metadata, ...body }, by };
}
