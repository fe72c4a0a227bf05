/** Deployments and StatefulSets, as far as we read what runs in them and whether it does. Fields of apps/v1. */
import { isForbidden } from "./failure.js";
import type { Reader } from "./kube.js";
import type { Kind, KubeObject } from "./object.js";

export interface Container {
  name?: string;
  image?: string;
  command?: string[];
  args?: string[];
  env?: EnvVariable[];
  envFrom?: { prefix?: string; configMapRef?: ObjectSource; secretRef?: ObjectSource }[];
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[];
}

export interface EnvVariable {
  name: string;
  value?: string;
  /** of a Pod's fields and resources nothing is read */
  valueFrom?: { configMapKeyRef?: KeySource; secretKeyRef?: KeySource };
}

interface ObjectSource {
  name?: string;
}

interface KeySource {
  name?: string;
  key: string;
}

/** Files in a Pod, as far as they come from ConfigMaps and Secrets. */
export interface Volume {
  name: string;
  secret?: { secretName?: string; items?: KeyPath[] };
  configMap?: { name?: string; items?: KeyPath[] };
  projected?: {
    sources?: {
      secret?: { name?: string; items?: KeyPath[] };
      configMap?: { name?: string; items?: KeyPath[] };
    }[];
  };
}

/** Without such a list a key's file is called like the key. */
export interface KeyPath {
  key: string;
  path: string;
}

export interface PodRunner extends KubeObject {
  metadata: KubeObject["metadata"] & {
    ownerReferences?: { apiVersion: string; kind: string; name: string }[];
  };
  spec?: {
    /** 1 when it is not given */
    replicas?: number;
    template?: {
      metadata?: { labels?: Record<string, string> };
      spec?: { containers?: Container[]; initContainers?: Container[]; volumes?: Volume[] };
    };
  };
  status?: {
    readyReplicas?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

export const StatefulSet: Kind<PodRunner> = {
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
};

export const Deployment: Kind<PodRunner> = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
};

export interface PodRunners {
  /** those that were to be kept, Deployments first */
  runners: PodRunner[];
  /** what could not be listed, as the end of a sentence: "cannot list Deployments: deployments.apps is forbidden: …" */
  unknown: string[];
}

/**
 * The Deployments and StatefulSets of all namespaces that `keep` wants; of the given namespaces only, where the right to
 * list those of all is missing. Only what is kept stays in memory.
 */
export async function readPodRunners(
  reader: Reader,
  namespaces: readonly string[],
  keep: (runner: PodRunner) => boolean,
): Promise<PodRunners> {
  const found = await Promise.all(
    [Deployment, StatefulSet].map((kind) => readKind(reader, kind, namespaces, keep)),
  );
  return {
    runners: found.flatMap(({ runners }) => runners),
    unknown: found.flatMap(({ unknown }) => unknown),
  };
}

async function readKind(
  reader: Reader,
  kind: Kind<PodRunner>,
  namespaces: readonly string[],
  keep: (runner: PodRunner) => boolean,
): Promise<PodRunners> {
  const everywhere = await listOf(reader, kind, undefined, keep);
  if (everywhere.unknown.length === 0) return everywhere;
  const some = await Promise.all(
    [...new Set(namespaces)].map((namespace) => listOf(reader, kind, namespace, keep)),
  );
  return {
    runners: some.flatMap(({ runners }) => runners),
    unknown: [...everywhere.unknown, ...some.flatMap(({ unknown }) => unknown)],
  };
}

async function listOf(
  reader: Reader,
  kind: Kind<PodRunner>,
  namespace: string | undefined,
  keep: (runner: PodRunner) => boolean,
): Promise<PodRunners> {
  const runners: PodRunner[] = [];
  try {
    for await (const page of reader.list(kind, { namespace })) runners.push(...page.filter(keep));
    return { runners, unknown: [] };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { runners: [], unknown: [error.message.replace(/^Cannot/, "cannot")] };
  }
}
