import {
  ConfigMap,
  Deployment,
  type PodRunner,
  type PodSpec,
  Service,
  type ServicePort,
  StatefulSet,
} from "../../kube/kinds.js";
import { labelSelectorFrom } from "../../kube/label-selector.js";
import type { KubeObject } from "../../kube/object.js";
import { isOfKind } from "../../kube/object-id.js";
import { type RedisAddress, serviceNamed } from "../../loopback/redis/address.js";
import { redisSettingsFrom } from "../../loopback/redis/settings.js";
import { engineLabels, engineName, metadataOf } from "./names.js";
import type { RedisPods } from "./wish.js";

const policyName = `${engineName}-redis`;

/** networking.k8s.io/v1 */
interface NetworkPolicy extends KubeObject {
  spec: {
    podSelector?: object;
    policyTypes?: string[];
    ingress?: { from?: object[]; ports?: { port?: number | string; protocol?: string }[] }[];
  };
}

/**
 * The Pods behind Argo CD's redis, if a policy has to admit the engine there. Pods without an Ingress policy let everybody
 * through, and the first one would lock all others out: none for those. Undefined also for a redis elsewhere, about which others
 * decide, and without an Argo CD.
 *
 * @param objects the Deployments, StatefulSets, Services, ConfigMaps and NetworkPolicies of Argo CD's namespace, or the files of a
 * release; others do no harm
 * @throws UserError for an address that is none
 */
export function redisPolicyFor(objects: readonly KubeObject[], namespace: string): RedisPods | undefined {
  const settings = redisSettingsFrom({
    runners: objects.filter(isRunner),
    configMaps: new Map(
      objects.filter(isConfigMap).map(({ metadata, data = {} }) => [metadata.name, data] as const),
    ),
    secrets: new Map(),
  });
  if (!settings) return undefined;
  const { address } = settings;
  const addresses = "sentinels" in address ? address.sentinels : [address];
  const services = addresses.flatMap((one) => serviceOf(one, namespace, objects) ?? []);
  const selector = commonLabels(services.map(({ spec }) => spec?.selector ?? {}));
  if (Object.keys(selector).length === 0) return undefined;
  const selects = labelSelectorFrom({ matchLabels: selector });
  const pods = objects
    .filter(isRunner)
    .map(podOf)
    .filter(({ labels }) => selects?.(labels));
  const guards = objects.filter(isIngressPolicy).filter((policy) => guardsAny(policy, pods));
  if (guards.length === 0) return undefined;
  const told = "sentinels" in address ? pods.flatMap(portsOf) : services.map(portOf(address, pods));
  const ports = new Set([...told, ...guards.flatMap(sentinelPortOf)]);
  return { labels: selector, ports: [...ports].sort((a, b) => a - b) };
}

/** Beside the policies of Argo CD, which stay as they are: what one of them permits is permitted. */
export function redisNetworkPolicy(namespace: string, { labels, ports }: RedisPods): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadataOf(policyName, namespace),
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: engineLabels } }],
          ports: ports.map((port) => ({ protocol: "TCP", port })),
        },
      ],
    },
  };
}

function serviceOf(
  { host }: RedisAddress,
  namespace: string,
  objects: readonly KubeObject[],
): Service | undefined {
  const named = serviceNamed(host, namespace);
  if (named?.namespace !== namespace) return undefined;
  return objects.find(
    (object): object is Service => isOfKind(object, Service) && object.metadata.name === named.service,
  );
}

/** Of Sentinels that are each behind a Service of its own, what they have in common. */
function commonLabels(selectors: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = selectors;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => others.every((other) => other[key] === value)),
  );
}

interface Pod {
  labels: Record<string, string>;
  containers: NonNullable<PodSpec["containers"]>;
}

function podOf({ spec }: PodRunner): Pod {
  const { metadata, spec: pod } = spec?.template ?? {};
  return { labels: metadata?.labels ?? {}, containers: pod?.containers ?? [] };
}

function isRunner(object: KubeObject): object is PodRunner {
  return isOfKind(object, Deployment) || isOfKind(object, StatefulSet);
}

function isConfigMap(object: KubeObject): object is ConfigMap {
  return isOfKind(object, ConfigMap);
}

function portsOf({ containers }: Pod): number[] {
  return containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
}

/** Policies are about the ports of Pods, which may be others than those of their Service. */
function portOf({ port }: RedisAddress, pods: readonly Pod[]) {
  return ({ spec }: Service): number => {
    const { targetPort = port }: Partial<ServicePort> = spec?.ports?.find((one) => one.port === port) ?? {};
    if (typeof targetPort === "number") return targetPort;
    const named = pods.flatMap(({ containers }) => containers.flatMap(({ ports = [] }) => ports));
    return named.find(({ name }) => name === targetPort)?.containerPort ?? port;
  };
}

/** Of others: ours is only there beside one of theirs. */
function isIngressPolicy(object: KubeObject): object is NetworkPolicy {
  if (!isOfKind(object, { group: "networking.k8s.io", kind: "NetworkPolicy" })) return false;
  if (object.metadata.name === policyName) return false;
  return (object as NetworkPolicy).spec.policyTypes?.includes("Ingress") ?? true;
}

function guardsAny({ spec }: NetworkPolicy, pods: readonly Pod[]): boolean {
  const selects = labelSelectorFrom(spec.podSelector ?? {});
  return pods.some(({ labels }) => selects?.(labels));
}

/** Where Argo CD's own policy opens Sentinel to those who use redis, ours does. */
function sentinelPortOf({ spec }: NetworkPolicy): number[] {
  const opened = (spec.ingress ?? []).flatMap(({ ports = [] }) => ports.map(({ port }) => port));
  return opened.includes(sentinelPort) ? [sentinelPort] : [];
}

const sentinelPort = 26_379;
