import type { Health } from "./health.js";
/**
 * What Argo CD's server reads from redis (pkg/apis/application/v1alpha1 `types.go`, Argo CD 2.8 to 3.6). A field without
 * value is left out, as Argo CD does.
 */

export interface ResourceRef {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
}

export interface InfoItem {
  name: string;
  value: string;
}

export interface NetworkingInfo {
  /** of a Pod: by which Services find it */
  labels?: Readonly<Record<string, string>>;
  /** of a Service: its selector */
  targetLabels?: Readonly<Record<string, string>>;
  /** of an Ingress: its Services */
  targetRefs?: ResourceRef[];
  ingress?: { hostname?: string; ip?: string }[];
  externalURLs?: string[];
}

export interface ResourceNode extends ResourceRef {
  parentRefs?: ResourceRef[];
  info?: InfoItem[];
  networkingInfo?: NetworkingInfo;
  resourceVersion?: string;
  images?: string[];
  health?: Health;
  createdAt?: string;
}

/** A machine that runs Pods of an Application. */
export interface Host {
  name: string;
  /** `status.nodeInfo` of its Node, as it stands there */
  systemInfo?: object;
  resourcesInfo?: HostResource[];
  labels?: Readonly<Record<string, string>>;
}

/** What of a machine is asked for, and how much it has, in thousandths. */
export interface HostResource {
  resourceName: string;
  requestedByApp: number;
  requestedByNeighbors: number;
  capacity: number;
}

export interface ApplicationTree {
  nodes: ResourceNode[];
  orphanedNodes: ResourceNode[];
  hosts: Host[];
}

/** One object in the diff view; the states are JSON texts, "null" for what is not there. */
export interface ResourceDiff {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
  targetState: string;
  liveState: string;
  normalizedLiveState: string;
  predictedLiveState: string;
  resourceVersion?: string;
  modified?: boolean;
}
