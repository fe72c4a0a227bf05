import type { NetworkingInfo, ResourceRef } from "../../argo/application-tree.js";
import type { Service } from "../../kube/kinds.js";
import type { LiveObject } from "../../kube/object.js";
import { groupKindOf, groupOf, idOf, versionOf } from "../../kube/object-id.js";
import { gatewayInfo, routeInfo, serviceEntryInfo, virtualServiceInfo } from "./gateway-networking.js";
import { linksIn, wantsNoLinks } from "./links.js";

/**
 * Who talks to whom, for the network view and the links of a node (Argo CD 3.5, `controller/cache/info.go`): of Pods,
 * Services, Ingresses, and what does their work in Istio and the Gateway API. Other kinds have it only when they are annotated
 * with links.
 */
export function networkingInfo(object: LiveObject): NetworkingInfo | undefined {
  const links = linksIn(object.metadata.annotations);
  const info = byKind(object);
  if (!info && links.length === 0) return undefined;
  const entries = Object.entries({ ...info, externalURLs: [...links, ...(info?.externalURLs ?? [])] });
  return Object.fromEntries(entries.filter(([, value]) => Object.keys(value).length > 0));
}

/** An empty one shows a Pod without labels in the network view all the same. */
function byKind(object: LiveObject): NetworkingInfo | undefined {
  switch (groupKindOf(idOf(object))) {
    case "/Pod":
      return { labels: object.metadata.labels ?? {} };
    case "/Service":
      return serviceInfo(object as Service);
    case "networking.k8s.io/Ingress":
    case "extensions/Ingress":
      return ingressInfo(object as Ingress);
    case "networking.istio.io/VirtualService":
      return virtualServiceInfo(object);
    case "networking.istio.io/ServiceEntry":
      return serviceEntryInfo(object);
    case "gateway.networking.k8s.io/Gateway":
      return gatewayInfo(object);
    case "gateway.networking.k8s.io/HTTPRoute":
    case "gateway.networking.k8s.io/GRPCRoute":
    case "gateway.networking.k8s.io/TCPRoute":
    case "gateway.networking.k8s.io/TLSRoute":
    case "gateway.networking.k8s.io/UDPRoute":
      return routeInfo(object);
    default:
      return undefined;
  }
}

function serviceInfo(service: Service): NetworkingInfo {
  const { selector = {}, type } = service.spec ?? {};
  return { targetLabels: selector, ingress: type === "LoadBalancer" ? addressesOf(service) : [] };
}

interface Backend {
  /** networking.k8s.io/v1 */
  service?: { name?: string };
  /** the versions before */
  serviceName?: string;
}

interface Ingress extends LiveObject, Pick<Service, "status"> {
  spec?: {
    backend?: Backend;
    rules?: { host?: string; http?: { paths?: { path?: string; backend?: Backend }[] } }[];
    tls?: { secretName?: string; hosts?: string[] }[];
  };
}

function ingressInfo(ingress: Ingress): NetworkingInfo {
  const { metadata, spec = {} } = ingress;
  const addresses = addressesOf(ingress);
  const paths = (spec.rules ?? []).flatMap(({ host, http }) =>
    (http?.paths ?? []).map((path) => ({ ...path, host: host || fallbackHost(addresses) })),
  );
  const services = [spec.backend, ...paths.map(({ backend }) => backend)].map((backend) =>
    serviceName(backend, ingress),
  );
  const names = [...new Set(services.filter((name) => name !== undefined))].sort();
  const targetRefs = names.map((name): ResourceRef => {
    const { namespace } = metadata;
    return { kind: "Service", ...(namespace ? { namespace } : {}), name };
  });
  const urls = paths
    .filter(({ host }) => host !== undefined)
    .map(({ host = "", path = "" }) => `${schemeOf(spec, host)}://${host}${path.replace(/\*$/, "")}`);
  return {
    targetRefs,
    ingress: addresses,
    externalURLs: wantsNoLinks(ingress) ? [] : [...new Set(urls)].sort(),
  };
}

type Address = { hostname?: string; ip?: string };

function addressesOf({ status }: Pick<Service, "status">): Address[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ hostname, ip }): Address[] => {
    if (hostname) return [{ hostname }];
    return ip ? [{ ip }] : [];
  });
}

function fallbackHost(addresses: readonly Address[]): string | undefined {
  const [first] = addresses;
  return first?.hostname ?? first?.ip;
}

function serviceName(backend: Backend | undefined, { apiVersion }: Ingress): string | undefined {
  const isNew = groupOf(apiVersion) === "networking.k8s.io" && versionOf(apiVersion) === "v1";
  return isNew ? backend?.service?.name : backend?.serviceName;
}

/** A certificate without hosts is taken for one of all hosts. */
function schemeOf({ tls = [] }: NonNullable<Ingress["spec"]>, host: string): string {
  const hasCertificate = tls.some(({ secretName, hosts }) => secretName || hosts?.includes(host));
  return hasCertificate ? "https" : "http";
}
