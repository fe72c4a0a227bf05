import { expect } from "vitest";
import type { TestObject } from "../../cluster/crds.js";
import type { Rig } from "../e2e.js";

/** Who applies a scene: Argo CD, whose word counts, or Flux, for whom flamingo speaks. */
export const sides = ["native", "flux"] as const;
export type Side = (typeof sides)[number];

/** "parity-degraded-flux": the Application of one copy of a scene, its Kustomization, and the namespace with its objects. */
export function nameOf(scene: string, side: Side): string {
  return `parity-${scene}-${side}`;
}

/** One copy of a scene, for what is done beyond Git: alike on both sides. */
export class Place {
  readonly scene: string;
  readonly side: Side;
  readonly namespace: string;
  readonly #rig: Rig;

  constructor(rig: Rig, scene: string, side: Side) {
    this.#rig = rig;
    this.scene = scene;
    this.side = side;
    this.namespace = nameOf(scene, side);
  }

  async apply(object: TestObject): Promise<void> {
    await this.#rig.cluster.apply(object, { namespace: this.namespace });
  }

  get(apiVersion: string, kind: string, name: string): Promise<TestObject> {
    return this.#rig.cluster.get(apiVersion, kind, name, this.namespace);
  }

  delete(apiVersion: string, kind: string, name: string): Promise<void> {
    return this.#rig.cluster.delete(apiVersion, kind, name, this.namespace);
  }

  /** Speaks for the controller of an object. */
  async say(apiVersion: string, kind: string, name: string, status: object): Promise<void> {
    await this.apply({ apiVersion, kind, metadata: { name, namespace: this.namespace }, status });
  }

  /** Speaks for the kubelet, of the one Pod with this label `app`; after kwok, if it is to be running then. */
  async sayOfPod(app: string, phase: "Pending" | "Running", status: object): Promise<void> {
    const pod = await this.untilPod(app, phase);
    await this.say("v1", "Pod", pod.metadata.name, status);
  }

  async untilPod(app: string, phase: "Pending" | "Running"): Promise<TestObject> {
    let found: TestObject | undefined;
    const find = async () => {
      const pods = (await this.#rig.cluster.list("v1", "Pod", this.namespace)) as Pod[];
      found = pods.find(({ metadata, status }) => metadata.labels?.["app"] === app && status.phase === phase);
      return found;
    };
    await expect.poll(find, { message: `a ${phase} Pod of ${app} in ${this.namespace}` }).toBeDefined();
    return found as TestObject;
  }
}

interface Pod extends TestObject {
  metadata: TestObject["metadata"] & { labels?: Record<string, string> };
  status: { phase?: string };
}
