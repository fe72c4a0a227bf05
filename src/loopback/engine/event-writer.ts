import { type Application, projectOf } from "../../argo/application.js";
import { applicationEvents } from "../../argo/application-events.js";
import { Event } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import { loopbackFieldManager } from "../../names.js";
import { eventFor } from "../answers/event.js";
import { FairQueue } from "./fair-queue.js";
import type { World } from "./world.js";

export interface EventWriterOptions {
  kube: Pick<Kube, "create">;
  world: Pick<World, "settings" | "eventLabels" | "writesEvents">;
  now(): Date;
  signal: AbortSignal;
}

const repeatedAfterMs = 60_000;

/** Beyond that they are lost, as with Kubernetes' own clients, but those of whom most are there. */
const mostWaiting = 1000;

/**
 * Writes as Events what becomes of Applications. Nobody waits for them, and one that cannot be written is lost, as with Argo CD's own
 * controller; unlike there the same is said of an Application once a minute at most.
 */
export class EventWriter {
  readonly #options: EventWriterOptions;
  readonly #waiting = new FairQueue<Event>(mostWaiting);
  /** when it was said last, by what is said of whom; the oldest first */
  readonly #saidAt = new Map<string, number>();
  #writing: Promise<void> | undefined;
  #count = 0;

  constructor(options: EventWriterOptions) {
    this.#options = options;
  }

  /** Says what of a change of ours is worth an Event. */
  tell(before: Application, after: Application): void {
    const { world, now } = this.#options;
    const owner = this.#tenantOf(after);
    for (const said of applicationEvents(before, after)) {
      if (!world.writesEvents(said.reason)) continue;
      const time = now();
      const { namespace, name, uid } = after.metadata;
      if (this.#wasSaid([namespace, name, uid, said.reason, said.message].join(" "), time.getTime()))
        continue;
      const occasion = `${time.getTime().toString(16)}.${(this.#count++).toString(16)}`;
      this.#waiting.push(
        owner,
        eventFor(after, said, { now: time, labels: world.eventLabels(after), occasion }),
      );
      this.#writing ??= this.#write();
    }
  }

  /** Resolves when all is written, or nothing more may be. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  /** In Argo CD's own namespace those are told apart by their AppProject; who has a namespace can name any there. */
  #tenantOf(application: Application): string {
    const { namespace = "" } = application.metadata;
    return namespace === this.#options.world.settings.namespace
      ? `${namespace}/${projectOf(application)}`
      : namespace;
  }

  #wasSaid(what: string, nowMs: number): boolean {
    for (const [other, saidAt] of this.#saidAt) {
      if (nowMs - saidAt < repeatedAfterMs) break;
      this.#saidAt.delete(other);
    }
    if (this.#saidAt.has(what)) return true;
    this.#saidAt.set(what, nowMs);
    return false;
  }

  async #write(): Promise<void> {
    const { kube, signal } = this.#options;
    for (let event = this.#waiting.shift(); event && !signal.aborted; event = this.#waiting.shift())
      await kube.create(Event, event, { fieldManager: loopbackFieldManager }).catch(() => {});
    this.#writing = undefined;
  }
}
