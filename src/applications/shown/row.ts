import type { Engine } from "../../argo/application.js";
import type { HealthCode } from "../../argo/health.js";
import { appliedRevision } from "../../flux/revision.js";
import { suspendedSince } from "../../flux/suspension.js";
import { type FluxWorkload, typedRef, type Workload, workloadFrom } from "../../flux/workload.js";
import { defaultAppNamespace, inClusterName } from "../../names.js";
import type { ShownApplication } from "./application.js";
import { type FluxWord, fluxWordOf, type KnownFlux, type ShownState, wordWithout } from "./flux-word.js";
import { type Note, notesOn } from "./notes.js";

/** An Application together with what it shows, or a workload that none shows: a row of `flamingo get`, as `-o json` has it. */
export interface Shown {
  /** of the Application; null for a workload that none shows */
  name: string | null;
  appNamespace: string | null;
  workload: { kind: string; namespace: string; name: string };
  /** of the workload; as recorded when the Application was made, where there is none to look at */
  sourceType: string | null;
  /** "in-cluster", or the name or address of another one */
  cluster: string;
  engine: Engine | null;
  /** null: not known */
  suspended: boolean | null;
  /** when that was done, as far as anybody has noted it */
  suspendedSince: string | null;
  ready: FluxWord["ready"];
  state: ShownState;
  /** Argo CD's word */
  health: HealthCode | null;
  /** Flux's message, and behind it the notes */
  message: string;
  notes: Note[];
  /** a commit, a digest or a chart's version, whole: what is applied */
  revision: string | null;
  /** of the Application; else of the workload */
  createdAt: string | null;
  /** makes an Application, where none shows the workload */
  command: string | null;
}

/** What is known beside the Applications. */
export interface Known extends KnownFlux {
  /** That nobody reports an Application, and since when, see `silenceOf()`. */
  silenceAbout(app: Pick<ShownApplication, "namespace" | "name">): string | undefined;
  /** What the Argo CD that runs does not show of a workload by the engine fsa. */
  limitOf(workload: Workload): string | undefined;
}

/** What Flux says of what an Application shows: the part of its row that asks for objects. */
export function wordFor(app: ShownApplication, known: KnownFlux): FluxWord {
  if (app.isElsewhere) return elsewhere(app.cluster);
  const found = known.look(app.shows);
  if (found === undefined || found === "unread") return wordWithout(app.shows, found === "unread", known);
  return fluxWordOf(found as FluxWorkload, known);
}

/** The row of an Application. */
export function shownRow(app: ShownApplication, word: FluxWord, known: Known): Shown {
  const { shows, engine = null, health = null } = app;
  const found = app.isElsewhere ? undefined : known.look(shows);
  const workload = found === "unread" ? undefined : (found as FluxWorkload | undefined);
  const facts = workload && workloadFrom(workload);
  const notes = notesOn(app, {
    workload,
    sourceType: facts?.source.kind || undefined,
    isReady: word.state === "ready",
    silence: known.silenceAbout(app),
    limit: facts && known.limitOf(facts),
  });
  return {
    name: app.name,
    appNamespace: app.namespace,
    workload: nameOf(shows),
    sourceType: facts?.source.kind || (app.sourceType ?? null),
    cluster: app.cluster,
    engine,
    ...tellingOf(workload, facts),
    ...word,
    health,
    message: [word.message, ...notes.map(({ text }) => text)].filter((text) => text !== "").join("; "),
    notes,
    createdAt: app.createdAt ?? null,
    command: null,
  };
}

/**
 * The row of a workload that no Application shows.
 *
 * @param appNamespace where one would be made
 */
export function unshownRow(workload: FluxWorkload, word: FluxWord, appNamespace: string): Shown {
  const facts = workloadFrom(workload);
  const where = appNamespace === defaultAppNamespace ? "" : ` -N ${appNamespace}`;
  const command = `flamingo generate-app ${typedRef(facts)}${where}`;
  return {
    name: null,
    appNamespace: null,
    workload: nameOf(facts),
    sourceType: facts.source.kind || null,
    cluster: inClusterName,
    engine: null,
    ...tellingOf(workload, facts),
    ...word,
    health: null,
    message: [word.message, `no Application shows it: ${command}`].filter((text) => text !== "").join("; "),
    notes: [],
    createdAt: workload.metadata.creationTimestamp ?? null,
    command,
  };
}

function elsewhere(cluster: string): FluxWord {
  return {
    state: "elsewhere",
    ready: null,
    message: `its workload is on the cluster ${cluster}, which is not looked at`,
  };
}

function nameOf({ kind, namespace, name }: Shown["workload"]) {
  return { kind, namespace, name };
}

function tellingOf(workload: FluxWorkload | undefined, facts: Workload | undefined) {
  if (!workload || !facts) return { suspended: null, suspendedSince: null, revision: null };
  return {
    suspended: facts.suspended,
    suspendedSince: facts.suspended ? (suspendedSince(workload)?.time ?? null) : null,
    revision: appliedRevision(workload, undefined) ?? null,
  };
}

/** Of one row and no other. */
export function keyOfRow({ name, appNamespace, workload }: Shown): string {
  const { kind, namespace } = workload;
  return name === null ? `${kind}/${namespace}/${workload.name}` : `${appNamespace}/${name}`;
}

/** By the workload's namespace, then by the Application's name; what none shows comes behind. */
export function sortRows(rows: readonly Shown[]): Shown[] {
  return rows.toSorted(
    (a, b) =>
      compare(a.workload.namespace, b.workload.namespace) ||
      Number(a.name === null) - Number(b.name === null) ||
      compare(a.name ?? a.workload.name, b.name ?? b.workload.name) ||
      compare(a.appNamespace ?? a.workload.kind, b.appNamespace ?? b.workload.kind),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
