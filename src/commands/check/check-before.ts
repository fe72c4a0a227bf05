import type { Kube } from "../../kube/kube.js";
import type { Voice } from "../../output/voice.js";
import type { SupportMatrix } from "../../support-matrix/candidate.js";
import { choose } from "../../support-matrix/choose.js";
import { fitOf } from "../../support-matrix/fit.js";
import { noneShows } from "../../support-matrix/none-shows.js";
import { readFluxApis } from "../../survey/flux-apis.js";
import { readPlatforms } from "../../survey/platforms.js";
import { surveyCluster } from "../../survey/survey.js";
import type { Namespaces } from "../namespaces.js";
import { argoFindings, argoIn, argosBeside } from "./argo-findings.js";
import type { Finding } from "./finding.js";
import { fluxFindings } from "./flux-findings.js";
import { notChecked } from "./not-checked.js";
import { missingRights } from "./rights.js";
import { saySurvey } from "./say-survey.js";

/** What both kinds of check are handed. */
export interface Around {
  kube: Kube;
  matrix: SupportMatrix;
  namespaces: Namespaces;
  say: Voice;
  now: Date;
}

/** Whether the cluster is fit for an install. */
export async function checkBefore({ kube, matrix, namespaces, say }: Around): Promise<Finding[]> {
  const survey = await surveyCluster(kube, namespaces);
  saySurvey(survey, kube.server, say);
  const { flux, kubernetes } = survey;
  const [nodes, rights] = await Promise.all([readPlatforms(kube), missingRights(kube, namespaces.app)]);
  const { argo, others } = argoIn(namespaces.argocd, survey.argos);
  if (flux.present)
    await sayWhatShows({ kube, matrix, say }, nodes.unknown === undefined ? nodes.platforms : undefined);
  const nodeProblems = nodes.unknown === undefined ? [] : [nodes.unknown];
  return [
    ...rights,
    ...fluxFindings(flux, kubernetes),
    ...(argo ? argoFindings(argo, others) : argosBeside(namespaces.argocd, others)),
    ...notChecked([...survey.unknown, ...nodeProblems]),
  ];
}

/** Tells what shows this Flux. Stock Argo CD with the engine loopback always does, and runs on every platform of Kubernetes. */
async function sayWhatShows(
  { kube, matrix, say }: Pick<Around, "kube" | "matrix" | "say">,
  platforms: readonly string[] | undefined,
): Promise<void> {
  const flux = await readFluxApis(kube);
  const choice = choose(matrix, { flux });
  if ("refused" in choice) return;
  const { candidate } = choice;
  if (fitOf(matrix, candidate, { flux }).level !== "full") {
    for (const sentence of noneShows(matrix, flux)) say.act(sentence);
    say.act("The engine loopback shows all of it, with a stock Argo CD from 2.8 on");
    return;
  }
  say.done(`The FSA image ${candidate.flamingo} shows all of this Flux`);
  const { limits, level } = fitOf(matrix, candidate, { flux, platforms });
  if (level === "full") return;
  say.act(`${limits.at(-1)}. Stock Argo CD runs there, with the engine loopback`);
}
