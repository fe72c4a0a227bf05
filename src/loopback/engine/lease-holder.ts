import { setTimeout as sleep } from "node:timers/promises";
import { type FirstReport, holderIn, isHeld, leaseNameOf } from "../../argo/loopback-lease.js";
import type { Shard } from "../../argo/shard.js";
import { UserError } from "../../errors.js";
import { isConflict } from "../../kube/failure.js";
import { Lease } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import { loopbackFieldManager } from "../../names.js";
import {
  hadLapsed,
  isAwaited,
  type LeaseStep,
  leaseStep,
  lookEveryMs,
  type Observed,
  released,
  renewEveryMs,
  renewWithinMs,
  reportedIn,
  waitedFor,
  waiterIn,
  withoutWaiting,
  writtenAt,
} from "./lease.js";
import { Rivals } from "./rivals.js";

export interface LeaseHolderOptions {
  kube: Kube;
  /** where Argo CD runs */
  namespace: string;
  /** which of the Applications it is for */
  shard: Shard;
  /** who we are, no two alike: "host_1234_ab12cd" */
  identity: string;
  now(): Date;
  /** ends the waiting */
  signal: AbortSignal;
  /** whether one that somebody else keeps is waited for; one of which nothing is heard always is, for as long as it lasts */
  waits: boolean;
  /** somebody else has it, or reports by another number of shards: told when that changes */
  onWaiting(holder: string): void;
  /** the Lease cannot be read or written at the moment */
  onTrouble(error: UserError): void;
}

/** Gets the Lease, keeps it, and gives it back. */
export class LeaseHolder {
  readonly #options: LeaseHolderOptions;
  readonly #name: string;
  readonly #rivals: Rivals;
  #observed: { lease: Lease; since: number } | undefined;
  #waiter: { text: string | undefined; since: number } = { text: undefined, since: 0 };
  /** it was ours, or somebody else's: whatever fails from then on can pass */
  #isUnderWay = false;
  /** whom we wait for, and when that was written, by `performance.now()` */
  #said: { holder: string; at: number } | undefined;
  /** since it is ours: what is to be said of the first report */
  #report: FirstReport | undefined;
  /** when it was looked at last, by `performance.now()` */
  #lookedAt = performance.now();
  /** when we asked for it last, by `performance.now()`, and got it */
  #heldSince = Number.NEGATIVE_INFINITY;
  /** by how much the clock of the API server is ahead of ours */
  #aheadMs = 0;

  constructor(options: LeaseHolderOptions) {
    this.#options = options;
    const { kube, namespace, shard } = options;
    this.#name = leaseNameOf(shard);
    this.#rivals = new Rivals(kube, namespace, shard);
  }

  /** The time in the cluster, as far as the last write has told: what Flux and the API server say is compared with it. */
  now(): Date {
    return new Date(this.#options.now().getTime() + this.#aheadMs);
  }

  /**
   * Waits until the Lease is ours, and nobody reports by another number of shards.
   *
   * @returns who had it before and did not give it back, and when they were last heard of; undefined for nobody
   * @throws UserError when the first look at it fails; without `waits` also when somebody keeps it, or a later look fails
   */
  async acquire(): Promise<{ holder: string; renewed: string | undefined } | undefined> {
    let waitsFor: string | undefined;
    let trouble: string | undefined;
    for (;;) {
      try {
        const before = await this.#observe();
        const step = this.#step(before);
        const rival = step.do === "hold" ? await this.#rivals.living() : undefined;
        if (step.do === "hold" && !rival) {
          const asked = performance.now();
          const lease = await this.#write(step.lease, before !== undefined);
          if (!lease) continue;
          this.#isUnderWay = true;
          // one that began at the same moment saw nobody, either: both step back, for times that differ
          if (await this.#rivals.living()) {
            await this.release();
            await this.#pause(Math.random() * lookEveryMs);
            continue;
          }
          this.#heldSince = asked;
          this.#report = undefined;
          return step.wasHeldBy === undefined
            ? undefined
            : { holder: step.wasHeldBy, renewed: before?.lease.spec?.renewTime };
        }
        const { lease, unchangedMs } = rival ?? (before as Observed);
        const holder = holderIn(lease);
        const { now, waits } = this.#options;
        if (!waits && (isHeld(lease, now()) || (waitsFor !== undefined && unchangedMs === 0)))
          throw this.#taken(holder);
        if (waits && !rival) await this.#sayWaiting(lease, holder);
        this.#isUnderWay ||= waits;
        if (holder !== waitsFor) this.#options.onWaiting(holder);
        waitsFor = holder;
        trouble = undefined;
        await this.#pause(lookEveryMs);
      } catch (error) {
        if (!(error instanceof UserError && this.#isUnderWay && this.#options.waits)) throw error;
        if (error.message !== trouble) this.#options.onTrouble(error);
        trouble = error.message;
        await this.#pause(lookEveryMs);
      }
    }
  }

  /**
   * Renews it until it is lost, which is when this resolves with whoever has it now, or the signal is aborted. Who cannot
   * renew it in time has to take it for lost: `undefined`.
   */
  async keep(signal: AbortSignal): Promise<string | undefined> {
    for (;;) {
      await sleep(renewEveryMs, undefined, { signal });
      const asked = performance.now();
      const outcome = await this.#renewBy(this.#heldSince + renewWithinMs);
      if (outcome === "late") return undefined;
      if (outcome === "renewed") this.#heldSince = asked;
      else if (outcome !== "failed") return outcome.lostTo;
    }
  }

  /** @throws UserError when it was not renewed for so long that others may take it soon */
  assertHeld(): void {
    if (performance.now() - this.#heldSince < renewWithinMs) return;
    throw new UserError(
      `Cannot write anything more: the Lease ${this.#name} was not renewed for ${renewWithinMs / 1000} seconds`,
    );
  }

  /** @param deadline of `performance.now()`: an API server that answers nobody must not keep us believing that it is ours */
  async #renewBy(deadline: number): Promise<"renewed" | "failed" | "late" | { lostTo: string }> {
    const late = new AbortController();
    try {
      return await Promise.race([
        this.#renew().then((lostTo) => (lostTo === undefined ? "renewed" : { lostTo })),
        sleep(deadline - performance.now(), "late" as const, { signal: late.signal }).catch(
          () => "late" as const,
        ),
      ]);
    } catch (error) {
      // an API server that restarts is away for a while
      if (!(error instanceof UserError)) throw error;
      return performance.now() < deadline ? "failed" : "late";
    } finally {
      late.abort();
    }
  }

  /** Says in the Lease that everything has been reported once; when it can't be written, with the next renewal. */
  async reported(version: string): Promise<void> {
    this.#report = { at: this.now(), version, by: this.#options.identity };
    await this.#renew().catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
    });
  }

  /** For how long it has not been looked at: whoever has it or waits for it does so all the time, whatever comes of it. */
  get silentMs(): number {
    return performance.now() - this.#lookedAt;
  }

  /** @returns who has it instead, or has begun to report by another number of shards while it had lapsed */
  async #renew(): Promise<string | undefined> {
    for (;;) {
      const observed = await this.#observe();
      const step = this.#step(observed);
      if (step.do === "wait") return step.holder;
      if (step.wasHeldBy !== undefined) return step.wasHeldBy;
      const lease = this.#report ? reportedIn(step.lease, this.#report) : step.lease;
      const written = await this.#write(lease, observed !== undefined);
      // somebody who waits has written to it meanwhile: look again
      if (!written) continue;
      const rival = hadLapsed(observed?.lease, written) ? await this.#rivals.living() : undefined;
      return rival && holderIn(rival.lease);
    }
  }

