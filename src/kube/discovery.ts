import { UserError } from "../errors.js";
import { StatusError } from "./failure.js";
import type { JsonClient } from "./http.js";
import type { Kind } from "./object.js";
import { resourceName } from "./resource.js";

/**
 * Aggregated discovery (Kubernetes 1.26 alpha, 1.27 v2beta1, 1.30 v2): groups, versions and resources in one answer.
 * A server that does not know it takes the last of these and lists only groups and versions.
 */
export const acceptAggregated = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat("application/json")
  .join(",");

interface AggregatedGroup {
  metadata: { name: string };
  versions: { version: string; freshness?: "Current" | "Stale"; resources?: { resource: string }[] }[];
}

interface LegacyGroup {
  name: string;
  versions: { version: string }[];
}

type GroupList =
  | { kind: "APIGroupDiscoveryList"; items: AggregatedGroup[] }
  | { kind: "APIGroupList"; groups: LegacyGroup[] };

/** What is known of one group: plural → versions, newest first, and versions whose own API server does not answer. */
interface Group {
  served: Map<string, string[]>;
  stale: string[];
}

export interface Discovery {
  /** The newest version in which this very kind is served; undefined when it is not. */
  newestVersion(kind: Kind): Promise<string | undefined>;
  /** All of them, newest first; none when it is not served. */
  servedVersions(kind: Kind): Promise<readonly string[]>;
  /**
   * After CRDs were changed: what is known counts no longer.
   *
   * @param olderThanMs what was learned after that still counts, so that several who ask do not all ask the server
   */
  forget(olderThanMs?: number): void;
}

/**
 * Looks up versions by one `GET /apis` a process, and on servers without aggregated discovery by the lists of the asked
 * groups. Of the answer, which has every resource of the cluster with its verbs, only names and versions are kept.
 */
export function discovery(client: JsonClient): Discovery {
  let all: Promise<(group: string) => Promise<Group | undefined>> | undefined;
  let askedAt = 0;

  async function load(): Promise<(group: string) => Promise<Group | undefined>> {
    askedAt = performance.now();
    const { body } = await client.send({ method: "GET", path: "/apis", accept: acceptAggregated });
    const list = body as GroupList;
    if (list.kind === "APIGroupDiscoveryList") {
      const groups = new Map(list.items.map((group) => [group.metadata.name, summaryOf(group)]));
      return async (name) => groups.get(name);
    }
    const versions = new Map(
      list.groups.map((group) => [group.name, group.versions.map(({ version }) => version)]),
    );
    const asked = new Map<string, Promise<Group>>();
    return async (name) => {
      const served = versions.get(name);
      return served && remember(asked, name, () => listGroup(client, name, served));
    };
  }

  async function servedVersions(kind: Kind): Promise<readonly string[]> {
    all ??= load();
    // a failure is not kept: the next one who asks gets a new chance
    const groupNamed = await all.catch((error) => {
      all = undefined;
      throw error;
    });
    const group = await groupNamed(kind.group);
    const versions = group?.served.get(kind.plural) ?? [];
    if (versions.length === 0 && group && group.stale.length > 0) throw staleError(kind, group.stale);
    return versions;
  }

  return {
    newestVersion: async (kind) => (await servedVersions(kind))[0],
    servedVersions,
    forget(olderThanMs = 0) {
      if (performance.now() - askedAt >= olderThanMs) all = undefined;
    },
  };
}

function summaryOf({ versions }: AggregatedGroup): Group {
  const current = versions.filter(({ freshness }) => freshness !== "Stale");
  return {
    served: byPlural(
      current.map(({ version, resources = [] }) => ({
        version,
        plurals: resources.map(({ resource }) => resource),
      })),
    ),
    stale: versions.filter(({ freshness }) => freshness === "Stale").map(({ version }) => version),
  };
}

/** Servers without aggregated discovery: one list for each version, at the same time. */
async function listGroup(client: JsonClient, group: string, versions: string[]): Promise<Group> {
  const stale: string[] = [];
  const pluralsOf = async (version: string): Promise<string[]> => {
    const path = `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
    try {
      const { body } = await client.send({ method: "GET", path });
      return (body as { resources: { name: string }[] }).resources.map(({ name }) => name);
    } catch (error) {
      if (!(error instanceof StatusError && error.status === 503)) throw error;
      stale.push(version);
      return [];
    }
  };
  const lists = await Promise.all(
    versions.map(async (version) => ({ version, plurals: await pluralsOf(version) })),
  );
  return { served: byPlural(lists), stale };
}

function byPlural(lists: { version: string; plurals: string[] }[]): Map<string, string[]> {
  const served = new Map<string, string[]>();
  for (const { version, plurals } of lists.toSorted((a, b) => compareKubeVersions(a.version, b.version))) {
    for (const plural of plurals) {
      const versions = served.get(plural);
      if (versions) versions.push(version);
      else served.set(plural, [version]);
    }
  }
  return served;
}

function remember(
  known: Map<string, Promise<Group>>,
  name: string,
  load: () => Promise<Group>,
): Promise<Group> {
  const group = known.get(name) ?? load();
  known.set(name, group);
  group.catch(() => known.delete(name));
  return group;
}

/** Aggregated API servers (APIServices) that are down: nobody knows what they serve. */
function staleError(kind: Kind, stale: string[]): UserError {
  const apis = stale.map((version) => `${kind.group}/${version}`).join(", ");
  const services = stale.map((version) => `${version}.${kind.group}`).join(" ");
  return new UserError(
    `Cannot find out whether ${resourceName(kind)} is served: the API ${apis} does not answer`,
    { hint: `Look at its state: kubectl get apiservices ${services}` },
  );
}

/**
 * Sorts versions of an API as Kubernetes does, newest first: v2, v1, v2beta2, v1beta2, v1beta1, v1alpha1, then names of
 * other forms in alphabetical order (`k8s.io/apimachinery/pkg/version/helpers.go`).
 */
export function compareKubeVersions(a: string, b: string): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  for (const [index, rank] of left.entries()) {
    const difference = (right[index] ?? 0) - rank;
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** stability, major, minor: the higher, the newer */
function rankOf(version: string): [number, number, number] {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (!match) return [0, 0, 0];
  const stability = { alpha: 1, beta: 2 }[match[2] ?? ""] ?? 3;
  return [stability, Number(match[1]), Number(match[3] ?? 0)];
}
