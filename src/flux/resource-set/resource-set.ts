/** ResourceSet and what gives it inputs: the fields that flamingo reads (flux-operator 0.59, fluxcd.controlplane.io/v1). */
import type { Kind, KubeObject } from "../../kube/object.js";
import { isOfKind } from "../../kube/object-id.js";
import type { CommonMetadata } from "../common-metadata.js";
import { operatorGroup } from "../groups.js";
import type { OperatorSpec, OperatorStatus } from "../operator-status.js";
import type { Value } from "./template/values.js";

/** What a template is filled in with. */
export type Inputs = Readonly<Record<string, Value>>;

/** Templates of resources: objects with `<< >>` in their texts, and YAML with it anywhere. */
export interface Templates {
  resources?: object[];
  resourcesTemplate?: string;
}

export interface ResourceSet extends KubeObject {
  kind: "ResourceSet";
  spec?: OperatorSpec &
    Templates & {
      /** objects of any kind */
      dependsOn?: { apiVersion?: string; kind?: string; name?: string; namespace?: string }[];
      inputs?: Inputs[];
      inputsFrom?: { name?: string; selector?: object }[];
      /** "Flatten" (the default), "Permute" */
      inputStrategy?: { name?: string };
      /** applied one after the other */
      steps?: Templates[];
      commonMetadata?: CommonMetadata;
    };
  status?: OperatorStatus;
}

export interface ResourceSetInputProvider extends KubeObject {
  spec?: {
    /** "Static", "GitHubPullRequest", "OCIArtifactTag" */
    type?: string;
    /** of a Static one: its inputs */
    defaultValues?: Inputs;
  };
}

export const ResourceSet: Kind<ResourceSet> = {
  group: operatorGroup,
  kind: "ResourceSet",
  plural: "resourcesets",
};

export const ResourceSetInputProvider: Kind<ResourceSetInputProvider> = {
  group: operatorGroup,
  kind: "ResourceSetInputProvider",
  plural: "resourcesetinputproviders",
};

export function isResourceSet(object: KubeObject): object is ResourceSet {
  return isOfKind(object, ResourceSet);
}

export function isInputProvider(object: KubeObject): object is ResourceSetInputProvider {
  return isOfKind(object, ResourceSetInputProvider);
}
