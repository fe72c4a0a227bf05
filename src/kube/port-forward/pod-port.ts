import type { Duplex } from "node:stream";
import { UserError } from "../../errors.js";
import { redact } from "../../redact.js";
import { canI } from "../access-review.js";
import type { Access, Asked } from "../asked.js";
import { explain } from "../explain.js";
import { StatusError } from "../failure.js";
import type { JsonClient } from "../http.js";
import { Pod } from "../kinds.js";
import type { PodRef } from "../kube.js";
import { objectId, renderId } from "../object-id.js";
import { resourcePath } from "../resource.js";
import { podStream } from "./pod-stream.js";
import { openWebSocket } from "./web-socket.js";

/** A cluster, as far as a port of a pod needs it. */
export interface PodPortOptions {
  client: JsonClient;
  /** of the command: ends the connection quietly */
  signal: AbortSignal;
  ask(doing: string, access: Access): Asked;
}

/**
 * A connection to a port of a pod through the API server: one WebSocket each.
 *
 * The API server (seen: 1.36) hands a WebSocket of this old protocol on to the kubelet, and wants two rights for it: to `get`
 * pods/portforward, since a WebSocket begins with a GET, and to `create` it.
 *
 * @throws UserError for a pod that is gone (`isMissing`) or on no node, missing rights, a node that cannot be reached
 */
export async function openPodPort(
  { client, signal, ask }: PodPortOptions,
  pod: PodRef,
  port: number,
): Promise<Duplex> {
  const asked = ask(`connect to port ${port} of ${renderId(objectId(Pod, pod))}`, {
    verb: "get",
    kind: Pod,
    namespace: pod.namespace,
    subresource: "portforward",
  });
  const path = `${resourcePath(Pod, "v1", pod)}/portforward`;
  // the node may serve no JSON there, and would say so (406) where that is all one takes
  const request = { method: "GET", path, query: { ports: String(port) }, accept: "*/*" } as const;
  try {
    const socket = await client.open(request, (options, limits) =>
      openWebSocket(options, { ...limits, protocol: "v4.channel.k8s.io" }),
    );
    const stream = podStream(socket, port, (text) => saidByPod(asked, pod, text));
    const onAbort = () => stream.destroy();
    signal.addEventListener("abort", onAbort, { once: true });
    stream.once("close", () => signal.removeEventListener("abort", onAbort));
    return stream;
  } catch (error) {
    throw explainOpening(asked, pod, error);
  }
}

/** Why a connection did not begin. */
export function explainOpening(asked: Asked, pod: PodRef, error: unknown): unknown {
  if (!(error instanceof StatusError)) return explain(asked, error);
  const { status, message } = error;
  const no = (why: string, hint: string) =>
    new UserError(`Cannot ${asked.doing}: ${redact(why, asked.secrets)}`, { hint, cause: error });
  const look = `kubectl get pod -n ${pod.namespace} ${pod.name} -o wide`;
  if (status === 400 && /does not have a host assigned/.test(message)) {
    return no(
      "the pod is on no node yet",
      `See what it waits for: kubectl describe pod -n ${pod.namespace} ${pod.name}`,
    );
  }
  if (status >= 500 && /error dialing backend/.test(message)) {
    return no(
      `the API server cannot reach the pod's node (${reasonIn(message)})`,
      `Look at the node: ${look}`,
    );
  }
  // the API server leaves the reason empty when it is `create` that is missing
  if (status === 403 && / is forbidden: ?$/.test(message) && asked.access) {
    return no(
      "that takes the right to create pods/portforward, too (403)",
      `Ask for the right; to check it: ${canI({ ...asked.access, verb: "create" })}`,
    );
  }
  const known = explain(asked, error);
  return known instanceof UserError ? known : no(message, `Look at the pod: ${look}`);
}

/** "error dialing backend: dial tcp 10.0.0.7:10250: connect: connection refused" → "dial tcp 10.0.0.7:10250: …" */
function reasonIn(message: string): string {
  return message.replace(/^.*error dialing backend: /, "").trim();
}

/** What the kubelet says when nothing came of it, in the words of whatever container runtime there is. */
function saidByPod({ doing, secrets }: Asked, pod: PodRef, text: string): UserError {
  const said = redact(text, secrets).replace(/\s+/g, " ").trim();
  const why = /connection refused/i.test(said)
    ? "nothing listens there in the pod (connection refused)"
    : said;
  return new UserError(`Cannot ${doing}: ${why}`, {
    hint: `Look at what runs in it: kubectl logs -n ${pod.namespace} ${pod.name} --all-containers`,
    cause: new Error(said),
  });
}
