import type { UserError } from "../errors.js";
import { type FindWorkload, waitingChainOf } from "../flux/dependencies.js";
import { type SourceChain, sourceChainOf } from "../flux/source-chain.js";
import type { FluxWorkload } from "../flux/workload.js";
import { isForbidden } from "../kube/failure.js";
import { type ObjectId, renderId } from "../kube/object-id.js";
import type { FluxView } from "./flux-view.js";

/** A workload with its sources, as far as they are known. */
export interface Sighting {
  is: "seen";
  workload: FluxWorkload;
  chain: SourceChain;
  /** whether it cannot be known that a source exists */
  isUnread(id: ObjectId): boolean;
  /** what it waits for, as far as that is known: "waits for Kustomization base in apps, which failed: …" */
  waitingFor(): string | undefined;
}

export type Sight =
  | Sighting
  | { is: "gone" }
  /** `because` goes on after "it" */
  | { is: "waiting"; because: string }
  /** for lack of a right */
  | { is: "failed"; error: UserError };

/**
 * Looks at a workload for somebody, who hears from then on what becomes of it, its sources, and what it waits for.
 *
 * @param needsSources also where the right to read them is missing
 */
export function sight<T>(view: FluxView<T>, who: T, id: ObjectId, needsSources: boolean): Sight {
  const look = (wanted: ObjectId) => view.look(who, wanted);
  const find = look as FindWorkload;
  const workload = find(id);
  if (!workload) return { is: "gone" };
  if (workload === "unread") return unread(id, view);
  const chain = sourceChainOf(workload, view.objects);
  const unknown = chain.sought
    .filter((source) => look(source) === "unread")
    .find((source) => needsSources || !view.troubleWith(source));
  if (unknown) return unread(unknown, view);
  return {
    is: "seen",
    workload,
    chain,
    isUnread: (source) => look(source) === "unread",
    waitingFor: () => waitingChainOf(workload, find)?.sentence,
  };
}

/** What cannot be read for lack of a right will not be; everything else is being read. */
function unread<T>(id: ObjectId, view: FluxView<T>): Sight {
  const error = view.troubleWith(id);
  if (error && isForbidden(error)) return { is: "failed", error };
  return { is: "waiting", because: `waits until ${renderId(id)} is read` };
}
