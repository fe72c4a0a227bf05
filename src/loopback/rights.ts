/** What the engine may do in a cluster, and why: docs/loopback.md and the Roles of an install are made of this. Pure. */
import { leaseNameOf } from "../argo/loopback-lease.js";
import { settingsNames } from "../argo/settings.js";
import { shardsOf } from "../argo/shard.js";
import { operatorGroup } from "../flux/groups.js";

/** An item of `rules` (rbac.authorization.k8s.io/v1). */
export interface PolicyRule {
  apiGroups: readonly string[];
  resources: readonly string[];
  resourceNames?: readonly string[];
  verbs: readonly string[];
}

/** When a right is wanted that others can do without; for people, the beginning of a sentence. */
export const occasions = {
  cascade: "only where Applications have flamingo/cascade: flux",
  helmStorage: "only with Flux before 2.8",
  auto: "only with --auto",
  outside: "only outside the cluster",
} as const;

export type Occasion = keyof typeof occasions;

export interface Right {
  /** what it is for; for people */
  why: string;
  /** the whole cluster, the namespaces that have Applications, or that of Argo CD */
  where: "cluster" | "applications" | "argocd";
  /** always, where it is not given */
  when?: Occasion;
  rule: PolicyRule;
}

/** ConfigMaps and Secrets beside Argo CD that tell how it is set up and how it reaches redis. */
export interface SettingsObjects {
  configMaps: readonly string[];
  secrets: readonly string[];
}

/** Those that Argo CD's own manifests name. */
export const stockSettings: SettingsObjects = { configMaps: settingsNames, secrets: ["argocd-redis"] };

const fluxObjects = {
  apiGroups: ["kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"],
  resources: [
    "kustomizations",
    "helmreleases",
    "gitrepositories",
    "ocirepositories",
    "helmrepositories",
    "helmcharts",
    "buckets",
  ],
};
const applications = { apiGroups: ["argoproj.io"], resources: ["applications"] };
const leases = { apiGroups: ["coordination.k8s.io"], resources: ["leases"] };

/**
 * All that the engine ever needs.
 *
 * @param shards into how many the Applications are cut
 */
export function engineRights({ configMaps, secrets }: SettingsObjects = stockSettings, shards = 1): Right[] {
  return [
    {
      why: "a tree may hold any kind; no `get`, which would also open logs and shells",
      where: "cluster",
      rule: { apiGroups: ["*"], resources: ["*"], verbs: ["list", "watch"] },
    },
    {
      why: "Sync: the annotations that make Flux reconcile, and name who asked in its events",
      where: "cluster",
      rule: { ...fluxObjects, verbs: ["patch"] },
    },
    {
      why: "Sync, of what is made from several sources",
      where: "cluster",
      rule: {
        apiGroups: ["source.extensions.fluxcd.io"],
        resources: ["artifactgenerators"],
        verbs: ["patch"],
      },
    },
    {
      why: "Sync, of what the Flux Operator reconciles",
      where: "cluster",
      rule: { apiGroups: [operatorGroup], resources: ["resourcesets", "fluxinstances"], verbs: ["patch"] },
    },
    {
      why: "to delete what goes with them",
      where: "cluster",
      when: "cascade",
      rule: { ...fluxObjects, verbs: ["delete"] },
    },
    {
      why: "and ResourceSets, but no FluxInstance, whose end is that of Flux",
      where: "cluster",
      when: "cascade",
      rule: { apiGroups: [operatorGroup], resources: ["resourcesets"], verbs: ["delete"] },
    },
    {
      why: "Helm's storage, which has the names of a release's objects",
      where: "cluster",
      when: "helmStorage",
      rule: { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
    },
    {
      why: "what Argo CD shows; to answer Sync, Refresh and Delete",
      where: "applications",
      rule: { ...applications, verbs: ["patch"] },
    },
    {
      why: "what becomes of them, and what was done about a Delete",
      where: "applications",
      rule: { apiGroups: [""], resources: ["events"], verbs: ["create"] },
    },
    {
      why: "to make Applications, and take them away with their workloads",
      where: "applications",
      when: "auto",
      rule: { ...applications, verbs: ["create", "delete"] },
    },
    {
      why: "one flamingo at a time; with --shard also flamingo-loopback-1-of-3 and the others",
      where: "argocd",
      rule: { ...leases, resourceNames: shardsOf(shards).map(leaseNameOf), verbs: ["get", "update"] },
    },
    {
      why: "the name of what is created cannot be told beforehand",
      where: "argocd",
      rule: { ...leases, verbs: ["create"] },
    },
    {
      why: "how this Argo CD is set up",
      where: "argocd",
      rule: { apiGroups: [""], resources: ["configmaps"], resourceNames: configMaps, verbs: ["get"] },
    },
    {
      why: "how it reaches redis, with which password",
      where: "argocd",
      rule: { apiGroups: [""], resources: ["secrets"], resourceNames: secrets, verbs: ["get"] },
    },
    {
      why: "the Service of redis",
      where: "argocd",
      when: "outside",
      rule: { apiGroups: [""], resources: ["services"], verbs: ["get"] },
    },
    {
      why: "the way to it",
      where: "argocd",
      when: "outside",
      rule: { apiGroups: [""], resources: ["pods/portforward"], verbs: ["get", "create"] },
    },
  ];
}

/** Those that are wanted on these occasions, as rules of a Role in one of the places. */
export function rulesFor(
  rights: readonly Right[],
  where: Right["where"],
  wanted: ReadonlySet<Occasion>,
): PolicyRule[] {
  return rights
    .filter((right) => right.where === where && (right.when === undefined || wanted.has(right.when)))
    .map(({ rule }) => rule);
}
