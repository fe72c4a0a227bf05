import { HelmRelease } from "../flux/helm-release.js";
import { isInventoryStored, objectsOfRelease, releaseSecretOf } from "../flux/helm-storage.js";
import type { InventoryObject } from "../flux/inventory.js";
import { Secret } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import { type Permitted, permitted } from "../kube/permitted.js";

export interface StoredRelease {
  namespace: string;
  name: string;
}

/**
 * The Secret that tells what a HelmRelease has applied which does not say so itself (Flux before 2.8); undefined where there is
 * none, or none that counts.
 *
 * @param isPermitted whether Helm's storage may be read in a namespace
 */
export async function storedReleaseOf(
  kube: Pick<Kube, "servedVersions">,
  release: HelmRelease,
  isPermitted: (namespace: string) => boolean,
): Promise<StoredRelease | undefined> {
  const stored = releaseSecretOf(release);
  if (!stored || !isPermitted(stored.namespace)) return undefined;
  return isInventoryStored(await kube.servedVersions(HelmRelease)) ? stored : undefined;
}

/**
 * The objects of a stored release; none found where the Secret is gone.
 *
 * @param isNamespaced whether objects of a kind live in namespaces
 */
export async function readReleased(
  kube: Pick<Kube, "find">,
  stored: StoredRelease,
  isNamespaced: (kind: { group: string; kind: string }) => boolean,
): Promise<Permitted<readonly InventoryObject[]>> {
  const { found, unknown } = await permitted(kube.find(Secret, stored));
  return { found: found && (objectsOfRelease(found, isNamespaced) ?? []), unknown };
}
