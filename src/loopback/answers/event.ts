import type { Application } from "../../argo/application.js";
import type { Event } from "../../kube/kinds.js";
import { loopbackFieldManager } from "../../names.js";
import { kubeTime } from "../../text/time.js";

interface EventOptions {
  now: Date;
  /** `eventLabelsOf()` */
  labels: Readonly<Record<string, string>>;
  /** tells it from others of that reason, where there may be several */
  occasion?: string;
}

/**
 * An Event about an Application, with the annotations that Argo CD gives its own (util/argo/audit_logger.go). Its name is made of
 * what it is about, so that the same thing is told once, however often it is tried.
 *
 * @param reason in one word: "FluxObjectsKept"
 */
export function eventFor(
  { apiVersion, kind, metadata, spec }: Application,
  { type, reason, message }: Pick<Event, "type" | "reason" | "message">,
  { now, labels, occasion }: EventOptions,
): Event {
  const { name, namespace, uid } = metadata;
  const { destination = {} } = spec ?? {};
  const inNamespace = namespace === undefined ? {} : { namespace };
  const time = kubeTime(now);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      // the API server takes 253 characters
      name: [name.slice(0, 160).replace(/[.-]+$/, ""), uid, reason, occasion]
        .filter((part) => part !== undefined)
        .join(".")
        .toLowerCase(),
      ...inNamespace,
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      annotations: {
        "dest-server": destination.server ?? "",
        "dest-namespace": destination.namespace ?? "",
      },
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
