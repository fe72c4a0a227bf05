import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthority, issueCertificate } from "../cluster/certificates.js";
import type { ClusterConnection } from "../cluster/connection.js";
import type { TestObject } from "../cluster/crds.js";
import { apiserverFlags, etcdFlags, isReady, writeServerFiles } from "../cluster/start.js";
import type { TestCluster } from "../cluster/test-cluster.js";
import { auditing } from "./audit.js";
import { freePort } from "./ports.js";
import { isHealthy, type ProgramSpec } from "./program.js";
import type { RigPrograms } from "./programs.js";

/**
 * etcd and the API server, in this order, and how to reach them. Their files lie in `folder`.
 *
 * @param address where the API server listens: of this machine alone, unless pods are to reach it
 */
export async function apiServerSpecs(
  programs: RigPrograms,
  folder: string,
  address = "127.0.0.1",
): Promise<{ connection: ClusterConnection; specs: [ProgramSpec, ProgramSpec]; auditLog: string }> {
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const connection: ClusterConnection = {
    server: `https://${address}:${port}`,
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
  const audit = await auditing(folder);
  const etcd: ProgramSpec = {
    name: "etcd",
    command: programs.etcd,
    args: etcdFlags(folder, etcdPort, peerPort),
    isReady: () => isHealthy(`http://127.0.0.1:${etcdPort}/health`),
  };
  const apiserver: ProgramSpec = {
    name: "kube-apiserver",
    command: programs["kube-apiserver"],
    args: [...apiserverFlags(folder, etcdPort, port, address), ...audit.flags],
    isReady: () => isReady(connection),
  };
  return { connection, specs: [etcd, apiserver], auditLog: audit.log };
}

/** What makes pods of Deployments and the like, tidies up after owners, and empties namespaces. */
const controllers = [
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "daemonset-controller",
  "job-controller",
  "cronjob-controller",
  "endpointslice-controller",
  "namespace-controller",
  "garbage-collector-controller",
  "serviceaccount-controller",
  "serviceaccount-token-controller",
  "disruption-controller",
  "horizontal-pod-autoscaler-controller",
  "persistentvolume-binder-controller",
];

/**
 * The controller-manager and the scheduler. Both want TLS files for their health endpoints and make them themselves.
 *
 * @param more controllers, by name
 */
export async function controllerSpecs(
  programs: RigPrograms,
  { folder }: ClusterConnection,
  kubeconfig: string,
  more: readonly string[] = [],
): Promise<ProgramSpec[]> {
  const common = [
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    `--cert-dir=${folder}`,
    // the default makes some 20 pods in a second
    "--kube-api-qps=500",
    "--kube-api-burst=500",
  ];
  const [managerPort, schedulerPort] = [await freePort(), await freePort()];
  return [
    {
      name: "kube-controller-manager",
      command: programs["kube-controller-manager"],
      args: [
        ...common,
        `--secure-port=${managerPort}`,
        `--service-account-private-key-file=${join(folder, "sa.key")}`,
        `--root-ca-file=${join(folder, "ca.crt")}`,
        `--controllers=${[...controllers, ...more].join(",")}`,
        "--horizontal-pod-autoscaler-sync-period=1s",
      ],
      isReady: () => isHealthy(`https://127.0.0.1:${managerPort}/healthz`),
    },
    {
      name: "kube-scheduler",
      command: programs["kube-scheduler"],
      args: [...common, `--secure-port=${schedulerPort}`],
      isReady: () => isHealthy(`https://127.0.0.1:${schedulerPort}/healthz`),
    },
  ];
}

/**
 * kwok: says what a kubelet would say of every pod, by its built-in stages (pods are Running and ready at once, those of
 * Jobs succeed), and forwards ports of pods in the namespace argocd to programs on this machine.
 *
 * @param forwards by the pod's port: `{ 6379: 20123 }`
 */
export async function kwokSpec(
  programs: RigPrograms,
  { folder, authority }: ClusterConnection,
  kubeconfig: string,
  forwards: Readonly<Record<number, number>>,
): Promise<ProgramSpec> {
  const port = await freePort();
  const { cert, key } = issueCertificate(authority, { commonName: "kwok", hosts: ["127.0.0.1"] });
  const portForward = {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "ClusterPortForward",
    metadata: { name: "argocd" },
    spec: {
      selector: { matchNamespaces: ["argocd"] },
      forwards: Object.entries(forwards).map(([from, to]) => ({
        ports: [Number(from)],
        target: { port: to, address: "127.0.0.1" },
      })),
    },
  };
  const files = {
    "kwok.crt": cert,
    "kwok.key": key,
    "kwok.yaml": JSON.stringify(portForward),
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, { mode: 0o600 });
  return {
    name: "kwok",
    command: programs.kwok,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--config=${join(folder, "kwok.yaml")}`,
      "--manage-all-nodes=true",
      "--node-ip=127.0.0.1",
      `--node-port=${port}`,
      `--server-address=127.0.0.1:${port}`,
      `--tls-cert-file=${join(folder, "kwok.crt")}`,
      `--tls-private-key-file=${join(folder, "kwok.key")}`,
    ],
    isReady: () => isHealthy(`https://127.0.0.1:${port}/healthz`),
  };
}

export const nodeName = "node-1";

/**
 * The node on which all pods run. The API server marks a new node as not ready for pods, and the controller that takes
 * the mark away would also watch over heartbeats: so the mark goes here.
 *
 * @param nodeStatus where kwok does not write it
 */
export async function addNode(cluster: TestCluster, nodeStatus: object = {}): Promise<void> {
  const node: TestObject = {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: nodeName,
      labels: {
        "kubernetes.io/hostname": nodeName,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
      },
    },
    status: nodeStatus,
  };
  await cluster.apply(node);
  const headers = { "content-type": "application/merge-patch+json" };
  const { status, body } = await cluster.request(
    "PATCH",
    `/api/v1/nodes/${nodeName}`,
    { spec: { taints: null } },
    headers,
  );
  if (status !== 200) throw new Error(`Cannot make ${nodeName} ready for pods: ${JSON.stringify(body)}`);
}
