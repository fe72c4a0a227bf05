import { type ShownApplication, shownApplicationFrom } from "../../applications/shown/application.js";
import type { ImageLimits } from "../../applications/shown/image-limits.js";
import { type Joiner, joinerOf, workloadsWithout } from "../../applications/shown/join.js";
import type { ShownChoice } from "../../applications/shown/read.js";
import { isWanted, selectorFor } from "../../applications/shown/read-applications.js";
import {
  type ArgoPlace,
  leasesByNamespace,
  readLimits,
  silenceAbout,
} from "../../applications/shown/read-around.js";
import { type Known, type Shown, sortRows } from "../../applications/shown/row.js";
import { Application } from "../../argo/application.js";
import { leaseSelector } from "../../argo/loopback-lease.js";
import type { UserError } from "../../errors.js";
import { toolkitKinds } from "../../flux/workload.js";
import { isForbidden } from "../../kube/failure.js";
import { Followed } from "../../kube/followed.js";
import { Lease } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import { LiveList } from "../../kube/live-list.js";
import type { Kind } from "../../kube/object.js";
import { Bell } from "./bell.js";

/** What there is to tell at a moment. */
export interface Picture {
  rows: Shown[];
  /** why it may be out of date, or lacks something, by their messages */
  troubles: ReadonlyMap<string, UserError>;
}

export interface FollowOptions {
  /** ends it */
  signal: AbortSignal;
  now(): Date;
  isServed: Known["isServed"];
  /** a cluster that is away for longer counts as gone */
  patienceMs: number;
}

/** The rows that `readShown()` answers, as they are and become, from watches. */
export class FollowedRows {
  readonly #kube: Kube;
  readonly #choice: ShownChoice;
  readonly #argo: ArgoPlace;
  readonly #options: FollowOptions;
  readonly #bell: Bell;
  readonly #apps = new LiveList<Application, ShownApplication>();
  readonly #leases = new LiveList<Lease, Lease>();
  readonly #flux: Followed;
  #limits: ImageLimits | undefined;

  constructor(kube: Kube, choice: ShownChoice, argo: ArgoPlace, options: FollowOptions) {
    this.#kube = kube;
    this.#choice = choice;
    this.#argo = argo;
    this.#options = options;
    this.#bell = new Bell(options.signal);
    const width = choice.names.length > 0 ? "object" : choice.workloadNamespace ? "namespace" : "cluster";
    this.#flux = new Followed(kube, width, options.signal);
  }

  /**
   * Again whenever something may have changed; first when all of it is read.
   *
   * @throws UserError when nothing can be read at first, and when the cluster is away for too long
   */
  async *pictures(): AsyncGenerator<Picture> {
    this.#watch();
    let isBegun = false;
    let lastHeard = performance.now();
    while (await this.#bell.rung()) {
      const { trouble } = this.#apps;
      if (!trouble) lastHeard = performance.now();
      else if (!isBegun || performance.now() - lastHeard > this.#options.patienceMs) throw trouble;
      const { rows, troubles } = await this.#look();
      const whole = rows.filter((row) => row !== undefined);
      if (!isBegun && (whole.length < rows.length || !this.#isRead)) continue;
      isBegun = true;
      yield { rows: sortRows(whole), troubles };
    }
  }

  #watch(): void {
    const { signal } = this.#options;
    const { everywhere, namespace } = this.#choice;
    const labels = selectorFor(this.#choice);
    const apps = { labels, signal, ...(everywhere ? {} : { namespace }) };
    const leases = {
      labels: leaseSelector,
      signal,
      ...(everywhere ? {} : { namespace: this.#argo.namespace }),
    };
    const onNews = this.#bell.ring;
    const { answerFor } = this.#bell;
    answerFor(this.#apps.follow(this.#kube, Application, apps, { keep: shownApplicationFrom, onNews }));
    answerFor(this.#leases.follow(this.#kube, Lease, leases, { keep: (lease) => lease, onNews }));
    answerFor(this.#hear());
  }

  async #hear(): Promise<void> {
    for await (const _ of this.#flux.news()) this.#bell.ring();
  }

  /** Leases that may not be read are not waited for. */
  get #isRead(): boolean {
    const { isRead, trouble } = this.#leases;
    return this.#apps.isRead && (isRead || (trouble !== undefined && isForbidden(trouble)));
  }

  async #look(): Promise<{ rows: (Shown | undefined)[]; troubles: Map<string, UserError> }> {
    const troubles = new Map<string, UserError>();
    if (this.#apps.trouble) troubles.set(this.#apps.trouble.message, this.#apps.trouble);
    note(this.#leases.trouble, troubles);
    const apps = [...this.#apps.objects.values()].filter((app) => isWanted(app, this.#choice));
    if (apps.some(({ engine }) => engine === "fsa"))
      this.#limits ??= await readLimits(this.#kube, this.#argo);
    const join = this.#joiner(troubles);
    return { rows: [...apps.map(join.shown), ...this.#unshown(apps, join)], troubles };
  }

  #unshown(apps: readonly ShownApplication[], join: Joiner): (Shown | undefined)[] {
    const { withWorkloads, workloadNamespace: namespace } = this.#choice;
    if (!withWorkloads) return [];
    const kinds = Object.values<Kind>(toolkitKinds);
    // a kind is watched as soon as somebody asks for anything of it
    const nobody = { name: "", namespace };
    const unread = kinds.filter(
      (kind) => this.#flux.get(kind, nobody) === "unread" && !this.#flux.troubleWith(kind, nobody),
    );
    const workloads = workloadsWithout(apps, this.#flux.objects.values(), namespace);
    return [...workloads.map(join.unshown), ...unread.map(() => undefined)];
  }

  /** @param troubles gets those with what rows ask for */
  #joiner(troubles: Map<string, UserError>): Joiner {
    const { isServed, now } = this.#options;
    const { isRead, objects } = this.#leases;
    const leases = isRead ? leasesByNamespace(objects.values()) : undefined;
    return joinerOf(
      {
        objects: this.#flux.objects,
        get: (kind, ref) => {
          const found = this.#flux.get(kind, ref);
          note(this.#flux.troubleWith(kind, ref), troubles);
          return found;
        },
        troubleWith: (kind, ref) => this.#flux.troubleWith(kind, ref),
      },
      {
        isServed,
        silenceAbout: (app) => silenceAbout(app, this.#argo.namespace, leases, now()),
        limitOf: (workload) => this.#limits?.(workload),
      },
      this.#choice.namespace,
    );
  }
}

/** A right that is missing; all else befalls the watch of Applications, too. */
function note(trouble: UserError | undefined, troubles: Map<string, UserError>): void {
  if (trouble && isForbidden(trouble)) troubles.set(trouble.message, trouble);
}
