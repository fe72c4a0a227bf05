/** Where an Argo CD's server can be asked through the API server. */
import { allOf } from "../kube/all-of.js";
import { ConfigMap, type PodRunner, Service } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";

export interface ServerAddress {
  namespace: string;
  service: string;
  /** to be tried in this order: a server without TLS does not answer https, one with TLS redirects http */
  ports: { scheme: "https" | "http"; port: number }[];
  /** "" or "/argocd" */
  rootPath: string;
}

/**
 * Where the server is as a rule: behind a Service called like the object that runs it, in the manifests (Argo CD 2.2 to
 * 3.5), by the Helm chart and by the operator.
 */
export function usualAddress({ metadata: { name, namespace = "" } }: PodRunner): ServerAddress {
  return {
    namespace,
    service: name,
    ports: [
      { scheme: "https", port: 443 },
      { scheme: "http", port: 80 },
    ],
    rootPath: "",
  };
}

/** Where it is when it is not there: by the Service that leads to its pods, and its root path. Undefined when there is none. */
export async function findAddress(kube: Kube, server: PodRunner): Promise<ServerAddress | undefined> {
  const { namespace = "" } = server.metadata;
  const [services, rootPath] = await Promise.all([
    allOf(kube.list(Service, { namespace })),
    findRootPath(kube, server, namespace),
  ]);
  const labels = server.spec?.template?.metadata?.labels ?? {};
  const addresses = services
    .filter((service) => selects(service, labels))
    .map((service) => ({
      namespace,
      service: service.metadata.name,
      ports: portsOf(service),
      rootPath,
    }));
  // the Service for its metrics leads to the same pods
  return addresses.find(({ ports }) => ports.length > 0);
}

function selects({ spec }: Service, labels: Record<string, string>): boolean {
  const selector = Object.entries(spec?.selector ?? {});
  return selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
}

function portsOf({ spec }: Service): ServerAddress["ports"] {
  return (
    [
      ["https", 443],
      ["http", 80],
    ] as const
  ).flatMap(([scheme, usual]) => {
    const ports = spec?.ports ?? [];
    const found = ports.find(({ name }) => name === scheme) ?? ports.find(({ port }) => port === usual);
    return found ? [{ scheme, port: found.port }] : [];
  });
}

/** By its flag `--rootpath`, else by `server.rootpath` of argocd-cmd-params-cm (Argo CD 2.2 to 3.5). */
async function findRootPath(kube: Kube, { spec }: PodRunner, namespace: string): Promise<string> {
  const words = (spec?.template?.spec?.containers ?? []).flatMap(({ command = [], args = [] }) => [
    ...command,
    ...args,
  ]);
  const flag = words.findIndex((word) => /^--rootpath(=|$)/.test(word));
  const given = flag === -1 ? undefined : (words[flag]?.split("=")[1] ?? words[flag + 1]);
  const path =
    given ??
    (await kube.find(ConfigMap, { namespace, name: "argocd-cmd-params-cm" }))?.data?.["server.rootpath"];
  const bare = (path ?? "").replace(/^\/+|\/+$/g, "");
  // whatever else it holds must not lead the request out of the proxy
  return /^[\w~-][\w.~-]*(\/[\w~-][\w.~-]*)*$/.test(bare) ? `/${bare}` : "";
}
