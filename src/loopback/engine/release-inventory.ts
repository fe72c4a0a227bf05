import type { HelmRelease } from "../../flux/helm-release.js";
import type { InventoryObject } from "../../flux/inventory.js";
import { readReleased, storedReleaseOf } from "../../gather/released-objects.js";
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
    const stored = await storedReleaseOf(this.#kube, release, isPermitted);
    if (!stored) return [];
    const key = namespacedName(release.metadata);
    const secret = namespacedName(stored);
    const known = this.#known.get(key);
    if (known?.secret === secret) return known.objects;
    const { found } = await readReleased(this.#kube, stored, this.#isNamespaced);
    if (found) this.#known.set(key, { secret, objects: found });
    return found ?? [];
  }
}
