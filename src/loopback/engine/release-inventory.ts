import { HelmRelease } from "../../flux/helm-release.js";
import { isInventoryStored, objectsOfRelease, releaseSecretOf } from "../../flux/helm-storage.js";
import type { InventoryObject } from "../../flux/inventory.js";
import { isForbidden } from "../../kube/failure.js";
import { Secret } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import { namespacedName } from "../../kube/object-id.js";

/**
 * The objects of HelmReleases whose status does not list them (Flux before 2.8), out of Helm's storage. A stored release never
 * changes, so each is read once.
 */
export class ReleaseInventory {
  readonly #kube: Kube;
  readonly #isNamespaced: (kind: { group: string; kind: string }) => boolean;
  /** HelmRelease → the release that was read for it last */
  readonly #known = new Map<string, { secret: string; objects: readonly InventoryObject[] }>();

  constructor(kube: Kube, isNamespaced: (kind: { group: string; kind: string }) => boolean) {
    this.#kube = kube;
    this.#isNamespaced = isNamespaced;
  }

  /**
   * None where nothing is stored, or it may not be read.
   *
   * @param isPermitted whether the AppProject lets an Application have this namespace as its destination
   */
  async objectsOf(
    release: HelmRelease,
    isPermitted: (namespace: string) => boolean,
  ): Promise<readonly InventoryObject[]> {
    const stored = releaseSecretOf(release);
    if (!stored || !isPermitted(stored.namespace)) return [];
    if (!isInventoryStored(await this.#kube.servedVersions(HelmRelease))) return [];
    const key = namespacedName(release.metadata);
    const secret = namespacedName(stored);
    const known = this.#known.get(key);
    if (known?.secret === secret) return known.objects;
    const found = await this.#kube.find(Secret, stored).catch((error: unknown) => {
      if (isForbidden(error)) return undefined;
      throw error;
    });
    const objects = (found && objectsOfRelease(found, this.#isNamespaced)) ?? [];
    if (found) this.#known.set(key, { secret, objects });
    return objects;
  }
}
