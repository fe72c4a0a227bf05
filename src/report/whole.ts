import { isFluxGroup } from "../flux/groups.js";
import { keyOf } from "../kube/object-id.js";
import { most } from "./limits.js";
import type { LiveObjects } from "./live/live-index.js";
import type { Managed } from "./managed.js";

/** Completes objects for their diffs, until all of one Application together are too much. */
export class WholeObjects {
  readonly #live: LiveObjects;
  #bytes = 0;
  /** how many were too much */
  refused = 0;

  constructor(live: LiveObjects) {
    this.#live = live;
  }

  /** As a diff needs it, or unread: a diff of half an object would be a false one. */
  complete(item: Managed): Managed {
    if (!item.object) return item;
    if (this.#bytes > most.diffBytes) {
      this.refused++;
      return { ...item, unread: "too much for a diff" };
    }
    const kept = this.#live.whole(keyOf(item.id));
    this.#bytes += kept?.bytes ?? 0;
    if (kept) return { ...item, object: kept.object };
    return isFluxGroup(item.id.group) ? item : { ...item, unread: "not labelled by Flux" };
  }
}
