import { UserError } from "../errors.js";
import { acceptAggregated, compareKubeVersions } from "./discovery.js";
import type { Kube } from "./kube.js";
import type { Kind } from "./object.js";

/** A kind whose objects can be listed and watched. */
export interface ServedKind extends Kind {
  readonly namespaced: boolean;
  /** "deployment", and what people type for short: "deploy" */
  readonly names: readonly string[];
}

/** Aggregated discovery (apidiscovery.k8s.io v2), the fields that tell what a kind is and what can be done with it. */
interface AggregatedList {
  kind: "APIGroupDiscoveryList";
  items: {
    metadata: { name?: string };
    versions: {
      version: string;
      resources?: {
        resource: string;
        singularResource?: string;
        shortNames?: string[];
        responseKind?: { kind: string };
        scope: string;
        verbs: string[];
      }[];
    }[];
  }[];
}

interface GroupList {
  kind: "APIGroupList" | "APIVersions";
  groups?: { name: string; versions: { groupVersion: string; version: string }[] }[];
}

/** `GET /apis/GROUP/VERSION` */
interface ResourceList {
  resources?: {
    name: string;
    singularName?: string;
    shortNames?: string[];
    kind: string;
    namespaced: boolean;
    verbs: string[];
  }[];
}

interface Resource extends ServedKind {
  version: string;
  verbs: readonly string[];
}

/**
 * All kinds of a cluster that can be watched, each once, whatever versions it is served in, in the server's order: that of which
 * of several kinds kubectl takes a name to mean the first. Two requests; on servers without aggregated discovery one more for
 * each version of each group.
 *
 * @throws UserError when it cannot be found out
 */
export async function servedKinds(kube: Kube): Promise<ServedKind[]> {
  const found = await Promise.all(["/api", "/apis"].map((path) => resourcesAt(kube, path)));
  const byName = new Map<string, Resource>();
  for (const resource of found.flat()) {
    if (!["list", "watch"].every((verb) => resource.verbs.includes(verb))) continue;
    const name = `${resource.group}/${resource.plural}`;
    const known = byName.get(name);
    if (!known || compareKubeVersions(resource.version, known.version) < 0) byName.set(name, resource);
  }
  return [...byName.values()].map(({ version: _, verbs: __, ...kind }) => kind);
}

/** Every served version of each of these kinds, the newest first; none for a kind that is not served. One discovery. */
export async function servedVersionsOf<Name extends string>(
  kube: Pick<Kube, "servedVersions">,
  kinds: Readonly<Record<Name, Kind>>,
): Promise<Record<Name, readonly string[]>> {
  const names = Object.keys(kinds) as Name[];
  const served = await Promise.all(
    names.map(async (name) => [name, await kube.servedVersions(kinds[name])] as const),
  );
  return Object.fromEntries(served) as Record<Name, readonly string[]>;
}

async function resourcesAt(kube: Kube, path: string): Promise<Resource[]> {
  const doing = "find out which kinds the cluster serves";
  const answer = (await kube.read(path, doing, { accept: acceptAggregated })) as
    | AggregatedList
    | GroupList
    | undefined;
  // every API server has both: what is before it has answered, or it has only begun to
  if (!answer) {
    throw new UserError(`Cannot ${doing}: ${kube.server} does not know ${path}`, {
      hint: `See whether it is an API server that answers: kubectl get --raw ${path}`,
    });
  }
  if (answer.kind === "APIGroupDiscoveryList") return answer.items.flatMap(resourcesOfGroup);
  const versions =
    path === "/api"
      ? [{ group: "", version: "v1", path: "/api/v1" }]
      : (answer.groups ?? []).flatMap(({ name, versions: all }) =>
          all.map(({ groupVersion, version }) => ({ group: name, version, path: `/apis/${groupVersion}` })),
        );
  const lists = await Promise.all(
    versions.map(async ({ group, version, path: place }) => {
      const { resources = [] } = ((await kube.read(place, doing)) ?? {}) as ResourceList;
      return resources
        .filter(({ name }) => !name.includes("/"))
        .map(({ name, singularName, shortNames, kind, namespaced, verbs }) => ({
          ...{ group, version, kind, plural: name, namespaced, verbs },
          names: namesOf(singularName, shortNames),
        }));
    }),
  );
  return lists.flat();
}

function resourcesOfGroup({ metadata, versions }: AggregatedList["items"][number]): Resource[] {
  return versions.flatMap(({ version, resources = [] }) =>
    resources.map(({ resource, singularResource, shortNames, responseKind, scope, verbs }) => ({
      group: metadata.name ?? "",
      version,
      kind: responseKind?.kind ?? "",
      plural: resource,
      namespaced: scope === "Namespaced",
      names: namesOf(singularResource, shortNames),
      verbs,
    })),
  );
}

function namesOf(singular = "", short: readonly string[] = []): string[] {
  return [...(singular === "" ? [] : [singular]), ...short];
}
