import {
  admitsApplicationsIn,
  applicationNamespacesIn,
  impersonates,
  isInClusterEnabled,
} from "../../argo/settings.js";
import { argoHas } from "../../argo/versions.js";
import type { ConfigMap } from "../../kube/kinds.js";
import { inClusterServer } from "../../names.js";
import type { AppRecord } from "./applications.js";
import { type Finding, type FoundObject, finding } from "./finding.js";

/** What an Argo CD is told, as far as it was read. */
export interface ToldArgo {
  namespace: string;
  /** "3.5.1" */
  version: string | undefined;
  /** `argocd-cm`; undefined where there is none, or it may not be read */
  config: ConfigMap | undefined;
  /** `argocd-cmd-params-cm`; "unread" where it may not be read, or nobody needs it */
  params: ConfigMap | "unread" | undefined;
}

/** What Argo CD is told by which Applications of Flux are not shown, or their buttons do nothing. */
export function settingFindings(apps: readonly AppRecord[], argo: ToldArgo): Finding[] {
  const shown = apps.filter(({ engine }) => engine !== undefined);
  return [...notAdmitted(shown, argo), ...ownClusterDisabled(shown, argo), ...impersonated(shown, argo)];
}

function notAdmitted(apps: readonly AppRecord[], { namespace: argo, params }: ToldArgo): Finding[] {
  if (params === "unread") return [];
  const admitting = { namespace: argo, applicationNamespaces: applicationNamespacesIn(params?.data) };
  return apps
    .filter(({ namespace }) => !admitsApplicationsIn(namespace, admitting))
    .map(({ namespace, name }) =>
      finding(
        "application-not-admitted",
        { kind: "Application", namespace, name },
        {
          why: `it is in ${namespace}, and the Argo CD in ${argo} does not look for Applications there: nobody shows it, and nothing is written into it`,
          remedy: `Add ${namespace} to application.namespaces of the ConfigMap argocd-cmd-params-cm in ${argo}, and start Argo CD anew; or move the Application to ${argo}`,
        },
      ),
    );
}

function ownClusterDisabled(apps: readonly AppRecord[], { namespace, config }: ToldArgo): Finding[] {
  const count = apps.filter(({ cluster }) => cluster === inClusterServer).length;
  if (count === 0 || isInClusterEnabled(config?.data)) return [];
  return [
    finding("own-cluster-disabled", configOf(namespace), {
      why: `cluster.inClusterEnabled is "false": Argo CD does not know the cluster that it runs in, which is where what ${applications(count)} of Flux ${count === 1 ? "shows" : "show"} is`,
      remedy: "Take cluster.inClusterEnabled out, or make the Applications for another cluster (--server)",
    }),
  ];
}

function impersonated(apps: readonly AppRecord[], { namespace, version, config }: ToldArgo): Finding[] {
  if (version === undefined || !argoHas("impersonatesActions", version) || !impersonates(config?.data))
    return [];
  const projects = new Set(apps.map(({ project }) => project));
  if (projects.size === 0) return [];
  return [
    finding("impersonation", configOf(namespace), {
      why: `application.sync.impersonation.enabled is "true": from 3.5 on what people press on nodes of ${applications(apps.length)} of Flux is done as an account of the AppProject (${[...projects].sort().join(", ")}), which needs rights on Flux's kinds`,
      remedy:
        "Give the accounts of destinationServiceAccounts the rights to get and patch the kinds of Flux; flamingo suspend, resume and reconcile do without",
    }),
  ];
}

function configOf(namespace: string): FoundObject {
  return { kind: "ConfigMap", namespace, name: "argocd-cm" };
}

function applications(count: number): string {
  return count === 1 ? "the Application" : `the ${count} Applications`;
}
