import { namespaceToUse } from "../../install/plan.js";
import { recordRef } from "../../install/record.js";
import { ConfigMap } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { ResolveOptions } from "../../support-matrix/resolve.js";
import { readFluxApis } from "../../survey/flux-apis.js";
import { readPlatforms } from "../../survey/platforms.js";
import { type Survey, surveyCluster } from "../../survey/survey.js";
import type { Deps } from "../deps.js";
import { saidArgoNamespace } from "../namespaces.js";
import type { Options } from "./request.js";

/** The cluster that an install is for. */
export interface Surroundings {
  survey: Survey;
  /** where Argo CD is to run */
  namespace: string;
  /** what flamingo remembers of an install there */
  record: ConfigMap | undefined;
  /** what the choice of an image depends on */
  circumstances: Pick<ResolveOptions, "flux" | "platforms" | "argo">;
}

/** Looks at the whole cluster, and says where the install goes. What may not be read is said. */
export async function lookAround(kube: Kube, options: Options, deps: Deps): Promise<Surroundings> {
  const { namespaces, say } = deps;
  const [survey, flux, { platforms, unknown }] = await Promise.all([
    surveyCluster(kube, namespaces),
    readFluxApis(kube),
    readPlatforms(kube),
  ]);
  const namespace = namespaceToUse(survey.argos, saidArgoNamespace(options, deps), namespaces.argocd);
  say.act(`Argo CD in ${namespace} of ${kube.context} at ${kube.server}, Kubernetes ${survey.kubernetes}`);
  for (const what of survey.unknown) say.warning(`More may run here than was seen: ${what}`);
  if (unknown !== undefined) say.warning(`The platforms of the Nodes are not known: ${unknown}`);
  const record = await kube.find(ConfigMap, recordRef(namespace));
  const argo = survey.argos.find((one) => one.namespace === namespace)?.version;
  return {
    survey,
    namespace,
    record,
    circumstances: { flux, platforms: unknown === undefined ? platforms : undefined, argo },
  };
}
