import type { Duplex } from "node:stream";
import { ExitCode, UserError, type UserErrorOptions } from "../../errors.js";
import { allOf } from "../all-of.js";
import { StatusError } from "../failure.js";
import { Pod, Service } from "../kinds.js";
import type { Kube, PodRef, Reader } from "../kube.js";
import { objectId, renderId } from "../object-id.js";
import {
  isReady,
  isRunning,
  namesOfPorts,
  portInPod,
  portOf,
  selectorOf,
  stateOf,
} from "./service-target.js";

export interface ServiceAddress {
  namespace: string;
  service: string;
  /** of the Service: its number or its name */
  port: number | string;
}

export interface Forward {
  /**
   * A new connection to a pod that is Ready now: the one that the last connection went to, unless that one failed. Whoever
   * needs it no longer destroys it.
   *
   * @throws UserError when there is no such Service, port or pod, or none of them can be reached
   */
  connect(): Promise<Duplex>;
  /**
   * The pod that {@link connect} would try first now.
   *
   * @throws UserError when there is no such Service or port; NoPodError when there is no such pod
   */
  aim(): Promise<ForwardTarget>;
}

export interface ForwardTarget {
  pod: PodRef;
  /** its number in the pod */
  port: number;
  /** undefined for a Ready pod, else "Running, not Ready" */
  unready: string | undefined;
}

export interface ForwardOptions {
  /** where no pod is Ready a Running one will do, and this is told; without it only Ready ones are connected to */
  onUnready?(target: ForwardTarget): void;
}

/** There are a Service and a port, but no pod yet that can be connected to. */
export class NoPodError extends UserError {
  /** which its pods have: "app=redis" */
  readonly labels: string;

  constructor(message: string, labels: string, options: UserErrorOptions) {
    super(message, options);
    this.labels = labels;
  }
}

/** How many pods are tried, and named when none is Ready. */
const fewPods = 5;

/**
 * A way to a Service of the cluster from outside, as `kubectl port-forward service/NAME` has it, without a local port.
 *
 * @example forwardToService(kube, { namespace: "argocd", service: "argocd-redis", port: 6379 }).connect()
 */
export function forwardToService(
  kube: Pick<Kube, "find" | "list" | "openPort">,
  address: ServiceAddress,
  { onUnready }: ForwardOptions = {},
): Forward {
  /** names of pods */
  let lastUsed: string | undefined;
  let lastFailed: string | undefined;
  const rankOf = ({ pod: { name } }: ForwardTarget) => (name === lastFailed ? 2 : name === lastUsed ? 0 : 1);
  const inTurn = async () =>
    (await findTargets(kube, address, onUnready !== undefined))
      .sort((a, b) => rankOf(a) - rankOf(b))
      .slice(0, fewPods);

  return {
    async aim() {
      const [first] = await inTurn();
      return first as ForwardTarget;
    },

    async connect() {
      let failure: unknown;
      for (const target of await inTurn()) {
        const { pod, port, unready } = target;
        try {
          const stream = await kube.openPort(pod, port);
          lastUsed = pod.name;
          if (unready !== undefined) onUnready?.(target);
          stream.once("close", () => {
            if (stream.errored) lastFailed = pod.name;
          });
          return stream;
        } catch (error) {
          if (!isOfThePod(error)) throw error;
          failure = error;
        }
      }
      throw failure;
    },
  };
}

/** Of the rights, the credentials and the network all pods are the same. */
function isOfThePod(error: unknown): boolean {
  if (!(error instanceof UserError && error.cause instanceof StatusError)) return false;
  return error.cause.status !== 401 && error.cause.status !== 403;
}

type Pods = Pick<Reader, "find" | "list">;

/** The Ready pods behind the port, or else the Running ones; at least one. */
async function findTargets(
  reader: Pods,
  address: ServiceAddress,
  orRunning: boolean,
): Promise<ForwardTarget[]> {
  const { namespace, service: name, port: wanted } = address;
  const cannot = `Cannot connect to port ${wanted} of ${renderId(objectId(Service, { namespace, name }))}`;
  const no = (why: string, options: UserErrorOptions) => new UserError(`${cannot}: ${why}`, options);

  const service = await reader.find(Service, { namespace, name });
  if (!service) {
    throw no("there is no such Service", {
      hint: `See which there are: kubectl get services -n ${namespace}`,
      exitCode: ExitCode.notFound,
    });
  }
  const port = portOf(service, wanted);
  if (!port) {
    const names = namesOfPorts(service);
    throw no(`it has no such TCP port${names === "" ? "" : `, but ${names}`}`, {
      hint: names === "" ? undefined : "Name one of its ports",
    });
  }
  const labels = selectorOf(service);
  if (labels === undefined) throw no("it selects no pods", { hint: "Name a Service with a selector" });

  const pods = (await allOf(reader.list(Pod, { namespace, labels }))).sort((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : 1,
  );
  const ready = pods.filter(isReady);
  const usable = ready.length > 0 || !orRunning ? ready : pods.filter(isRunning);
  if (usable.length === 0) {
    const hint = `Look at them: kubectl get pods -n ${namespace} -l ${labels}`;
    throw new NoPodError(`${cannot}: ${noneReady(pods, labels)}`, labels, { hint });
  }
  const targets = usable.flatMap((pod): ForwardTarget[] => {
    const number = portInPod(port, pod);
    if (number === undefined) return [];
    const unready = isReady(pod) ? undefined : stateOf(pod);
    return [{ pod: { namespace, name: pod.metadata.name }, port: number, unready }];
  });
  if (targets.length === 0) {
    throw no(`no container of its pods has a TCP port named ${port.targetPort}`, {
      hint: `Look at both: kubectl describe -n ${namespace} service/${name} pod/${usable[0]?.metadata.name}`,
    });
  }
  return targets;
}

function noneReady(pods: Pod[], labels: string): string {
  if (pods.length === 0) return `no pod has its labels (${labels})`;
  const some = pods.slice(0, fewPods).map((pod) => `${pod.metadata.name} is ${stateOf(pod)}`);
  const more = pods.length > fewPods ? [`${pods.length - fewPods} more are not either`] : [];
  return `none of its pods is Ready: ${[...some, ...more].join("; ")}`;
}
