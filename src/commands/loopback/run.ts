import { setTimeout as sleep } from "node:timers/promises";
import { isAbort } from "../../abort.js";
import type { Shard } from "../../argo/shard.js";
import { ExitCode, UserError } from "../../errors.js";
import { readArgoSettings } from "../../gather/argo-settings.js";
import type { Kube } from "../../kube/kube.js";
import type { AutoSettings } from "../../loopback/auto/known.js";
import { Engine } from "../../loopback/engine/engine.js";
import { sayFarewell } from "../../loopback/engine/farewell.js";
import { fencedKube, fencedStore } from "../../loopback/engine/fenced.js";
import { keepHeapSmall } from "../../loopback/engine/heap.js";
import { type Health, type Listening, serve } from "../../loopback/engine/http-server.js";
import { LeaseHolder } from "../../loopback/engine/lease-holder.js";
import { Metrics } from "../../loopback/engine/metrics.js";
import type { TreeStore } from "../../loopback/engine/reporter.js";
import { version } from "../../version.js";
import type { Deps } from "../deps.js";
import type { Options } from "./flags.js";
import { Printer } from "./printer.js";

type OpenedStore = TreeStore & { close(): Promise<void> };

const beginAgainMs = 5000;

/** The Lease is looked at every few seconds, and no request takes so long. */
const longestSilenceMs = 5 * 60_000;

/** Whoever wants one pass wants to know soon what could not be done. */
const triesOfOnePass = 3;

/** With `--dry-run` nothing is written. */
const nowhere: OpenedStore = {
  put: async () => "unchanged",
  remove: async () => {},
  close: async () => {},
};

export interface RunOptions {
  kube: Kube;
  options: Options;
  auto: AutoSettings | undefined;
  /** which of the Applications are reported */
  shard: Shard;
  /** who holds the Lease: "host_1234_ab12cd" */
  identity: string;
  deps: Deps;
}

/** Follows a cluster, to report it while the Lease is ours. */
interface Session {
  /** resolves when everything was read once */
  engine: Promise<Engine>;
  signal: AbortSignal;
  end(): void;
}

/** One run of `flamingo loopback`: gets the Lease, reports for as long as it holds it, and leaves things tidy. */
export class Run {
  readonly #run: RunOptions;
  readonly #metrics = new Metrics();
  readonly #printer: Printer;
  #session: Session | undefined;
  #engine: Engine | undefined;
  #lease: LeaseHolder | undefined;
  #hasReported = false;

  constructor(run: RunOptions) {
    this.#run = run;
    this.#printer = new Printer(run.deps, run.options, this.#metrics);
  }

