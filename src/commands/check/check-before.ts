import type { InstalledArgo } from "../../argo/installed/evidence.js";
import { UserError } from "../../errors.js";
import { besideArgo } from "../../install/plan/beside.js";
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
import { argoFindings, argoIn, argosBeside, controllerOf } from "./argo-findings.js";
import { type Finding, finding } from "./finding.js";
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
    ...(argo
      ? [...argoFindings(argo, others), ...tooOld(matrix, argo)]
      : argosBeside(namespaces.argocd, others)),
    ...notChecked([...survey.unknown, ...nodeProblems]),
  ];
}

/** That an install would not bring the engine beside a stock Argo CD, in its own words. */
function tooOld(matrix: SupportMatrix, argo: InstalledArgo): Finding[] {
  // beside an FSA image the engine is for what that does not show, and mostly not needed
  if (argo.image.flavour === "fl") return [];
  try {
    besideArgo(matrix, argo, { here: argo }, {});
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { clause, hint = "Upgrade that Argo CD" } = error;
    return [finding("argocd-too-old", controllerOf(argo), { why: `flamingo ${clause}`, remedy: hint })];
  }
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
