import type { InstalledArgo } from "../../argo/installed/evidence.js";
import { tracksByLabel } from "../../argo/tracking.js";
import { readFluxApis } from "../../survey/flux-apis.js";
import { surveyCluster } from "../../survey/survey.js";
import { type ArgoAtWork, applicationFindings } from "./application-findings.js";
import { argoFindings, argoIn, argoMissing, argoNotReady, controllerOf } from "./argo-findings.js";
import type { Around } from "./check-before.js";
import { clusterSecretFindings } from "./cluster-secrets.js";
import type { Finding } from "./finding.js";
import { fluxFindings, fluxNotReady } from "./flux-findings.js";
import { advisoryFindings, imageFindings } from "./image-findings.js";
import { engineNotReady, loopbackFindings } from "./loopback-findings.js";
import { notChecked } from "./not-checked.js";
import { privateSourceFindings } from "./private-source-findings.js";
import { type ClusterState, readState } from "./read-state.js";
import { saySurvey } from "./say-survey.js";
import { settingFindings } from "./setting-findings.js";
import { workloadFindings } from "./workload-findings.js";

/** Whether what runs is in order. */
export async function checkRunning(around: Around): Promise<Finding[]> {
  const { kube, namespaces, say, now } = around;
  const [survey, whole] = await Promise.all([
    surveyCluster(kube, namespaces),
    readState(kube, namespaces.argocd, namespaces.app),
  ]);
  saySurvey(survey, kube.server, say);
  const { argo, others } = argoIn(namespaces.argocd, survey.argos);
  // the Applications in another Argo CD's namespace are its own affair
  const apps = whole.apps.filter((app) => !others.some(({ namespace }) => namespace === app.namespace));
  const state = { ...whole, apps };
  return [
    ...fluxFindings(survey.flux, survey.kubernetes),
    ...fluxNotReady(survey.flux),
    ...(argo
      ? await ofArgo(argo, others, state, around)
      : argoMissing(namespaces.argocd, others, survey.unknown.length > 0)),
    ...engineNotReady(state.engines, namespaces.argocd),
    ...applicationFindings(state.apps, state.workloads, atWork(argo, state)),
    ...(state.leases
      ? loopbackFindings(state.apps, { leases: state.leases, engines: state.engines }, namespaces.argocd, now)
      : []),
    ...workloadFindings(state.workloads ?? [], state.sources, now),
    ...privateSourceFindings(state),
    ...clusterSecretFindings(state.clusterSecrets),
    ...notChecked([...survey.unknown, ...state.unknown]),
  ];
}

async function ofArgo(
  argo: InstalledArgo,
  others: readonly InstalledArgo[],
  state: ClusterState,
  { kube, matrix }: Around,
): Promise<Finding[]> {
  const object = controllerOf(argo);
  const { image, version } = argo;
  const shown =
    image.flavour === "fl"
      ? imageFindings(matrix, image.image, object, await readFluxApis(kube), {
          workloads: state.workloads ?? [],
          apps: state.apps,
        })
      : [];
  const { argoConfig: config, argoParams: params } = state;
  return [
    ...argoFindings(argo, others),
    ...argoNotReady(argo),
    ...settingFindings(state.apps, { namespace: argo.namespace, version, config, params }),
    ...shown,
    ...(version === undefined ? [] : advisoryFindings(matrix, version, object)),
  ];
}

function atWork(argo: InstalledArgo | undefined, { argoConfig }: ClusterState): ArgoAtWork {
  const version = argo?.version;
  return {
    flavour: argo?.image.flavour ?? "unknown",
    version,
    labelTracking: tracksByLabel(argoConfig, version),
  };
}
