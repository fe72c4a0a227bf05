import { checkName } from "../../applications/names.js";
import { applicationFor, type GeneratedApplication } from "../../argo/application-for.js";
import { objectionTo } from "../../argo/existing.js";
import { projectFor } from "../../argo/project-choice.js";
import { type Warning, warningsFor } from "../../argo/warnings.js";
import type { UserError } from "../../errors.js";
import { type Location, locate, type NeededSource, type SourceAnswer } from "../../flux/location.js";
import { cannotGenerate } from "../../flux/location-errors.js";
import type { SourceRef } from "../../flux/source-ref.js";
import type { Workload } from "../../flux/workload.js";
import { keyOf, namespacedName, objectId, renderId } from "../../kube/object-id.js";
import { resourceName } from "../../kube/resource.js";
import { annotation, inClusterName, inClusterServer } from "../../names.js";
import type { Unknown } from "../unknown.js";
import { type AutoSettings, type Known, unknownBecause } from "./known.js";

export interface Creation {
  workload: Workload;
  application: GeneratedApplication;
  warnings: Warning[];
}

export interface Refused {
  workload: Workload;
  because: UserError;
}

const nameHint =
  "Choose other names with --name-template, such as '{name}-{kind}', or make it with generate-app --app-name";

/**
 * The Application that a workload is to get.
 *
 * @throws UserError that says why it gets none
 */
export function creationFor(
  workload: Workload,
  name: string,
  known: Known,
  settings: AutoSettings,
): Creation {
  const { namespace } = settings;
  checkName(workload, name, [workload], nameHint);
  checkFree(workload, name, namespace, known);
  const location = locationOf(workload, known);
  const application = applicationFor(workload, location, {
    name,
    namespace,
    engine: "loopback",
    project: projectFor(workload, settings.project, inClusterName),
    server: inClusterServer,
    clusterName: inClusterName,
    labels: {},
    annotations: { [annotation.auto]: "true" },
    cascade: false,
  });
  const warnings = warningsFor(workload, location, {
    engine: "loopback",
    argo: { found: "unasked" },
    outlook: undefined,
    appName: name,
    labelTracking: false,
  });
  return { workload, application, warnings };
}

function checkFree(workload: Workload, name: string, namespace: string, { applications }: Known): void {
  const existing = applications.get(namespacedName({ namespace, name }));
  const why = existing && objectionTo(existing, workload, inClusterServer);
  if (!why) return;
  throw cannotGenerate(
    workload,
    `there is an Application ${name} in ${namespace} already, and ${why}`,
    "Choose other names with --name-template, or rename that Application",
  );
}

function locationOf(workload: Workload, known: Known): Location {
  const found = locate(workload, (needed) => answerOf(needed, known));
  if (!("needs" in found)) return found;
  const { kind, ref } = found.needs;
  throw cannotGenerate(
    workload,
    unreadable(ref, unknownBecause(kind, known)),
    `See whether it can be read: ${listing(found.needs)}`,
  );
}

/** A source that is not known exists or not: only a complete list tells. */
function answerOf(needed: NeededSource, known: Known): SourceAnswer {
  const { kind, ref } = needed;
  const key = keyOf(objectId(kind, ref));
  const found = known.sources.get(key) ?? known.workloads.get(key);
  if (found) return found;
  if (unknownBecause(kind, known) !== undefined) return "unknown";
  return { missing: `See what there is: ${listing(needed)}` };
}

function listing({ kind, ref }: NeededSource): string {
  return `kubectl get ${resourceName(kind)} -n ${ref.namespace}`;
}

function unreadable(ref: SourceRef, because: Unknown | undefined): string {
  const source = renderId(ref);
  if (because === "not served") return `the cluster does not serve the kind of ${source}`;
  if (because === "unavailable") return `${source} cannot be read at the moment`;
  return `${source} cannot be read: ${because === "forbidden" ? "it is forbidden" : because}`;
}
