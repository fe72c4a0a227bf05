import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo, type Run } from "../../flamingo.js";
import { podOn, startKubelet } from "../../kube/port-forward/kubelet.js";

const labels = { "app.kubernetes.io/name": "argocd-server" };

/** As in the manifests: 80 and 443 of the Service are the same port of a pod. */
export function serverService(
  namespace: string,
  name = "argocd-server",
  selector: object = labels,
): TestObject {
  const port = (portName: string, number: number) => ({ name: portName, port: number, targetPort: 8080 });
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { namespace, name },
    spec: { clusterIP: "None", selector, ports: [port("http", 80), port("https", 443)] },
  };
}

export function serverDeployment(
  namespace: string,
  container: object = {},
  name = "argocd-server",
): TestObject {
  const one = { name: "argocd-server", image: "quay.io/argoproj/argocd:v3.5.1", args: ["argocd-server"] };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ ...one, ...container }] } },
    },
  };
}

export function serverPod(
  namespace: string,
  name: string,
  nodeName: string | undefined,
  isReady = true,
): TestObject {
  const pod = podOn(nodeName, namespace, name);
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    status: { phase: "Running", conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
  };
}

/** An argocd-server in a namespace of this name, with one pod, "server-a", on a node of the same name. */
export async function installServer(
  cluster: TestCluster,
  name: string,
  does: Parameters<typeof startKubelet>[2],
  container?: object,
) {
  const namespace = await cluster.createNamespace(name);
  const kubelet = await startKubelet(cluster, name, does);
  await cluster.applyAll([
    serverService(namespace),
    serverDeployment(namespace, container),
    serverPod(namespace, "server-a", name),
  ]);
  return { namespace, kubelet };
}

/** A port-forward that runs until it is stopped, or the test is over. */
export async function startForward(
  cluster: TestCluster,
  flags: string,
  { kubeconfig = cluster.kubeconfig(), env = {} }: { kubeconfig?: string; env?: Record<string, string> } = {},
) {
  const end = new AbortController();
  let url = "";
  let stderr = "";
  const run: Promise<Run> = flamingo(`port-fwd ${flags}`, {
    kubeconfig,
    env,
    signal: end.signal,
    onStdout: (text) => {
      url += text;
    },
    onStderr: (text) => {
      stderr += text;
    },
  });
  const stop = () => {
    end.abort();
    return run;
  };
  onTestFinished(async () => void (await stop()));
  let isOver = false;
  void run.finally(() => {
    isOver = true;
  });
  while (!url.endsWith("\n") && !isOver) await sleep(5);
  return { url: url.trim(), port: Number(/:(\d+)(?:\/|$)/m.exec(url)?.[1]), said: () => stderr, stop, run };
}
