/**
 * What differs between releases of Argo CD, as far as it matters here: the first minor that has it. Read in the sources named, up to
 * 3.6.1 (2026-11-27). A new minor is a line here, and {@link newestKnownArgo}.
 */
import { isAtLeast } from "../text/versions.js";

/** The newest minor whose sources were read; whatever is newer is taken for it. */
export const newestKnownArgo = "3.6";

const since = {
  /** the manifests have a CRD of ApplicationSets */
  bringsApplicationSets: "2.4",
  /** the chart takes redis from AWS' public registry */
  takesRedisFromAws: "2.4",
  /** the chart keeps the ConfigMaps in `configs`, not with the server */
  chartsConfigs: "2.5",
  /** the engine loopback was tried on it; before 2.7 its controller does not heed `skip-reconcile` */
  carriesLoopback: "2.8",
  /** values in redis are compressed unless somebody says otherwise (util/cache) */
  compressesCache: "2.8",
  /** `argocd_app_info` has the label `autosync_enabled` (controller/metrics) */
  countsAutosync: "2.9",
  /** resource actions on Flux's kinds: reconcile, suspend, resume (resource_customizations) */
  actsOnFlux: "2.13",
  /** servers read a tree in several pieces (util/cache/appstate) */
  splitsTrees: "2.13",
  /** the default of `application.resourceTrackingMethod` */
  tracksByAnnotation: "3.0",
  /** sources in OCI registries that are no Helm charts (util/oci) */
  readsOci: "3.1",
  /** an Application is Missing when nothing of it lives, and otherwise not for what is gone (controller/health.go) */
  isMissingAsAWhole: "3.4",
  /** actions on nodes are done as the AppProject's account, where impersonation is on (docs/operator-manual/upgrading) */
  impersonatesActions: "3.5",
  /** the health of an Application, and Events of it, name the objects that it comes from (controller/health.go) */
  namesCauses: "3.6",
  /** `argocd_app_info` has the labels `hydrator_status` and `phase` (controller/metrics) */
  countsPhases: "3.6",
  /** `ARGOCD_REDIS_KEY_PREFIX` stands before each key (util/cache/redis.go) */
  prefixesKeys: "3.6",
  /** `REDIS_SENTINEL_HOSTS` and `REDIS_SENTINEL_MASTER` are defaults of the flags (util/cache/cache.go) */
  sentinelsByVariable: "3.6",
} as const;

export type ArgoFeature = keyof typeof since;

/** Why not all is known of a release, as a sentence: it is newer than all that is in the table. Undefined for the others. */
export function newerThanKnown(release: string): string | undefined {
  const [major = 0, minor = 0] = newestKnownArgo.split(".").map(Number);
  if (!isAtLeast(release, major, minor + 1)) return undefined;
  return `Argo CD ${release} is newer than all that this flamingo knows: it is taken for ${newestKnownArgo}`;
}

/**
 * Whether a release of Argo CD has that.
 *
 * @param release "3.6.1"; one that is not known counts as the newest
 */
export function argoHas(feature: ArgoFeature, release: string | undefined): boolean {
  if (release === undefined) return true;
  const [major = 0, minor = 0] = since[feature].split(".").map(Number);
  return isAtLeast(release, major, minor);
}
