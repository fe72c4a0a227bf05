import { UserError } from "../errors.js";
import { appliedSelector } from "../flux/applied-by.js";
import type { HelmRelease } from "../flux/helm-release.js";
import { inventoryOf } from "../flux/inventory.js";
import type { FluxWorkload } from "../flux/workload.js";
import { allOf } from "../kube/all-of.js";
import { concurrently } from "../kube/concurrently.js";
import type { Kstatus } from "../kube/kstatus.js";
import type { Kube } from "../kube/kube.js";
import type { KubeObject, LiveObject } from "../kube/object.js";
import { groupKindOf, renderId } from "../kube/object-id.js";
import type { ServedKind } from "../kube/served-kinds.js";
import { type WaitTarget, waitUntilReady } from "../kube/wait.js";
import { hasHealth, healthOf } from "../report/health/of-object.js";

/** An object that is not healthy, and how it is: "Deployment web in apps is Progressing: Waiting for rollout to finish: …". */
export interface Ill {
  target: WaitTarget;
  text: string;
}

/** How all is below a workload, taken together. */
export type StateBelow =
  | { is: "unread" }
  | { is: "healthy" }
  | { is: "ill"; ill: Ill }
  | { is: "failed"; error: UserError };

/** Finds out when everything is healthy that a workload has applied, by Argo CD's rules, while others are waited for. */
export class HealthBelow {
  /** the workload as it is with these objects */
  readonly of: FluxWorkload;
  readonly #onNews: () => void;
  readonly #end = new AbortController();
  #state: StateBelow = { is: "unread" };
  #bug: unknown;

  /**
   * @param signal ends it
   * @param onNews told whenever something has changed
   */
  constructor(
    kube: Kube,
    of: FluxWorkload,
    served: Promise<readonly ServedKind[]>,
    { signal, onNews }: { signal: AbortSignal; onNews(): void },
  ) {
    this.of = of;
    this.#onNews = onNews;
    const either = AbortSignal.any([signal, this.#end.signal]);
    this.#follow(kube, served, either).catch((error: unknown) => {
      if (either.aborted) return;
      if (error instanceof UserError) this.#tell({ is: "failed", error });
      else this.#bug = error;
      onNews();
    });
  }

  get state(): StateBelow {
    if (this.#bug !== undefined) throw this.#bug;
    return this.#state;
  }

  stop(): void {
    this.#end.abort();
  }

  async #follow(kube: Kube, served: Promise<readonly ServedKind[]>, signal: AbortSignal): Promise<void> {
    const targets = await targetsBelow(kube, this.of, await served);
    for (;;) {
      // a watch may tell of a change after Flux is ready with it: what a reading finds ill is watched
      const ill = await illAmong(kube, targets);
      const [first] = ill;
      if (!first) return this.#tell({ is: "healthy" });
      this.#tell({ is: "ill", ill: first });
      await waitUntilReady(
        kube,
        ill.map(({ target }) => target),
        {
          signal,
          judge,
          onProgress: ([missing]) => {
            if (missing) this.#tell({ is: "ill", ill: illnessOf(missing.target, missing) });
          },
        },
      );
    }
  }

  #tell(state: StateBelow): void {
    this.#state = state;
    this.#onNews();
  }
}

/**
 * What a workload applied that can be well or ill. What the cluster does not serve has no objects; what is on another cluster
 * (`spec.kubeConfig`) is not looked for.
 */
export async function targetsBelow(
  kube: Pick<Kube, "list">,
  workload: FluxWorkload,
  served: readonly ServedKind[],
): Promise<WaitTarget[]> {
  if (workload.spec?.kubeConfig) return [];
  if (workload.kind === "HelmRelease" && !workload.status?.inventory) return labelled(kube, workload, served);
  const kinds = new Map(served.map((kind) => [groupKindOf(kind), kind]));
  return inventoryOf(workload)
    .filter(hasHealth)
    .flatMap(({ name, namespace, ...groupKind }) => {
      const kind = kinds.get(groupKindOf(groupKind));
      return kind ? [{ kind, name, namespace: namespace || undefined }] : [];
    });
}

const runnerKinds = ["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "batch/Job"];

/** What runs Pods of a release without an inventory: before Flux 2.8, and until its first install is over. */
async function labelled(
  kube: Pick<Kube, "list">,
  { spec, metadata }: HelmRelease,
  served: readonly ServedKind[],
): Promise<WaitTarget[]> {
  const { name, namespace = "" } = metadata;
  const labels = appliedSelector({ kind: "HelmRelease", name, namespace });
  const where = { namespace: spec?.targetNamespace ?? namespace, labels, metadataOnly: true };
  const lists = served
    .filter((kind) => runnerKinds.includes(groupKindOf(kind)))
    .map(async (kind) =>
      (await allOf(kube.list(kind, where))).map((object) => ({ kind, ...object.metadata })),
    );
  return (await Promise.all(lists)).flat();
}

/** Those that are not healthy, as they are right now. */
export async function illAmong(kube: Pick<Kube, "find">, targets: readonly WaitTarget[]): Promise<Ill[]> {
  const ill: Ill[] = [];
  const found = concurrently(targets, 8, async (target) => ({
    target,
    ...judge(await kube.find(target.kind, target)),
  }));
  for await (const { target, ...state } of found) {
    if (state.status !== "Current") ill.push(illnessOf(target, state));
  }
  return ill;
}

/** Argo CD's word for an object, in the message. */
function judge(object: KubeObject | undefined): Kstatus {
  if (!object) return { status: "NotFound", message: "Missing" };
  const { status, message } = healthOf(object as LiveObject) ?? { status: "Healthy" };
  if (status === "Healthy") return { status: "Current", message };
  return { status: "InProgress", message: message ? `${status}: ${message}` : status };
}

function illnessOf(target: WaitTarget, { message }: Pick<Kstatus, "message">): Ill {
  return { target, text: `${renderId({ ...target, kind: target.kind.kind })} is ${message}` };
}
