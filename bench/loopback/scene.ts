import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NoPrograms } from "../../test/cluster/build.js";
import { isSharedMissing, sharedArgoInstall, sharedFlux } from "../../test/cluster/shared.js";
import { startCluster } from "../../test/cluster/start.js";
import { TestCluster } from "../../test/cluster/test-cluster.js";
import { readObjects } from "../../test/cluster/yaml.js";
import { argocdNamespace } from "../../test/e2e/argocd-programs.js";
import { startGitServer } from "../../test/e2e/git-server.js";
import type { HttpServer } from "../../test/e2e/http-server.js";
import { freePort } from "../../test/e2e/ports.js";
import { Program, type ProgramSpec } from "../../test/e2e/program.js";
import { findOrBuildRigPrograms, type RigPrograms } from "../../test/e2e/programs.js";
import { RigRedis } from "../../test/e2e/redis.js";
import { manifestTags } from "../../test/e2e/rig.js";
import { patterns } from "./attacks.js";

/** An API server with an installed Argo CD and Flux of which nothing runs, Argo CD's redis, and a Git server. */
export interface Scene {
  cluster: TestCluster;
  programs: RigPrograms;
  redis: RigRedis;
  git: HttpServer & { folder: string };
  /** for whatever else has files */
  folder: string;
  /** Resolves when it is ready. It ends with the scene. */
  start(spec: ProgramSpec): Promise<Program>;
  stop(): Promise<void>;
}

/** @throws NoPrograms when something that it is made of is not to be had */
export async function startScene(say: (line: string) => void): Promise<Scene> {
  if (isSharedMissing(`flux/${manifestTags.flux}`, `argo-cd/${manifestTags.argocd}`))
    throw new NoPrograms("real manifests of Flux and Argo CD are missing");
  const programs = await findOrBuildRigPrograms(say);
  const folder = await mkdtemp(join(tmpdir(), "flamingo-bench-loopback-"));
  const logs = join(folder, "logs");
  const gitFolder = join(folder, "git");
  for (const path of [logs, gitFolder]) mkdirSync(path);
  const running = await startCluster();
  const git = await startGitServer(gitFolder);
  const started: Program[] = [];
  const start = async (spec: ProgramSpec) => {
    const program = new Program(spec, { rigFolder: folder, logs });
    started.push(program);
    await program.start();
    return program;
  };
  const cluster = new TestCluster(running.connection);
  const redis = new RigRedis(programs["redis-server"], join(folder, "redis"), await freePort());
  await start(redis.spec);
  await install(cluster);
  await redis.writeSecret(cluster);
  return {
    cluster,
    programs,
    redis,
    git: { ...git, folder: gitFolder },
    folder,
    start,
    async stop() {
      await Promise.all(started.map((program) => program.stop()));
      await git.stop();
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The CRDs of Flux, and all of Argo CD with the AppProject that its server would make. */
async function install(cluster: TestCluster): Promise<void> {
  await cluster.createNamespace(argocdNamespace);
  await cluster.installCrds(sharedFlux(manifestTags.flux));
  const argocd = readObjects(sharedArgoInstall(manifestTags.argocd));
  await cluster.installCrds(argocd);
  const others = argocd.filter(({ kind }) => kind !== "CustomResourceDefinition");
  await cluster.applyAll(others, { namespace: argocdNamespace });
  await cluster.apply({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "default", namespace: argocdNamespace },
    spec: patterns,
  });
}
