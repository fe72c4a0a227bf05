import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf } from "../kube/object-id.js";
import { type ReconcileRequest, replyOf } from "./reply.js";
import type { SourceLink } from "./source-chain.js";
import { HelmChart, sourceStatusOf } from "./sources.js";

/** How far the sources are that are fetched before a workload is reconciled. */
export type Fetching =
  | { is: "fetched" }
  /** to be asked now: what is made from others comes after those */
  | { is: "due"; objects: LiveObject[] }
  | { is: "awaited"; source: LiveObject }
  | { is: "waiting" | "failed"; source: LiveObject; message: string };

/** @param links `sourcesToAsk()` */
export function fetchingOf(links: readonly SourceLink[], request: ReconcileRequest): Fetching {
  const byKey = new Map(links.map((link) => [keyOf(idOf(link.object)), link.object]));
  const open = links
    .map((link) => ({ ...link, reply: replyOf(link.object, request) }))
    .filter((link) => link.reply.is !== "done" || isBehind(link, byKey));
  const openKeys = new Set(open.map(({ object }) => keyOf(idOf(object))));
  const due: LiveObject[] = [];
  const others: Fetching[] = [];
  for (const { object, parents, reply } of open) {
    if (reply.is === "failed") return { is: "failed", source: object, message: reply.message };
    if (reply.is === "waiting") others.unshift({ is: "waiting", source: object, message: reply.message });
    else if (reply.is !== "unasked") others.push({ is: "awaited", source: object });
    else if (!parents.some((parent) => openKeys.has(parent))) due.push(object);
  }
  if (due.length > 0) return { is: "due", objects: due };
  return others[0] ?? { is: "fetched" };
}

/** A controller may have built a chart from its source as that was a moment before: it comes back to it at once. */
function isBehind({ object, parents }: SourceLink, byKey: ReadonlyMap<string, LiveObject>): boolean {
  if (object.kind !== HelmChart.kind) return false;
  const { observedSourceArtifactRevision: built } = sourceStatusOf(object);
  const [held] = parents.map((parent) => sourceStatusOf(byKey.get(parent)).artifact?.revision);
  return built !== undefined && held !== undefined && built !== held;
}
