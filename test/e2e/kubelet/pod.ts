import type { KubeObject, ObjectMeta } from "../../../src/kube/object.js";

/** A Pod as the kubelet reads it (core/v1): the fields that the stand-in keeps to. Types only. */
export interface Pod extends KubeObject {
  metadata: ObjectMeta & { namespace: string; uid: string; deletionGracePeriodSeconds?: number };
  spec: {
    nodeName?: string;
    serviceAccountName?: string;
    securityContext?: { runAsUser?: number; runAsGroup?: number; runAsNonRoot?: boolean };
    initContainers?: Container[];
    containers: Container[];
    volumes?: Volume[];
    terminationGracePeriodSeconds?: number;
  };
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  workingDir?: string;
  env?: { name: string; value?: string; valueFrom?: ValueSource }[];
  envFrom?: { prefix?: string; configMapRef?: Optional; secretRef?: Optional }[];
  ports?: { name?: string; containerPort: number }[];
  volumeMounts?: { name: string; mountPath: string; subPath?: string; readOnly?: boolean }[];
  securityContext?: {
    runAsUser?: number;
    runAsGroup?: number;
    runAsNonRoot?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { drop?: string[] };
  };
  readinessProbe?: Probe;
  livenessProbe?: Probe;
}

export interface ValueSource {
  fieldRef?: { fieldPath: string };
  configMapKeyRef?: Optional & { key: string };
  secretKeyRef?: Optional & { key: string };
  resourceFieldRef?: { resource: string };
}

interface Optional {
  name?: string;
  optional?: boolean;
}

export interface Probe {
  httpGet?: { path?: string; port: number | string; scheme?: string };
  tcpSocket?: { port: number | string };
  exec?: { command?: string[] };
  initialDelaySeconds?: number;
  periodSeconds?: number;
  timeoutSeconds?: number;
  failureThreshold?: number;
}

export interface Volume {
  name: string;
  emptyDir?: object;
  configMap?: Optional & Items;
  secret?: { secretName?: string; optional?: boolean } & Items;
  projected?: { sources?: ProjectedSource[] };
}

export interface ProjectedSource {
  configMap?: Optional & Items;
  secret?: Optional & Items;
  downwardAPI?: { items?: { path: string; fieldRef?: { fieldPath: string } }[] };
  serviceAccountToken?: { path: string; audience?: string; expirationSeconds?: number };
}

interface Items {
  /** all keys, each called as it is, when not given */
  items?: { key: string; path: string }[];
}
