import type { UserError } from "../../errors.js";
import { withoutInventory } from "../../flux/inventory.js";
import { isSuspended } from "../../flux/suspension.js";
import { isWorkloadKind, toolkitKinds } from "../../flux/workload.js";
import { Gathered, type Trouble } from "../../kube/gathered.js";
import type { Reader } from "../../kube/kube.js";
import type { LiveObject } from "../../kube/object.js";
import type { ShownApplication } from "./application.js";
import { joinerOf, workloadsWithout } from "./join.js";
import { type ApplicationChoice, readApplications } from "./read-applications.js";
import { type ArgoPlace, readAround, servedAmongWorkloads, silenceAbout } from "./read-around.js";
import { type Shown, sortRows } from "./row.js";

export interface ShownChoice extends ApplicationChoice {
  /** also workloads that no Application shows */
  withWorkloads: boolean;
}

export interface ReadShown {
  rows: Shown[];
  /** what of it could not be had */
  failures: UserError[];
  /** what could not be read of what is only told beside it */
  warnings: UserError[];
}

/**
 * The Applications, joined with the Flux objects that they show: one LIST for each kind that a row turns out to need, or each object
 * by itself where Applications are named.
 *
 * @throws UserError for a single name that cannot be had, and where there is no Argo CD (exit code 6)
 */
export async function readShown(
  reader: Reader,
  choice: ShownChoice,
  argo: ArgoPlace,
  now: Date,
): Promise<ReadShown> {
  const { names, withWorkloads, workloadNamespace } = choice;
  const { apps, failures } = await readApplications(reader, choice);
  const { leases, limitOf, unread } = await readAround(reader, apps, argo);
  const flux = new Gathered(reader, { byName: names.length > 0, keep: slimFor(apps) });
  const around = {
    isServed: await servedAmongWorkloads(reader),
    silenceAbout: (app: ShownApplication) => silenceAbout(app, argo.namespace, leases, now),
    limitOf,
  };
  const join = joinerOf(flux, around, choice.namespace);
  if (withWorkloads)
    await Promise.all(Object.values(toolkitKinds).map((kind) => flux.readAll(kind, workloadNamespace)));
  const unshown = withWorkloads ? workloadsWithout(apps, flux.objects.values(), workloadNamespace) : [];
  let open = [
    ...apps.map((app) => () => join.shown(app)),
    ...unshown.map((workload) => () => join.unshown(workload)),
  ];
  const rows: Shown[] = [];
  do {
    open = open.filter((makeRow) => {
      const row = makeRow();
      if (row) rows.push(row);
      return row === undefined;
    });
  } while (await flux.read());
  const { troubles } = flux;
  return {
    rows: sortRows(rows),
    failures: [...failures, ...troubles.filter(isOfWorkload).map(({ error }) => error)],
    warnings: [...unread, ...troubles.filter((one) => !isOfWorkload(one)).map(({ error }) => error)],
  };
}

function isOfWorkload({ kind }: Trouble): boolean {
  return isWorkloadKind(kind.kind);
}

/**
 * Managed fields and inventories are the larger part of most objects. Those of what is suspended tell by whom; what an FSA image
 * does not show of a workload is told by what that applied.
 */
function slimFor(apps: readonly ShownApplication[]): (object: LiveObject) => LiveObject {
  const needsInventory = apps.some(({ engine }) => engine === "fsa");
  return (object) => {
    const { managedFields: _, ...metadata } = object.metadata;
    const slim = isSuspended(object) ? object : { ...object, metadata };
    return needsInventory ? slim : withoutInventory(slim);
  };
}
