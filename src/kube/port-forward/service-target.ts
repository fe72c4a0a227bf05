/** Where a port of a Service leads. Pure. */
import type { Pod, Service, ServicePort } from "../kinds.js";

/** The TCP port of this number or name. */
export function portOf({ spec }: Service, wanted: number | string): ServicePort | undefined {
  return tcpPorts(spec?.ports).find(({ name, port }) => port === wanted || name === wanted);
}

/** "6379 (redis), 9121" */
export function namesOfPorts({ spec }: Service): string {
  return tcpPorts(spec?.ports)
    .map(({ name, port }) => (name === undefined ? String(port) : `${port} (${name})`))
    .join(", ");
}

/** "app=redis,tier=cache"; undefined for a Service that selects no pods */
export function selectorOf({ spec }: Service): string | undefined {
  const pairs = Object.entries(spec?.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? undefined : pairs.join(",");
}

/** Whether a Service sends it anything. */
export function isReady({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return (status?.conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True");
}

/** Whether its containers run, Ready or not. */
export function isRunning({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase === "Running";
}

/** The number of the port in this pod; undefined when none of its containers has one of that name. */
export function portInPod({ port, targetPort = port }: ServicePort, { spec }: Pod): number | undefined {
  if (typeof targetPort === "number") return targetPort;
  // sidecars are among the init containers
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return containers.flatMap(({ ports }) => tcpPorts(ports)).find(({ name }) => name === targetPort)
    ?.containerPort;
}

/** "Pending", "Running, not Ready", "being deleted" */
export function stateOf(pod: Pod): string {
  const { metadata, status = {} } = pod;
  if (metadata.deletionTimestamp !== undefined) return "being deleted";
  const phase = status.reason ?? status.phase ?? "Unknown";
  return isReady(pod) ? "Ready" : phase === "Running" ? "Running, not Ready" : phase;
}

function tcpPorts<P extends { protocol?: string }>(ports: P[] = []): P[] {
  return ports.filter(({ protocol = "TCP" }) => protocol === "TCP");
}
