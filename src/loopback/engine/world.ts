import { isDeepStrictEqual } from "node:util";
import { AppProject } from "../../argo/app-project.js";
import { Application, projectOf } from "../../argo/application.js";
import { eventLabelsOf, writesEvents } from "../../argo/event-settings.js";
import { isElsewhere, loopbackStateOf, shownBy, unknownBecause } from "../../argo/generated.js";
import { globalProjectsOf, withGlobalProjects } from "../../argo/global-projects.js";
import { releaseIn } from "../../argo/image.js";
import { asksForClusterSecret, type DestinationCluster, plainOwnCluster } from "../../argo/own-cluster.js";
import { argoImageAmong, containerAmong } from "../../argo/running.js";
import { type ArgoSettings, admitsApplicationsIn } from "../../argo/settings.js";
import { isInShard, onlyShard, type Shard } from "../../argo/shard.js";
import { labelledBy } from "../../flux/applied-by.js";
import { isInputProvider } from "../../flux/resource-set/resource-set.js";
import { sourceKinds } from "../../flux/sources.js";
import { type FluxWorkload, workloadKinds } from "../../flux/workload.js";
import { Deployment, type PodRunner, StatefulSet } from "../../kube/kinds.js";
import type { LiveObject } from "../../kube/object.js";
import {
  groupKindOf,
  groupOf,
  idOf,
  isOfKind,
  keyOf,
  namespacedName,
  type ObjectId,
  objectId,
} from "../../kube/object-id.js";
import { LiveIndex } from "../../report/live/live-index.js";
import type { UnreadKind } from "../../report/managed.js";
import { Several } from "../../several.js";
import { elsewhereSentence } from "./elsewhere.js";
import { Interest } from "./interest.js";
import { entriesOf } from "./interest-of.js";

const leftOutBecause = "an object is left out, which is a bug of flamingo that its log tells of";

const sourceGroups = new Set(Object.values(sourceKinds).map(({ group }) => group));

/** That nothing can be told of an Application. */
export interface Untold {
  /** a sentence */
  because: string;
  /** what decides over what it may show cannot be read at present */
  isForNow: boolean;
}

/**
 * All that is known of the cluster, put together from the watches, and which Applications each change concerns. It does
 * nothing by itself: each change answers the keys of the Applications that are to be reported anew.
 */
export class World {
  /** by `namespacedName()` */
  readonly applications = new Map<string, Application>();
  readonly projects = new Map<string, AppProject>();
  readonly live = new LiveIndex();
  /** Flux's sources and those who give inputs, by `keyOf()` */
  readonly sources = new Map<string, LiveObject>();
  /** what else of Flux may use a source: image automations */
  readonly #automations = new Map<string, LiveObject>();
  /** by `keyOf()` */
  readonly workloads = new Map<string, FluxWorkload>();
  readonly interest = new Interest();
  readonly #unread = new Map<string, UnreadKind>();
  /** objects of which nothing can be made, by `keyOf()` */
  readonly #leftOut = new Map<string, ObjectId>();
  /** what runs in Argo CD's namespace, by `keyOf()`: whole, since what they run is not kept of others */
  readonly #runners = new Map<string, PodRunner>();
  #release: string | undefined;
  /** Applications out of sight: `keyOf()` → `namespacedName()` */
  readonly #hidden = new Map<string, string>();
  /** Applications of the shard, by `keyOf()` of the workload that they show */
  readonly #showing = new Several();
  readonly #shard: Shard;
  settings: ArgoSettings;
  /** Argo CD's own */
  cluster: DestinationCluster = plainOwnCluster;
  /** why Argo CD's Secrets about it are not known: "forbidden" */
  #clusterUnknownBecause: string | undefined;

  constructor(settings: ArgoSettings, shard = onlyShard) {
    this.settings = settings;
    this.#shard = shard;
  }

  /** Of the Argo CD that runs: "3.6.1"; undefined where its image does not tell. */
  get release(): string | undefined {
    return this.#release;
  }

