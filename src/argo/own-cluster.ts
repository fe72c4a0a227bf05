/**
 * The cluster that Argo CD runs in, as its settings call it: a Secret of the type `cluster` whose server is
 * https://kubernetes.default.svc, where there is one (util/db/cluster.go, 2.8 to 3.6).
 */
import type { Secret } from "../kube/kinds.js";
import { inClusterName, inClusterServer } from "../names.js";
import type { AppProject } from "./app-project.js";

/** A cluster as AppProjects speak of it. */
export interface DestinationCluster {
  /** "https://kubernetes.default.svc" */
  server: string;
  /** "in-cluster" */
  name: string;
  /** those that its Secrets are for */
  projects: readonly string[];
  /** the only ones that Argo CD looks at; none: all */
  namespaces: readonly string[];
  /** whether it looks at objects in no namespace, too, where it does not look at all namespaces */
  clusterResources: boolean;
}

/** Argo CD's own cluster where no Secret is about it. */
export const plainOwnCluster: DestinationCluster = {
  server: inClusterServer,
  name: inClusterName,
  projects: [],
  namespaces: [],
  clusterResources: false,
};

/** By this label's value Argo CD finds its clusters. */
export const clusterSecretType = "cluster";

/**
 * Of several Secrets about it the first by its name counts, as to which Argo CD leaves it to chance; all of them make it a
 * cluster of their project.
 *
 * @param secrets those of clusters; their credentials are not looked at
 */
export function ownClusterFrom(secrets: readonly Secret[]): DestinationCluster {
  const own = secrets
    .filter(isAboutOwnCluster)
    .map((secret) => ({ at: secret.metadata.name, ...textsIn(secret) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const [first] = own;
  if (!first) return plainOwnCluster;
  return {
    server: inClusterServer,
    name: first.name,
    projects: own.map(({ project }) => project).filter((project) => project !== ""),
    namespaces: first.namespaces
      .split(",")
      .map((namespace) => namespace.trim())
      .filter((namespace) => namespace !== ""),
    clusterResources: first.clusterResources === "true",
  };
}

export function isAboutOwnCluster(secret: Secret): boolean {
  return textsIn(secret).server.replace(/\/+$/, "") === inClusterServer;
}

function textsIn({ data }: Secret) {
  const text = (key: string) => Buffer.from(data?.[key] ?? "", "base64").toString("utf8");
  return {
    server: text("server"),
    name: text("name"),
    project: text("project"),
    namespaces: text("namespaces"),
    clusterResources: text("clusterResources"),
  };
}

/** @param namespace "": of objects in no namespace */
export function looksAt({ namespaces, clusterResources }: DestinationCluster, namespace: string): boolean {
  if (namespaces.length === 0) return true;
  return namespace === "" ? clusterResources : namespaces.includes(namespace);
}

/** Whether what an AppProject permits depends on what a cluster's Secret says, and not on its server alone. */
export function asksForClusterSecret({ spec = {} }: AppProject): boolean {
  const { permitOnlyProjectScopedClusters, destinations = [] } = spec;
  return (
    permitOnlyProjectScopedClusters === true ||
    destinations.some(({ name = "" }) => name !== "" && name !== "*")
  );
}
