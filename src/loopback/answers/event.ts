import type { Application } from "../../argo/application.js";
import type { Event } from "../../kube/kinds.js";
import { loopbackFieldManager } from "../../names.js";
import { kubeTime } from "../../text/time.js";

/**
 * An Event about an Application. Its name is made of what it is about, so that the same thing is told once, however often it
 * is tried.
 *
 * @param reason in one word: "FluxObjectsKept"
 */
export function eventFor(
  { apiVersion, kind, metadata }: Application,
  { type, reason, message }: Pick<Event, "type" | "reason" | "message">,
  now: Date,
): Event {
  const { name, namespace, uid } = metadata;
  const inNamespace = namespace === undefined ? {} : { namespace };
  const time = kubeTime(now);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      // the API server takes 253 characters
      name: [name.slice(0, 180).replace(/[.-]+$/, ""), uid, reason].join(".").toLowerCase(),
      ...inNamespace,
    },
    involvedObject: { apiVersion, kind, ...inNamespace, name, ...(uid === undefined ? {} : { uid }) },
    type,
    reason,
    // the API server takes 1024 bytes
    message: message.length > 1000 ? `${message.slice(0, 999)}…` : message,
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component: loopbackFieldManager },
    reportingComponent: loopbackFieldManager,
  };
}
