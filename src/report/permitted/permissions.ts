import type { AppProject, ClusterResource, GroupKind, ProjectDestination } from "../../argo/app-project.js";
import { globMatcher, type Matcher } from "../../argo/glob.js";
import { type DestinationCluster, looksAt } from "../../argo/own-cluster.js";
import { groupKindOf, keyOf, type ObjectId } from "../../kube/object-id.js";
import { remembered } from "../../remembered.js";
import { pathMatcher } from "../../text/path-pattern.js";

/** What an AppProject permits on one cluster. */
export interface Permissions {
  /** Whether Applications may have this namespace as their destination. */
  namespace(name: string): boolean;
  object(id: ObjectId): boolean;
}

/**
 * Reads an AppProject once for many questions; of a cluster, nothing is permitted that Argo CD does not look at. The rules are Argo CD's (`IsDestinationPermitted`,
 * `IsGroupKindNamePermitted`, `IsResourcePermitted` of pkg/apis/application/v1alpha1, 2.8 to 3.6).
 */
export function permissionsOf({ metadata, spec = {} }: AppProject, cluster: DestinationCluster): Permissions {
  const isForeign =
    spec.permitOnlyProjectScopedClusters === true && !cluster.projects.includes(metadata.name);
  const destinations = (spec.destinations ?? []).map((item) => readDestination(item, cluster));
  const namespaced = {
    permitted: spec.namespaceResourceWhitelist && kindMatcher(spec.namespaceResourceWhitelist),
    forbidden: kindMatcher(spec.namespaceResourceBlacklist ?? []),
  };
  const clusterScoped = {
    permitted: kindMatcher(spec.clusterResourceWhitelist ?? []),
    forbidden: kindMatcher(spec.clusterResourceBlacklist ?? []),
  };
  /** By its kind, and where it lies in no namespace by its name. */
  const kind = remembered(
    (id: ObjectId) => (id.namespace === "" ? keyOf(id) : groupKindOf(id)),
    (id) => {
      const { permitted, forbidden } = id.namespace === "" ? clusterScoped : namespaced;
      return (permitted === undefined || permitted(id)) && !forbidden(id);
    },
  );
  const namespace = remembered(
    (name: string) => name,
    (name) => !isForeign && looksAt(cluster, name) && isDestination(destinations, name),
  );
  return {
    namespace,
    object(id) {
      return kind(id) && (id.namespace === "" ? looksAt(cluster, "") : namespace(id.namespace));
    },
  };
}

function kindMatcher(list: readonly (GroupKind & ClusterResource)[]): (id: ObjectId) => boolean {
  const rules = list.map(({ group, kind, name }) => ({
    group: pathMatcher(group ?? ""),
    kind: pathMatcher(kind ?? ""),
    name: name ? pathMatcher(name) : () => true,
  }));
  return (id) =>
    rules.some(
      (rule) => rule.kind(id.kind) && rule.group(id.group) && (id.namespace !== "" || rule.name(id.name)),
    );
}

interface Destination {
  nameMatches: boolean;
  serverMatches: boolean;
  forbidsName: boolean;
  forbidsServer: boolean;
  forbidsNamespace: boolean;
  namespace: Matcher;
}

function readDestination(item: ProjectDestination, cluster: DestinationCluster): Destination {
  const { name = "", server = "", namespace = "" } = item;
  return {
    nameMatches: cluster.name !== "" && signedMatcher(name)(cluster.name),
    serverMatches: cluster.server !== "" && signedMatcher(server)(cluster.server),
    forbidsName: name.startsWith("!"),
    forbidsServer: server.startsWith("!"),
    forbidsNamespace: namespace.startsWith("!"),
    namespace: signedMatcher(namespace),
  };
}

/** One destination must match, and none with a "!" may forbid it. */
function isDestination(destinations: readonly Destination[], namespace: string): boolean {
  let permitted = false;
  for (const item of destinations) {
    const fits = item.namespace(namespace);
    if ((item.serverMatches || item.nameMatches) && fits) permitted = true;
    else if (!item.nameMatches && item.forbidsName) return false;
    else if (!item.serverMatches && item.forbidsServer && fits) return false;
    else if (!fits && item.forbidsNamespace && item.serverMatches) return false;
  }
  return permitted;
}

/** "!" in front turns a pattern round. */
function signedMatcher(pattern: string): Matcher {
  if (!pattern.startsWith("!")) return globMatcher(pattern);
  const forbidden = globMatcher(pattern.slice(1));
  return (text) => !forbidden(text);
}
