/**
 * HelmRelease: the fields that flamingo reads, the same in helm.toolkit.fluxcd.io v2, v2beta2 and v2beta1, except that
 * `status.history` came with Flux 2.2, `chartRef` with 2.3 and `status.inventory` with 2.8 (CRDs of helm-controller 0.27 to
 * 1.6).
 */
import { createHash } from "node:crypto";
import type { Kind, KubeObject } from "../kube/object.js";
import type { ReconciledStatus } from "./condition.js";
import type { IgnoreRule } from "./ignore-rule.js";
import type { Inventory } from "./inventory.js";
import type { NamedReference } from "./source-ref.js";

export interface HelmRelease extends KubeObject {
  kind: "HelmRelease";
  spec?: {
    chart?: {
      spec?: {
        /** the chart's name in a HelmRepository, its path in a GitRepository or Bucket */
        chart?: string;
        version?: string;
        sourceRef?: NamedReference;
      };
    };
    chartRef?: NamedReference;
    releaseName?: string;
    targetNamespace?: string;
    /** for the chart */
    values?: object;
    /** further ones in ConfigMaps and Secrets, below `values`; with a `targetPath` one single value */
    valuesFrom?: { kind?: string; name?: string; valuesKey?: string; targetPath?: string }[];
    /** of Helm's storage; that of the HelmRelease when not given */
    storageNamespace?: string;
    suspend?: boolean;
    kubeConfig?: object;
    dependsOn?: { name?: string; namespace?: string }[];
    /** "enabled", "warn", "disabled" */
    driftDetection?: { mode?: string; ignore?: IgnoreRule[] };
  };
  status?: ReconciledStatus & {
    inventory?: Inventory;
    /** the HelmChart that was made for it: "NAMESPACE/NAME" */
    helmChart?: string;
    lastAttemptedRevision?: string;
    /** of a chart from an OCIRepository */
    lastAttemptedRevisionDigest?: string;
    /** of its values; before Flux 2.2 the checksum */
    lastAttemptedConfigDigest?: string;
    lastAttemptedValuesChecksum?: string;
    lastHandledForceAt?: string;
    lastHandledResetAt?: string;
    lastAttemptedReleaseActionDuration?: string;
    /** the newest first */
    history?: Release[];
    /** before there was a history: the chart's version, and the number of the release */
    lastAppliedRevision?: string;
    lastReleaseRevision?: number;
  };
}

/** One release in Helm's storage. */
export interface Release {
  name?: string;
  version?: number;
  chartVersion?: string;
  /** "deployed", "superseded", "failed" */
  status?: string;
  lastDeployed?: string;
  /** of a chart from an OCIRepository: "sha256:…"; of one from an ExternalArtifact its revision */
  ociDigest?: string;
}

export const HelmRelease: Kind<HelmRelease> = {
  group: "helm.toolkit.fluxcd.io",
  kind: "HelmRelease",
  plural: "helmreleases",
};

/** The newest release of a history that is deployed. */
export function deployedIn(history: readonly Release[] = []): Release | undefined {
  return history.find(({ status }) => status === "deployed");
}

/** Helm allows 53 characters in a release's name. */
const longestReleaseName = 53;

/**
 * The name of the Helm release: `spec.releaseName`, else `[TARGETNAMESPACE-]NAME`, shortened as helm-controller does it
 * (40 characters, "-", the first 12 hex digits of the sha256 of the whole).
 */
export function releaseNameOf(release: {
  name: string;
  releaseName: string | undefined;
  targetNamespace: string | undefined;
}): string {
  if (release.releaseName) return release.releaseName;
  const whole = release.targetNamespace ? `${release.targetNamespace}-${release.name}` : release.name;
  if (whole.length <= longestReleaseName) return whole;
  const digest = createHash("sha256").update(whole).digest("hex");
  return `${whole.slice(0, 40)}-${digest.slice(0, 12)}`;
}