  /** In an order that does not depend on when each was told: conditions are made of them. */
  get unread(): UnreadKind[] {
    return [...this.#unread].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
  }

  /** Everything of Flux that may use a source. */
  *flux(): Generator<LiveObject> {
    yield* this.workloads.values();
    yield* this.sources.values();
    yield* this.#automations.values();
  }

  /**
   * An Application in a namespace where this Argo CD looks for them: what lives elsewhere may be another's.
   *
   * @param key of `namespacedName()`
   */
  admitted(key: string): Application | undefined {
    const application = this.applications.get(key);
    const { namespace = "" } = application?.metadata ?? {};
    return admitsApplicationsIn(namespace, this.settings) ? application : undefined;
  }

  /** Why the AppProject of an Application, or one that counts with it, is not known; undefined when it is, or when there is none. */
  projectUnknown(application: Application): string | undefined {
    const name = projectOf(application);
    const project = this.projects.get(name);
    const wanted = project ? globalProjectsOf(project, this.settings.globalProjects) : [name];
    for (const missing of wanted.filter((one) => !this.projects.has(one))) {
      const id = objectId(AppProject, { namespace: this.settings.namespace, name: missing });
      const because = this.#leftOut.has(keyOf(id))
        ? leftOutBecause
        : this.#unread.get(groupKindOf(AppProject))?.because;
      if (because !== undefined) return `Cannot read the AppProject ${missing}: ${because}`;
    }
    return undefined;
  }

  /** Whether nothing can be told of an Application, whatever it shows. */
  untold(application: Application): Untold | undefined {
    if (isElsewhere(application, this.cluster.name))
      return { because: elsewhereSentence(application), isForNow: false };
    const unknown = unknownBecause(application);
    if (unknown !== undefined)
      return { because: `Nothing can be told of this Application: ${unknown}`, isForNow: false };
    const because = this.projectUnknown(application) ?? this.#clusterUnknown(application);
    return because === undefined ? undefined : { because, isForNow: true };
  }

  #clusterUnknown(application: Application): string | undefined {
    const project = this.projectFor(application);
    const because = this.#clusterUnknownBecause;
    if (because === undefined || !project || !asksForClusterSecret(project)) return undefined;
    return `Cannot tell what the AppProject ${project.metadata.name} permits on this cluster, without Argo CD's Secrets of clusters: ${because}`;
  }

  /** The AppProject of an Application, with those that Argo CD counts for all of its kind. */
  projectFor(application: Application): AppProject | undefined {
    const project = this.projects.get(projectOf(application));
    return project && withGlobalProjects(project, this.projects, this.settings.globalProjects);
  }

  /** The labels of Events about an Application. */
  eventLabels(application: Application): Record<string, string> {
    return eventLabelsOf(application, this.projectFor(application), this.settings);
  }

