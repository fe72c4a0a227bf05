import type { Health } from "../../argo/health.js";
import type { ContainerStatus, Pod } from "../../kube/kinds.js";
import type { LiveObject } from "../../kube/object.js";
import { health } from "./health.js";

/** A Pod as gitops-engine judges it (Argo CD 2.8 to 3.6). */
export function podHealth(object: LiveObject): Health {
  const { spec = {}, status = {} } = object as Pod;
  const { containerStatuses = [], initContainerStatuses = [], message } = status;
  // those that end by themselves are mostly hooks, which may still find their image
  if (spec.restartPolicy === "Always") {
    const stuck = containerStatuses.filter(isStuck);
    if (stuck.length > 0) {
      return health("Degraded", stuck.map(({ state }) => state?.waiting?.message ?? "").join(", "));
    }
  }
  switch (status.phase) {
    case "Pending":
      return health("Progressing", message);
    case "Succeeded":
      return health("Healthy", message);
    case "Failed":
      return health("Degraded", message || failureAmong([...initContainerStatuses, ...containerStatuses]));
    case "Running":
      return runningHealth(object as Pod);
    default:
      return health("Unknown", message);
  }
}

function runningHealth({ spec = {}, status = {} }: Pod): Health {
  const { message } = status;
  if (spec.restartPolicy === "OnFailure" || spec.restartPolicy === "Never")
    return health("Progressing", message);
  if (spec.restartPolicy !== "Always") return health("Unknown", message);
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return health("Healthy", message);
  const hasCrashed = status.containerStatuses?.some(({ lastState }) => lastState?.terminated);
  return health(hasCrashed ? "Degraded" : "Progressing", message);
}

/** CrashLoopBackOff, ErrImagePull, CreateContainerConfigError and their like. */
function isStuck({ state }: ContainerStatus): boolean {
  return /^Err|Error$|BackOff$/.test(state?.waiting?.reason ?? "");
}

function failureAmong(containers: readonly ContainerStatus[]): string | undefined {
  for (const { name, state } of containers) {
    const { message, reason, exitCode } = state?.terminated ?? {};
    if (message) return message;
    if (reason === "OOMKilled") return reason;
    if (exitCode) return `container ${JSON.stringify(name)} failed with exit code ${exitCode}`;
  }
  return undefined;
}
