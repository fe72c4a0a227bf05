/** Whose the things around an install are, which decides what goes with it. Pure. */

import { AppProject } from "../../argo/app-project.js";
import { Application, ApplicationSet } from "../../argo/application.js";
import { isGenerated } from "../../argo/generated.js";
import { initialPlace } from "../../argo/installed/initial-password.js";
import { shardNamed } from "../../argo/loopback-lease.js";
import { secretType } from "../../argo/repositories.js";
import { admitsApplicationsIn } from "../../argo/settings.js";
import { applierOf } from "../../flux/applied-by.js";
import { isFluxGroup } from "../../flux/groups.js";
import { HelmRelease } from "../../flux/helm-release.js";
import {
  ConfigMap,
  CustomResourceDefinition,
  Deployment,
  Lease,
  Secret,
  ServiceAccount,
  StatefulSet,
} from "../../kube/kinds.js";
import type { Kind, KubeObject, LiveObject } from "../../kube/object.js";
import { groupOf, idOfKey, isOfKind, keyOf, objectId } from "../../kube/object-id.js";
import { resourceName } from "../../kube/resource.js";
import { isEngine } from "../engine/names.js";
import { helmReleaseName, releaseName } from "../helm-release.js";
import type { Installed } from "./installed.js";

/** What of an install is flamingo's own work. */
export interface Ownership {
  /** its Argo CD, or the CRDs of one that is not there: otherwise that was found, and stays */
  argo: boolean;
  /** an engine, without which nobody speaks for Applications of the form loopback */
  engine: boolean;
}

export function ownershipOf({ origins, namespace }: Installed): Ownership {
  const isCreated = (kind: Kind, name: string, home?: string) =>
    origins.get(keyOf(objectId(kind, { name, namespace: home }))) === "created";
  const engines = [...origins.keys()].map(idOfKey).filter(isEngine);
  return {
    argo:
      isCreated(StatefulSet, "argocd-application-controller", namespace) ||
      isCreated(HelmRelease, helmReleaseName, namespace) ||
      isCreated(CustomResourceDefinition, resourceName(Application)),
    engine: engines.some(({ name }) => isCreated(Deployment, name, namespace)),
  };
}

/**
 * Who made an object that the record does not name: flamingo afterwards, its engine, Argo CD itself at run time, people in Argo CD
 * ("declared"), or anybody else. What goes with others, or with its namespace, goes "by itself".
 */
export type Maker = "flamingo" | "engine" | "Argo CD" | "declared" | "by itself" | "others";

export function makerOf(object: LiveObject, installed: Installed): Maker {
  const isHere = object.metadata.namespace === installed.namespace;
  if (!isHere && !isOfThisArgo(object, installed)) return "others";
  if (isHere && isOfKind(object, Lease) && shardNamed(object.metadata.name)) return "engine";
  if (isHere && isMadeByArgo(object)) return "Argo CD";
  if (isMadeByFlamingo(object)) return "flamingo";
  if (isDeclared(object)) return "declared";
  if (isHere && (isOfKubernetes(object) || isOfRelease(object, installed))) return "by itself";
  return "others";
}

/** The Go CLI marks its Secrets of clusters with this label. */
function isMadeByFlamingo(object: LiveObject): boolean {
  if (isOfKind(object, Application)) return isGenerated(object);
  return isOfKind(object, Secret) && object.metadata.labels?.["flamingo/cluster"] === "true";
}

/** Those of other namespaces, too, where no other Argo CD could have them. */
function isOfThisArgo(object: LiveObject, { namespace, argos, places, othersUnseen }: Installed): boolean {
  if (othersUnseen.length > 0 || !declaredKinds.some((kind) => isOfKind(object, kind))) return false;
  if (argos.every((argo) => argo.namespace === namespace)) return true;
  const { namespace: where = "" } = object.metadata;
  const admitting = places.filter((argo) => admitsApplicationsIn(where, argo));
  return isOfKind(object, Application) && admitting.length === 1 && admitting[0]?.namespace === namespace;
}

const declaredKinds: readonly Kind[] = [Application, ApplicationSet, AppProject];

/** Repositories and clusters are Secrets. */
function isDeclared(object: LiveObject): boolean {
  const isSecret = isOfKind(object, Secret) && object.metadata.labels?.[secretType] !== undefined;
  return isSecret || declaredKinds.some((kind) => isOfKind(object, kind));
}

/** What is in none of its manifests (Argo CD 2.2 to 3.6; `common/common.go`). */
const madeByArgo: readonly [Kind, string][] = [
  [Secret, "argocd-redis"],
  [Secret, initialPlace.secret],
  [ConfigMap, "argocd-app-controller-shard-cm"],
  [AppProject, "default"],
];

function isMadeByArgo(object: LiveObject): boolean {
  const isLease = isOfKind(object, Lease) && object.metadata.name.endsWith(".argoproj.io");
  return isLease || madeByArgo.some(([kind, name]) => isNamed(object, kind, name));
}

/** What belongs to another object goes with that, and every namespace has some of its own. Of Flux nothing goes by itself. */
function isOfKubernetes(object: LiveObject): boolean {
  const { ownerReferences = [], annotations = {} } = object.metadata;
  return (
    (ownerReferences.length > 0 && !isFluxGroup(groupOf(object.apiVersion))) ||
    isNamed(object, ServiceAccount, "default") ||
    isNamed(object, ConfigMap, "kube-root-ca.crt") ||
    // tokens of Kubernetes before 1.24
    annotations["kubernetes.io/service-account.name"] !== undefined
  );
}

/** What helm-controller applies, and Helm keeps and leaves behind (hooks, the release itself), of an install by HelmRelease. */
function isOfRelease(object: LiveObject, { origins, namespace }: Installed): boolean {
  if (!origins.has(keyOf(objectId(HelmRelease, { namespace, name: helmReleaseName })))) return false;
  const { name, labels = {} } = object.metadata;
  const applier = applierOf(object, "HelmRelease");
  return (
    (applier?.name === helmReleaseName && applier.namespace === namespace) ||
    (labels["app.kubernetes.io/managed-by"] === "Helm" &&
      labels["app.kubernetes.io/instance"] === releaseName) ||
    (isOfKind(object, Secret) && name.startsWith(`sh.helm.release.v1.${releaseName}.`))
  );
}

function isNamed(object: KubeObject, kind: Kind, name: string): boolean {
  return object.metadata.name === name && isOfKind(object, kind);
}
