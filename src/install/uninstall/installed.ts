import { AppProject } from "../../argo/app-project.js";
import { Application, ApplicationSet } from "../../argo/application.js";
import type { InstalledArgo } from "../../argo/installed/evidence.js";
import { installedArgos } from "../../argo/installed/installed.js";
import { ManagingApplication, possibleApplication } from "../../argo/installed/owner.js";
import type { ArgoSettings } from "../../argo/settings.js";
import { readArgoSettings } from "../../gather/argo-settings.js";
import { allOf } from "../../kube/all-of.js";
import { concurrently } from "../../kube/concurrently.js";
import { isNotServed } from "../../kube/failure.js";
import { ClusterRoleBinding, type ConfigMap } from "../../kube/kinds.js";
import type { Kube, ListOptions } from "../../kube/kube.js";
import type { Kind, LiveObject } from "../../kube/object.js";
import { groupKindOf, idOf, idOfKey, keyOf } from "../../kube/object-id.js";
import { permitted } from "../../kube/permitted.js";
import { readPodRunners } from "../../kube/pod-runner.js";
import { type ServedKind, servedKinds } from "../../kube/served-kinds.js";
import { isArgoComponent } from "../../survey/argo.js";
import { heard } from "../../survey/argo-heard.js";
import { type Origin, originsIn } from "../record.js";
import { believed, isEverMade } from "./believed.js";
import { holderElsewhere } from "./holder.js";

/** An object that is there, as far as its metadata tells. */
export interface Present {
  object: LiveObject;
  kind: Kind;
}

/** An install as it is found, with whatever else depends on it. */
export interface Installed {
  namespace: string;
  /** what the record says of its objects, by `keyOf()`, as far as it is believed */
  origins: ReadonlyMap<string, Origin>;
  /** all that is in the namespace, what the record names elsewhere, and Argo CD's own kinds of all namespaces */
  there: readonly Present[];
  /** why not all of the namespace is known: "cannot list Widgets in argocd: …" */
  unseen: readonly string[];
  /** of the whole cluster */
  bindings: readonly ClusterRoleBinding[];
  argos: readonly InstalledArgo[];
  /** where each of several Argo CDs looks for Applications; none where that is not known of all */
  places: readonly ArgoPlaces[];
  /** why others may use Argo CD's kinds without being seen */
  othersUnseen: readonly string[];
  /** the Application that may keep the install */
  applications: readonly ManagingApplication[];
  /** who reports into this Argo CD from elsewhere, as from somebody's terminal: "host_1234_ab12cd" */
  heldBy: string | undefined;
}

/** The settings of an Argo CD that tell where it looks for Applications. */
export type ArgoPlaces = Pick<ArgoSettings, "namespace" | "applicationNamespaces">;

/** As for applying: more only queue at the API server. */
const atOnce = 16;

/** What controllers make of others' objects without an owner reference, and forget by themselves. */
const passing: readonly string[] = ["Event", "Endpoints"];

/** Reads what is there: a LIST of metadata for each kind of the namespace, and one for each recorded object elsewhere. */
export async function readInstalled(kube: Kube, record: ConfigMap, now: Date): Promise<Installed> {
  const { namespace = "" } = record.metadata;
  const recorded = new Map([...originsIn(record)].filter(([key]) => isEverMade(idOfKey(key), namespace)));
  const [kinds, runners, bindings, everywhere, applications, heldBy] = await Promise.all([
    servedKinds(kube),
    readPodRunners(kube, [namespace], isArgoComponent),
    allOf(kube.list(ClusterRoleBinding)),
    readEverywhere(kube),
    applicationAround(kube, record),
    holderElsewhere(kube, namespace, now),
  ]);
  const argos = installedArgos(runners);
  const [own, elsewhere, places] = await Promise.all([
    readWithin(kube, namespace, kinds),
    collect(recordedElsewhere(recorded, namespace, kinds), ({ kind, ...where }) =>
      present(kube, kind, where),
    ),
    readPlaces(kube, namespace, argos),
  ]);
  const found = [...own.found, ...elsewhere.flat(), ...everywhere.found];
  return {
    namespace,
    origins: believed(
      recorded,
      found.map(({ object }) => object),
      namespace,
    ),
    there: [...new Map(found.map((one) => [keyOf(idOf(one.object)), one])).values()],
    unseen: own.unseen,
    bindings,
    argos,
    places,
    othersUnseen: [...runners.unknown, ...everywhere.unknown],
    applications,
    heldBy,
  };
}

/** What is in a namespace, and why that is not all of it. */
export async function readWithin(
  kube: Kube,
  namespace: string,
  kinds: readonly ServedKind[],
): Promise<{ found: Present[]; unseen: string[] }> {
  const listed = kinds.filter((kind) => kind.namespaced && !passing.includes(kind.kind));
  const answers = await collect(listed, (kind) => heard(present(kube, kind, { namespace })));
  return {
    found: answers.flatMap((answer) => ("value" in answer ? answer.value : [])),
    unseen: answers.flatMap((answer) => ("unknown" in answer ? answer.unknown : [])),
  };
}

export const argoKinds: readonly Kind[] = [Application, ApplicationSet, AppProject];

/** Argo CD's own kinds, of all namespaces. */
export async function readEverywhere(kube: Kube): Promise<{ found: Present[]; unknown: string[] }> {
  const answers = await Promise.all(argoKinds.map((kind) => permitted(present(kube, kind))));
  return {
    found: answers.flatMap(({ found = [] }) => found),
    unknown: answers.flatMap(({ unknown }) => unknown),
  };
}

async function present(kube: Kube, kind: Kind, where: ListOptions = {}): Promise<Present[]> {
  try {
    const objects = await allOf(kube.list(kind, { ...where, metadataOnly: true }));
    return objects.map((object) => ({ object, kind }));
  } catch (error) {
    // its CRD goes at this moment, as of an uninstall that was interrupted
    if (isNotServed(error)) return [];
    throw error;
  }
}

/** Of a kind that is not served any more nothing is left. */
function recordedElsewhere(
  origins: Installed["origins"],
  home: string,
  kinds: readonly ServedKind[],
): { kind: ServedKind; name: string; namespace: string | undefined }[] {
  const served = new Map(kinds.map((kind) => [groupKindOf(kind), kind]));
  return [...origins.keys()].flatMap((key) => {
    const id = idOfKey(key);
    const kind = served.get(groupKindOf(id));
    if (!kind || id.namespace === home) return [];
    return { kind, name: id.name, namespace: id.namespace === "" ? undefined : id.namespace };
  });
}

async function readPlaces(
  kube: Kube,
  home: string,
  argos: readonly InstalledArgo[],
): Promise<readonly ArgoPlaces[]> {
  const namespaces = new Set([home, ...argos.map((argo) => argo.namespace)]);
  if (namespaces.size === 1) return [];
  const answers = await collect(namespaces, (namespace) => heard(readArgoSettings(kube, namespace)));
  const known = answers.flatMap((answer) => ("value" in answer ? answer.value : []));
  return known.length === answers.length ? known : [];
}

async function applicationAround(kube: Kube, record: ConfigMap): Promise<ManagingApplication[]> {
  const name = possibleApplication(record);
  if (name === undefined) return [];
  const found = await kube.find(ManagingApplication, { name, namespace: record.metadata.namespace });
  return found ? [found] : [];
}

async function collect<T, R>(items: Iterable<T>, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for await (const result of concurrently(items, atOnce, work)) results.push(result);
  return results;
}
