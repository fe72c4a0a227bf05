import type { Application } from "../../argo/application.js";
import { inClusterName, inClusterServer } from "../../names.js";
import { conditionType, since } from "../../report/conditions.js";
import type { Report } from "../../report/report.js";
import { kubeTime } from "../../text/time.js";

/** Whether an Application's workload is on a leaf cluster, which is not watched. */
export function isElsewhere({ spec }: Application): boolean {
  const { server, name } = spec.destination as { server?: string; name?: string };
  return server !== inClusterServer && name !== inClusterName;
}

export function elsewhereSentence({ spec }: Application): string {
  const { server, name } = spec.destination as { server?: string; name?: string };
  return `The workload is on the cluster ${name ?? server}, and only those of Argo CD's own cluster are reported`;
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
