import { describeArgo } from "../../argo/installed/describe.js";
import type { Voice } from "../../output/voice.js";
import type { Survey } from "../../survey/survey.js";

/** What runs, for people: a line each. */
export function saySurvey({ kubernetes, flux, argos }: Survey, server: string, say: Voice): void {
  say.act(`Kubernetes ${kubernetes} at ${server}`);
  if (flux.present) {
    const version = flux.version ?? flux.minor;
    const where = flux.namespace === undefined ? "" : ` in ${flux.namespace}`;
    const owner = flux.owner ? ` (${flux.owner.name})` : "";
    say.act(`Flux ${version === undefined ? "of unknown version" : `v${version}`}${where}${owner}`);
  }
  for (const argo of argos) say.act(capitalised(describeArgo(argo)));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
