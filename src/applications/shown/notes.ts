/** What an Application shows otherwise than Flux has it. Pure. */
import { driftedMessage } from "../../flux/drifted.js";
import type { FluxWorkload } from "../../flux/workload.js";
import { annotation } from "../../names.js";
import type { ShownApplication } from "./application.js";

/** By an id that stays. */
export interface Note {
  id:
    | "drifted"
    | "labels-disagree"
    | "skip-reconcile-lost"
    | "engine-stopped"
    | "not-reported"
    | "image-does-not-show"
    | "green-but-empty"
    | "argocd-error";
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
  const { workload, silence, limit } = about;
  const drifted = workload && driftedMessage(workload);
  return [
    ...(drifted === undefined
      ? []
      : [note("drifted", `drifted: ${drifted.trim().replace(/\s*\n\s*/g, ", ")}`)]),
    ...mislabelled(app, about),
    ...(app.loopback === "lost"
      ? [
          note(
            "skip-reconcile-lost",
            `Argo CD reconciles it by itself, since it lacks ${annotation.skipReconcile}`,
          ),
        ]
      : []),
    ...(app.loopback === "ours" ? reporting(app, silence) : []),
    ...(app.engine === "fsa" && limit !== undefined ? [note("image-does-not-show", limit)] : []),
    ...(app.health === "Healthy" && app.isEmpty
      ? [note("green-but-empty", "Argo CD shows it Healthy, with nothing below it")]
      : []),
    ...(app.error !== undefined && about.isReady && !(app.loopback === "ours" && silence !== undefined)
      ? [note("argocd-error", `Argo CD says ${app.error}`)]
      : []),
  ];
}

function mislabelled(
  { mislabelled: said, sourceType: recorded }: ShownApplication,
  about: Circumstances,
): Note[] {
  const { sourceType } = about;
  const isOther = recorded !== undefined && sourceType !== undefined && recorded !== sourceType;
  const all = isOther
    ? [...said, `flamingo/source-type is ${recorded}, and its source is a ${sourceType}`]
    : said;
  return all.length > 0
    ? [note("labels-disagree", `its labels disagree with what it shows: ${all.join(", ")}`)]
    : [];
}

function reporting({ health }: ShownApplication, silence: string | undefined): Note[] {
  if (silence !== undefined)
    return [
      note("engine-stopped", `Argo CD shows ${health ? "an old state of it" : "nothing of it"}: ${silence}`),
    ];
  return health ? [] : [note("not-reported", "flamingo loopback has not reported it yet")];
}

function note(id: Note["id"], text: string): Note {
  return { id, text };
}
