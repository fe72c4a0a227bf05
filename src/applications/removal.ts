/** What is to be done to delete Applications, and what stays. Pure. */
import type { Application } from "../argo/application.js";
import { clusterOf, isElsewhere, isGenerated, isMadeByAuto, shownBy } from "../argo/generated.js";
import { UserError } from "../errors.js";
import { parentOf } from "../flux/applied-by.js";
import { type DepartureQuestion, departureOf, whyItMustStay } from "../flux/departure.js";
import type { FluxWorkload } from "../flux/workload.js";
import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf, renderId } from "../kube/object-id.js";

/** An Application as it was found. */
export interface Found {
  application: Application;
  /** undefined where it does not exist, or cannot be read */
  workload: FluxWorkload | undefined;
  /** why it cannot be read */
  unread?: string | undefined;
}

/** An Application that is to be deleted. */
export interface Removal {
  application: Application;
  /** the workload, where that goes with it */
  workload: FluxWorkload | undefined;
  /** the source, where that goes, too; of several Removals it may be the same */
  source: LiveObject | undefined;
  /** clauses that each say what stays, and why */
  stays: string[];
}

/** What `--cascade=flux` has to know of everything of Flux. */
export type FluxAround = Pick<DepartureQuestion, "flux" | "isUnread"> & {
  chainOf(workload: FluxWorkload): DepartureQuestion["chain"];
};

/**
 * @param around undefined where Flux's objects stay
 * @param force also those that `flamingo loopback --auto` would make again
 */
export function planRemovals(
  found: readonly Found[],
  around: FluxAround | undefined,
  force: boolean,
): (Removal | { refused: UserError })[] {
  const leaving = new Set(around ? found.flatMap((one) => leavingOf(one) ?? []) : []);
  const planned = new Set<string>();
  return found.map((one) => {
    const key = around && leavingOf(one);
    const removal = around && key !== undefined ? withFlux(one, around, leaving) : withoutFlux(one, around);
    // of two that show the same workload the first takes it along
    const first =
      key === undefined || !planned.has(key) ? removal : { ...removal, ...nothingOfFlux, stays: [] };
    if (key !== undefined) planned.add(key);
    const refused = objectionTo(one, removal, around !== undefined, force);
    return refused ? { refused } : first;
  });
}

const nothingOfFlux = { workload: undefined, source: undefined };

/** `keyOf()` of the workload, where that may go with its Application. */
function leavingOf({ application, workload }: Found): string | undefined {
  const mayGo = isGenerated(application) && workload !== undefined && parentOf(workload) === undefined;
  return mayGo ? keyOf(idOf(workload)) : undefined;
}

function withFlux(
  { application, workload }: Found,
  { flux, isUnread, chainOf }: FluxAround,
  leaving: ReadonlySet<string>,
): Removal {
  const going = workload as FluxWorkload;
  const { goes, stays } = departureOf({ workload: going, chain: chainOf(going), flux, isUnread, leaving });
  return { application, workload: going, source: goes[1], stays };
}

function withoutFlux(found: Found, around: FluxAround | undefined): Removal {
  return {
    application: found.application,
    ...nothingOfFlux,
    stays: [whatStays(found, around !== undefined)],
  };
}

/** @param isWanted to go, too */
function whatStays({ application, workload, unread }: Found, isWanted: boolean): string {
  const name = renderId(shownBy(application));
  if (isElsewhere(application))
    return `${name} on ${clusterOf(application) ?? "another cluster"} stays, and so does what it applied`;
  if (unread !== undefined) return `${name} stays, if there is one: flamingo ${unread}`;
  if (!workload) return `${name} does not exist`;
  const parent = isWanted ? parentOf(workload) : undefined;
  return parent === undefined
    ? `${name} stays, and so does what it applied`
    : `${name} stays, since ${parent} would bring it back`;
}

function objectionTo(
  { application, workload, unread }: Found,
  removal: Removal,
  isCascading: boolean,
  force: boolean,
): UserError | undefined {
  const name = renderId(idOf(application));
  const shown = shownBy(application);
  if (!isGenerated(application)) {
    const { namespace, name: bare } = application.metadata;
    return new UserError(`Cannot delete ${name}: flamingo did not make it`, {
      hint: `Delete it where it came from, or with kubectl delete applications.argoproj.io ${bare} -n ${namespace}`,
    });
  }
  const must = isCascading ? whyItMustStay(shown) : undefined;
  if (must !== undefined)
    return new UserError(`Cannot delete ${name} with ${renderId(shown)}: ${must}`, {
      hint: "Leave --cascade out to delete the Application alone",
    });
  const comesBack =
    isMadeByAuto(application) && !removal.workload && (workload !== undefined || unread !== undefined);
  if (!comesBack || force) return undefined;
  return new UserError(
    `Cannot delete ${name}: flamingo loopback --auto made it, and would make it again as long as ${renderId(shown)} exists`,
    { hint: "Leave the workload out of what --auto selects first, or add --force to delete it all the same" },
  );
}
