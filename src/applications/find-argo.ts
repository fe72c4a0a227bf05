import type { ArgoFinding } from "../argo/engine.js";
import { argoImageAmong } from "../argo/running.js";
import { allOf } from "../kube/all-of.js";
import { isForbidden } from "../kube/failure.js";
import { Deployment, StatefulSet } from "../kube/kinds.js";
import type { Reader } from "../kube/kube.js";

/**
 * The Argo CD that runs in a namespace. Its application-controller decides, a StatefulSet but for rare set-ups: one
 * request as a rule; the Deployments are looked at only when no StatefulSet tells.
 */
export async function findArgo(reader: Reader, namespace: string): Promise<ArgoFinding> {
  try {
    for (const kind of [StatefulSet, Deployment]) {
      const image = argoImageAmong(await allOf(reader.list(kind, { namespace })));
      if (image) return { found: "image", image, namespace };
    }
    return { found: "none", namespace };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { found: "unknown", because: `flamingo ${error.clause}`, namespace };
  }
}
