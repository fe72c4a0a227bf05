import { UserError } from "../errors.js";
import { ConfigMap } from "../kube/kinds.js";
import type { KubeObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";
import { readYaml, YamlError } from "../yaml.js";
import { globMatcher, isUnreadableExpression, namespaceMatcher } from "./glob.js";
import { type GlobalProject, isGlobalProject } from "./global-projects.js";

/** What Argo CD is told in its ConfigMaps and a report has to keep to. */
export interface ArgoSettings {
  /** where Argo CD itself runs */
  namespace: string;
  /** patterns of further namespaces with Applications: `application.namespaces` */
  applicationNamespaces: readonly string[];
  /** whether Argo CD manages the cluster that it runs in: `cluster.inClusterEnabled` */
  inClusterEnabled: boolean;
  exclusions: readonly FilteredKinds[];
  inclusions: readonly FilteredKinds[];
  globalProjects: readonly GlobalProject[];
  /** kinds whose health a script in argocd-cm tells, as `groupKindOf()` writes them: `resource.customizations.health.GROUP_KIND` */
  healthChecks: readonly string[];
  /** annotations of Secrets whose values are hidden */
  sensitiveAnnotations: readonly string[];
  /** labels shown on nodes */
  customLabels: readonly string[];
  /** labels of machines shown with them */
  nodeLabels: readonly string[];
  /** patterns of the labels that Events about Applications get: `resource.includeEventLabelKeys`, `resource.excludeEventLabelKeys` */
  eventLabels: { included: readonly string[]; excluded: readonly string[] };
}

/** An item of `resource.exclusions` and `resource.inclusions`; a list that is not there means all. */
export interface FilteredKinds {
  apiGroups?: string[];
  kinds?: string[];
  clusters?: string[];
}

/** The ConfigMaps that {@link argoSettingsFrom} reads, in the order in which it takes them. */
export const settingsNames: readonly string[] = ["argocd-cm", "argocd-cmd-params-cm"];

/** Whether an object has the name of one of them. */
export function isSettings(object: KubeObject): boolean {
  return settingsNames.includes(object.metadata.name) && isOfKind(object, ConfigMap);
}

type Data = Readonly<Record<string, string>> | undefined;

/**
 * @param cm the data of argocd-cm
 * @param params the data of argocd-cmd-params-cm
 * @throws UserError that names the key which cannot be read
 */
export function argoSettingsFrom(namespace: string, cm: Data, params: Data): ArgoSettings {
  return {
    namespace,
    applicationNamespaces: applicationNamespacesIn(params),
    inClusterEnabled: isInClusterEnabled(cm),
    exclusions: itemsIn(cm, "resource.exclusions", filters),
    inclusions: itemsIn(cm, "resource.inclusions", filters),
    globalProjects: itemsIn(cm, "globalProjects", globals),
    healthChecks: healthChecksIn(cm),
    sensitiveAnnotations: listIn(cm?.["resource.sensitive.mask.annotations"]),
    customLabels: listIn(cm?.["resource.customLabels"]),
    nodeLabels: listIn(cm?.["application.allowedNodeLabels"]),
    eventLabels: {
      included: listIn(cm?.["resource.includeEventLabelKeys"]),
      excluded: listIn(cm?.["resource.excludeEventLabelKeys"]),
    },
  };
}

/** Patterns of further namespaces with Applications, by the data of argocd-cmd-params-cm. */
export function applicationNamespacesIn(params: Data): string[] {
  return listIn(params?.["application.namespaces"]);
}

/** Whether Argo CD manages the cluster that it runs in, by the data of argocd-cm. */
export function isInClusterEnabled(cm: Data): boolean {
  return cm?.["cluster.inClusterEnabled"] !== "false";
}

/** Whether Argo CD does what it does for an Application as the account that its AppProject names, by the data of argocd-cm. */
export function impersonates(cm: Data): boolean {
  return cm?.["application.sync.impersonation.enabled"] === "true";
}

/** Whether Argo CD looks for Applications in a namespace: its own, and those of `application.namespaces`. */
export function admitsApplicationsIn(
  namespace: string,
  argo: Pick<ArgoSettings, "namespace" | "applicationNamespaces">,
): boolean {
  return (
    namespace === argo.namespace ||
    argo.applicationNamespaces.some((pattern) => namespaceMatcher(pattern)(namespace))
  );
}

/** What is in the settings that cannot be read, and is passed over: sentences. */
export function unreadableIn({ applicationNamespaces }: ArgoSettings): string[] {
  return applicationNamespaces
    .filter(isUnreadableExpression)
    .map(
      (pattern) =>
        `${pattern} in application.namespaces of the ConfigMap argocd-cmd-params-cm is no expression of RE2: it admits no namespace`,
    );
}

const healthKey = "resource.customizations.health.";

/** A kind of the core group stands there alone. */
function healthChecksIn(cm: Data): string[] {
  return Object.keys(cm ?? {})
    .filter((key) => key.startsWith(healthKey))
    .map((key) => key.slice(healthKey.length).split("_"))
    .map(([group = "", kind]) => (kind === undefined ? `/${group}` : `${group}/${kind}`));
}

function listIn(text = ""): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** A list in a ConfigMap. */
interface ListForm<T> {
  is(item: unknown): item is T;
  /** as the end of a sentence */
  otherwise: string;
  documented: string;
}

const filters: ListForm<FilteredKinds> = {
  is: isFilter,
  otherwise: "an item is no map of lists of texts",
  documented: "resource exclusions",
};

const globals: ListForm<GlobalProject> = {
  is: isGlobalProject,
  otherwise: "an item has no projectName, or a labelSelector that is none",
  documented: "global projects",
};

function itemsIn<T>(cm: Data, key: string, { is, otherwise, documented }: ListForm<T>): T[] {
  const text = cm?.[key];
  if (!text) return [];
  const cannot = (why: string, cause?: unknown) =>
    new UserError(`Cannot read ${key} of the ConfigMap argocd-cm: ${why}`, {
      hint: `Argo CD's documentation of ${documented} shows its form`,
      cause,
    });
  try {
    const [list] = readYaml(text);
    if (!Array.isArray(list)) throw cannot("it is no list");
    return list.map((item) => {
      if (!is(item)) throw cannot(otherwise);
      return item;
    });
  } catch (error) {
    if (error instanceof YamlError) throw cannot(`line ${error.line}: ${error.message}`, error);
    throw error;
  }
}

function isFilter(item: unknown): item is FilteredKinds {
  if (typeof item !== "object" || item === null) return false;
  const { apiGroups, kinds, clusters } = item as Record<string, unknown>;
  const isList = (value: unknown) =>
    value === undefined || (Array.isArray(value) && value.every((text) => typeof text === "string"));
  return [apiGroups, kinds, clusters].every(isList);
}

/** What Argo CD never watches, whatever it is told (util/settings `coreExcludedResources`). */
const alwaysExcluded: readonly FilteredKinds[] = [
  { apiGroups: ["events.k8s.io", "metrics.k8s.io"] },
  { apiGroups: [""], kinds: ["Event"] },
  { apiGroups: ["coordination.k8s.io"], kinds: ["Lease"] },
];

/**
 * Which kinds Argo CD leaves out on a cluster: those excluded and, when anything is included there, those not included.
 *
 * @param server the cluster's URL, which `clusters` patterns are meant for
 */
export function exclusionOn(
  { exclusions, inclusions }: Pick<ArgoSettings, "exclusions" | "inclusions">,
  server: string,
): (id: { group: string; kind: string }) => boolean {
  const excluded = [...alwaysExcluded, ...exclusions].map((item) => filterMatcher(item, server));
  const included = inclusions.map((item) => filterMatcher(item, server));
  const restricted = inclusions.some((item) => isOn(item, server));
  return (id) => {
    if (excluded.some((matches) => matches(id))) return true;
    return restricted && !included.some((matches) => matches(id));
  };
}

function filterMatcher(
  item: FilteredKinds,
  server: string,
): (id: { group: string; kind: string }) => boolean {
  if (!isOn(item, server)) return () => false;
  const { apiGroups = [], kinds = [] } = item;
  const groups = apiGroups.map((pattern) => globMatcher(pattern));
  return ({ group, kind }) =>
    (groups.length === 0 || groups.some((matches) => matches(group))) &&
    (kinds.length === 0 || kinds.includes("*") || kinds.includes(kind));
}

function isOn({ clusters = [] }: FilteredKinds, server: string): boolean {
  return clusters.length === 0 || clusters.some((pattern) => globMatcher(pattern)(server));
}
