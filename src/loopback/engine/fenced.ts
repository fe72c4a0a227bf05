import type { Kube } from "../../kube/kube.js";
import type { LeaseHolder } from "./lease-holder.js";
import type { TreeStore } from "./reporter.js";

type Fence = Pick<LeaseHolder, "assertHeld">;

/**
 * A cluster that is written to only while the Lease is held for sure: a process that stood still for a while goes on where it
 * was, before it hears that another one has taken over.
 */
export function fencedKube(kube: Kube, lease: Fence): Kube {
  const fenced: Pick<Kube, "apply" | "create" | "mergePatch" | "replace" | "delete"> = {
    apply: async (...args) => held(lease, () => kube.apply(...args)),
    create: async (...args) => held(lease, () => kube.create(...args)),
    mergePatch: async (...args) => held(lease, () => kube.mergePatch(...args)),
    replace: async (...args) => held(lease, () => kube.replace(...args)),
    delete: async (...args) => held(lease, () => kube.delete(...args)),
  };
  return { ...kube, ...fenced };
}

/** The same for trees: an old one in the place of a new one would stay. */
export function fencedStore(store: TreeStore, lease: Fence): TreeStore {
  return {
    put: async (...args) => held(lease, () => store.put(...args)),
    remove: async (...args) => held(lease, () => store.remove(...args)),
  };
}

function held<T>(lease: Fence, write: () => Promise<T>): Promise<T> {
  lease.assertHeld();
  return write();
}
