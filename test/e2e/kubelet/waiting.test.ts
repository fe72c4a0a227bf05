import { describe, expect } from "vitest";
import type { ContainerStatus } from "../../../src/kube/kinds.js";
import type { Running } from "../../spawn.js";
import { nodeName } from "../kubernetes.js";
import type { Pod } from "./pod.js";
import { type PodRig, podClusterTest } from "./pod-cluster-test.js";
import { installLine, run, start } from "./run.js";

// Kubernetes' own controllers make the Pods, or say why not. No node takes them, and what a kubelet would say is written by hand.
const podTest = podClusterTest();

/** Flux may come later. */
const line = `${installLine} --yes`;

describe("an install that cannot end", () => {
  podTest("gives up on an image for another machine at once", async ({ rig }) => {
    const installing = await waitingInstall(rig);
    await say(rig, {
      restartCount: 1,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container" } },
      lastState: {
        terminated: { exitCode: 1, reason: "Error", message: "exec argocd-server: exec format error" },
      },
    });
    expect(await installing.ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /✗ Cannot finish the install: Pod argocd-server-\S+ in argocd, container argocd-server: CrashLoopBackOff: back-off 10s restarting failed container; exec argocd-server: exec format error\n {2}hint: See kubectl describe pod argocd-server-\S+ -n argocd; what was applied stays, and install can be run again\n$/,
      ),
    });
  });

  podTest("gives up on a container that crashes again and again", async ({ rig }) => {
    const installing = await waitingInstall(rig);
    const crashed = (restartCount: number) => ({
      restartCount,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off restarting failed container" } },
      lastState: { terminated: { exitCode: 20, reason: "Error" } },
    });
    await say(rig, crashed(1));
    await say(rig, crashed(5));
    expect(await installing.ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /container argocd-server: CrashLoopBackOff: back-off restarting failed container\n/,
      ),
    });
  });

  podTest("gives up on an image that cannot be pulled for a minute", async ({ rig }) => {
    const installing = await waitingInstall(rig);
    const cannot = (reason: string) => ({
      restartCount: 0,
      state: { waiting: { reason, message: 'Back-off pulling image "quay.io/argoproj/argocd:v3.6.1"' } },
    });
    await say(rig, cannot("ErrImagePull"));
    await say(rig, cannot("ImagePullBackOff"));
    expect(await installing.ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /container argocd-server: ImagePullBackOff: Back-off pulling image "quay\.io\/argoproj\/argocd:v3\.6\.1"\n/,
      ),
    });
  });

  podTest("is left with Ctrl-C, and what was applied stays", async ({ rig }) => {
    const installing = await waitingInstall(rig);
    installing.child.kill("SIGINT");
    expect(await installing.ended).toMatchObject({ exitCode: 130, stderr: expect.stringContaining("✗ ") });
    expect(await serverPods(rig)).toHaveLength(1);
  });

  podTest("goes on when what kept it is mended", async ({ rig }) => {
    await takePods(rig, true);
    expect(await run(rig, line)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("✔ Everything in argocd runs"),
    });
  });

  podTest("tells at the deadline that a quota keeps the Pods away", async ({ rig }) => {
    const metadata = { name: "none", namespace: "argocd" };
    const spec = { hard: { pods: "0" } };
    await rig.cluster.apply({ apiVersion: "v1", kind: "ResourceQuota", metadata, spec });
    await expect
      .poll(() => rig.cluster.get("v1", "ResourceQuota", "none", "argocd"))
      .toMatchObject({ status: { hard: { pods: "0" } } });
    expect(await run(rig, `${line} --image registry.example/other:v3.6.1 --timeout 20s`)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(
        /✗ Cannot wait any longer: .*Deployment argocd-server in argocd is InProgress: pods "argocd-server-\S+" is forbidden: exceeded quota: none, requested: pods=1, used: pods=\d+, limited: pods=0/,
      ),
    });
  });
});

/** One that has come to waiting. */
async function waitingInstall(rig: PodRig): Promise<Running> {
  await takePods(rig, false);
  const untold = { restartCount: 0, state: { waiting: { reason: "ContainerCreating" } } };
  if ((await serverPods(rig)).length > 0) await say(rig, untold);
  const installing = start(rig, `${line} --timeout 90s`);
  await installing.says("◎ Waiting until everything in argocd runs");
  return installing;
}

/** Whether the one node takes new Pods. */
async function takePods({ cluster }: PodRig, does: boolean): Promise<void> {
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: nodeName } };
  await cluster.change(node, { spec: { unschedulable: !does } });
}

async function serverPods({ cluster }: PodRig): Promise<Pod[]> {
  const pods = await cluster.list<Pod>("v1", "Pod", "argocd");
  return pods.filter(({ metadata }) => metadata.name.startsWith("argocd-server-"));
}

/** How it is with the container of argocd-server, as the kubelet would write it. */
async function say(rig: PodRig, status: ContainerStatus): Promise<void> {
  await expect.poll(() => serverPods(rig)).toHaveLength(1);
  const [pod] = await serverPods(rig);
  const containerStatuses = [{ name: "argocd-server", image: "", imageID: "", ready: false, ...status }];
  await rig.cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: pod?.metadata.name ?? "", namespace: "argocd" },
    status: { phase: "Pending", containerStatuses },
  });
}
