import { type Application, projectOf } from "../../argo/application.js";
import { eventLabelsOf } from "../../argo/event-settings.js";
import { isElsewhere, shownBy } from "../../argo/generated.js";
import { closedWindow } from "../../argo/sync-windows.js";
import { noSources, sourceChainOf } from "../../flux/source-chain.js";
import type { Kube } from "../../kube/kube.js";
import { requestAnnotation } from "../../names.js";
import type { AppliedObject } from "../../report/applied.js";
import { denialOf } from "../../report/permitted/denial.js";
import { permissionsOf } from "../../report/permitted/permissions.js";
import { workloadOf } from "../../report/report-input.js";
import type { Answer } from "../answers/answer.js";
import { requestedOperation } from "../answers/operation.js";
import { type Performed, respond } from "../answers/respond.js";
import type { Situation } from "../answers/situation.js";
import type { World } from "./world.js";

/** What was asked of an Application, for those who count. */
export type Asked = "sync" | "refresh" | "delete";

export function askedOf({ metadata, operation }: Application): Asked | undefined {
  if (metadata.deletionTimestamp) return "delete";
  if (operation) return "sync";
  const { annotations = {} } = metadata;
  return requestAnnotation.refresh in annotations || requestAnnotation.hydrate in annotations
    ? "refresh"
    : undefined;
}

/**
 * Answers what somebody asks of an Application; undefined when there is nothing to do now.
 *
 * @param applied what Flux applied, as far as it may be shown
 * @throws UserError when something could not be written
 */
export function answer(
  kube: Kube,
  application: Application,
  world: World,
  applied: readonly AppliedObject[],
  now: Date,
): Promise<(Answer & Performed) | undefined> {
  return respond(kube, situationOf(application, world, applied, now));
}

function situationOf(
  application: Application,
  world: World,
  applied: readonly AppliedObject[],
  now: Date,
): Situation {
  // of the same name there may be another one here
  const { cluster } = world;
  const workload = isElsewhere(application, cluster.name) ? undefined : workloadOf(application, world);
  const workloadId = shownBy(application);
  const name = projectOf(application);
  const project = world.projectFor(application);
  const permissions = project && permissionsOf(project, cluster);
  const chain = workload ? sourceChainOf(workload, world.sources) : noSources;
  const claim = { application, cluster, argo: world.settings, workload: workloadId, chain };
  const untold = world.untold(application);
  const denial =
    untold?.because ??
    (project && permissions
      ? denialOf({ ...claim, project, permissions })
      : `The AppProject ${name} does not exist`);
  return {
    application,
    workloadId,
    workload,
    chain,
    unread: world.unreadAmong(),
    denial,
    isUndecided: untold?.isForNow ?? false,
    closed: project && closedWindow(application, project, { isManual: isManual(application), now }),
    permitted: (id) => permissions?.object(id) ?? false,
    applied,
    flux: () => world.flux(),
    eventLabels: eventLabelsOf(application, project, world.settings),
    now,
  };
}

/** Argo CD itself syncs none of these: the engine is told to leave them alone. */
function isManual(application: Application): boolean {
  return requestedOperation(application)?.initiatedBy?.automated !== true;
}
