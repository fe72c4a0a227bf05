/** Where an Argo CD's server can be reached through the API server. */
import { allOf } from "../kube/all-of.js";
import { type PodRunner, Service } from "../kube/kinds.js";
import type { Reader } from "../kube/kube.js";
import { readServerSettings, serverAmong } from "./argo-server.js";

export interface ServerAddress {
  namespace: string;
  service: string;
  /** to be tried in this order: a server without TLS does not answer https, one with TLS redirects http */
  ports: { scheme: "https" | "http"; port: number }[];
  /** "" or "/argocd" */
  rootPath: string;
}

export const usualPorts: ServerAddress["ports"] = [
  { scheme: "https", port: 443 },
  { scheme: "http", port: 80 },
];

/**
 * Where the server is as a rule: behind a Service called like the object that runs it, in the manifests (Argo CD 2.2 to
 * 3.5), by the Helm chart and by the operator.
 */
export function usualAddress({ metadata: { name, namespace = "" } }: PodRunner): ServerAddress {
  return { namespace, service: name, ports: usualPorts, rootPath: "" };
}

/** Where it is when it is not there: by the Service that leads to its pods, and its root path. Undefined when there is none. */
export async function findAddress(reader: Reader, server: PodRunner): Promise<ServerAddress | undefined> {
  const { namespace = "" } = server.metadata;
  const part = serverAmong([server]);
  const [services, settings] = await Promise.all([
    allOf(reader.list(Service, { namespace })),
    part ? readServerSettings(reader, namespace, part) : undefined,
  ]);
  const found = serviceBefore(server, services);
  return found && { namespace, ...found, rootPath: settings?.rootPath ?? "" };
}

/** The first of these Services that leads to the pods of Argo CD's server; that for its metrics does, too, and does not count. */
export function serviceBefore(
  server: PodRunner,
  services: readonly Service[],
): Pick<ServerAddress, "service" | "ports"> | undefined {
  const labels = server.spec?.template?.metadata?.labels ?? {};
  return services
    .filter((service) => selects(service, labels))
    .map((service) => ({ service: service.metadata.name, ports: portsOf(service) }))
    .find(({ ports }) => ports.length > 0);
}

function selects({ spec }: Service, labels: Record<string, string>): boolean {
  const selector = Object.entries(spec?.selector ?? {});
  return selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
}

/** Those of Argo CD's page. */
export function portsOf({ spec }: Service): ServerAddress["ports"] {
  const ports = spec?.ports ?? [];
  return usualPorts.flatMap((usual) => {
    const found =
      ports.find(({ name }) => name === usual.scheme) ?? ports.find(({ port }) => port === usual.port);
    return found ? [{ ...usual, port: found.port }] : [];
  });
}
