import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { Application } from "../../src/argo/application.js";
import { inClusterServer } from "../../src/names.js";
import { renderYaml } from "../../src/yaml.js";
import { planArgocd } from "../../test/e2e/argocd-programs.js";
import { Repository } from "../../test/e2e/git.js";
import { redisCommand } from "../../test/e2e/redis-client.js";
import { forEach, write } from "./load.js";
import type { Scene } from "./scene.js";
import { cpuSecondsOf, type Memory, memoryOf, pidIn, tellingPid } from "./usage.js";
import { manifestsOf, nameOf } from "./workload.js";

const applicationsPath = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";

export interface NativeRun extends Memory {
  /** until each Application had been compared once */
  seconds: number;
  cpuSeconds: number;
  /** in the tree of one of them */
  nodes: number;
}

/**
 * Argo CD's own application-controller, with a native Application for each workload over the same objects, whose manifests
 * stand in Git. The Applications of flamingo go first.
 */
export async function runNative(scene: Scene, count: number): Promise<NativeRun> {
  const { cluster, programs, redis, folder } = scene;
  await write(cluster, "DELETE", applicationsPath);
  const repository = await Repository.create(scene.git, "shops");
  const files = Array.from({ length: count }, (_, index): [string, string] => [
    `${nameOf(index)}/all.yaml`,
    manifestsOf(index).map(renderYaml).join(""),
  ]);
  await repository.commit(Object.fromEntries(files));
  await forEach(count, async (index) => {
    await write(cluster, "POST", applicationsPath, application(nameOf(index), repository.url));
  });
  const { repoServer, controller } = await planArgocd(programs, {
    folder,
    kubeconfig: cluster.kubeconfig(),
    redisPort: redis.port,
    redisPassword: () => redis.login.password,
  });
  const pidFile = join(folder, "controller.pid");
  await scene.start(repoServer);
  const begun = performance.now();
  await scene.start({ ...controller, ...tellingPid(pidFile, controller.command, controller.args) });
  while ((await comparedAmong(scene)) < count) await sleep(2000);
  const seconds = (performance.now() - begun) / 1000;
  // what was needed for comparing goes
  await sleep(30_000);
  const pid = pidIn(pidFile) as number;
  const nodes = await nodesInTree(scene, nameOf(0));
  return { ...memoryOf(pid), cpuSeconds: cpuSecondsOf(pid), seconds, nodes };
}

function application(name: string, repoURL: string) {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "argocd" },
    spec: {
      project: "default",
      source: { repoURL, path: name, targetRevision: "main" },
      destination: { server: inClusterServer, namespace: name },
    },
  };
}

async function comparedAmong({ cluster }: Scene): Promise<number> {
  const { body } = await cluster.request("GET", applicationsPath);
  const { items } = body as { items: Application[] };
  return items.filter(({ status }) => status?.reconciledAt && status.sync?.status !== "Unknown").length;
}

async function nodesInTree({ redis }: Scene, name: string): Promise<number> {
  const value = await redisCommand(redis.login, ["GET", `app|resources-tree|${name}|1.8.3.gz`]);
  if (!Buffer.isBuffer(value)) return 0;
  return (JSON.parse(gunzipSync(value).toString()) as { nodes: unknown[] }).nodes.length;
}
