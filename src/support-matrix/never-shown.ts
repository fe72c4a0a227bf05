import type { Workload } from "../flux/workload.js";

/** Something about one workload that no FSA image shows, whatever its version. */
export interface NeverShown {
  id: "other-namespaces" | "hidden-kinds" | "kubeconfig";
  /** behind "WORKLOAD: " */
  text: string;
}

/**
 * What every FSA image leaves out (read in the patches of gitops-engine and Argo CD, all series): it walks only the
 * namespace of the Flux object, never attaches StatefulSets and Secrets, and does not follow `spec.kubeConfig`.
 */
export function neverShown(
  workload: Pick<Workload, "namespace" | "targetNamespace" | "hidden" | "hasKubeConfig">,
): NeverShown[] {
  const { namespace, targetNamespace, hidden, hasKubeConfig } = workload;
  const never: NeverShown[] = [];
  if (hidden.otherNamespaces > 0 || (targetNamespace && targetNamespace !== namespace))
    never.push({
      id: "other-namespaces",
      text: "an FSA image shows none of its objects in other namespaces",
    });
  if (hidden.statefulSets + hidden.secrets > 0)
    never.push({ id: "hidden-kinds", text: "an FSA image shows none of its StatefulSets and Secrets" });
  if (hasKubeConfig)
    never.push({
      id: "kubeconfig",
      text: "spec.kubeConfig sends its objects to another cluster, where an FSA image does not look for them",
    });
  return never;
}
