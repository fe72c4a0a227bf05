/** ResourceSet and what gives it inputs: the fields that flamingo reads (flux-operator 0.59, fluxcd.controlplane.io/v1). */
import type { Kind, KubeObject } from "../../kube/object.js";
import { isOfKind } from "../../kube/object-id.js";
import type { CommonMetadata } from "../common-metadata.js";
import { operatorGroup } from "../groups.js";
import type { Value } from "./template/values.js";

/** What a template is filled in with. */
export type Inputs = Readonly<Record<string, Value>>;

/** Templates of resources: objects with `<< >>` in their texts, and YAML with it anywhere. */
export interface Templates {
  resources?: object[];
  resourcesTemplate?: string;
}

export interface ResourceSet extends KubeObject {
  spec?: Templates & {
    inputs?: Inputs[];
    inputsFrom?: { name?: string; selector?: object }[];
    /** "Flatten" (the default), "Permute" */
    inputStrategy?: { name?: string };
    /** applied one after the other */
    steps?: Templates[];
    commonMetadata?: CommonMetadata;
  };
}

export interface ResourceSetInputProvider extends KubeObject {
  spec?: {
    /** "Static", "GitHubPullRequest", "OCIArtifactTag" */
    type?: string;
    /** of a Static one: its inputs */
    defaultValues?: Inputs;
  };
}

export const ResourceSet: Pick<Kind, "group" | "kind"> = { group: operatorGroup, kind: "ResourceSet" };

export const ResourceSetInputProvider: Pick<Kind, "group" | "kind"> = {
  group: operatorGroup,
  kind: "ResourceSetInputProvider",
};

export function isResourceSet(object: KubeObject): object is ResourceSet {
  return isOfKind(object, ResourceSet);
}

export function isInputProvider(object: KubeObject): object is ResourceSetInputProvider {
  return isOfKind(object, ResourceSetInputProvider);
}
