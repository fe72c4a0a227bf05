import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findOrBuildPrograms, type Programs } from "./build.js";
import { createAuthority, issueCertificate, newKey } from "./certificates.js";
import { type ClusterConnection, plainUsers } from "./connection.js";
import { type Leashed, startLeashed } from "./leash.js";

export interface RunningCluster {
  connection: ClusterConnection;
  /** Ends both programs and removes their folder. Without it they end with this process. */
  stop(): Promise<void>;
  /** Kills the API server and starts it again, at the same address and with what etcd has kept. */
  restart(): Promise<void>;
}

const readyWithinMs = 60_000;

/**
 * Starts etcd and an API server on loopback, with no controllers: nothing becomes ready by itself, a deleted namespace
 * stays Terminating, owners are not collected. About two seconds and 320 MB.
 *
 * @throws NoPrograms when etcd and kube-apiserver are not to be had
 */
export async function startCluster(): Promise<RunningCluster> {
  const programs = await findOrBuildPrograms();
  for (let triesLeft = 2; ; triesLeft--) {
    try {
      return await startOnce(programs);
    } catch (error) {
      // a port that was free a moment ago can be taken by now
      if (triesLeft === 0 || !/address already in use/.test(String(error))) throw error;
    }
  }
}

async function startOnce(programs: Programs): Promise<RunningCluster> {
  const folder = await mkdtemp(join(tmpdir(), "flamingo-test-cluster-"));
  const [etcdPort, peerPort, port] = await freePorts(3);
  const connection: ClusterConnection = {
    server: `https://127.0.0.1:${port}`,
    authority: createAuthority(),
    tokens: {
      admin: "token-of-admin",
      alice: "token-of-alice",
      bob: "token-of-bob",
      carol: "token-of-carol",
    },
    folder,
  };
  await writeServerFiles(connection);

  const start = (name: string, command: string, args: string[], own = folder) =>
    startLeashed(command, args, { folder: own, log: join(folder, `${name}.log`) });
  const startServer = () => {
    const flags = apiserverFlags(folder, etcdPort, port);
    // the cluster's folder outlives it
    return start("kube-apiserver", programs.kubeApiserver, flags, join(folder, "kube-apiserver"));
  };
  const etcd = start("etcd", programs.etcd, etcdFlags(folder, etcdPort, peerPort));
  let server = startServer();
  const stop = async () => {
    await Promise.all([etcd.end(), server.end()]);
    await rm(folder, { recursive: true, force: true });
  };
  const restart = async () => {
    await server.end();
    server = startServer();
    await waitUntilReady(connection, [etcd, server]);
  };
  try {
    await waitUntilReady(connection, [etcd, server]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { connection, stop, restart };
}

export async function writeServerFiles(connection: ClusterConnection): Promise<void> {
  const { server, authority, tokens, folder } = connection;
  const serving = issueCertificate(authority, {
    commonName: "kube-apiserver",
    hosts: [new URL(server).hostname, "localhost", "kubernetes.default.svc"],
  });
  // TOKEN,NAME,UID,"GROUPS"
  const users = plainUsers.map((user) => `${tokens[user]},${user},uid-of-${user}`);
  const files = {
    "ca.crt": authority.cert,
    "serving.crt": serving.cert,
    "serving.key": serving.key,
    "sa.key": newKey().key,
    "tokens.csv": [`${tokens.admin},admin,uid-of-admin,"system:masters"`, ...users, ""].join("\n"),
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, { mode: 0o600 });
}

export function etcdFlags(folder: string, port: number, peerPort: number): string[] {
  const url = `http://127.0.0.1:${port}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    "--unsafe-no-fsync",
  ];
}

export function apiserverFlags(
  folder: string,
  etcdPort: number,
  port: number,
  address = "127.0.0.1",
): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--secure-port=${port}`,
    `--bind-address=${address}`,
    `--advertise-address=${address}`,
    "--endpoint-reconciler-type=none", // nobody looks for the API server inside the cluster
    `--cert-dir=${folder}`,
    `--tls-cert-file=${join(folder, "serving.crt")}`,
    `--tls-private-key-file=${join(folder, "serving.key")}`,
    `--client-ca-file=${join(folder, "ca.crt")}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    `--service-account-key-file=${join(folder, "sa.key")}`,
    `--service-account-signing-key-file=${join(folder, "sa.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/24",
    "--disable-admission-plugins=ServiceAccount", // it wants a ServiceAccount for each Pod, and no controller makes them
    "--allow-privileged",
  ];
}

async function waitUntilReady(connection: ClusterConnection, programs: Leashed[]): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (!(await isReady(connection))) {
    const ended = programs.find((program) => program.hasEnded());
    if (ended)
      throw new Error(`The test cluster ended while it started. Its last words:\n${ended.lastLines()}`);
    if (Date.now() > deadline) {
      const words = programs.map((program) => program.lastLines()).join("\n\n");
      throw new Error(
        `The test cluster is not ready after ${readyWithinMs / 1000}s. Its last words:\n${words}`,
      );
    }
    await sleep(25);
  }
}

export function isReady({ server, authority, tokens }: ClusterConnection): Promise<boolean> {
  const headers = { authorization: `Bearer ${tokens.admin}` };
  return new Promise((resolve) => {
    get(`${server}/readyz`, { ca: authority.cert, headers, agent: false }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode === 200));
    }).once("error", () => resolve(false));
  });
}

/** Ports that nobody listens on at this moment; held all at once so that they differ. */
async function freePorts(count: 3): Promise<[number, number, number]>;
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address();
          resolve(address && typeof address === "object" ? address.port : 0);
        });
      }),
  );
  const found = await Promise.all(ports);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found;
}
