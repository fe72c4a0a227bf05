import type { Application } from "../../argo/application.js";
import { conditionType, since } from "../../argo/conditions.js";
import { clusterOf } from "../../argo/generated.js";
import type { Report } from "../../report/report.js";
import { kubeTime } from "../../text/time.js";

/** Why an Application whose workload is not on Argo CD's own cluster, which alone is watched, shows nothing. */
export function elsewhereSentence(application: Application): string {
  const cluster = clusterOf(application);
  const where =
    cluster === undefined ? "a cluster that the Application does not name" : `the cluster ${cluster}`;
  return `The workload is on ${where}, and only those of Argo CD's own cluster are reported`;
}

/** A report that says why nothing is known, and nothing else. */
export function onlySaying(message: string, application: Application, now: Date): Report {
  const conditions = since([{ type: conditionType.unread, message }], application.status?.conditions, now);
  return {
    status: {
      sync: { status: "Unknown" },
      health: { status: "Unknown" },
      resources: [],
      history: [],
      summary: {},
      conditions,
      reconciledAt: kubeTime(now),
    },
    tree: { nodes: [], orphanedNodes: [], hosts: [] },
    managedResources: [],
    omitted: 0,
  };
}
