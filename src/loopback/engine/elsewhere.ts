import type { Application } from "../../argo/application.js";
import { clusterOf } from "../../argo/generated.js";

/** Why an Application whose workload is not on Argo CD's own cluster, which alone is watched, shows nothing. */
export function elsewhereSentence(application: Application): string {
  const cluster = clusterOf(application);
  const where =
    cluster === undefined ? "a cluster that the Application does not name" : `the cluster ${cluster}`;
  return `The workload is on ${where}, and only those of Argo CD's own cluster are reported`;
}
