import type { Container, ContainerStatus, Pod, Quantities } from "../../kube/kinds.js";
import { milliValue } from "./quantity.js";

/**
 * What a Pod asks of its machine of one resource, in thousandths, as the scheduler counts it (k8s.io/component-helpers
 * `PodRequests` with the amounts in the status, which Argo CD 3 prints): the containers and sidecars together, or the
 * hungriest moment of the initialisation.
 */
export function podRequest(pod: Pod, resource: "cpu" | "memory"): number {
  const { spec = {} } = pod;
  const amount = (quantities: Quantities | undefined) => milliValue(quantities?.[resource] ?? 0);
  const forWholePod = spec.resources?.requests?.[resource];
  const containers = forWholePod === undefined ? ofContainers(pod, amount) : milliValue(forWholePod);
  return containers + amount(spec.overhead);
}

type Amount = (quantities: Quantities | undefined) => number;

function ofContainers(pod: Pod, amount: Amount): number {
  const { spec = {}, status = {} } = pod;
  const statuses = new Map<string | undefined, ContainerStatus>(
    [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].map((item) => [
      item.name,
      item,
    ]),
  );
  const isRefused = status.conditions?.some(
    ({ type, reason }) => type === "PodResizePending" && reason === "Infeasible",
  );
  const effective = ({ name, resources }: Container): number => {
    const wanted = amount(resources?.requests);
    const found = statuses.get(name);
    if (!found?.resources) return wanted;
    const given = Math.max(amount(found.resources.requests), amount(found.allocatedResources));
    return isRefused ? given : Math.max(wanted, given);
  };
  let running = 0;
  for (const container of spec.containers ?? []) running += effective(container);
  let sidecars = 0;
  let starting = 0;
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) {
      sidecars += effective(container);
      starting = Math.max(starting, sidecars);
    } else {
      starting = Math.max(starting, sidecars + amount(container.resources?.requests));
    }
  }
  return Math.max(running + sidecars, starting);
}

export function isSidecar(container: Container | undefined): boolean {
  return container?.restartPolicy === "Always";
}
