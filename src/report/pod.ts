import type { LiveObject } from "../kube/object.js";
/** Pod (v1): the fields that its health and its node are made of. */

export interface Terminated {
  exitCode?: number;
  signal?: number;
  reason?: string;
  message?: string;
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

/** Amounts by resource: {"cpu": "100m"}. */
export type Quantities = Readonly<Record<string, string | number>>;

export interface Container {
  name?: string;
  image?: string;
  /** "Always" on an init container makes it a sidecar */
  restartPolicy?: string;
  resources?: { requests?: Quantities };
}

export interface Pod extends LiveObject {
  spec?: {
    nodeName?: string;
    restartPolicy?: string;
    containers?: Container[];
    initContainers?: Container[];
    overhead?: Quantities;
    resources?: { requests?: Quantities };
  };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: { type: string; status?: string; reason?: string }[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

export function isSidecar(container: Container | undefined): boolean {
  return container?.restartPolicy === "Always";
}
