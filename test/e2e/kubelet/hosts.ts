import type { KubeObject } from "../../../src/kube/object.js";

/** The fields of an EndpointSlice (discovery.k8s.io/v1) that say who answers for a Service. */
export interface EndpointSlice extends KubeObject {
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[] | null;
}

/**
 * /etc/hosts of the pods of a namespace. It stands in for DNS and for kube-proxy: the name of a Service is the address of a pod
 * that is ready, so only ports are reached that Service and pod call the same. Those by which Argo CD's parts and flamingo
 * talk to each other are: redis 6379, repo-server 8081, dex 5556. (argocd-server's are not: 80 and 443 are 8080 in its pod.)
 */
export function hostsFor(namespace: string, slices: readonly EndpointSlice[]): string {
  const services = slices.flatMap(({ metadata, endpoints }) => {
    const service = metadata.labels?.["kubernetes.io/service-name"];
    const ready = (endpoints ?? []).find(({ conditions }) => conditions?.ready !== false);
    if (!service || !ready) return [];
    const full = `${service}.${metadata.namespace}`;
    const short = metadata.namespace === namespace ? [service] : [];
    return [[ready.addresses[0], ...short, full, `${full}.svc`, `${full}.svc.cluster.local`].join(" ")];
  });
  return ["127.0.0.1 localhost", ...services.sort(), ""].join("\n");
}
