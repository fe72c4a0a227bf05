import type { EnginePlace } from "../../install/engine-place.js";
import type { InstallWish } from "../../install/install-objects.js";
import type { InstallPlan } from "../../install/plan/install-plan.js";
import type { Voice } from "../../output/voice.js";
import { openAdvisories, renderCounts } from "../../support-matrix/advisories.js";
import type { SupportMatrix } from "../../support-matrix/candidate.js";
import type { Chosen } from "../../support-matrix/resolve.js";
import { stockReleases } from "../../support-matrix/stock.js";
import { compareVersions } from "../../support-matrix/versions.js";

/** What will be done and why, what will be seen and what not, and the advisories that the Argo CD is open to. */
export function sayPlan({ argo, says, warnings }: InstallPlan, matrix: SupportMatrix, say: Voice): void {
  if (argo?.is === "fsa") sayImage(argo.chosen, say);
  for (const text of says) say.act(text);
  for (const text of warnings) say.warning(text);
  if (argo) sayAdvisories(argo.argocd, matrix, say);
}

function sayImage({ candidate, level, reasons, limits }: Chosen, say: Voice): void {
  const { flamingo, image } = candidate;
  say.act(`FSA image ${flamingo} (${image}): ${reasons.join("; ")}`);
  if (level === "full") say.act(`${flamingo} shows everything that this Flux serves`);
  for (const limit of limits) say.warning(`With ${flamingo}, ${limit}`);
}

const advisories = "https://github.com/argoproj/argo-cd/security/advisories";

function sayAdvisories(argocd: string, matrix: SupportMatrix, say: Voice): void {
  const { advisorySource, advisories: known } = matrix;
  // of "golang/vulndb a752ea54fd1b (2026-08-21), …"
  const date = /\d{4}-\d{2}-\d{2}/.exec(advisorySource)?.[0] ?? "an unknown date";
  const open = openAdvisories(argocd, known);
  const [newest] = stockReleases(matrix);
  if (open.length === 0 && newest !== undefined && compareVersions(argocd, newest) > 0) {
    say.warning(
      `Which advisories Argo CD ${argocd} is open to is not known as of ${date}: it is newer than ${newest}`,
      `Read them at ${advisories}`,
    );
    return;
  }
  if (open.length === 0) {
    say.act(`Argo CD ${argocd} is in no advisory as of ${date}; newer ones are at ${advisories}`);
    return;
  }
  const noun = open.length === 1 ? "advisory" : "advisories";
  say.warning(
    `Argo CD ${argocd} is open to ${open.length} ${noun} (${renderCounts(open)}) as of ${date}`,
    `Read them at ${advisories}`,
  );
}

/** What the cluster lacks for an engine, and what that leads to; and what else is opened by an install. */
export function sayDoubts(
  { engine, anonymous }: InstallWish,
  { servesMonitors, unknown, missing }: EnginePlace,
  serviceMonitor: boolean | undefined,
  say: Voice,
): void {
  if (anonymous) say.warning(opened);
  if (!engine) return;
  if (!engine.admissionPolicy)
    say.warning(
      "What the engine writes is narrowed by its roles only: ValidatingAdmissionPolicies come with Kubernetes 1.30",
    );
  if (engine.helmStorage)
    say.warning(
      "The engine may read all Secrets, since Flux before 2.8 keeps what a HelmRelease consists of in Helm's",
    );
  for (const why of unknown)
    say.warning(`Whether a NetworkPolicy keeps the engine from redis is not known: ${why}`);
  for (const name of missing)
    say.warning(
      `Applications in ${name} will not be shown: Argo CD looks for them there, and the namespace does not exist`,
      "Run flamingo install again when it does",
    );
  if (serviceMonitor && !servesMonitors)
    say.warning("No ServiceMonitor is made: this cluster does not serve them");
}

const opened =
  "Whoever reaches Argo CD will see its Applications, clusters, repositories, projects and logs of Pods without a login";
