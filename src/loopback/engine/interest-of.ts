import type { ApplicationTree } from "../../argo/application-tree.js";
import { shownBy } from "../../argo/generated.js";
import { lookedAtFor } from "../../flux/dependencies.js";
import { takesInputs } from "../../flux/resource-set/providers.js";
import { isInputProvider } from "../../flux/resource-set/resource-set.js";
import { sourceChainOf } from "../../flux/source-chain.js";
import type { LiveObject, ObjectRef } from "../../kube/object.js";
import { idOf, keyOf, keyOfReference } from "../../kube/object-id.js";
import { keysAppliedBelow, type SourceKeys } from "../../report/live/applied-below.js";
import { claimBase, claimBasesMadeBy, ownersOf } from "../../report/live/owners.js";
import type { ReportInput } from "../../report/report.js";

/** All whose change makes another report: what is shown, what is missing, what is waited for, and what is left out for now. */
export function interestOf(input: ReportInput, tree: ApplicationTree): string[] {
  const { application, workload, workloads, sources, live, inventory } = input;
  const chain = workload && sourceChainOf(workload, sources);
  const chainKeys = new Set((chain?.links ?? []).map(({ object }) => keyOf(idOf(object))));
  const shown = tree.nodes.flatMap((node) => {
    const object = live.get(keyOfReference(node));
    return object ? interestIn(object, chainKeys) : [];
  });
  return [
    keyOf(shownBy(application)),
    ...inventory.map(keyOf),
    ...chainKeys,
    ...(chain?.dangling ?? []).map(keyOf),
    ...(takesInputs(workload) ? [interestInProviders(workload.metadata)] : []),
    ...(workload ? lookedAtFor(workload, (id) => workloads.get(keyOf(id))).map(keyOf) : []),
    ...shown,
  ];
}

/** The entries that lead from an object to the Applications that show it or its owner: see {@link interestOf}. */
export function entriesOf(object: LiveObject, key: string): string[] {
  const owners = ownersOf(object).map(({ by, value }) => (by === "uid" ? `uid ${value}` : value));
  const base = claimBase(object);
  return [
    ...[key, ...owners],
    ...(base === undefined ? [] : [`claim ${base}`]),
    ...(isInputProvider(object) ? [interestInProviders(object.metadata)] : []),
  ];
}

/** What an Application is interested in that shows a ResourceSet with inputs from others: any that comes may be one of them. */
export function interestInProviders({ namespace = "" }: Pick<ObjectRef, "namespace">): string {
  return `providers ${namespace}`;
}

/**
 * What an Application that shows this object is interested in: the object itself, what it owns, and what it applied.
 *
 * @param sources of the workload that is shown
 */
export function interestIn(object: LiveObject, sources: SourceKeys): string[] {
  const { uid } = object.metadata;
  return [
    keyOf(idOf(object)),
    ...(uid ? [`uid ${uid}`] : []),
    ...claimBasesMadeBy(object).map((base) => `claim ${base}`),
    ...keysAppliedBelow(object, sources),
  ];
}
