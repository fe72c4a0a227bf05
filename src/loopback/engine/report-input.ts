import type { Application } from "../../argo/application.js";
import { shownBy } from "../../argo/generated.js";
import { type InventoryObject, inventoryOf } from "../../flux/inventory.js";
import { sourceChainOf } from "../../flux/source-chain.js";
import type { FluxWorkload } from "../../flux/workload.js";
import { idOf, keyOf, keyOfReference } from "../../kube/object-id.js";
import type { Report, ReportInput } from "../../report/report.js";
import { interestIn, type World } from "./world.js";

/** The workload of an Application, if there is one. */
export function workloadOf(application: Application, world: World): FluxWorkload | undefined {
  return world.workloads.get(keyOf(shownBy(application)));
}

/**
 * Everything about an Application that its report needs, as it is known now.
 *
 * @param released objects of a Helm release that the HelmRelease itself does not list
 */
export function reportInput(
  application: Application,
  world: World,
  released: readonly InventoryObject[],
  now: Date,
  pace: Pick<ReportInput, "isSettled" | "isLast">,
): ReportInput {
  const workload = workloadOf(application, world);
  const listed = workload ? inventoryOf(workload) : [];
  const inventory = listed.length === 0 ? released : listed;
  const dangling = workload ? sourceChainOf(workload, world.sources).dangling : [];
  const needed = [shownBy(application), ...inventory, ...dangling].map(keyOf);
  return {
    application,
    project: world.projectFor(application),
    cluster: world.cluster,
    workload,
    sources: world.sources,
    inventory,
    live: world.live,
    unread: world.unreadAmong(needed),
    argo: world.settings,
    now,
    ...pace,
  };
}

/** All whose change makes another report: what is shown, what is missing, and what is left out for now. */
export function interestOf(input: ReportInput, { tree }: Report): string[] {
  const { application, workload, sources, live, inventory } = input;
  const chain = workload && sourceChainOf(workload, sources);
  const shown = tree.nodes.flatMap((node) => {
    const object = live.get(keyOfReference(node));
    return object ? interestIn(object) : [];
  });
  return [
    keyOf(shownBy(application)),
    ...inventory.map(keyOf),
    ...(chain ? [...chain.links.map(({ object }) => keyOf(idOf(object))), ...chain.dangling.map(keyOf)] : []),
    ...shown,
  ];
}
