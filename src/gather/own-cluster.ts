import type { AppProject } from "../argo/app-project.js";
import {
  asksForClusterSecret,
  clusterSecretType,
  type DestinationCluster,
  ownClusterFrom,
  plainOwnCluster,
} from "../argo/own-cluster.js";
import { secretType } from "../argo/repositories.js";
import { allOf } from "../kube/all-of.js";
import { isForbidden } from "../kube/failure.js";
import { Secret } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";

/**
 * What Argo CD's Secrets say of the cluster that it runs in.
 *
 * @param namespace where Argo CD keeps them
 * @throws UserError where they may not be read and what an AppProject permits depends on them
 */
export async function readOwnCluster(
  kube: Pick<Kube, "list">,
  namespace: string,
  project: AppProject | undefined,
): Promise<DestinationCluster> {
  try {
    return ownClusterFrom(
      await allOf(kube.list(Secret, { namespace, labels: `${secretType}=${clusterSecretType}` })),
    );
  } catch (error) {
    if (!isForbidden(error) || (project && asksForClusterSecret(project))) throw error;
    return plainOwnCluster;
  }
}
