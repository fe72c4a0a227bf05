import { Application } from "../../argo/application.js";
import { HelmRelease } from "../../flux/helm-release.js";
import { Kustomization } from "../../flux/kustomization.js";
import { type Act, canI, mayI } from "../../kube/access-review.js";
import {
  ClusterRole,
  ClusterRoleBinding,
  CustomResourceDefinition,
  Deployment,
  Namespace,
  Secret,
  StatefulSet,
} from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { Kind } from "../../kube/object.js";
import { resourceName } from "../../kube/resource.js";
import { type Finding, finding } from "./finding.js";

/** What an install of Argo CD creates without which nothing else of it works, cluster-wide kinds first. */
const created: readonly { kind: Kind; namespaced: boolean }[] = [
  { kind: Namespace, namespaced: false },
  { kind: CustomResourceDefinition, namespaced: false },
  { kind: ClusterRole, namespaced: false },
  { kind: ClusterRoleBinding, namespaced: false },
  { kind: Secret, namespaced: true },
  { kind: Deployment, namespaced: true },
  { kind: StatefulSet, namespaced: true },
  { kind: Application, namespaced: true },
];

/** The rights that `flamingo install` and `flamingo generate-app` need and that are missing, a finding each. */
export async function missingRights(kube: Kube, appNamespace: string): Promise<Finding[]> {
  const acts: Act[] = [
    ...[Kustomization, HelmRelease].map((kind) => ({ verb: "list", kind })),
    ...created.map(({ kind, namespaced }) => ({
      verb: "create",
      kind,
      namespace: namespaced ? appNamespace : undefined,
    })),
  ];
  const allowed = await Promise.all(acts.map((act) => mayI(kube, act)));
  return acts
    .filter((_, index) => !allowed[index])
    .map((act) =>
      finding("no-right", null, {
        why: `you may not ${act.verb} ${resourceName(act.kind)}${act.namespace === undefined ? "" : ` in ${act.namespace}`}`,
        remedy: `Choose another --context or --as, or ask for the right; to check it: ${canI(act)}`,
      }),
    );
}
