import { expect, onTestFinished } from "vitest";
import type { ApplicationTree } from "../../src/argo/application-tree.js";
import type { TestObject } from "../cluster/crds.js";
import { type FaultProxy, startProxy } from "../cluster/proxy.js";
import type { Argocd } from "./argocd.js";
import type { Rig } from "./e2e.js";
import { run, served } from "./run.js";
import { deployment, flux } from "./workloads.js";

export interface Node {
  group?: string;
  version: string;
  kind: string;
  name: string;
}

export interface State {
  sync: string | undefined;
  revision: string | undefined;
  health: string | undefined;
  /** their messages */
  conditions: string[];
}

/** A Kustomization of one Deployment, and the Application that shows it: all of the same name. */
export interface Shown {
  name: string;
  kustomization: TestObject;
  /** of the Application as Argo CD serves it; undefined when it does not */
  state(): Promise<State | undefined>;
  /** as of {@link nodesShown} */
  nodes(): Promise<Node[] | undefined>;
  /** how many pods its tree has */
  pods(): Promise<number | undefined>;
  /** Scales the Deployment, past Flux. Resolves when the cluster has so many pods. */
  scale(replicas: number): Promise<void>;
  /** Resolves when Argo CD serves the last commit: in step, healthy, and all pods in the tree. */
  untilServed(): Promise<void>;
  /** Makes a commit with one pod more. Resolves when Argo CD serves it, within a minute. */
  follows(): Promise<void>;
}

/** A proxy in front of the API server, for the time of the test. */
export async function proxyTo(rig: Rig): Promise<FaultProxy> {
  const proxy = await startProxy(rig.cluster);
  onTestFinished(() => proxy.stop());
  return proxy;
}

/** The nodes of an Application's tree as Argo CD serves them; undefined when it does not answer within seconds. */
export async function nodesShown(rig: Rig, application: string): Promise<Node[] | undefined> {
  const path = `/api/v1/applications/${application}/resource-tree`;
  const answer = await rig
    .argocd()
    .request("GET", path, undefined, 3000)
    .catch(() => undefined);
  return answer?.status === 200 ? ((answer.body as { nodes?: Node[] }).nodes ?? []) : undefined;
}

/** The tree as Argo CD serves it, each node as "Kind/name below Kind/name: HEALTH". */
export async function treeShown(argocd: Argocd, application: string): Promise<string[]> {
  const path = `/api/v1/applications/${application}/resource-tree`;
  const { nodes } = (await argocd.request("GET", path)).body as ApplicationTree;
  return nodes
    .map(({ kind, name, parentRefs = [], health }) => {
      const parents = parentRefs.map((ref) => `${ref.kind}/${ref.name}`).join(" ");
      return `${kind}/${name} below ${parents || "nothing"}: ${health?.status ?? "-"}`;
    })
    .sort();
}

/** @param files beside the Deployment: "app/other.yaml" → text */
export async function show(rig: Rig, name: string, files: Record<string, string> = {}): Promise<Shown> {
  const web = { "app/deployment.yaml": deployment("web") };
  // what was applied stays, and what a fault of the cluster kept Flux from is tried again soon
  const spec = { prune: false, retryInterval: "1s" };
  const workload = await flux(rig, name, { ...web, ...files }, spec);
  let { commit } = workload;
  let replicas = 1;
  await run(rig, `generate-app ks/web -n ${name} --app-name ${name}`);
  const shown: Shown = {
    name,
    kustomization: workload.kustomization,
    async state() {
      const { status } = (await served(rig, name).catch(() => undefined)) ?? {};
      return (
        status && {
          sync: status.sync?.status,
          revision: status.sync?.revision,
          health: status.health?.status,
          conditions: (status.conditions ?? []).map(({ message }) => message),
        }
      );
    },
    nodes: () => nodesShown(rig, name),
    pods: async () => (await shown.nodes())?.filter(({ kind }) => kind === "Pod").length,
    async scale(wanted) {
      const web = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: name } };
      await rig.cluster.change(web, { spec: { replicas: wanted } });
      await expect.poll(() => rig.cluster.list("v1", "Pod", name)).toHaveLength(wanted);
    },
    async untilServed() {
      const state = { sync: "Synced", revision: commit, health: "Healthy", conditions: [] };
      await expect.poll(shown.state).toEqual(state);
      await expect.poll(shown.pods).toBe(replicas);
    },
    async follows() {
      commit = await workload.push({ "app/deployment.yaml": deployment("web", ++replicas) });
      await rig.reconcile(workload.source);
      await shown.untilServed();
    },
  };
  return shown;
}
