import type { KubeObject } from "../../kube/object.js";
import { enginePort } from "./deployment.js";
import { engineLabels, engineName, metadataOf } from "./names.js";
import type { EngineWish } from "./wish.js";

interface Specified extends KubeObject {
  spec: object;
}

/** The Service of /metrics, and with `--service-monitor` who is to ask it (monitoring.coreos.com/v1). */
export function metricsObjects({ namespace, serviceMonitor }: EngineWish): KubeObject[] {
  const metadata = metadataOf(`${engineName}-metrics`, namespace);
  const port = { name: "metrics", port: enginePort.number, targetPort: enginePort.name };
  const service: Specified = {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: engineLabels, ports: [port] },
  };
  if (!serviceMonitor) return [service];
  const monitor: Specified = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata,
    spec: { selector: { matchLabels: engineLabels }, endpoints: [{ port: port.name }] },
  };
  return [service, monitor];
}
