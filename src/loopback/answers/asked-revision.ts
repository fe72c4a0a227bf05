import type { Application } from "../../argo/application.js";
import { heldForms, isAmongForms } from "../../flux/asked-revision.js";
import type { GitRepository } from "../../flux/sources.js";
import type { KubeObject, LiveObject } from "../../kube/object.js";
import { idOf, renderId } from "../../kube/object-id.js";
import type { RequestedSync } from "./operation.js";
import type { Situation } from "./situation.js";
import { editing } from "./to-type.js";

/**
 * The first revision that a Sync asks for and Flux's sources do not hold; undefined when they hold all. What the Application
 * itself names, and nothing at all, means what Flux holds.
 *
 * Argo CD asks for an annotated tag by the hash of the tag, where Flux knows the commit only: of a source that follows tags
 * a hash that nobody knows is taken for that.
 */
export function foreignRevision(sync: RequestedSync, situation: Situation): string | undefined {
  const { application, chain } = situation;
  const { targetRevision } = application.spec?.source ?? {};
  const held = heldForms(chain);
  // before the first fetch, and before helm-controller has made a HelmChart, nobody knows
  if (held.length === 0) return undefined;
  const followsTags = chain.links.some(({ object }) => isTagged(object));
  return revisionsIn(sync).find((revision) => {
    if (revision === targetRevision || revision === "HEAD" || isAmongForms(revision, held)) return false;
    return !followsTags || !/^[0-9a-f]{40}$/.test(revision) || isPast(revision, application);
  });
}

/** The revision that a Rollback asks for and Flux's sources do not hold; undefined for any other Sync. */
export function rollbackRevision(sync: RequestedSync, situation: Situation): string | undefined {
  if (!sync.syncStrategy?.apply) return undefined;
  const revision = foreignRevision(sync, situation);
  return revision !== undefined && isPast(revision, situation.application) ? revision : undefined;
}

/** Where it is decided which revision Flux applies, and what to type to change that, if it may be seen. */
export interface Decider {
  /** "spec.ref of GitRepository podinfo in apps" */
  what: string;
  /** none, or one: "to change that: kubectl edit …" */
  change: string[];
}

export function deciderOf({ workload, chain, permitted }: Situation): Decider {
  const template = workload?.kind === "HelmRelease" ? workload.spec?.chart?.spec : undefined;
  if (workload && template?.sourceRef?.kind === "HelmRepository")
    return decider("spec.chart.spec.version", workload);
  const field: Readonly<Record<string, string>> = {
    GitRepository: "spec.ref",
    OCIRepository: "spec.ref",
    HelmChart: "spec.version",
    Bucket: "the content",
  };
  const source = chain.links.map(({ object }) => object).find(({ kind }) => field[kind] !== undefined);
  if (!source || !permitted(idOf(source))) return { what: "its source", change: [] };
  return decider(field[source.kind] ?? "", source);
}

function decider(field: string, object: KubeObject): Decider {
  return { what: `${field} of ${renderId(idOf(object))}`, change: [`to change that: ${editing(object)}`] };
}

function revisionsIn({ revision, revisions = [] }: RequestedSync): string[] {
  return [revision ?? "", ...revisions].filter((text) => text !== "");
}

function isPast(revision: string, { status }: Application): boolean {
  return status?.history?.some((entry) => entry.revision === revision) === true;
}

function isTagged(object: LiveObject): boolean {
  if (object.kind !== "GitRepository") return false;
  const { ref = {} } = (object as GitRepository).spec ?? {};
  if (ref.commit) return false;
  return Boolean(ref.name ? ref.name.startsWith("refs/tags/") : ref.tag || ref.semver);
}
