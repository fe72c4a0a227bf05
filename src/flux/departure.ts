/** What of Flux goes when a workload is deleted together with its source, and what stays all the same. Pure. */
import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf, type ObjectId, renderId } from "../kube/object-id.js";
import { parentOf } from "./applied-by.js";
import { FluxInstance } from "./flux-instance.js";
import { chartOf, type SourceChain } from "./source-chain.js";
import { usersOf, usingKinds } from "./source-users.js";
import { ExternalArtifact, idOfSource } from "./sources.js";
import { isSuspended } from "./suspension.js";
import { type FluxWorkload, isToolkitKind, workloadFrom } from "./workload.js";

export interface Departure {
  /** the workload, then its source */
  goes: LiveObject[];
  /** clauses that each say what stays, and why: "GitRepository podinfo in apps stays, since …" */
  stays: string[];
}

export interface DepartureQuestion {
  workload: FluxWorkload;
  chain: SourceChain;
  /** everything that may use a source */
  flux(): Iterable<LiveObject>;
  /** Whether it is not known which objects of a kind there are. */
  isUnread(kind: { group: string; kind: string }): boolean;
  /** Why an object must be left alone and not even be named: "the AppProject does not permit it". */
  barred?(id: ObjectId): string | undefined;
  /** `keyOf()` of the workloads that go, too */
  leaving?: ReadonlySet<string>;
}

/** Why a workload must not go with its Application; undefined for one that may. */
export function whyItMustStay({ kind }: Pick<ObjectId, "kind">): string | undefined {
  return kind === FluxInstance.kind ? "to delete it uninstalls Flux from the cluster" : undefined;
}

/**
 * The workload and its source, unless a parent would bring them back or somebody else uses the source. What the Flux Operator
 * reconciles has none.
 */
export function departureOf(question: DepartureQuestion): Departure {
  const { workload } = question;
  const name = renderId(idOf(workload));
  const must = whyItMustStay(workload);
  if (must !== undefined) return { goes: [], stays: [`${name} stays, since ${must}`] };
  const parent = parentOf(workload);
  if (parent !== undefined)
    return { goes: [], stays: [`${name} stays, since ${parent} would bring it back`] };
  const why = whyItsObjectsStay(workload);
  const departure: Departure = {
    goes: [workload],
    stays: why === undefined ? [] : [`what ${name} applied stays, since ${why}`],
  };
  if (!isToolkitKind(workload.kind)) return departure;
  const id = idOfSource(workloadFrom(workload).source);
  const source = question.chain.links
    .map(({ object }) => object)
    .find((one) => keyOf(idOf(one)) === keyOf(id));
  const kept = whySourceStays(question, id, source);
  if (kept !== undefined) departure.stays.push(kept);
  else if (source) departure.goes.push(source);
  return departure;
}

/**
 * Why what a workload applied outlives it, as its controller's finalizer decides (kustomize-controller 1.9
 * `finalizerShouldDeleteResources`, helm-controller 1.6 `reconcileDelete`).
 */
function whyItsObjectsStay(workload: FluxWorkload): string | undefined {
  if (isSuspended(workload)) return "it is suspended";
  if (workload.kind !== "Kustomization") return undefined;
  const { deletionPolicy = "MirrorPrune", prune } = workload.spec ?? {};
  if (deletionPolicy === "Orphan") return "its spec.deletionPolicy is Orphan";
  return deletionPolicy === "MirrorPrune" && prune === false ? "its spec.prune is false" : undefined;
}

function whySourceStays(
  question: DepartureQuestion,
  id: ObjectId,
  source: LiveObject | undefined,
): string | undefined {
  const { isUnread, barred = () => undefined } = question;
  if (!source && !isUnread(id)) return undefined;
  const bar = barred(id);
  if (bar !== undefined) return `its source stays, since ${bar}`;
  const stays = `${renderId(id)} stays, since`;
  if (!source) return `${stays} it cannot be read`;
  const parent = parentOf(source);
  if (parent !== undefined) return `${stays} ${parent} would bring it back`;
  if (source.kind === ExternalArtifact.kind) return `${stays} who made it would bring it back`;
  const unread = usingKinds.find(isUnread);
  if (unread) return `${stays} nobody knows which ${unread.kind} uses it`;
  const [user] = otherUsers(question, id);
  if (!user) return undefined;
  return `${stays} ${barred(user) === undefined ? renderId(user) : "something else"} uses it, too`;
}

/** Those that do not go together with the workload; a HelmRelease's own HelmChart goes with it. */
function otherUsers(
  { workload, flux, leaving = new Set() }: DepartureQuestion,
  source: ObjectId,
): ObjectId[] {
  const objects = [...flux()];
  const going = [workload, ...objects.filter((object) => leaving.has(keyOf(idOf(object))))];
  const charts = going.flatMap((object) => chartOf(object as FluxWorkload) ?? []);
  const gone = new Set([...going.map(idOf), ...charts].map(keyOf));
  return usersOf(source, objects).filter((user) => !gone.has(keyOf(user)));
}
