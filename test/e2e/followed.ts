import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { likeliest, type Maybe } from "../application-states.js";
import { application } from "../builders/argo.js";
import type { Rig } from "./e2e.js";
import { type Notifications, receiveNotifications, subscriptions } from "./notifications.js";
import type { ArgocdVersion } from "./programs.js";
import { type Recorder, recordApplications } from "./recorder.js";
import { served } from "./run.js";

/** Sent of each deployment that ends well. */
export const deployed: readonly string[] = ["on-deployed", "on-sync-succeeded"];

/** What would be too much comes within this time: the engine reports once a second. */
const quietMs = 3000;

/** An Application of which is taken down what Argo CD sends about it and how it is shown. */
export class Followed {
  readonly #name: string;
  readonly #rig: Rig;
  readonly #notifications: Notifications;
  readonly #recorder: Recorder;
  /** how many notifications were asked about */
  #known = 0;

  constructor(name: string, rig: Rig, notifications: Notifications, recorder: Recorder) {
    this.#name = name;
    this.#rig = rig;
    this.#notifications = notifications;
    this.#recorder = recorder;
  }

  /** Waits until Argo CD serves it with a status that has this in it. */
  async until(status: object): Promise<void> {
    await expect.poll(() => served(this.#rig, this.#name)).toMatchObject({ status });
  }

  /**
   * What is sent until then is not asked about any more.
   *
   * @param due triggers of what is sent in any case, which is waited for
   */
  async settle(due: readonly string[] = []): Promise<void> {
    await expect.poll(() => this.#news()).toEqual(expect.arrayContaining([...due]));
    await sleep(quietMs);
    this.#known += this.#news().length;
  }

  /** That these triggers were sent since it was asked last, and no others; Argo CD has no order for what it sends at once. */
  async expectSent(triggers: readonly string[]): Promise<void> {
    await expect.poll(() => this.#news().sort()).toEqual(triggers.toSorted());
    await sleep(quietMs);
    expect(this.#news().sort()).toEqual(triggers.toSorted());
    this.#known += triggers.length;
  }

  #news(): string[] {
    return this.#notifications.of(this.#name).slice(this.#known);
  }

  /**
   * That these are all of its states since the following began, as by `stateOf()`, in this order.
   *
   * @param names of revisions, by the revision
   */
  expectStates(expected: readonly (string | Maybe)[], names?: ReadonlyMap<string, string>): void {
    const seen = this.#recorder.statesOf(this.#name, names);
    expect(seen).toEqual(likeliest(expected, seen));
  }
}

/** Subscribes an Application, by its name, and tells of it. */
export type Follow = (name: string) => Promise<Followed>;

/**
 * Begins to follow, for the time of the test.
 *
 * @param catalogOf the Argo CD whose triggers and templates are used
 * @example const follow = await startFollowing(rig); const web = await follow("web");
 */
export async function startFollowing(rig: Rig, catalogOf?: ArgocdVersion): Promise<Follow> {
  const [notifications, recorder] = [await receiveNotifications(rig, catalogOf), recordApplications(rig)];
  return async (name) => {
    await rig.cluster.change(application(name), { metadata: { annotations: subscriptions } });
    return new Followed(name, rig, notifications, recorder);
  };
}
