import { groupKindOf, isOwnGroup } from "./object-id.js";

type GroupKind = { group: string; kind: string };

const kindNamed = (name: string): GroupKind => {
  const [kind = "", group = ""] = name.split("/").reverse();
  return { group, kind };
};

/**
 * Which kinds objects of a kind may own, as Kubernetes' own controllers make them and gitops-engine infers it (`pkg/controller`
 * of Kubernetes 1.24 to 1.37, `pkg/cache/references.go`), and what other controllers are known to hang on Kubernetes' own kinds.
 */
const owned: ReadonlyMap<string, readonly GroupKind[]> = new Map(
  Object.entries({
    "apps/Deployment": ["apps/ReplicaSet"],
    "apps/ReplicaSet": ["Pod"],
    "apps/StatefulSet": ["Pod", "apps/ControllerRevision", "PersistentVolumeClaim"],
    "apps/DaemonSet": ["Pod", "apps/ControllerRevision"],
    "batch/CronJob": ["batch/Job"],
    "batch/Job": ["Pod"],
    "/ReplicationController": ["Pod"],
    // of ephemeral volumes and claims of devices; Cilium's of each Pod
    "/Pod": ["PersistentVolumeClaim", "resource.k8s.io/ResourceClaim", "cilium.io/CiliumEndpoint"],
    "/Service": ["Endpoints", "discovery.k8s.io/EndpointSlice"],
    "/Endpoints": ["discovery.k8s.io/EndpointSlice"],
    "/ServiceAccount": ["Secret"],
    // of cert-manager
    "networking.k8s.io/Ingress": ["cert-manager.io/Certificate"],
  }).map(([owner, names]) => [owner, names.map(kindNamed)]),
);

const none: readonly GroupKind[] = [];

/** Which kinds objects of a kind may own; undefined for a custom resource, which may own anything. */
export function kindsOwnedBy(owner: GroupKind): readonly GroupKind[] | undefined {
  return owned.get(groupKindOf(owner)) ?? (isOwnGroup(owner.group) ? none : undefined);
}
