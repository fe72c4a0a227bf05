import { setTimeout as sleep } from "node:timers/promises";
import { Application } from "../../argo/application.js";
import { conditionType } from "../../argo/conditions.js";
import { loopbackStateOf, shownBy } from "../../argo/generated.js";
import { statusPatch } from "../../argo/status-patch.js";
import { breathe } from "../../breathe.js";
import { type InventoryObject, inventoryOf } from "../../flux/inventory.js";
import { isConflict, isMissing } from "../../kube/failure.js";
import type { Kube } from "../../kube/kube.js";
import { keyOf, keyOfReference, namespacedName } from "../../kube/object-id.js";
import { loopbackFieldManager } from "../../names.js";
import { most } from "../../report/limits.js";
import { permissionsOf } from "../../report/permitted/permissions.js";
import { onlySaying, type Report, type ReportInput, reportSteps } from "../../report/report.js";
import { inventoryFor, reportInput, workloadOf } from "../../report/report-input.js";
import { instanceName } from "../redis/entry.js";
import { type Asked, answer, askedOf } from "./answering.js";
import { bounded } from "./bounded.js";
import type { EventWriter } from "./event-writer.js";
import { interestOf } from "./interest-of.js";
import { type KindOf, readWhole } from "./read-whole.js";
import type { ReleaseInventory } from "./release-inventory.js";
import type { World } from "./world.js";

/** Where trees are written: redis, or nowhere with `--dry-run`. */
export interface TreeStore {
  put(instance: string, content: Pick<Report, "tree" | "managedResources">): Promise<"written" | "unchanged">;
  remove(instance: string): Promise<void>;
}

/** What became of one Application. */
export interface Reported {
  application: { namespace: string; name: string };
  sync: string;
  health: string;
  /** what was new and is written (with `--dry-run`: would be) */
  wrote: { status: Record<string, unknown> | undefined; tree: boolean };
  omitted: number;
  /** after what time it is to be looked at again, whatever happens or not */
  lookAgainMs: number | undefined;
}

export interface ReporterOptions {
  kube: Kube;
  world: World;
  store: TreeStore;
  releases: ReleaseInventory;
  kindOf: KindOf;
  events: Pick<EventWriter, "tell">;
  dryRun: boolean;
  now(): Date;
  /** how long the report before stands while Flux has written only half of its status; 0: there is one report only */
  settleMs: number;
  /** what somebody asked of an Application was answered; `done` is for people, a line each, and may be empty */
  onAnswered(key: string, asked: Asked, done: readonly string[]): void;
}

/** How long a status waits for its tree. */
const treeFirstMs = 1000;

/** A report, and of what it was made. */
interface Made {
  application: Application;
  input: ReportInput;
  made: Report;
}