  /** Whether Argo CD's controller is to write Events of a reason. */
  writesEvents(reason: string): boolean {
    return writesEvents(reason, containerAmong([...this.#runners.values()], "application-controller"));
  }

  /** Takes in an object that is there. What is known in this very version changes nothing. */
  set(object: LiveObject): Set<string> {
    const key = keyOf(idOf(object));
    const known = this.live.get(key);
    const isNews = known?.metadata.resourceVersion !== object.metadata.resourceVersion;
    // the same may be served in another version of the API from now on
    const isSame = known?.metadata.uid === object.metadata.uid && known?.apiVersion === object.apiVersion;
    if (!isNews && isSame) return new Set();
    this.#hidden.delete(key);
    // the object itself has managed fields, too, which are longer than all else of an Application
    const kept = this.live.set(object, this.#isForDiffs(object, key));
    this.#leftOut.delete(key);
    this.#flux(kept)?.set(key, kept as FluxWorkload);
    const concerned = this.interest.concerned(entriesOf(object, key));
    if (this.#isRunner(object)) {
      this.#runners.set(key, object);
      for (const one of this.#takeRelease()) concerned.add(one);
    }
    // of what it belonged to before, it may have gone
    if (known) for (const one of this.interest.concerned(entriesOf(known, key))) concerned.add(one);
    for (const one of this.#setOfArgo(kept)) concerned.add(one);
    return concerned;
  }

  /** What of these is there, but not kept whole: when it was told, no Application of the shard seemed to need it. */
  lackingWhole(ids: readonly ObjectId[]): ObjectId[] {
    return ids.filter((id) => this.live.lacksWhole(keyOf(id)));
  }

  /** Keeps the whole of an object that is known. Another state of it than the known one is for the watch to tell. */
  keepWhole(object: LiveObject): void {
    const known = this.live.get(keyOf(idOf(object)));
    if (known?.metadata.resourceVersion === object.metadata.resourceVersion) this.live.set(object);
  }

  /** Takes in that there is an object of which nothing can be made: what was known of it counts no more. */
  leaveOut(object: LiveObject): Set<string> {
    const id = idOf(object);
    const key = keyOf(id);
    const concerned = this.gone(key);
    this.#leftOut.set(key, id);
    for (const one of this.interest.concerned([key])) concerned.add(one);
    return concerned;
  }

  /**
   * Kinds of which not all is known that somebody needs: those that cannot be read, and those of objects that were left out.
   *
   * @param needed keys, as `keyOf()` writes them; of all that were left out when not given
   */
  unreadAmong(needed: Iterable<string> = this.#leftOut.keys()): UnreadKind[] {
    if (this.#leftOut.size === 0) return this.unread;
    const kinds = new Map<string, UnreadKind>();
    for (const key of needed) {
      const id = this.#leftOut.get(key);
      // not which one: an AppProject may not permit it
      if (id) kinds.set(groupKindOf(id), { group: id.group, kind: id.kind, because: leftOutBecause });
    }
    return [...this.unread, ...kinds.values()];
  }

  /**
   * Takes in what a write of ours has made of an Application. When the watch was faster, what it told may be newer than the
   * answer to the write: then that counts.
   */
  wrote(before: Application, after: Application): void {
    const known = this.applications.get(namespacedName(before.metadata));
    if (known?.metadata.resourceVersion === before.metadata.resourceVersion) this.set(after);
  }

  /**
   * Takes in that nobody knows whether an object is there. What was written of an Application stays until it is seen again, or
   * to be gone.
   */
  hide(key: string): Set<string> {
    const known = this.live.get(key);
    if (!known) return new Set();
    const concerned = this.gone(key);
    if (!isOfKind(known, Application)) return concerned;
    const application = namespacedName(known.metadata);
    this.#hidden.set(key, application);
    concerned.delete(application);
    return concerned;
  }

  /** @param application of `namespacedName()` */
  isHidden(application: string): boolean {
    return [...this.#hidden.values()].includes(application);
  }

  /** @param key as `keyOf()` writes it */
  gone(key: string): Set<string> {
    const known = this.live.get(key);
    const hidden = this.#hidden.get(key);
    this.#hidden.delete(key);
    this.#leftOut.delete(key);
    if (!known) return new Set(hidden === undefined ? [] : [hidden]);
    this.live.delete(key);
    this.#flux(known)?.delete(key);
    const concerned = this.interest.concerned(entriesOf(known, key));
    if (this.#runners.delete(key)) for (const one of this.#takeRelease()) concerned.add(one);
    if (isOfKind(known, Application)) {
      const application = namespacedName(known.metadata);
      this.applications.delete(application);
      this.#showing.delete(keyOf(shownBy(known)), application);
      concerned.add(application);
    }
    if (this.#isProject(known)) {
      this.projects.delete(known.metadata.name);
      for (const one of this.#ofProject(known.metadata.name)) concerned.add(one);
    }
    return concerned;
  }

  /** Takes in what Argo CD's Secrets say of its own cluster. @param unknownBecause why they are not known */
  setCluster(cluster: DestinationCluster, unknownBecause: string | undefined): Set<string> {
    const isSame = isDeepStrictEqual(cluster, this.cluster) && unknownBecause === this.#clusterUnknownBecause;
    if (isSame) return new Set();
    this.cluster = cluster;
    this.#clusterUnknownBecause = unknownBecause;
    return new Set(this.applications.keys());
  }

  /** Of a kind nothing is known any more, or again. */
  setUnread(kind: { group: string; kind: string }, because: string | undefined): Set<string> {
    const key = groupKindOf(kind);
    if (this.#unread.get(key)?.because === because) return new Set();
    if (because === undefined) this.#unread.delete(key);
    else this.#unread.set(key, { group: kind.group, kind: kind.kind, because });
    return new Set(this.applications.keys());
  }

  #setOfArgo(object: LiveObject): Iterable<string> {
    if (isOfKind(object, Application)) {
      const application = namespacedName(object.metadata);
      this.#shows(application, object as Application);
      this.applications.set(application, object as Application);
      return [application];
    }
    if (this.#isProject(object)) {
      this.projects.set(object.metadata.name, object as AppProject);
      return this.#ofProject(object.metadata.name);
    }
    return [];
  }

  #shows(key: string, application: Application): void {
    const before = this.applications.get(key);
    if (before) this.#showing.delete(keyOf(shownBy(before)), key);
    const isReported = isInShard(key, this.#shard) && loopbackStateOf(application) === "ours";
    if (isReported) this.#showing.add(keyOf(shownBy(application)), key);
  }

  /**
   * Whether an Application of the shard may show the diff of an object, as far as can be told before it is reported. Sources are few,
   * and shared. Who has no other shard beside keeps all: an Application may come for each of them.
   */
  #isForDiffs(object: LiveObject, key: string): boolean {
    if (this.#shard.count === 1 || this.#flux(object) === this.sources) return true;
    const workloads = [key, ...labelledBy(object).map(keyOf)];
    return workloads.some((workload) => this.#showing.has(workload)) || this.interest.has(key);
  }

  #flux(object: LiveObject): Map<string, LiveObject> | undefined {
    const group = groupOf(object.apiVersion);
    if (sourceGroups.has(group) || isInputProvider(object)) return this.sources;
    if (group === "image.toolkit.fluxcd.io") return this.#automations;
    const isWorkload = Object.values(workloadKinds).some((kind) => isOfKind(object, kind));
    return isWorkload ? (this.workloads as Map<string, LiveObject>) : undefined;
  }

  /** Another release may judge each Application otherwise. */
  #takeRelease(): Iterable<string> {
    const release = releaseIn(argoImageAmong([...this.#runners.values()]));
    if (release === this.#release) return [];
    this.#release = release;
    return this.applications.keys();
  }

  #isRunner(object: LiveObject): boolean {
    const isOne = isOfKind(object, Deployment) || isOfKind(object, StatefulSet);
    return isOne && object.metadata.namespace === this.settings.namespace;
  }

  #isProject(object: LiveObject): boolean {
    return isOfKind(object, AppProject) && object.metadata.namespace === this.settings.namespace;
  }

  *#ofProject(name: string): Generator<string> {
    const isGlobal = this.settings.globalProjects.some(({ projectName }) => projectName === name);
    for (const [key, application] of this.applications)
      if (isGlobal || projectOf(application) === name) yield key;
  }
}
