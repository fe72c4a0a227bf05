import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { FaultProxy } from "../../cluster/proxy.js";
import { type Running, spawnFlamingo } from "../../spawn.js";
import type { Written } from "../audit.js";
import type { Rig } from "../e2e.js";
import { proxyTo } from "../shown.js";

/** One `flamingo loopback`, each time that it runs. */
export interface Engine {
  /** as whom it speaks to the API server */
  user: "alice" | "bob";
  /** its way there */
  proxy: FaultProxy;
  running: Running;
}

/** Two engines, of which one leads and the other one waits, each by its own way and as its own user. */
export class Engines {
  readonly #rig: Rig;
  readonly #all: readonly Engine[];
  /** what those said that ended, but were not told to */
  readonly ended: string[] = [];
  readonly #said: Running[] = [];

  private constructor(rig: Rig, all: readonly Engine[]) {
    this.#rig = rig;
    this.#all = all;
  }

  static async start(rig: Rig): Promise<Engines> {
    await permit(rig);
    const begin = async (user: Engine["user"]): Promise<Engine> => {
      const proxy = await proxyTo(rig);
      return { user, proxy, running: spawn(rig, user, proxy) };
    };
    return new Engines(rig, [await begin("alice"), await begin("bob")]);
  }

  get users(): ReadonlySet<string> {
    return new Set(this.#all.map(({ user }) => user));
  }

  /** Resolves when one of them leads, the other one waits, and both have read the cluster. */
  async both(): Promise<{ leader: Engine; standby: Engine }> {
    for (;;) {
      this.#revive();
      const holder = await this.#holder();
      const leader = this.#all.find(({ running }) => holder.includes(`_${running.child.pid}_`));
      const standby = this.#all.find((engine) => engine !== leader);
      const know = await Promise.all(this.#all.map(({ running }) => knowsAll(running)));
      if (leader && standby && !know.includes(false)) return { leader, standby };
      await sleep(200);
    }
  }

  /** Ends one, and starts it anew some time later. */
  async restart(engine: Engine, signal: "SIGTERM" | "SIGKILL", afterMs: number): Promise<void> {
    engine.running.child.kill(signal);
    await engine.running.ended;
    await sleep(afterMs);
    this.#said.push(engine.running);
    engine.running = spawn(this.#rig, engine.user, engine.proxy);
  }

  /** All that they have said. */
  text(): string {
    return [...this.#said, ...this.#all.map(({ running }) => running)]
      .map((running) => running.text())
      .join("\n");
  }

  /** As a Deployment does it. */
  #revive(): void {
    for (const engine of this.#all.filter(({ running }) => running.child.exitCode !== null)) {
      this.ended.push(engine.running.text());
      engine.running = spawn(this.#rig, engine.user, engine.proxy);
    }
  }

  async #holder(): Promise<string> {
    const find = this.#rig.cluster.get("coordination.k8s.io/v1", "Lease", "flamingo-loopback", "argocd");
    const lease = (await find.catch(() => undefined)) as Written | undefined;
    return lease?.spec?.holderIdentity ?? "";
  }
}

function spawn(rig: Rig, user: Engine["user"], proxy: FaultProxy): Running {
  return spawnFlamingo([
    ...["loopback", "--listen", "127.0.0.1:0", "--redis", rig.redis.address],
    ...["--kubeconfig", proxy.kubeconfig({ user })],
  ]);
}

/** Before that it has nothing to count. */
async function knowsAll(running: Running): Promise<boolean> {
  const url = /http:\/\/\S+/.exec(running.text())?.[0];
  const answer = url && (await fetch(`${url}/metrics`).catch(() => undefined));
  return Boolean(answer && /^flamingo_loopback_watched_objects [1-9]/m.test(await answer.text()));
}

/** Both may do everything, for the time of the test. */
async function permit({ cluster }: Rig): Promise<void> {
  const [apiVersion, kind, name] = ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "chaos"];
  await cluster.apply({
    ...{ apiVersion, kind, metadata: { name } },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: ["alice", "bob"].map((user) => ({
      ...{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user },
    })),
  });
  onTestFinished(() => cluster.delete(apiVersion, kind, name));
}
