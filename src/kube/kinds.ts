/**
 * Kubernetes' own kinds, the fields that flamingo reads or writes: v1, apps/v1, apiextensions.k8s.io/v1,
 * coordination.k8s.io/v1 and rbac.authorization.k8s.io/v1. Types and constants only.
 */
import type { Kind, LiveObject } from "./object.js";
import type { Condition } from "./readiness.js";

export const Namespace: Kind = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
};

export interface Node extends LiveObject {
  status?: {
    nodeInfo?: { operatingSystem?: string; architecture?: string; kernelVersion?: string };
    capacity?: Quantities;
  };
}

export const Node: Kind<Node> = {
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  namespaced: false,
};

export interface ConfigMap extends LiveObject {
  data?: Record<string, string>;
}

export const ConfigMap: Kind<ConfigMap> = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
};

export interface Secret extends LiveObject {
  /** "Opaque" */
  type?: string;
  /** in base64 */
  data?: Record<string, string>;
}

export const Secret: Kind<Secret> = { group: "", version: "v1", kind: "Secret", plural: "secrets" };

export const ServiceAccount: Kind = {
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
};

export interface Service extends LiveObject {
  spec?: {
    type?: string;
    selector?: Record<string, string>;
    ports?: ServicePort[];
    /** of a Service that stands for a host outside of the cluster */
    externalName?: string;
  };
  status?: { loadBalancer?: { ingress?: { hostname?: string; ip?: string }[] } };
}

/** networking.k8s.io/v1 */
export const NetworkPolicy: Kind = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  plural: "networkpolicies",
};

export interface ServicePort {
  name?: string;
  port: number;
  /** a number, or the name that a container gives its port; `port` when it is not given */
  targetPort?: number | string;
  /** TCP when it is not given */
  protocol?: string;
}

export const Service: Kind<Service> = { group: "", version: "v1", kind: "Service", plural: "services" };

/** The fields that Argo CD's page, `argocd` and `kubectl get events` show. */
export interface Event extends LiveObject {
  involvedObject: { apiVersion: string; kind: string; namespace?: string; name: string; uid?: string };
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  source: { component: string };
  reportingComponent: string;
}

export const Event: Kind<Event> = { group: "", version: "v1", kind: "Event", plural: "events" };

export interface Lease extends LiveObject {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    /** with microseconds: "2026-01-02T03:04:05.000000Z" */
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

export const Lease: Kind<Lease> = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
};

/** The fields that say which kind it brings. */
export interface CustomResourceDefinition extends LiveObject {
  spec: { group: string; names: { kind: string; plural: string } };
}

export const CustomResourceDefinition: Kind<CustomResourceDefinition> = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

const rbac = "rbac.authorization.k8s.io";

export const ClusterRole: Kind = {
  group: rbac,
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  namespaced: false,
};

export interface ClusterRoleBinding extends LiveObject {
  roleRef: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
}

export const ClusterRoleBinding: Kind<ClusterRoleBinding> = {
  group: rbac,
  version: "v1",
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  namespaced: false,
};

/** A Deployment or a StatefulSet: what Pods are made from, and whether they run. */
export interface PodRunner extends LiveObject {
  spec?: {
    /** 1 when it is not given */
    replicas?: number;
    template?: { metadata?: { labels?: Record<string, string> }; spec?: PodSpec };
    /** of a StatefulSet */
    volumeClaimTemplates?: { metadata?: { name?: string } }[];
  };
  status?: { readyReplicas?: number; conditions?: Condition[] };
}

export const Deployment: Kind<PodRunner> = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
};

export const StatefulSet: Kind<PodRunner> = {
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
};

export const ReplicaSet: Kind<PodRunner> = {
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  plural: "replicasets",
};

export const Job: Kind<LiveObject> = { group: "batch", version: "v1", kind: "Job", plural: "jobs" };

export interface Pod extends LiveObject {
  spec?: PodSpec;
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

export const Pod: Kind<Pod> = { group: "", version: "v1", kind: "Pod", plural: "pods" };

export interface PodSpec {
  nodeName?: string;
  restartPolicy?: string;
  containers?: Container[];
  initContainers?: Container[];
  imagePullSecrets?: LocalReference[];
  volumes?: Volume[];
  overhead?: Quantities;
  resources?: { requests?: Quantities };
}

/** Amounts by resource: {"cpu": "100m"}. */
export type Quantities = Readonly<Record<string, string | number>>;

export interface Container {
  name?: string;
  image?: string;
  command?: string[];
  args?: string[];
  env?: EnvVariable[];
  envFrom?: { prefix?: string; configMapRef?: LocalReference; secretRef?: LocalReference }[];
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  resources?: { requests?: Quantities };
  /** "Always" on an init container makes it a sidecar */
  restartPolicy?: string;
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[];
}

export interface EnvVariable {
  name: string;
  value?: string;
  /** of a Pod's fields and resources nothing is read */
  valueFrom?: { configMapKeyRef?: KeySelector; secretKeyRef?: KeySelector };
}

interface LocalReference {
  name?: string;
}

interface KeySelector extends LocalReference {
  key: string;
}

/** Files in a Pod, as far as they come from ConfigMaps and Secrets. */
export interface Volume {
  name: string;
  secret?: { secretName?: string; items?: KeyPath[] };
  configMap?: { name?: string; items?: KeyPath[] };
  projected?: {
    sources?: {
      secret?: { name?: string; items?: KeyPath[] };
      configMap?: { name?: string; items?: KeyPath[] };
    }[];
  };
}

/** Without such a list a key's file is called like the key. */
export interface KeyPath {
  key: string;
  path: string;
}

export interface ContainerStatus {
  name?: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  state?: { waiting?: { reason?: string; message?: string }; running?: object; terminated?: Terminated };
  lastState?: { terminated?: Terminated };
  resources?: { requests?: Quantities };
  allocatedResources?: Quantities;
}

export interface Terminated {
  exitCode?: number;
  signal?: number;
  reason?: string;
  message?: string;
}
