import { Pod } from "../../kube/kinds.js";
import type { LiveObject } from "../../kube/object.js";
import { isOfKind } from "../../kube/object-id.js";
import { hasEnded } from "../node/pod-info.js";
import { podRequest } from "../node/pod-requests.js";

/** What Pods ask of their machines, in thousandths. */
export interface Requested {
  cpu: number;
  memory: number;
}

export function requestedBy(pods: readonly Pod[]): Requested {
  const sum = (resource: keyof Requested) => pods.reduce((all, pod) => all + podRequest(pod, resource), 0);
  return { cpu: sum("cpu"), memory: sum("memory") };
}

/** What is asked of each machine by all Pods that have not ended: sums, since a list of the Pods would grow with the cluster. */
export class RequestedOfNodes {
  readonly #sums = new Map<string, Requested & { pods: number }>();

  of(node: string): Requested {
    const { cpu = 0, memory = 0 } = this.#sums.get(node) ?? {};
    return { cpu, memory };
  }

  /** @param times 1 for what came, -1 for what went; only Pods change anything */
  count(object: LiveObject, times: 1 | -1): void {
    if (!isOfKind(object, Pod)) return;
    const pod = object as Pod;
    const node = pod.spec?.nodeName;
    if (!node || hasEnded(pod.status?.phase)) return;
    const before = this.#sums.get(node) ?? { cpu: 0, memory: 0, pods: 0 };
    const pods = before.pods + times;
    const { cpu, memory } = requestedBy([pod]);
    if (pods === 0) this.#sums.delete(node);
    else
      this.#sums.set(node, { cpu: before.cpu + times * cpu, memory: before.memory + times * memory, pods });
  }
}
