/** What an Application shows otherwise than Flux has it. Pure. */
import { driftedMessage } from "../../flux/drifted.js";
import type { FluxWorkload } from "../../flux/workload.js";
import { annotation } from "../../names.js";
import type { ShownApplication } from "./application.js";

export type NoteId =
  | "drifted"
  | "labels-disagree"
  | "skip-reconcile-lost"
  | "engine-stopped"
  | "not-reported"
  | "image-does-not-show"
  | "green-but-empty"
  | "argocd-error";

export interface Note {
  /** stays the same from release to release */
  id: NoteId;
  /** a clause behind Flux's message */
  text: string;
}

export interface Circumstances {
  /** undefined where there is none to look at */
  workload: FluxWorkload | undefined;
  /** of what kind its source is by now */
  sourceType: string | undefined;
  /** Flux is content with it: what Argo CD complains of is no echo */
  isReady: boolean;
  /** that nobody reports, and since when, see `silenceOf()` */
  silence: string | undefined;
  /** what the Argo CD that runs does not show of it, by the engine fsa */
  limit: string | undefined;
}

export function notesOn(app: ShownApplication, about: Circumstances): Note[] {
  const isOurs = app.loopback === "ours";
  const silence = isOurs ? about.silence : undefined;
  const texts: Readonly<Record<NoteId, string | false | undefined>> = {
    drifted: about.workload && drift(about.workload),
    "labels-disagree": mislabelling(app, about),
    "skip-reconcile-lost":
      app.loopback === "lost" &&
      `Argo CD reconciles it by itself, since it lacks ${annotation.skipReconcile}`,
    "engine-stopped":
      silence !== undefined &&
      `Argo CD shows ${app.health ? "an old state of it" : "nothing of it"}: ${silence}`,
    "not-reported":
      isOurs && silence === undefined && !app.health && "flamingo loopback has not reported it yet",
    "image-does-not-show": app.engine === "fsa" && about.limit,
    "green-but-empty":
      app.health === "Healthy" && app.isEmpty && "Argo CD shows it Healthy, with nothing below it",
    // what an engine that has stopped said last is out of date
    "argocd-error":
      app.error !== undefined && about.isReady && silence === undefined && `Argo CD says ${app.error}`,
  };
  return Object.entries(texts).flatMap(([id, text]) => (text ? [{ id: id as NoteId, text }] : []));
}

function drift(workload: FluxWorkload): string | undefined {
  const message = driftedMessage(workload);
  return message && `drifted: ${message.trim().replace(/\s*\n\s*/g, ", ")}`;
}

function mislabelling(app: ShownApplication, { sourceType }: Circumstances): string | undefined {
  const { mislabelled, sourceType: recorded } = app;
  const isOther = recorded !== undefined && sourceType !== undefined && recorded !== sourceType;
  const all = [
    ...mislabelled,
    ...(isOther ? [`flamingo/source-type is ${recorded}, and its source is a ${sourceType}`] : []),
  ];
  return all.length === 0 ? undefined : `its labels disagree with what it shows: ${all.join(", ")}`;
}