/** Answers and reports Applications one at a time: works out what is to be shown, and writes what is new of it. */
export class Reporter {
  readonly #options: ReporterOptions;
  /** instance names of Applications that have something in redis */
  readonly #stored = new Map<string, string>();
  /** since when, by `performance.now()`, Flux has written only half of a status */
  readonly #unsettled = new Map<string, number>();

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /**
   * @param key of `namespacedName()`
   * @returns undefined when the Application is gone or not flamingo's
   * @throws UserError when it could not be written
   */
  async report(key: string): Promise<Reported | undefined> {
    const { world, store, settleMs } = this.#options;
    if (!this.#ours(key)) return this.#forget(key);
    const asked = await this.#answer(key, ["sync", "delete"]);
    const application = this.#ours(key);
    if (!application) return this.#forget(key);
    const { input, made } = asked?.application === application ? asked : await this.#make(application);
    if (!made.isUnsettled) this.#unsettled.delete(key);
    else if (!this.#unsettled.has(key)) this.#unsettled.set(key, performance.now());
    world.interest.set(key, interestOf(input, made.tree));
    const instance = instanceName(application, world.settings.namespace);
    this.#stored.set(key, instance);
    await breathe();
    // the tree first: who sees the status may open the page at once. Without redis the status still is true, and does not wait long
    const storing = store.put(instance, made).catch((error: unknown) => ({ error }));
    await Promise.race([storing, sleep(treeFirstMs, undefined, { ref: false })]);
    const status = await this.#patch(application, made);
    // who asked for a refresh reads the status as soon as that is answered; who asked since this one was begun, the next one
    const isOvertaken = status === "overtaken";
    if (!isOvertaken && askedOf(application) === "refresh") await this.#answer(key, ["refresh"]);
    const stored = await storing;
    if (typeof stored === "object") throw stored.error;
    const { namespace = "", name } = application.metadata;
    return {
      application: { namespace, name },
      sync: made.status.sync?.status ?? "Unknown",
      health: made.status.health?.status ?? "Unknown",
      wrote: { status: isOvertaken ? undefined : status, tree: stored === "written" },
      omitted: made.omitted,
      lookAgainMs: made.isUnsettled ? settleMs : made.isBeginning ? 0 : undefined,
    };
  }

  /** After a bug: says in the Application that it is not shown. What was shown of it may be anything by now. */
  async admit(key: string): Promise<void> {
    const { world, store, now } = this.#options;
    const application = this.#ours(key);
    if (!application) return;
    const message = "This Application cannot be shown, which is a bug of flamingo that its log tells of";
    const made = onlySaying({ type: conditionType.unread, message }, application, now());
    const instance = instanceName(application, world.settings.namespace);
    this.#stored.set(key, instance);
    // it is tried again with the Application itself
    await Promise.allSettled([store.put(instance, made), this.#patch(application, made)]);
  }

  #ours(key: string): Application | undefined {
    const application = this.#options.world.admitted(key);
    return application && loopbackStateOf(application) === "ours" ? application : undefined;
  }

  /** @returns what was made of the Application to answer it; undefined when nothing of the kind was asked */
  async #answer(key: string, kinds: readonly Asked[]): Promise<Made | undefined> {
    const { kube, world, events, dryRun, now, onAnswered } = this.#options;
    const application = this.#ours(key);
    const asked = application && askedOf(application);
    if (dryRun || !asked || !kinds.includes(asked)) return undefined;
    const made = await this.#make(application);
    // what is too much to be stored is too much for the result, too
    const stored = new Set((made.made.status.resources ?? []).map(keyOfReference));
    const applied = made.made.applied.filter((object) => object.left || stored.has(keyOf(object)));
    const answered = await answer(kube, application, world, applied, now());
    if (answered?.application) {
      world.wrote(application, answered.application);
      events.tell(application, answered.application);
    }
    onAnswered(key, asked, answered?.log ?? []);
    return made;
  }

  async #make(application: Application): Promise<Made> {
    const { world, now } = this.#options;
    const released = await this.#released(application);
    const inventory = inventoryFor(application, world, released);
    await readWhole(this.#options, [shownBy(application), ...inventory.slice(0, most.inventory)]);
    const input = reportInput(application, world, inventory, now(), {
      isSettled: this.#isSettled(application),
      isLast: this.#options.settleMs === 0,
    });
    const untold = world.untold(application);
    if (untold) {
      const condition = { type: conditionType.unread, message: untold.because };
      const made = onlySaying(condition, application, now());
      if (!untold.isForNow) return { application, input, made };
      // what was told before was permitted then: to read again would not bring it back, nor what Flux was asked for a Sync
      const { operationState, history = [] } = application.status ?? {};
      const kept = { ...(operationState ? { operationState } : {}), history };
      return { application, input, made: { ...made, status: { ...made.status, ...kept } } };
    }
    const made = await this.#inSteps(input);
    const status = bounded(made.status, application.status, now());
    return { application, input, made: { ...made, status } };
  }

  /** Others have their turn in between; what changes then concerns the Application already. */
  async #inSteps(input: ReportInput): Promise<Report> {
    const { world } = this.#options;
    const steps = reportSteps(input);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (value) world.interest.set(namespacedName(input.application.metadata), interestOf(input, value));
      await breathe();
    }
  }

  /** What a HelmRelease has applied that does not say so itself. */
  async #released(application: Application): Promise<readonly InventoryObject[]> {
    const { world, releases } = this.#options;
    const workload = workloadOf(application, world);
    if (workload?.kind !== "HelmRelease" || inventoryOf(workload).length > 0) return [];
    const project = world.projectFor(application);
    if (!project || world.untold(application)) return [];
    return await releases.objectsOf(workload, permissionsOf(project, world.cluster).namespace);
  }

  #isSettled({ metadata }: Application): boolean {
    const since = this.#unsettled.get(namespacedName(metadata));
    const unchangedMs = since === undefined ? 0 : performance.now() - since;
    return unchangedMs >= this.#options.settleMs;
  }

  /** @returns what was new; "overtaken" when it is not written, since the Application has changed or gone meanwhile */
  async #patch(
    application: Application,
    { status }: Report,
  ): Promise<Record<string, unknown> | "overtaken" | undefined> {
    const { kube, world, events, dryRun } = this.#options;
    const patch = statusPatch(application.status, status);
    if (!patch || dryRun) return patch;
    const { name, namespace, resourceVersion } = application.metadata;
    try {
      const written = await kube.mergePatch(
        Application,
        { name, namespace },
        { status: patch },
        // what the API server wrote meanwhile, as for a Sync, must not be overwritten by half
        { fieldManager: loopbackFieldManager, resourceVersion },
      );
      // the watch tells it, too: known already, it makes no further report
      world.wrote(application, written);
      events.tell(application, written);
    } catch (error) {
      // the watch tells it
      if (!isMissing(error) && !isConflict(error)) throw error;
      return "overtaken";
    }
    return patch;
  }

  async #forget(key: string): Promise<undefined> {
    this.#options.world.interest.drop(key);
    this.#unsettled.delete(key);
    if (this.#options.world.isHidden(key)) return;
    const instance = this.#stored.get(key);
    if (instance === undefined) return;
    await this.#options.store.remove(instance);
    this.#stored.delete(key);
  }
}
