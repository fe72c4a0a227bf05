import { parentOf } from "../../flux/applied-by.js";
import { isSuspended } from "../../flux/condition.js";
import { usersOf, usingKinds } from "../../flux/source-users.js";
import { ExternalArtifact, sourceKinds } from "../../flux/sources.js";
import { type FluxWorkload, workloadFrom, workloadKinds } from "../../flux/workload.js";
import type { Kind, LiveObject } from "../../kube/object.js";
import { idOf, keyOf, type ObjectId, renderId } from "../../kube/object-id.js";
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

/**
 * The workload and its source, unless a parent would bring them back or somebody else uses the source. Deleted is only what the
 * AppProject permits, and only that very object.
 */
export function cascadeOf(situation: Situation): Cascade {
  const { denial, workload, workloadId } = situation;
  const name = renderId(workloadId);
  if (denial !== undefined) return { steps: [], deleted: [], kept: [denial] };
  if (!workload) return { steps: [], deleted: [], kept: [`${name} does not exist`] };
  const parent = parentOf(workload);
  if (parent !== undefined) {
    return { steps: [], deleted: [], kept: [`${name} stays, since ${parent} would bring it back`] };
  }
  const cascade: Cascade = {
    steps: [deletion(workload, workloadKinds[workload.kind])],
    deleted: [name],
    kept: isSuspended(workload) ? [`what ${name} applied stays, since it is suspended`] : [],
  };
  const source = sourceOf(situation, workload);
  if (!source) return cascade;
  const kept = whyKept(situation, source);
  if (kept !== undefined) cascade.kept.push(kept);
  else {
    cascade.steps.push(deletion(source, sourceKinds[source.kind]));
    cascade.deleted.push(renderId(idOf(source)));
  }
  return cascade;
}

function sourceOf({ chain }: Situation, workload: FluxWorkload): LiveObject | undefined {
  const { kind, namespace, name } = workloadFrom(workload).source;
  return chain.links
    .map(({ object }) => object)
    .find(
      ({ kind: k, metadata }) => k === kind && metadata.name === name && metadata.namespace === namespace,
    );
}

function whyKept(situation: Situation, source: LiveObject): string | undefined {
  const { permitted } = situation;
  const id = idOf(source);
  if (!permitted(id)) return "its source stays, since the AppProject does not permit it";
  const stays = `${renderId(id)} stays, since`;
  const parent = parentOf(source);
  if (parent !== undefined) return `${stays} ${parent} would bring it back`;
  if (source.kind === ExternalArtifact.kind) return `${stays} who made it would bring it back`;
  const unread = usingKinds.find(
    (kind) => unreadBecause(situation, { ...kind, namespace: "", name: "" }) !== undefined,
  );
  if (unread) return `${stays} nobody knows which ${unread.kind} uses it`;
  const [user] = otherUsers(situation, id);
  if (user) return `${stays} ${permitted(user) ? renderId(user) : "something else"} uses it, too`;
  return undefined;
}

/** Those that do not go together with the workload. */
function otherUsers({ workload, workloadId, flux }: Situation, source: ObjectId): ObjectId[] {
  const ownChart = `HelmChart ${workload?.kind === "HelmRelease" ? workload.status?.helmChart : ""}`;
  return usersOf(source, flux()).filter(
    (user) => keyOf(user) !== keyOf(workloadId) && `${user.kind} ${user.namespace}/${user.name}` !== ownChart,
  );
}

function deletion({ metadata }: LiveObject, kind: Kind | undefined): Step {
  if (!kind) throw new TypeError("a Flux object of a kind that is not known");
  const { name, namespace, uid } = metadata;
  return { do: "delete", kind, ref: { name, namespace }, uid };
}
