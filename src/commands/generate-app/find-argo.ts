import type { ArgoFinding } from "../../argo/engine.js";
import { argoImageAmong } from "../../argo/running.js";
import type { UserError } from "../../errors.js";
import { isForbidden } from "../../kube/failure.js";
import { Deployment, type PodRunner, StatefulSet } from "../../kube/kinds.js";
import type { Reader } from "../../kube/kube.js";
import type { Kind } from "../../kube/object.js";

/**
 * The Argo CD that runs in a namespace. Its application-controller decides, a StatefulSet but for rare set-ups: one
 * request as a rule; the Deployments are looked at only when no StatefulSet tells.
 */
export async function findArgo(reader: Reader, namespace: string): Promise<ArgoFinding> {
  try {
    for (const kind of [StatefulSet, Deployment]) {
      const image = argoImageAmong(await listAll(reader, kind, namespace));
      if (image) return { found: "image", image, namespace };
    }
    return { found: "none", namespace };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { found: "unknown", because: withoutCannot(error), namespace };
  }
}

async function listAll(reader: Reader, kind: Kind<PodRunner>, namespace: string): Promise<PodRunner[]> {
  const all: PodRunner[] = [];
  for await (const page of reader.list(kind, { namespace })) all.push(...page);
  return all;
}

/** "Cannot list Deployments in argocd: why" as the end of another sentence. */
function withoutCannot(error: UserError): string {
  return `flamingo ${error.message.replace(/^Cannot/, "cannot")}`;
}