  /** @returns whether somebody has it or waits for it, and so goes on */
  async release(): Promise<{ awaited: boolean }> {
    for (;;) {
      const observed = await this.#observe();
      if (!observed) return { awaited: false };
      if (observed.lease.spec?.holderIdentity !== this.#options.identity) return { awaited: true };
      const given = await this.#write(released(observed.lease, this.#options.now()), true);
      // else somebody who waits has written to it meanwhile: look again
      if (given) return { awaited: isAwaited(observed) };
    }
  }

  /** Says in the Lease that we wait: each time it has another holder, and as often as that renews it. */
  async #sayWaiting(lease: Lease, holder: string): Promise<void> {
    const { identity, now } = this.#options;
    const isSaid = this.#said?.holder === holder && performance.now() - this.#said.at < renewEveryMs;
    if (!isSaid && (await this.#write(waitedFor(lease, identity, now()), true)))
      this.#said = { holder, at: performance.now() };
  }

  #taken(holder: string): UserError {
    return new UserError(
      `Cannot report into the Argo CD in ${this.#options.namespace}: another flamingo loopback does (${holder})`,
      {
        hint: "To look without writing, which works beside it: flamingo loopback --dry-run --once --exit-code",
      },
    );
  }

  /** Who does not wait any longer takes the word back: whoever has the Lease could rely on it. */
  async #pause(ms: number): Promise<void> {
    const { signal, identity } = this.#options;
    await sleep(ms, undefined, { signal }).catch(async (aborted: unknown) => {
      const lease = await this.#options.kube.find(Lease, this.#ref).catch(() => undefined);
      if (lease && waiterIn(lease)?.startsWith(`${identity} `))
        await this.#write(withoutWaiting(lease), true).catch(() => {});
      throw aborted;
    });
  }

  #step(observed: Observed | undefined): LeaseStep {
    const { identity, namespace, now } = this.#options;
    return leaseStep(observed, { identity, namespace, name: this.#name }, now());
  }

  get #ref() {
    return { name: this.#name, namespace: this.#options.namespace };
  }

  async #observe(): Promise<Observed | undefined> {
    this.#lookedAt = performance.now();
    const lease = await this.#options.kube.find(Lease, this.#ref);
    if (!lease) {
      this.#observed = undefined;
      return undefined;
    }
    const now = performance.now();
    const known = this.#observed?.lease.spec;
    const isSame =
      known?.renewTime === lease.spec?.renewTime && known?.holderIdentity === lease.spec?.holderIdentity;
    const since = isSame && this.#observed ? this.#observed.since : now;
    this.#observed = { lease, since };
    if (waiterIn(lease) !== this.#waiter.text) this.#waiter = { text: waiterIn(lease), since: now };
    return { lease, unchangedMs: now - since, unchangedWaiterMs: now - this.#waiter.since };
  }

  /** Undefined when somebody else was faster. */
  async #write(lease: Lease, exists: boolean): Promise<Lease | undefined> {
    const { kube } = this.#options;
    const fieldManager = loopbackFieldManager;
    try {
      const written = exists
        ? await kube.replace(Lease, lease, { fieldManager })
        : await kube.create(Lease, lease, { fieldManager });
      const difference = (writtenAt(written) ?? Number.NaN) - this.#options.now().getTime();
      // the API server tells whole seconds
      if (Math.abs(difference - this.#aheadMs) > 2000) this.#aheadMs = difference;
      return written;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return undefined;
    }
  }
}
