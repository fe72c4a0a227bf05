import type { Whereabouts } from "./fields.js";
import type { Container, Pod } from "./pod.js";

/** How it is with one container. */
export interface ContainerState {
  container: Container;
  ready: boolean;
  restartCount: number;
  state: Record<string, unknown>;
  lastState: Record<string, unknown>;
}

/** One whose turn has not come yet. */
export function waitingContainer(container: Container): ContainerState {
  const state = { waiting: { reason: "PodInitializing" } };
  return { container, ready: false, restartCount: 0, state, lastState: {} };
}

/** `.status` of a Pod, as the kubelet writes it. @param startedAt of the Pod, in ISO form */
export function podStatus(
  pod: Pod,
  inits: readonly ContainerState[],
  containers: readonly ContainerState[],
  { podIp, hostIp }: Pick<Whereabouts, "podIp" | "hostIp">,
  startedAt: string,
): object {
  const initialized = inits.every(({ state }) => "terminated" in state);
  const ready = containers.every((container) => container.ready);
  const begun = containers.some(({ state, restartCount }) => "running" in state || restartCount > 0);
  const condition = (type: string, holds: boolean, reason: string) => ({
    type,
    status: holds ? "True" : "False",
    lastTransitionTime: startedAt,
    ...(holds ? {} : { reason }),
  });
  return {
    phase: begun ? "Running" : "Pending",
    hostIP: hostIp,
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    startTime: startedAt,
    observedGeneration: pod.metadata.generation,
    conditions: [
      condition("Initialized", initialized, "ContainersNotInitialized"),
      condition("ContainersReady", ready, "ContainersNotReady"),
      condition("Ready", ready, "ContainersNotReady"),
    ],
    ...(inits.length > 0 ? { initContainerStatuses: inits.map(containerStatus) } : {}),
    containerStatuses: containers.map(containerStatus),
  };
}

function containerStatus({ container, ready, restartCount, state, lastState }: ContainerState): object {
  const { name, image } = container;
  return {
    name,
    image,
    imageID: image,
    ready,
    started: "running" in state,
    restartCount,
    state,
    lastState,
  };
}
