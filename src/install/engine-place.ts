import { settingsNames } from "../argo/settings.js";
import type { InstalledFlux } from "../flux/installed/installed-flux.js";
import { fluxHas } from "../flux/versions.js";
import { readArgoSettings } from "../gather/argo-settings.js";
import { allOf } from "../kube/all-of.js";
import type { KeyRef, TextSource, Texts } from "../kube/container/env.js";
import {
  ConfigMap,
  Deployment,
  Namespace,
  NetworkPolicy,
  type PodRunner,
  Service,
  StatefulSet,
} from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import type { Kind, KubeObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";
import { permitted } from "../kube/permitted.js";
import { objectsForSettings, redisSettingsFrom } from "../loopback/redis/settings.js";
import { stockSettings } from "../loopback/rights.js";
import { redisPolicyFor } from "./engine/redis-policy.js";
import { isPattern } from "./engine/roles.js";
import type { EngineWish } from "./engine/wish.js";

/** What an engine has to know of the Argo CD beside it: how to get through to redis, and what else it must be permitted to read. */
type ArgoBeside = Pick<EngineWish, "redis" | "settings">;

/** The cluster for an engine. */
export interface EnginePlace
  extends ArgoBeside,
    Pick<EngineWish, "admissionPolicy" | "helmStorage" | "appNamespaces"> {
  /** ServiceMonitors */
  servesMonitors: boolean;
  /** why `redis` is not known: "cannot list NetworkPolicies: …" */
  unknown: readonly string[];
  /** namespaces where Argo CD would look for Applications, if they existed */
  missing: readonly string[];
}

/** Where no cluster is looked at: a new one, with a new Flux. */
export const newPlace: EnginePlace = {
  admissionPolicy: true,
  helmStorage: false,
  appNamespaces: [],
  redis: undefined,
  servesMonitors: true,
  unknown: [],
  missing: [],
};

/**
 * Of Argo CD's own manifests, or of what is there of it.
 *
 * @param objects its Deployments, StatefulSets, Services, ConfigMaps and NetworkPolicies; others do no harm
 */
export function argoBeside(objects: readonly KubeObject[], namespace: string): ArgoBeside {
  const runners = runnersAmong(objects);
  const told = redisSettingsFrom({ runners, configMaps: textsIn(objects), secrets: new Map() });
  if (!told) return { redis: undefined };
  const { ca, cert, key } = told.tls ?? {};
  const needed = objectsForSettings(runners);
  const secrets = namesOf("Secret", [...Object.values(told.credentials), ca, cert, key]);
  return {
    redis: redisPolicyFor(objects, namespace),
    settings: {
      configMaps: [...new Set([...settingsNames, ...namesOf("ConfigMap", needed)])],
      secrets: [...(secrets.length > 0 ? secrets : stockSettings.secrets), ...namesOf("Secret", needed)],
    },
  };
}

function runnersAmong(objects: readonly KubeObject[]): PodRunner[] {
  return objects.filter(
    (object) => isOfKind(object, Deployment) || isOfKind(object, StatefulSet),
  ) as PodRunner[];
}

function textsIn(objects: readonly KubeObject[]): Map<string, Texts> {
  const configMaps = objects.filter((object) => isOfKind(object, ConfigMap)) as ConfigMap[];
  return new Map(configMaps.map(({ metadata, data = {} }) => [metadata.name, data]));
}

function namesOf(kind: KeyRef["kind"], sources: readonly (TextSource | undefined)[]): string[] {
  const names = sources.flatMap((source) =>
    source && "key" in source && source.kind === kind ? source.name : [],
  );
  return [...new Set(names)];
}

const AdmissionPolicy: Kind = {
  group: "admissionregistration.k8s.io",
  kind: "ValidatingAdmissionPolicy",
  plural: "validatingadmissionpolicies",
};
export const ServiceMonitor: Kind = {
  group: "monitoring.coreos.com",
  kind: "ServiceMonitor",
  plural: "servicemonitors",
};

/**
 * The place for an engine in a cluster, beside the Argo CD that is there, if one is.
 *
 * @param namespace of Argo CD
 */
export async function readEnginePlace(
  kube: Kube,
  namespace: string,
  flux: Pick<InstalledFlux, "minor">,
): Promise<EnginePlace> {
  const [policies, monitors, { applicationNamespaces }, beside] = await Promise.all([
    kube.servedVersions(AdmissionPolicy),
    kube.servedVersion(ServiceMonitor),
    readArgoSettings(kube, namespace),
    readArgoBeside(kube, namespace),
  ]);
  const missing = await missingAmong(kube, applicationNamespaces);
  return {
    ...beside,
    admissionPolicy: policies.includes("v1"),
    helmStorage: leavesObjectsToHelm(flux.minor),
    appNamespaces: applicationNamespaces.filter((name) => !missing.includes(name)),
    servesMonitors: monitors !== undefined,
    missing,
  };
}

/** Those that do not exist, of what may be patterns, too. Where nobody may look they are taken to. */
async function missingAmong(kube: Kube, namespaces: readonly string[]): Promise<string[]> {
  const names = namespaces.filter((name) => !isPattern(name));
  const found = await Promise.all(names.map((name) => permitted(kube.find(Namespace, { name }))));
  return names.filter((_, index) => !found[index]?.found && found[index]?.unknown.length === 0);
}

async function readArgoBeside(
  kube: Kube,
  namespace: string,
): Promise<ArgoBeside & Pick<EnginePlace, "unknown">> {
  const list = (kind: Kind) => allOf(kube.list(kind, { namespace }));
  const [policies, ...others] = await Promise.all([
    permitted(list(NetworkPolicy)),
    ...[Deployment, StatefulSet, Service].map(list),
  ]);
  const names = namesOf("ConfigMap", objectsForSettings(runnersAmong(others.flat())));
  const configMaps = await Promise.all(names.map((name) => kube.find(ConfigMap, { name, namespace })));
  const objects = [...others, ...configMaps, policies.found ?? []].flatMap((found) => found ?? []);
  return { ...argoBeside(objects, namespace), unknown: policies.unknown };
}

/** @param minor "2.7", "2.0 or 2.1" */
function leavesObjectsToHelm(minor: string | undefined): boolean {
  const oldest = /^\d+\.\d+/.exec(minor ?? "")?.[0];
  return oldest !== undefined && !fluxHas("listsReleaseObjects", oldest);
}
