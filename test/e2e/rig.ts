import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { sharedArgoInstall, sharedFlux } from "../cluster/shared.js";
import { TestCluster } from "../cluster/test-cluster.js";
import { readObjects } from "../cluster/yaml.js";
import { argocdNamespace, planArgocd } from "./argocd-programs.js";
import { startArtifactServer } from "./artifact-server.js";
import type { ArgocdConnection, RigConnection } from "./connection.js";
import { startControl } from "./control.js";
import { fluxNamespace, fluxSpecs } from "./flux.js";
import { startFluxEvents } from "./flux-events.js";
import { startGitServer } from "./git-server.js";
import { addNode, apiServerSpecs, controllerSpecs, kwokSpec } from "./kubernetes.js";
import { freePort } from "./ports.js";
import type { ProgramSpec } from "./program.js";
import { type ArgocdVersion, argocdRelease, argocdVersions, type RigPrograms } from "./programs.js";
import { RigRedis } from "./redis.js";
import { openRoom } from "./room.js";

/** The releases whose real manifests the rig installs. */
export const manifestTags = { flux: "v2.9.3", argocd: "v3.6.1" };

export interface RunningRig {
  connection: RigConnection;
  /** Ends everything and removes all files. Without it, everything ends with this process. */
  stop(): Promise<void>;
}

/**
 * Starts a whole cluster on loopback: Kubernetes with a node on which pods run (in name), Flux, Argo CD, servers of Git, charts
 * and OCI artifacts. About 10 seconds and 2.2 GB. Each part is ready when this resolves.
 */
export async function startRig(binaries: RigPrograms): Promise<RunningRig> {
  const room = await openRoom("rig");
  const { folder, logs, started, start, stop } = room;
  try {
    const connection = await startAll();
    return { connection, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function startAll(): Promise<RigConnection> {
    for (const name of ["git", "published", "cluster"]) mkdirSync(join(folder, name));
    const redis = new RigRedis(binaries["redis-server"], join(folder, "redis"), await freePort());
    const api = await apiServerSpecs(binaries, join(folder, "cluster"));
    const cluster = new TestCluster(api.connection);
    const kubeconfig = cluster.kubeconfig();
    const argocd = await planArgocd(binaries, {
      folder,
      kubeconfig,
      redisPort: redis.port,
      redisPassword: () => redis.login.password,
    });
    const [newestServer, ...olderServers] = argocd.servers as [ProgramSpec, ...ProgramSpec[]];
    const forwards = { 6379: redis.port, 8080: argocd.ports[argocdVersions[0]] };

    const git = await startGitServer(join(folder, "git"));
    const published = await startArtifactServer(join(folder, "published"));
    const fluxEvents = await startFluxEvents(folder);
    room.onStop(git.stop);
    room.onStop(published.stop);
    room.onStop(fluxEvents.stop);
    await Promise.all([start(redis.spec), start(...api.specs)]);
    await installManifests(cluster, redis);
    await Promise.all([
      start(
        ...(await controllerSpecs(binaries, api.connection, kubeconfig)),
        await kwokSpec(binaries, api.connection, kubeconfig, forwards),
        ...(await fluxSpecs(binaries, folder, kubeconfig, fluxEvents.url)),
        argocd.repoServer,
        argocd.controller,
      ),
      // the first server makes Argo CD's keys; two at once would overwrite each other's, and others want them
      start(newestServer).then(() => start(...olderServers, ...argocd.otherControllers)),
    ]);
    const control = await startControl(started, async () => {
      await redis.changePassword(cluster);
      // they read the password when they start; in a cluster somebody rolls them out, too
      await Promise.all(
        started.filter(({ name }) => name.startsWith("argocd-")).map((program) => program.restart()),
      );
    });
    room.onStop(control.stop);
    return {
      cluster: api.connection,
      auditLog: api.auditLog,
      fluxEvents: fluxEvents.log,
      controlUrl: control.url,
      logs,
      git: { url: git.url, folder: join(folder, "git") },
      published: { url: published.url, folder: join(folder, "published") },
      redis: { port: redis.port },
      argocd: argocdConnections(binaries, argocd.ports),
      metricsUrl: argocd.metricsUrl,
      kubectl: binaries.kubectl,
    };
  }
}

/**
 * The CRDs of Flux, all of Argo CD, and the node. Argo CD's own Deployments run as empty pods, so that flamingo finds an
 * installed Argo CD; redis' Secret is made by a container of theirs, and so here.
 */
async function installManifests(cluster: TestCluster, redis: RigRedis): Promise<void> {
  await Promise.all([
    cluster.installCrds(sharedFlux(manifestTags.flux)),
    cluster.createNamespace(fluxNamespace),
    cluster.createNamespace(argocdNamespace).then(() => installArgocd(cluster)),
    addNode(cluster),
  ]);
  await redis.writeSecret(cluster);
}

async function installArgocd(cluster: TestCluster): Promise<void> {
  const objects = readObjects(sharedArgoInstall(manifestTags.argocd));
  await cluster.installCrds(objects);
  const others = objects.filter(({ kind }) => kind !== "CustomResourceDefinition");
  await cluster.applyAll(others, { namespace: argocdNamespace });
}

function argocdConnections(
  binaries: RigPrograms,
  ports: Record<ArgocdVersion, number>,
): RigConnection["argocd"] {
  const entries = argocdVersions.map((version): [ArgocdVersion, ArgocdConnection] => [
    version,
    {
      release: argocdRelease(version),
      url: `http://127.0.0.1:${ports[version]}`,
      cli: binaries[`argocd-${version}`],
    },
  ]);
  return Object.fromEntries(entries) as RigConnection["argocd"];
}
