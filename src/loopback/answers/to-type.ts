/** What a refusal ends with: the command that does what Argo CD's button does not. Pure. */
import type { Application } from "../../argo/application.js";
import { askableKind } from "../../flux/workload.js";
import type { KubeObject } from "../../kube/object.js";
import { resourceName } from "../../kube/resource.js";
import { defaultAppNamespace } from "../../names.js";

/** An Application as flamingo's commands take it: "podinfo", and from another namespace than the usual one "podinfo -N apps". */
export function typedName({ metadata: { name, namespace } }: Application): string {
  return namespace === defaultAppNamespace ? name : `${name} -N ${namespace}`;
}

/** What changes an object of Flux: "kubectl edit gitrepositories.source.toolkit.fluxcd.io podinfo -n apps". */
export function editing(object: KubeObject): string {
  const { name, namespace } = object.metadata;
  return `kubectl edit ${resourceName(askableKind(object))} ${name} -n ${namespace}`;
}
