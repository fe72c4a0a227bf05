import type { OperationState } from "../argo/application.js";
import type { ApplicationTree, InfoItem, ResourceNode } from "../argo/application-tree.js";
import type { Health } from "../argo/health.js";
import { ignoredIn } from "../flux/ignored.js";
import { lastSuccessOf } from "../flux/last-success.js";
import type { FluxWorkload } from "../flux/workload.js";
import { keyOf, keyOfReference, type ObjectId, renderId } from "../kube/object-id.js";
import { blameIn, standingFailure } from "./blame.js";
import {
  driftFound,
  exceptIgnored,
  renderTakeover,
  scaling,
  type Takeover,
  takeoversOf,
  whoAndWhen,
} from "./drift.js";
import { health } from "./health/health.js";
import type { LiveObjects } from "./live/live-index.js";
import type { Managed } from "./managed.js";
import { isSameButForNumbers } from "./operation.js";

/** What is to be said of an object beyond how it is itself. */
export interface Mark {
  takeovers: readonly Takeover[];
  /** who has changed it when, or that Flux found it changed; undefined when it is as Flux applied it, for all that is known */
  drift: string | undefined;
  /** what Flux failed with */
  blame: string | undefined;
}

/**
 * The marks of objects of the inventory, by `keyOf()`.
 *
 * @param managed those that may be shown, whole where they are at hand
 * @param last the last operation, as it is reported
 */
export function marksOf(
  managed: readonly Managed[],
  workload: FluxWorkload,
  last: OperationState | undefined,
  live: LiveObjects,
): Map<string, Mark> {
  const since = lastSuccessOf(workload);
  const ids = managed.map(({ id }) => id);
  const found = driftFound(workload, ids);
  const failure = standingFailure(workload, last);
  const blame = failure === undefined ? undefined : blameIn(asToldBefore(failure, last), ids);
  const marks = new Map<string, Mark>();
  for (const { id, object } of managed) {
    const key = keyOf(id);
    const scaler = live.scaledBy(key);
    const changes = [
      ...(object && since !== undefined ? takeoversOf(object, since) : []),
      ...(object && scaler !== undefined ? scaling(object, scaler) : []),
    ];
    const takeovers = object && changes.length > 0 ? exceptIgnored(changes, ignoredIn(object, workload)) : [];
    const verdict = found.get(key);
    const drift = [
      ...takeovers.filter(({ byHand }) => byHand).map(renderTakeover),
      ...(verdict === undefined ? [] : [`Flux found it ${verdict}`]),
    ];
    const mark: Mark = {
      takeovers,
      drift: drift.length > 0 ? drift.join("; ") : undefined,
      blame: blame?.of.get(key),
    };
    if (takeovers.length > 0 || mark.drift !== undefined || mark.blame !== undefined) marks.set(key, mark);
  }
  return marks;
}

/** A retry that fails alike takes another time, which is no news. */
function asToldBefore(failure: string, last: OperationState | undefined): string {
  const { message } = last ?? {};
  return message !== undefined && isSameButForNumbers(failure, message) ? message : failure;
}

/** The workload, and what it waits for: see `WaitingChain`. */
export interface Waiting {
  /** of the workload, by `keyOf()` */
  key: string;
  ids: readonly ObjectId[];
}

/**
 * A tree with what is marked. Argo CD's page shows `info` at the node in the tree, and what the health says beside the node's
 * details; an object without health has no other place there.
 */
export function markedTree(
  tree: ApplicationTree,
  marks: ReadonlyMap<string, Mark>,
  waiting: Waiting | undefined,
): ApplicationTree {
  if (marks.size === 0 && !waiting) return tree;
  const nodes = tree.nodes.map((node) => {
    const key = keyOfReference(node);
    const mark = marks.get(key);
    const marked = mark ? markedNode(node, mark) : node;
    return waiting?.key === key ? waitingNode(marked, waiting) : marked;
  });
  return { ...tree, nodes };
}

function waitingNode(node: ResourceNode, { ids }: Waiting): ResourceNode {
  const value = ids.map((id) => renderId(id)).join(" → ");
  return { ...node, info: [...(node.info ?? []), { name: "Waits for", value }] };
}

function markedNode(node: ResourceNode, mark: Mark): ResourceNode {
  const marked = healthWith(node.health, mark);
  const info = [
    ...(node.info ?? []),
    ...mark.takeovers.map((takeover): InfoItem => ({ name: "Changed by", value: whoAndWhen(takeover) })),
  ];
  return { ...node, ...(info.length > 0 ? { info } : {}), ...(marked ? { health: marked } : {}) };
}

/** What is well by itself by now is so, whatever Flux came across. */
function healthWith(own: Health | undefined, { drift, blame }: Mark): Health | undefined {
  const isBlamed = blame !== undefined && own?.status !== "Healthy";
  if (!isBlamed && (drift === undefined || !own)) return own;
  const status = !isBlamed ? (own?.status ?? "Healthy") : own?.status === "Missing" ? "Missing" : "Degraded";
  const messages = [isBlamed ? blame : undefined, own?.message, drift];
  return health(status, messages.filter((message) => message !== undefined).join("; "));
}
