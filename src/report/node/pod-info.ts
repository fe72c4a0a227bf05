import type { InfoItem } from "../../argo/application-tree.js";
import type { Container, ContainerStatus, Pod, Terminated } from "../../kube/kinds.js";
import { isSidecar, podRequest } from "./pod-requests.js";

/**
 * What Argo CD 3.5 says of a Pod beside its health (`controller/cache/info.go`): the status that `kubectl get pods`
 * prints, its machine, ready containers, restarts, and what it asks for in thousandths.
 */
export function podInfo(pod: Pod): InfoItem[] {
  const { spec = {}, status = {} } = pod;
  const { reason, ready, restarts } = summarize(pod);
  const containers = (spec.containers ?? []).length + (spec.initContainers ?? []).filter(isSidecar).length;
  const items: InfoItem[] = [];
  if (reason !== "") items.push({ name: "Status Reason", value: reason });
  items.push({ name: "Node", value: spec.nodeName ?? "" });
  items.push({ name: "Containers", value: `${ready}/${containers}` });
  if (restarts > 0) items.push({ name: "Restart Count", value: String(restarts) });
  if (!hasEnded(status.phase)) {
    items.push({ name: "cpu", value: String(podRequest(pod, "cpu")) });
    items.push({ name: "memory", value: String(podRequest(pod, "memory")) });
  }
  return items;
}

/** The images of a Pod, each once. */
export function podImages({ spec = {} }: Pod): string[] {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  return [...new Set(containers.map(({ image }) => image ?? ""))].sort();
}

interface Summary {
  reason: string;
  ready: number;
  restarts: number;
}

function summarize(pod: Pod): Summary {
  const { metadata, status = {} } = pod;
  const conditions = status.conditions ?? [];
  const gated = conditions.some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  const start = gated ? "SchedulingGated" : status.reason || (status.phase ?? "");
  const init = initialization(pod, start);
  const initialized = conditions.find(({ type }) => type === "Initialized")?.status === "True";
  const summary = init.unfinished && !initialized ? init : withContainers(init, status.containerStatuses);
  if (!metadata.deletionTimestamp) return summary;
  if (status.reason === "NodeLost") return { ...summary, reason: "Unknown" };
  return hasEnded(status.phase) ? summary : { ...summary, reason: "Terminating" };
}

/** The init containers up to the first that has not done its work. */
function initialization(pod: Pod, reason: string): Summary & { unfinished: boolean } {
  const { spec = {}, status = {} } = pod;
  const specs = spec.initContainers ?? [];
  const byName = new Map<string | undefined, Container>(
    specs.map((container) => [container.name, container]),
  );
  let ready = 0;
  let restarts = 0;
  for (const [index, container] of (status.initContainerStatuses ?? []).entries()) {
    restarts += container.restartCount ?? 0;
    const { terminated, waiting } = container.state ?? {};
    if (terminated && !terminated.exitCode) continue;
    if (isSidecar(byName.get(container.name)) && container.started) {
      if (container.ready) ready++;
      continue;
    }
    const waitingFor = waiting?.reason === "PodInitializing" ? "" : waiting?.reason;
    const word = terminated ? endOf(terminated) : waitingFor || `${index}/${specs.length}`;
    return { reason: `Init:${word}`, ready, restarts, unfinished: true };
  }
  return { reason, ready, restarts, unfinished: false };
}

/** The first container that has a reason gives it: the list is read from its end. */
function withContainers(init: Summary, containers: readonly ContainerStatus[] = []): Summary {
  const summary = { reason: init.reason, ready: init.ready, restarts: init.restarts };
  let hasRunning = false;
  for (const { state = {}, ready, restartCount } of containers.toReversed()) {
    summary.restarts += restartCount ?? 0;
    if (state.waiting?.reason) summary.reason = state.waiting.reason;
    else if (state.terminated) summary.reason = endOf(state.terminated);
    else if (ready && state.running) {
      hasRunning = true;
      summary.ready++;
    }
  }
  if (summary.reason === "Completed" && hasRunning) summary.reason = "Running";
  return summary;
}

/** "OOMKilled", "Signal:9", "ExitCode:1" */
function endOf({ reason, signal, exitCode = 0 }: Terminated): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

/** Of a Pod by its phase. */
export function hasEnded(phase: string | undefined): boolean {
  return phase === "Failed" || phase === "Succeeded";
}
