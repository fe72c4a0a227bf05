import type { LiveObject } from "../kube/object.js";
import { idOf, keyOf, namespacedName, type ObjectId, objectId } from "../kube/object-id.js";
import { type NamedReference, sourceRefFrom } from "./source-ref.js";
import {
  type ArtifactGenerator,
  ExternalArtifact,
  HelmChart,
  type HelmChart as HelmChartObject,
  type HelmRepository,
  idOfSource,
  sourceKinds,
} from "./sources.js";
import { idleBecause } from "./suspension.js";
import { type FluxWorkload, isToolkitWorkload, workloadFrom } from "./workload.js";

/** The sources that a workload is made from, one leading to the next. */
export interface SourceChain {
  /** each before those that are made from it: GitRepository, HelmChart */
  links: SourceLink[];
  /** what the workload itself fetches: its HelmChart rather than the HelmRepository behind it */
  content: LiveObject | undefined;
  /** references to nothing */
  dangling: ObjectId[];
  /** all that was looked for, found or not */
  sought: ObjectId[];
}

/** Of a workload that does not exist. */
export const noSources: SourceChain = { links: [], content: undefined, dangling: [], sought: [] };

/** Sources in any order, or, which is cheaper for one workload of many, by key. */
export type FoundSources = readonly LiveObject[] | ReadonlyMap<string, LiveObject>;

export interface SourceLink {
  object: LiveObject;
  /** keys of the sources that it is made from */
  parents: string[];
}

/** So many are followed, and those of the object where they are reached: tenants may let generators name each other, each a thousand. */
const mostReferences = 10_000;

/** A source to look at. */
interface Step {
  id: ObjectId;
  isOptional: boolean;
}

/**
 * Follows a workload's reference through HelmChart, ExternalArtifact and ArtifactGenerator to where its content comes
 * from. What the Flux Operator reconciles has no sources: a ResourceSet holds its content itself, and the source of a FluxInstance's
 * sync is one of the things that it makes.
 *
 * @param sources those that were found
 */
export function sourceChainOf(workload: FluxWorkload, sources: FoundSources): SourceChain {
  const byKey = isList(sources) ? new Map(sources.map((source) => [keyOf(idOf(source)), source])) : sources;
  const chain: SourceChain = { links: [], content: undefined, dangling: [], sought: [] };
  const seen = new Set<string>();
  let followed = 0;
  /** not by calling itself: a chain may be longer than calls may be deep */
  const follow = (id: ObjectId, isOptional: boolean): void => {
    const steps: (Step | SourceLink)[] = [{ id, isOptional }];
    for (let step = steps.pop(); step; step = steps.pop()) {
      if ("object" in step) {
        chain.links.push(step);
        continue;
      }
      const key = keyOf(step.id);
      if (seen.has(key)) continue;
      seen.add(key);
      chain.sought.push(step.id);
      const object = byKey.get(key);
      if (!object) {
        if (!step.isOptional) chain.dangling.push(step.id);
        continue;
      }
      const references = followed < mostReferences ? referencesOf(object) : [];
      followed += references.length;
      steps.push({ object, parents: references.map(keyOf) });
      // an ExternalArtifact holds its content itself, whoever made it
      const isOptional = object.kind !== HelmChart.kind;
      for (const reference of references.toReversed()) steps.push({ id: reference, isOptional });
    }
  };
  if (!isToolkitWorkload(workload)) return chain;
  const source = idOfSource(workloadFrom(workload).source);
  const chart = chartOf(workload);
  // helm-controller makes the chart: as long as the source is missing, there is none
  if (chart) follow(chart, true);
  follow(source, false);
  chain.content = byKey.get(keyOf(chart ?? source));
  return chain;
}

/** The sources that are to be fetched before a workload is reconciled, each before those that are made from it. */
export function sourcesToAsk({ links }: SourceChain, permitted: (id: ObjectId) => boolean): SourceLink[] {
  return links.filter(({ object }) => {
    const { deletionTimestamp } = object.metadata;
    const isAskable = isFetched(object) && idleBecause(object) === undefined;
    return isAskable && permitted(idOf(object)) && !deletionTimestamp;
  });
}

/** Whether somebody reconciles a source: an ExternalArtifact is the work of others, an OCI HelmRepository only an address. */
export function isFetched(source: LiveObject): boolean {
  if (source.kind === ExternalArtifact.kind || sourceKinds[source.kind] === undefined) return false;
  return (source as HelmRepository).spec?.type !== "oci";
}

/**
 * The HelmChart that helm-controller made for a HelmRelease with a chart template, once its status tells of it. It lies beside its
 * source and is called after the release: whoever may write the status may name any other there.
 */
export function chartOf(workload: FluxWorkload): ObjectId | undefined {
  if (workload.kind !== "HelmRelease" || workload.spec?.chartRef || !workload.spec?.chart) return undefined;
  const { namespace, name } = workload.metadata;
  const chart = { namespace: workloadFrom(workload).source.namespace, name: `${namespace}-${name}` };
  return workload.status?.helmChart === namespacedName(chart) ? objectId(HelmChart, chart) : undefined;
}

function referencesOf(source: LiveObject): ObjectId[] {
  const { kind, metadata } = source;
  const { namespace = "" } = metadata;
  const to = (reference: NamedReference) => idOfSource(sourceRefFrom(reference, namespace));
  if (kind === "ArtifactGenerator") return ((source as ArtifactGenerator).spec?.sources ?? []).map(to);
  if (kind !== HelmChart.kind && kind !== ExternalArtifact.kind) return [];
  const { sourceRef } = (source as HelmChartObject).spec ?? {};
  if (!sourceRef) return [];
  // a HelmChart's reference has no namespace
  return [to(kind === HelmChart.kind ? { ...sourceRef, namespace } : sourceRef)];
}

function isList(sources: FoundSources): sources is readonly LiveObject[] {
  return Array.isArray(sources);
}
