import type { AppProject } from "../../argo/app-project.js";
import type { Application } from "../../argo/application.js";
import { isUnreadableExpression, namespaceMatcher } from "../../argo/glob.js";
import { type DestinationCluster, looksAt } from "../../argo/own-cluster.js";
import { type ArgoSettings, admitsApplicationsIn } from "../../argo/settings.js";
import { bucketUrl } from "../../flux/bucket-url.js";
import type { SourceChain, SourceLink } from "../../flux/source-chain.js";
import type { Bucket } from "../../flux/sources.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, keyOf, type ObjectId } from "../../kube/object-id.js";
import type { Permissions } from "./permissions.js";
import { isRepositoryPermitted } from "./repository.js";

export interface Claim {
  application: Application;
  project: AppProject;
  cluster: DestinationCluster;
  permissions: Permissions;
  argo: Pick<ArgoSettings, "namespace" | "applicationNamespaces" | "inClusterEnabled">;
  workload: ObjectId;
  chain: SourceChain;
}

/**
 * Why an Application may show nothing at all, as a sentence for those who may see the Application and nothing else; undefined
 * when it may.
 */
export function denialOf({
  application,
  project,
  cluster,
  permissions,
  argo,
  workload,
  chain,
}: Claim): string | undefined {
  const { name } = project.metadata;
  if (!argo.inClusterEnabled)
    return "Argo CD is told not to manage the cluster that it runs in (cluster.inClusterEnabled)";
  const { namespace = argo.namespace } = application.metadata;
  if (!isApplicationNamespace(namespace, project, argo)) {
    const isUnread = (project.spec?.sourceNamespaces ?? []).some(isUnreadableExpression);
    const why = isUnread ? ": one of its sourceNamespaces is no expression of RE2" : "";
    return `Applications in the namespace ${namespace} may not use the AppProject ${name}${why}`;
  }
  if (!looksAt(cluster, workload.namespace))
    return `Argo CD does not look at the namespace ${workload.namespace}: the Secret of its own cluster names others`;
  if (!permissions.namespace(workload.namespace)) {
    return `The AppProject ${name} does not permit the namespace ${workload.namespace} on this cluster`;
  }
  if (!permissions.object(workload)) {
    return `The AppProject ${name} does not permit ${workload.group} ${workload.kind}`;
  }
  const patterns = project.spec?.sourceRepos ?? [];
  // one that is not named is permitted where all are, as in Argo CD
  const { repoURL = "" } = application.spec?.source ?? {};
  if (!isRepositoryPermitted(patterns, repoURL)) {
    return `The AppProject ${name} does not permit the repository of this Application`;
  }
  // the Application's words are anybody's who may edit it: what counts is where the content comes from
  const isForeign = chain.links.some(({ object }) => !isSourcePermitted(patterns, object));
  if (isForeign) return `The AppProject ${name} does not permit the repository of this workload's source`;
  const isRestricted = !patterns.includes("*") || patterns.some((pattern) => pattern.startsWith("!"));
  return isRestricted && !isOriginKnown(chain)
    ? `The AppProject ${name} does not permit every repository, and that of this workload's source is not known`
    : undefined;
}

/** Whether each source is there, back to those that other sources are not made from, and each of these has an address. */
function isOriginKnown({ links, dangling }: SourceChain): boolean {
  const known = new Set(links.map(({ object }) => keyOf(idOf(object))));
  const isKnown = ({ object, parents }: SourceLink) =>
    parents.length > 0 ? parents.every((parent) => known.has(parent)) : urlOf(object) !== undefined;
  return dangling.length === 0 && links.every(isKnown);
}

function isApplicationNamespace(namespace: string, { spec }: AppProject, argo: Claim["argo"]): boolean {
  if (namespace === argo.namespace) return true;
  const { sourceNamespaces = [] } = spec ?? {};
  return (
    admitsApplicationsIn(namespace, argo) &&
    sourceNamespaces.some((pattern) => namespaceMatcher(pattern)(namespace))
  );
}

/** People write addresses into an AppProject in the forms that Applications have; a "!" counts against each form. */
function isSourcePermitted(patterns: readonly string[], source: LiveObject): boolean {
  const url = urlOf(source);
  if (url === undefined) return true;
  const forms = formsOf(url);
  const forbidding = patterns.filter((pattern) => pattern.startsWith("!"));
  return (
    forms.some((form) => isRepositoryPermitted(patterns, form)) &&
    (forbidding.length === 0 || forms.every((form) => isRepositoryPermitted(forbidding, form)))
  );
}

function urlOf(source: LiveObject & { spec?: { url?: string } }): string | undefined {
  if (source.kind !== "Bucket") return source.spec?.url;
  const address = bucketUrl((source as Bucket).spec ?? {});
  return "url" in address ? address.url : undefined;
}

/** A chart in an OCI registry: with and without "oci://", with and without the chart's name. */
function formsOf(url: string): string[] {
  if (!url.startsWith("oci://")) return [url];
  const registry = url.slice(0, url.lastIndexOf("/"));
  const forms = registry.length > "oci://".length ? [url, registry] : [url];
  return forms.flatMap((form) => [form, form.slice("oci://".length)]);
}
