import { setTimeout as sleep } from "node:timers/promises";
import { application } from "../../builders/argo.js";
import type { Rig } from "../e2e.js";
import { run, type Served, served } from "../run.js";
import { nodesShown } from "../shown.js";
import { deployment, type FluxWorkload, flux } from "../workloads.js";
import type { Random } from "./random.js";
import type { AskedOperation } from "./verdict.js";

/** Workloads that people keep changing. */
export class Load {
  readonly #rig: Rig;
  readonly #workloads: readonly FluxWorkload[];
  readonly #random: Random;
  /** operations that were asked for, by Application */
  readonly asked: Map<string, AskedOperation[]>;
  commits = 0;

  private constructor(rig: Rig, workloads: readonly FluxWorkload[], random: Random) {
    this.#rig = rig;
    this.#workloads = workloads;
    this.#random = random;
    this.asked = new Map(workloads.map(({ namespace }) => [namespace, []]));
  }

  static async start(rig: Rig, count: number, random: Random): Promise<Load> {
    const workloads: FluxWorkload[] = [];
    for (let index = 0; index < count; index++) {
      const name = `chaos-${index}`;
      // what the cluster kept Flux from is tried again soon
      workloads.push(await flux(rig, name, undefined, { prune: false, retryInterval: "5s" }));
      await run(rig, `generate-app ks/web -n ${name} --app-name ${name}`);
    }
    return new Load(rig, workloads, random);
  }

  /** Goes on until the signal is aborted: a commit each second or two, of which some cannot be applied, and a Sync now and then. */
  async goOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const workload = this.#random.one(this.#workloads);
      const [kind, pauseMs] = [this.#random.next(), this.#random.between(500, 2500)];
      const replicas = kind < 0.25 ? -1 : Math.floor(this.#random.between(1, 4));
      // the API server is away now and then
      await (kind < 0.1 ? this.#ask(workload) : this.#commit(workload, replicas)).catch(() => {});
      await sleep(pauseMs);
    }
  }

  /** Makes the last commit of all a good one, and resolves when Argo CD says so of all, and has all Pods in the trees. */
  async heal(): Promise<void> {
    const replicas = 4;
    const commits = await Promise.all(this.#workloads.map((workload) => this.#commit(workload, replicas)));
    for (const [index, { namespace }] of this.#workloads.entries()) {
      const isWell = ({ status, operation }: Served) =>
        status?.sync?.status === "Synced" &&
        status.sync.revision === commits[index] &&
        status.health?.status === "Healthy" &&
        status.operationState?.phase === "Succeeded" &&
        status.operationState.syncResult?.revision === commits[index] &&
        operation === undefined &&
        (status.conditions ?? []).length === 0;
      for (;;) {
        const one = await served(this.#rig, namespace).catch(() => undefined);
        if (one && isWell(one) && (await this.#pods(namespace)) === replicas) break;
        await sleep(500);
      }
    }
  }

  async #pods(name: string): Promise<number | undefined> {
    return (await nodesShown(this.#rig, name))?.filter(({ kind }) => kind === "Pod").length;
  }

  async #commit({ push, source }: FluxWorkload, replicas: number): Promise<string> {
    // a commit that changes nothing is no operation
    const count = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: count }\ndata: { count: "${++this.commits}" }\n`;
    const commit = await push({
      "app/deployment.yaml": deployment("web", replicas),
      "app/count.yaml": count,
    });
    await this.#rig.reconcile(source);
    return commit;
  }

  /** As with kubectl, unless another one is under way. */
  async #ask({ namespace: name }: FluxWorkload): Promise<void> {
    const one = await this.#rig.cluster.get("argoproj.io/v1alpha1", "Application", name, "argocd");
    if (one["operation"] !== undefined) return;
    const asked = this.asked.get(name) ?? [];
    const operation = { by: `chaos-${asked.length}`, isSure: false };
    asked.push(operation);
    const initiatedBy = { username: operation.by };
    await this.#rig.cluster.change(application(name), { operation: { initiatedBy, sync: {} } });
    operation.isSure = true;
  }
}
