import { Application } from "../../argo/application.js";
import { HelmRelease } from "../../flux/helm-release.js";
import { Kustomization } from "../../flux/kustomization.js";
import { canI, mayI } from "../../kube/access-review.js";
import type { Access } from "../../kube/asked.js";
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
const created: readonly Kind[] = [
  Namespace,
  CustomResourceDefinition,
  ClusterRole,
  ClusterRoleBinding,
  Secret,
  Deployment,
  StatefulSet,
  Application,
];

/** The rights that `flamingo install` and `flamingo generate-app` need and that are missing, a finding each. */
export async function missingRights(kube: Kube, appNamespace: string): Promise<Finding[]> {
  const needed: Access[] = [
    ...[Kustomization, HelmRelease].map((kind) => ({ verb: "list" as const, kind })),
    ...created.map((kind) => ({
      verb: "create" as const,
      kind,
      namespace: kind.namespaced === false ? undefined : appNamespace,
    })),
  ];
  const allowed = await Promise.all(needed.map((access) => mayI(kube, access)));
  return needed
    .filter((_, index) => !allowed[index])
    .map((access) => {
      const { verb, kind, namespace } = access;
      return finding("no-right", null, {
        why: `you may not ${verb} ${resourceName(kind)}${namespace === undefined ? "" : ` in ${namespace}`}`,
        remedy: `Choose another --context or --as, or ask for the right; to check it: ${canI(access)}`,
      });
    });
}
