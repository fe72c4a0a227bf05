import { labelSelectorFrom } from "../../../src/kube/label-selector.js";
import type { KubeObject } from "../../../src/kube/object.js";
import type { Pod } from "./pod.js";

/** networking.k8s.io/v1, the fields that say who is let in. */
export interface NetworkPolicy extends KubeObject {
  spec: {
    podSelector?: object;
    policyTypes?: string[];
    ingress?: {
      from?: { podSelector?: object; namespaceSelector?: object }[];
      ports?: { port?: number | string }[];
    }[];
  };
}

export interface PodConnection {
  from: Pod;
  to: Pod;
  port: number;
}

/** Whether a network that keeps to the policies would let one pod through to another; here none does. */
export function admits(policies: readonly NetworkPolicy[], { from, to, port }: PodConnection): boolean {
  const guards = policies.filter(
    ({ metadata, spec: { podSelector, policyTypes = ["Ingress"] } }) =>
      metadata.namespace === to.metadata.namespace &&
      policyTypes.includes("Ingress") &&
      selects(podSelector ?? {}, to),
  );
  if (guards.length === 0) return true;
  const rules = guards.flatMap(({ metadata: { namespace }, spec: { ingress = [] } }) =>
    ingress.map((rule) => ({ namespace, ...rule })),
  );
  return rules.some(
    ({ namespace, from: peers, ports }) =>
      (!ports || ports.some((one) => isPort(one.port, port, to))) &&
      (!peers ||
        peers.some(({ podSelector = {}, namespaceSelector }) => {
          const isNear = namespaceSelector
            ? Object.keys(namespaceSelector).length === 0
            : from.metadata.namespace === namespace;
          return isNear && selects(podSelector, from);
        })),
  );
}

function selects(selector: object, { metadata }: Pod): boolean {
  return labelSelectorFrom(selector)?.(metadata.labels ?? {}) ?? false;
}

/** @param said a number, the name that a container gives it, or any */
function isPort(said: number | string | undefined, port: number, { spec }: Pod): boolean {
  if (typeof said !== "string") return said === undefined || said === port;
  const named = spec.containers.flatMap(({ ports = [] }) => ports);
  return named.some(({ name, containerPort }) => name === said && containerPort === port);
}
