import { releaseNameOf } from "../flux/helm-release.js";
import type { Location } from "../flux/location.js";
import { isToolkitKind, type Workload } from "../flux/workload.js";
import { redact, stripCredentials } from "../redact.js";
import { neverShown } from "../support-matrix/never-shown.js";
import type { Outlook } from "../support-matrix/outlook.js";
import { shortfallOf } from "../support-matrix/shortfall.js";
import type { Engine } from "./application.js";
import { isChartByDigest } from "./application-for.js";
import { type ArgoFinding, releaseOf } from "./engine.js";
import { argoHas } from "./versions.js";

/** What will be seen otherwise than one would think. */
export interface Warning {
  /** the same for all Applications that the sentence fits */
  id: string;
  /** what holds for every workload with this id: a sentence behind "WORKLOAD: " */
  text: string;
  /** what only this one says, such as Flux's message */
  detail?: string;
}

export interface Circumstances {
  engine: Engine;
  argo: ArgoFinding;
  /** what the FSA image that runs shows of such workloads; undefined where none does */
  outlook: Outlook | undefined;
  appName: string;
  /** Argo CD tells whose an object is by the label app.kubernetes.io/instance */
  labelTracking: boolean;
}

/** Everything worth a warning about one Application; it is written all the same. */
export function warningsFor(workload: Workload, location: Location, circumstances: Circumstances): Warning[] {
  return [
    ...stateWarnings(workload),
    ...sourceWarnings(location),
    ...(circumstances.engine === "fsa"
      ? fsaWarnings(workload, circumstances)
      : loopbackWarnings(workload, location, circumstances.argo)),
  ];
}

function stateWarnings(workload: Workload): Warning[] {
  const warnings: Warning[] = [];
  if (workload.suspended) {
    warnings.push({
      id: "suspended",
      text: "it is suspended, so the Application shows its last state until it is resumed",
    });
  }
  if (workload.hasKubeConfig) {
    warnings.push({
      id: "kubeconfig",
      text: "spec.kubeConfig sends its objects to another cluster, where they are not looked for: the Application shows no children",
    });
  }
  if (workload.readiness.status === "Failed") {
    const { message } = workload.readiness;
    warnings.push({
      id: "failing",
      text: "it is failing, and so will the Application be shown",
      ...(message ? { detail: redact(message).replace(/\s+/g, " ").trim() } : {}),
    });
  }
  return warnings;
}

function sourceWarnings({ url, ambiguousRef, added }: Location): Warning[] {
  const warnings: Warning[] = [];
  if (ambiguousRef) {
    warnings.push({
      id: "tag-and-semver",
      text: "its source has both ref.tag and ref.semver: Flux takes the tag",
    });
  }
  if (stripCredentials(url) !== url) {
    warnings.push({
      id: "credentials-in-url",
      text: "the URL of its source holds credentials, which are left out of the Application",
    });
  }
  if (added.length > 0) {
    warnings.push({
      id: "files-added",
      text: "its ArtifactGenerator puts files into its content that the Application's source does not have",
      detail: added.join(", "),
    });
  }
  return warnings;
}

/** What the running FSA image does not show and what none ever does, but for `spec.kubeConfig`, which is told for both engines. */
function fsaWarnings(workload: Workload, { appName, outlook, labelTracking }: Circumstances): Warning[] {
  const warnings: Warning[] = neverShown(workload).filter(({ id }) => id !== "kubeconfig");
  const shortfall = outlook && shortfallOf(outlook);
  if (shortfall !== undefined) warnings.push({ id: `fsa-${outlook?.because}`, text: shortfall });
  if (labelTracking && workload.kind === "HelmRelease" && releaseNameOf(workload) === appName) {
    warnings.push({
      id: "named-like-release",
      text:
        "its Application is named like the Helm release, and Argo CD tracks by label: a cascading delete in Argo CD would" +
        " take the release's Secrets and StatefulSets; choose another --app-name or --name-template",
    });
  }
  return warnings;
}

function loopbackWarnings(workload: Workload, location: Location, argo: ArgoFinding): Warning[] {
  const why = unsyncable(location, argo);
  if (!why) return [];
  return [
    {
      id: `no-sync-${why.id}`,
      text: `Argo CD's Sync button will refuse it, since ${why.because}; ${instead(workload, argo)}`,
    },
  ];
}

function unsyncable(location: Location, argo: ArgoFinding) {
  const { form, origin, credentials } = location;
  if (origin === "Bucket") return { id: "bucket", because: "Argo CD cannot read buckets" };
  const release = releaseOf(argo);
  // of an Argo CD that nobody has seen not the best is believed: charts by digest are few
  if (isChartByDigest(location) && (release === undefined || !argoHas("readsOci", release)))
    return { id: "digest", because: "Argo CD before 3.1 takes no digest for a Helm chart" };
  if (form === "directory" && origin === "OCIRepository" && !argoHas("readsOci", release))
    return { id: "oci", because: "Argo CD reads OCI artifacts from 3.1 on only" };
  if (!credentials) return undefined;
  const by =
    credentials === "secretRef" ? "the credentials of its source" : `its source's provider ${credentials}`;
  return { id: "credentials", because: `Argo CD does not have ${by}, unless you have given them to it` };
}

/** What makes Flux look at once. Argo CD has actions for Flux's own kinds, for those of the Flux Operator none. */
function instead({ kind }: Workload, argo: ArgoFinding): string {
  return isToolkitKind(kind) && argoHas("actsOnFlux", releaseOf(argo))
    ? "Reconcile on its node and flamingo reconcile work"
    : "flamingo reconcile works";
}
