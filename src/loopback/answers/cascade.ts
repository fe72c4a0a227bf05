import { departureOf } from "../../flux/departure.js";
import { kindOfFlux } from "../../flux/workload.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, objectId, renderId } from "../../kube/object-id.js";
import type { Step } from "./answer.js";
import { type Situation, unreadBecause } from "./situation.js";

/** Which Flux objects go with an Application, and which do not. */
export interface Cascade {
  steps: Step[];
  /** "Kustomization podinfo in apps" */
  deleted: string[];
  /** clauses that each say what stays, and why */
  kept: string[];
}

/** The workload and its source, as far as the AppProject permits it, and only those very objects. */
export function cascadeOf(situation: Situation): Cascade {
  const { denial, workload, workloadId, chain, flux, permitted } = situation;
  if (denial !== undefined) return { steps: [], deleted: [], kept: [denial] };
  if (!workload) return { steps: [], deleted: [], kept: [`${renderId(workloadId)} does not exist`] };
  const { goes, stays } = departureOf({
    workload,
    chain,
    flux,
    isUnread: (kind) => unreadBecause(situation, objectId(kind, { name: "" })) !== undefined,
    barred: (id) => (permitted(id) ? undefined : "the AppProject does not permit it"),
  });
  return { steps: goes.map(deletion), deleted: goes.map((object) => renderId(idOf(object))), kept: stays };
}

function deletion(object: LiveObject): Step {
  const kind = kindOfFlux(object);
  if (!kind) throw new TypeError("a Flux object of a kind that is not known");
  const { name, namespace, uid } = object.metadata;
  return { do: "delete", kind, ref: { name, namespace }, uid };
}
