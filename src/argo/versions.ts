/**
 * What differs between releases of Argo CD, as far as it matters here: the first minor that has it. Read in the sources named, up to
 * 3.6.1 (2026-11-27). A new minor is a line here, and {@link newestKnownArgo}.
 */
import { isAtLeast } from "../text/versions.js";

/** The newest minor whose sources were read; whatever is newer is taken for it. */
export const newestKnownArgo = "3.6";

const since = {
  /** `argocd_app_info` has the label `autosync_enabled` (controller/metrics) */
  countsAutosync: "2.9",
  /** … and `hydrator_status` and `phase` */
  countsPhases: "3.6",
  /** values in redis are compressed unless somebody says otherwise (util/cache) */
  compressesCache: "2.8",
  /** servers read a tree in several pieces (util/cache/appstate) */
  splitsTrees: "2.13",
  /** `ARGOCD_REDIS_KEY_PREFIX` stands before each key (util/cache/redis.go) */
  prefixesKeys: "3.6",
  /** `REDIS_SENTINEL_HOSTS` and `REDIS_SENTINEL_MASTER` are defaults of the flags (util/cache/cache.go) */
  sentinelsByVariable: "3.6",
} as const;

export type ArgoFeature = keyof typeof since;

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
