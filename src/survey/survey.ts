import type { InstalledArgo } from "../argo/installed/evidence.js";
import { isFluxController } from "../flux/installed/controllers.js";
import type { InstalledFlux } from "../flux/installed/installed-flux.js";
import type { Kube } from "../kube/kube.js";
import { readPodRunners } from "../kube/pod-runner.js";
import { isArgoComponent, readInstalledArgos } from "./argo.js";
import { readInstalledFlux } from "./flux.js";

/** What runs in a cluster, as far as one may look. */
export interface Survey {
  /** of the API server: "v1.36.3" */
  kubernetes: string;
  flux: InstalledFlux;
  /** one for each namespace where one runs */
  argos: InstalledArgo[];
  /** what could not be listed, so that more may run than was seen: "cannot list Deployments: …" */
  unknown: string[];
}

/** @param namespaces where to look at least, when listing all of them is not permitted */
export async function surveyCluster(
  kube: Kube,
  namespaces: { flux: string; argocd: string },
): Promise<Survey> {
  const [kubernetes, runners] = await Promise.all([
    readKubernetes(kube),
    readPodRunners(
      kube,
      [namespaces.flux, namespaces.argocd],
      (runner) => isFluxController(runner) || isArgoComponent(runner),
    ),
  ]);
  const [flux, argos] = await Promise.all([
    readInstalledFlux(kube, runners),
    readInstalledArgos(kube, runners),
  ]);
  return { kubernetes, flux, argos, unknown: runners.unknown };
}

async function readKubernetes(kube: Kube): Promise<string> {
  const answer = await kube.read("/version", "read the version of the API server");
  return (answer as { gitVersion?: string } | undefined)?.gitVersion ?? "unknown";
}
