import {
  clusterSecretType,
  type DestinationCluster,
  isAboutOwnCluster,
  ownClusterFrom,
} from "../../argo/own-cluster.js";
import { secretType } from "../../argo/repositories.js";
import { isForbidden } from "../../kube/failure.js";
import { Secret } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import { failing } from "../failing.js";

export interface OwnClusterWatchOptions {
  kube: Kube;
  /** where Argo CD keeps its Secrets */
  namespace: string;
  signal: AbortSignal;
  /** @param unknownBecause why Argo CD's Secrets are not known: "forbidden" */
  onKnown(cluster: DestinationCluster, unknownBecause: string | undefined): void;
}

/** Follows what Argo CD's Secrets say of the cluster that it runs in. Those of other clusters are dropped unread. */
export class OwnClusterWatch {
  readonly #options: OwnClusterWatchOptions;
  /** by `namespacedName()` */
  readonly #secrets = new Map<string, Secret>();
  readonly #bug = failing();
  /** Rejects with what only a bug can have caused. */
  readonly failure = this.#bug.failure;

  constructor(options: OwnClusterWatchOptions) {
    this.#options = options;
  }

  /** Resolves when they have been listed, or it is known why they cannot be. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#follow(resolve).catch(this.#bug.fail);
    });
  }

  async #follow(onSettled: () => void): Promise<void> {
    const { kube, namespace, signal } = this.#options;
    const labels = `${secretType}=${clusterSecretType}`;
    let isListed = false;
    for await (const event of kube.watch(Secret, { namespace, labels, signal })) {
      if (event.type === "set" && isAboutOwnCluster(event.object)) this.#secrets.set(event.key, event.object);
      else if (event.type === "set" || event.type === "gone") this.#secrets.delete(event.key);
      else if (event.type === "synced") isListed = true;
      else if (event.type === "unavailable") {
        if (isForbidden(event.error)) isListed = false;
        if (!isListed) this.#tell(isForbidden(event.error) ? "forbidden" : "they could not be listed yet");
      }
      if (isListed) this.#tell(undefined);
      if (event.type === "synced" || event.type === "unavailable") onSettled();
    }
  }

  #tell(unknownBecause: string | undefined): void {
    this.#options.onKnown(ownClusterFrom([...this.#secrets.values()]), unknownBecause);
  }
}
