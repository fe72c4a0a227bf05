import type { KubeObject } from "../../kube/object.js";
import type { FluxController } from "./controllers.js";
import { isPartOfFlux } from "./version-labels.js";

export interface NamespaceEvidence {
  controllers: readonly Pick<FluxController, "namespace">[];
  crd?: KubeObject | undefined;
  instances: readonly KubeObject[];
  reports: readonly KubeObject[];
  /** those labelled as part of Flux */
  namespaces: readonly KubeObject[];
}

/** Where most controllers run; when none is seen, where the Flux Operator, Namespaces' labels or the CRD's say that they do. */
export function namespaceOf(evidence: NamespaceEvidence): string | undefined {
  const { controllers, crd, instances, reports, namespaces } = evidence;
  const counts = new Map<string, number>();
  for (const { namespace } of controllers) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  const [busiest] = [...counts].sort(([a, many], [b, more]) => more - many || a.localeCompare(b));
  if (busiest) return busiest[0];
  const operated = [...instances, ...reports].find(({ metadata }) => metadata.namespace !== undefined);
  if (operated) return operated.metadata.namespace;
  if (namespaces.length === 1) return namespaces[0]?.metadata.name;
  return crd && labelledNamespace(crd);
}

/** `app.kubernetes.io/instance` is the namespace only where Flux itself, or its Helm chart, has written it. */
function labelledNamespace(crd: KubeObject): string | undefined {
  const { labels = {}, annotations = {} } = crd.metadata;
  const ofRelease = annotations["meta.helm.sh/release-namespace"];
  return ofRelease ?? (isPartOfFlux(crd) ? labels["app.kubernetes.io/instance"] : undefined);
}
