/** Whom objects of Istio and of the Gateway API lead to, as Argo CD 3.5 has it (`controller/cache/info.go`). */
import type { NetworkingInfo, ResourceRef } from "../../argo/application-tree.js";
import type { LiveObject } from "../../kube/object.js";
import { wantsNoLinks } from "./links.js";

interface VirtualService extends LiveObject {
  spec?: { http?: { route?: { destination?: { host?: string } }[] }[] };
}

/** Istio's hosts are "NAME" or "NAME.NAMESPACE…". */
export function virtualServiceInfo(object: LiveObject): NetworkingInfo {
  const { spec, metadata } = object as VirtualService;
  const hosts = (spec?.http ?? []).flatMap(({ route }) => (route ?? []).map((to) => to.destination?.host));
  const refs = hosts.map((host = "") => {
    const [name = "", namespace = ""] = host.split(".");
    return refTo({ kind: "Service", namespace, name }, metadata.namespace);
  });
  return { targetRefs: unique(refs) };
}

interface ServiceEntry extends LiveObject {
  spec?: { workloadSelector?: { labels?: Record<string, string> } };
}

/** It leads to Pods by their labels; one without selector, to no object. */
export function serviceEntryInfo(object: LiveObject): NetworkingInfo | undefined {
  const labels = (object as ServiceEntry).spec?.workloadSelector?.labels;
  return labels && { targetLabels: labels, targetRefs: [{ kind: "Pod", name: "" }] };
}

interface Reference {
  group?: string;
  kind?: string;
  namespace?: string;
  name?: string;
}

interface Route extends LiveObject {
  spec?: { parentRefs?: Reference[]; rules?: { backendRefs?: Reference[] }[] };
}

/** HTTPRoute and its like, between a Gateway and Services. */
export function routeInfo(object: LiveObject): NetworkingInfo {
  const { spec, metadata } = object as Route;
  const parents = (spec?.parentRefs ?? []).map((ref) => ({
    ...ref,
    group: ref.group || "gateway.networking.k8s.io",
    kind: ref.kind || "Gateway",
  }));
  const backends = (spec?.rules ?? []).flatMap(({ backendRefs }) => backendRefs ?? []);
  const refs = [...parents, ...backends].map((ref) =>
    refTo({ ...ref, kind: ref.kind || "Service" }, metadata.namespace),
  );
  return { targetRefs: unique(refs) };
}

interface Gateway extends LiveObject {
  spec?: { listeners?: { hostname?: string; port?: number; protocol?: string }[] };
  status?: { addresses?: { type?: string; value?: string }[] };
}

export function gatewayInfo(object: LiveObject): NetworkingInfo {
  const { spec, status } = object as Gateway;
  const ingress = (status?.addresses ?? []).flatMap(
    ({ type = "", value }): NetworkingInfo["ingress"] & {} => {
      if (!value) return [];
      if (type === "Hostname") return [{ hostname: value }];
      return type === "IPAddress" || type === "" ? [{ ip: value }] : [];
    },
  );
  const addresses = ingress.map(({ hostname, ip }) => hostname ?? ip ?? "");
  const urls = (spec?.listeners ?? []).flatMap(({ hostname = "", port, protocol = "" }) => {
    const scheme = protocol === "HTTPS" || protocol === "TLS" ? "https" : "http";
    const end = port === (scheme === "https" ? 443 : 80) ? "" : `:${port ?? 0}`;
    const hosts = hostname === "" || hostname === "*" ? addresses : [hostname];
    return hosts.map((host) => `${scheme}://${host}${end}`);
  });
  return { ingress, externalURLs: wantsNoLinks(object) ? [] : [...new Set(urls)].sort() };
}

/** @param home the namespace where none is named */
function refTo(reference: Reference & { kind: string }, home: string | undefined): ResourceRef {
  const { group, kind, namespace = "", name = "" } = reference;
  const within = namespace || home;
  return { ...(group ? { group } : {}), kind, ...(within ? { namespace: within } : {}), name };
}

/** Those with a name, each once. */
function unique(refs: readonly ResourceRef[]): ResourceRef[] {
  const named = refs.filter(({ name }) => name !== "");
  const byText = new Map(named.map((ref) => [JSON.stringify(ref), ref]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}
