import { operatorGroup } from "../../flux/groups.js";
import type { KubeObject } from "../../kube/object.js";
import { applicationValidations, fluxValidations, variables } from "./admission-rules.js";
import type { Validation } from "./cel.js";
import { clusterWideName, engineUsername, metadataOf } from "./names.js";

interface Specified extends KubeObject {
  spec: object;
}

const apiVersion = "admissionregistration.k8s.io/v1";

/**
 * What of its rights to write the engine has use for. Roles know no fields, and who may change the spec of a Kustomization can do
 * anything in the cluster. Asked of nobody but its ServiceAccount; what cannot be checked is refused.
 */
export function admissionPolicies(namespace: string): KubeObject[] {
  return [
    ...policyWithBinding(namespace, "applications", {
      apiGroups: ["argoproj.io"],
      resources: ["applications", "applications/*"],
      operations: ["CREATE", "UPDATE", "DELETE"],
      validations: applicationValidations,
    }),
    ...policyWithBinding(namespace, "flux", {
      apiGroups: [
        "kustomize.toolkit.fluxcd.io",
        "helm.toolkit.fluxcd.io",
        "source.toolkit.fluxcd.io",
        "source.extensions.fluxcd.io",
        operatorGroup,
      ],
      resources: ["*/*"],
      // to delete, by cascade, is a right of its own
      operations: ["CREATE", "UPDATE"],
      validations: fluxValidations,
    }),
  ];
}

interface Subject {
  apiGroups: string[];
  resources: string[];
  operations: string[];
  validations: readonly Validation[];
}

function policyWithBinding(
  namespace: string,
  subject: string,
  { validations, ...rule }: Subject,
): Specified[] {
  const metadata = metadataOf(`${clusterWideName(namespace)}-${subject}`);
  const username = engineUsername(namespace);
  return [
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicy",
      metadata,
      spec: {
        failurePolicy: "Fail",
        matchConstraints: { resourceRules: [{ ...rule, apiVersions: ["*"] }] },
        matchConditions: [{ name: "the-engine", expression: `request.userInfo.username == '${username}'` }],
        variables,
        validations: validations.map(({ only, expression }) => ({
          expression,
          message: `flamingo loopback may not do this: ${only}`,
          // as a missing right, which the engine can tell people
          reason: "Forbidden",
        })),
      },
    },
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata,
      spec: { policyName: metadata.name, validationActions: ["Deny"] },
    },
  ];
}
