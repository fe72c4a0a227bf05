import { type EnginePlace, readEnginePlace } from "../../install/engine-place.js";
import { findRecords } from "../../install/find-records.js";
import { isFsaImage } from "../../install/images.js";
import { readInUse } from "../../install/in-use.js";
import { namespaceToGoOnIn, namespaceToUse } from "../../install/objection.js";
import type { PlanSituation } from "../../install/plan/install-plan.js";
import { keptBy, recordRef } from "../../install/record.js";
import { ConfigMap } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
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
  /** what the plan depends on */
  situation: PlanSituation;
  enginePlace(): Promise<EnginePlace>;
}

/** Looks at the whole cluster, and says where the install goes. What may not be read is said. */
export async function lookAround(kube: Kube, options: Options, deps: Deps): Promise<Surroundings> {
  const { namespaces, say } = deps;
  const [survey, flux, { platforms, unknown }] = await Promise.all([
    surveyCluster(kube, namespaces),
    readFluxApis(kube),
    readPlatforms(kube),
  ]);
  const { argos, kubernetes } = survey;
  const said = saidArgoNamespace(options, deps);
  const remembered = said === undefined && argos.length === 0 ? await findRecords(kube) : [];
  const places = remembered.flatMap(({ metadata }) => metadata.namespace ?? []);
  const namespace = namespaceToUse(argos, said, namespaceToGoOnIn(places, namespaces.argocd));
  say.act(`Argo CD in ${namespace} of ${kube.context} at ${kube.server}, Kubernetes ${kubernetes}`);
  for (const what of survey.unknown) say.warning(`More may run here than was seen: ${what}`);
  if (unknown !== undefined) say.warning(`The platforms of the Nodes are not known: ${unknown}`);
  const record = await kube.find(ConfigMap, recordRef(namespace));
  const here = argos.find((one) => one.namespace === namespace);
  const kept = record && keptBy(record);
  const isFsa = here?.image.flavour === "fl" || isFsaImage(kept?.image);
  return {
    survey,
    namespace,
    record,
    situation: {
      here,
      kept,
      flux,
      platforms: unknown === undefined ? platforms : undefined,
      kubernetes,
      inUse: isFsa ? await readInUse(kube) : undefined,
    },
    enginePlace: () => readEnginePlace(kube, namespace, survey.flux),
  };
}
