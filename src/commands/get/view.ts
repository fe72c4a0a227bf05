import type { Shown } from "../../applications/shown/row.js";
import { Application } from "../../argo/application.js";
import { shortKind, type WorkloadKind } from "../../flux/workload.js";
import { kubectlName } from "../../kube/object-id.js";
import type { ListView } from "../../output/list-view.js";
import { renderAge } from "../../text/duration.js";

/**
 * How Applications are listed.
 *
 * @param now ages are as of then
 * @param empty said when there are none
 */
export function shownView(now: () => Date, empty: string): ListView<Shown> {
  return {
    columns: {
      NAMESPACE: ({ workload }) => workload.namespace,
      APP: ({ name }) => name,
      "FLUX-TYPE": ({ workload }) => workload.kind,
      "SOURCE-TYPE": ({ sourceType }) => sourceType,
      CLUSTER: ({ cluster }) => cluster,
      SUSPENDED: ({ suspended }) => (suspended === null ? null : suspended ? "True" : "False"),
      READY: ({ ready }) => ready,
      STATUS: ({ name, health }) => (name === null ? null : (health ?? "Unknown")),
      MESSAGE: ({ message }) => message,
    },
    wide: {
      "APP-NS": ({ appNamespace }) => appNamespace,
      REVISION: ({ revision }) => revision && shortened(revision),
      AGE: ({ createdAt }) => createdAt && renderAge(now().getTime() - Date.parse(createdAt)),
    },
    name: ({ name, workload }) =>
      name === null
        ? `${shortKind[workload.kind as WorkloadKind]}/${workload.name}`
        : kubectlName({ ...Application, name }),
    empty,
  };
}

/** Commits and digests, as Flux shortens them. */
function shortened(revision: string): string {
  return revision.replace(/[0-9a-f]{40,}/g, (hex) => hex.slice(0, 8));
}
