import type { UserError } from "../../errors.js";
import { isSuspended } from "../../flux/condition.js";
import { withoutInventory } from "../../flux/inventory.js";
import { type FluxWorkload, kindOfFlux, workloadKinds } from "../../flux/workload.js";
import { Gathered } from "../../kube/gathered.js";
import type { Reader } from "../../kube/kube.js";
import type { LiveObject } from "../../kube/object.js";
import { isOfKind, type ObjectId } from "../../kube/object-id.js";
import type { ShownApplication } from "./application.js";
import { type ApplicationChoice, readApplications } from "./read-applications.js";
import { type ArgoPlace, readAround, silenceIn } from "./read-around.js";
import { type Known, type Shown, shownAmong, shownRow, sortRows, unshownRow } from "./row.js";

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
  const { apps, failures } = await readApplications(reader, choice);
  const { leases, limitOf, unread } = await readAround(reader, apps, argo);
  const flux = new Gathered(reader, { byName: choice.names.length > 0, keep: slimFor(apps) });
  let isWhole = true;
  const look = (id: ObjectId) => {
    const kind = kindOfFlux(id);
    const found = kind && flux.get(kind, id);
    if (found === "unread" && !troubleWith(id)) isWhole = false;
    return found;
  };
  const troubleWith = (id: ObjectId) => {
    const kind = kindOfFlux(id);
    return kind && flux.troubleWith(kind, id);
  };
  const known: Known = {
    objects: flux.objects,
    look,
    troubleWith,
    isServed: await servedAmongWorkloads(reader),
    silenceIn: (namespace) => silenceIn(namespace, argo.namespace, leases, now),
    limitOf,
  };
  const unshown = choice.withWorkloads ? await workloadsWithout(apps, flux, choice.workloadNamespace) : [];
  let open = [
    ...apps.map((app) => () => shownRow(app, known)),
    ...unshown.map((workload) => () => unshownRow(workload, known)),
  ];
  const rows: Shown[] = [];
  do {
    open = open.filter((makeRow) => {
      isWhole = true;
      const row = makeRow();
      if (isWhole) rows.push(row);
      return !isWhole;
    });
  } while (await flux.read());
  const isOfWorkload = ({ kind }: { kind: { kind: string } }) => Object.hasOwn(workloadKinds, kind.kind);
  const troubles = flux.troubles;
  return {
    rows: sortRows(rows),
    failures: [...failures, ...troubles.filter(isOfWorkload).map(({ error }) => error)],
    warnings: [...unread, ...troubles.filter((one) => !isOfWorkload(one)).map(({ error }) => error)],
  };
}

/** All workloads, but for those that these Applications show. */
async function workloadsWithout(
  apps: readonly ShownApplication[],
  flux: Gathered,
  namespace: string | undefined,
): Promise<FluxWorkload[]> {
  const kinds = Object.values(workloadKinds);
  await Promise.all(kinds.map((kind) => flux.readAll(kind, namespace)));
  const isShown = shownAmong(apps);
  const workloads = [...flux.objects.values()].filter((object) =>
    kinds.some((kind) => isOfKind(object, kind)),
  );
  return (workloads as FluxWorkload[]).filter((workload) => !isShown(workload));
}

/** A kind that is not served has no objects: a LIST does not tell the difference. */
export async function servedAmongWorkloads(reader: Reader): Promise<(id: Pick<ObjectId, "kind">) => boolean> {
  const kinds = Object.values(workloadKinds);
  const versions = await Promise.all(kinds.map((kind) => reader.servedVersion(kind)));
  const served = new Set(kinds.filter((_, index) => versions[index] !== undefined).map(({ kind }) => kind));
  return ({ kind }) => served.has(kind);
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