  async toTheEnd(): Promise<number> {
    const { options } = this.#run;
    const listening = options.listen && (await this.#listen(options.listen));
    const letGrow = keepHeapSmall();
    try {
      if (options.dryRun) return await this.#report(this.#begin());
      return await this.#underLease();
    } finally {
      letGrow();
      this.#printer.end();
      await listening?.close();
    }
  }

  async #underLease(): Promise<number> {
    const { kube, identity, shard, deps, options } = this.#run;
    const { say, namespaces } = deps;
    const lease = new LeaseHolder({
      kube,
      shard,
      namespace: namespaces.argocd,
      identity,
      now: deps.now,
      signal: deps.signal,
      waits: !options.once,
      onWaiting: (holder) => {
        say.act(
          `Another flamingo loopback reports into ${namespaces.argocd}: ${holder}; waiting for it to end`,
        );
        if (!options.once) this.#standBy(lease);
      },
      onTrouble: (error) => say.warning(error.message, error.hint),
    });
    this.#lease = lease;
    try {
      for (;;) {
        const before = await lease.acquire();
        if (before)
          say.warning(
            `${before.holder} held the Lease before and was last heard of at ${before.renewed ?? "a time unknown"}`,
          );
        const exitCode = await this.#whileLeading(lease, this.#follow(lease));
        if (exitCode !== undefined) return exitCode;
      }
    } catch (error) {
      if (!deps.signal.aborted || !(isAbort(error) || error === deps.signal.reason)) throw error;
      return ExitCode.done;
    } finally {
      this.#session?.end();
      if (this.#metrics.leading) await this.#leave(lease);
    }
  }

  /** The session that is under way, or a new one. */
  #follow(lease: LeaseHolder): Session {
    if (this.#session) return this.#session;
    const session = this.#begin(lease);
    this.#session = session;
    // while somebody else reports it is only tried again: when it is our turn
    session.engine.catch(() => this.#end(session));
    return session;
  }

  /** Reads everything while somebody else reports: whoever takes over knows it already. */
  #standBy(lease: LeaseHolder): void {
    const { say } = this.#run.deps;
    this.#follow(lease).engine.then(
      () => {
        if (!this.#metrics.leading) say.act("Everything is read: ready to take over");
      },
      () => {},
    );
  }

  #end(session: Session): void {
    session.end();
    if (this.#session === session) this.#session = undefined;
  }

  /** Reports for as long as the Lease is ours. @returns undefined when that is to be tried again */
  async #whileLeading(lease: LeaseHolder, session: Session): Promise<number | undefined> {
    const { deps } = this.#run;
    this.#metrics.leading = true;
    const reporting = this.#report(session);
    const lost = lease.keep(session.signal);
    try {
      const outcome = await Promise.race([
        reporting.then((exitCode) => ({ exitCode })),
        lost.then((to) => ({ lostTo: to })),
      ]);
      if ("exitCode" in outcome) return outcome.exitCode;
      this.#metrics.leading = false;
      const to = outcome.lostTo === undefined ? "" : ` to ${outcome.lostTo}`;
      deps.say.warning(`The Lease is lost${to}: nothing is written until it is won again`);
    } catch (error) {
      // it worked before: whatever is in the way of a new beginning can pass
      if (!(error instanceof UserError && this.#hasReported)) throw error;
      deps.say.warning(error.message, error.hint);
      await sleep(beginAgainMs, undefined, { signal: deps.signal });
    } finally {
      this.#end(session);
      // nothing may be written after the last word, or beside whoever has the Lease then
      await Promise.allSettled([reporting, lost]);
    }
    return undefined;
  }

  /** @param lease under which it is written; undefined: nothing is */
  #begin(lease?: LeaseHolder): Session {
    const own = new AbortController();
    const signal = AbortSignal.any([this.#run.deps.signal, own.signal]);
    return { engine: this.#read(signal, lease), signal, end: () => own.abort() };
  }

  async #read(signal: AbortSignal, lease: LeaseHolder | undefined): Promise<Engine> {
    const { kube, options, auto, shard, deps } = this.#run;
    const engine = new Engine({
      kube: lease ? fencedKube(kube, lease) : kube,
      settings: await readArgoSettings(kube, deps.namespaces.argocd),
      dryRun: options.dryRun === true,
      ...(options.once ? { tries: triesOfOnePass } : {}),
      now: lease ? () => lease.now() : deps.now,
      signal,
      metrics: this.#metrics,
      listener: this.#printer,
      shard,
      auto,
    });
    await engine.read();
    return engine;
  }

  /** Reports until the session ends; with `--once` everything once. */
  async #report(session: Session): Promise<number> {
    const { options } = this.#run;
    const engine = await session.engine;
    this.#engine = engine;
    if (options.argocdMetrics) this.#metrics.appInfos = () => engine.appInfos();
    let store: OpenedStore | undefined;
    try {
      store = await this.#openStore(engine);
      await engine.report(this.#lease ? fencedStore(store, this.#lease) : store);
      this.#hasReported = true;
      this.#printer.whole(engine.applications().length);
      if (!options.once) await this.#lease?.reported(version);
      if (!options.once) await engine.run();
      if (options.once && this.#printer.failures > 0) return ExitCode.failed;
      return options.exitCode && !this.#printer.allInStep ? ExitCode.differs : ExitCode.done;
    } finally {
      // writes to a redis that hangs end with the connection
      await Promise.all([engine.stop(), store?.close()]);
    }
  }

  async #openStore(engine: Engine): Promise<OpenedStore> {
    const { kube, options, deps } = this.#run;
    if (options.dryRun) return nowhere;
    const { openRedisStore } = await import("../../loopback/redis/store.js");
    const { readRedisAccess } = await import("../../loopback/redis/read-access.js");
    const { serviceForward } = await import("../../loopback/redis/service-forward.js");
    const forward = serviceForward(kube);
    const store = await openRedisStore({
      access: () =>
        readRedisAccess({
          kube,
          namespace: deps.namespaces.argocd,
          address: options.redis,
          isInCluster: deps.env["KUBERNETES_SERVICE_HOST"] !== undefined,
          forward,
        }),
      live: () => engine.instances(),
      isOurs: (instance) => engine.isOurs(instance),
      onForgotten: (instances) => engine.rewrite(instances),
      now: deps.now,
    });
    this.#metrics.redis = () => store.state.connected;
    return store;
  }

  /** Gives the Lease back; where nobody goes on, the Applications say so. */
  async #leave(lease: LeaseHolder): Promise<void> {
    const { kube, identity, deps, options } = this.#run;
    try {
      const { awaited } = await lease.release();
      if (options.once || awaited || !this.#engine) return;
      const applications = this.#engine.applications();
      const { farewell = "condition" } = options;
      const told = await sayFarewell(kube, applications, { by: identity, now: lease.now(), farewell });
      deps.say.act(
        `Said in ${told} of ${applications.length} Applications that nobody reports them any more`,
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      deps.say.warning(error.message, error.hint);
    }
  }

  /** A redis or API server that is away comes back: nothing is gained by a new start. */
  #life(): Health {
    const silentMs = this.#lease?.silentMs ?? 0;
    if (silentMs <= longestSilenceMs) return { ok: true, text: "alive" };
    return { ok: false, text: `the Lease was not looked at for ${Math.round(silentMs / 1000)} s` };
  }

  async #listen(listen: NonNullable<Options["listen"]>): Promise<Listening> {
    const listening = await serve(listen, {
      health: () => this.#printer.health(),
      life: () => this.#life(),
      metrics: () => this.#metrics.render(),
      failed: (bug) => {
        this.#metrics.bugs++;
        this.#printer.remark(bug.message);
      },
    });
    this.#run.deps.say.act(`Serving /healthz, /livez and /metrics on http://${listening.address}`);
    return listening;
  }
}
