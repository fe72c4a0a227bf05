import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { newKey } from "../../cluster/certificates.js";
import type { TestObject } from "../../cluster/crds.js";
import { sharedArgoInstall } from "../../cluster/shared.js";
import { readObjects } from "../../cluster/yaml.js";
import { argocdNamespace } from "../argocd-programs.js";
import { manifestTags } from "../rig.js";
import { flux } from "../workloads.js";
import { openPage } from "./argocd-page.js";
import { installFlux } from "./flux.js";
import { type PodRig, podClusterTest } from "./pod-cluster-test.js";
import { install, run } from "./run.js";

const podTest = podClusterTest();

describe("the stand-in for the kubelet", () => {
  podTest("tells a container what its Pod says, and asks it what its Pod says", async ({ rig }) => {
    const namespace = await rig.createNamespace("told");
    await rig.cluster.load(told, { namespace });
    const pod = () => rig.cluster.find<PodObject>("v1", "Pod", "told", namespace);
    await expect
      .poll(pod)
      .toMatchObject({ status: { phase: "Running", containerStatuses: [{ ready: true, restartCount: 0 }] } });
    const log = readFileSync(join(rig.room.logs, "told_told_redis.log"), "utf8");
    expect(log.split("\n").slice(0, 7)).toEqual([
      "I am 4711 in told",
      "hello told",
      "from a file",
      "from the first",
      "namespace told",
      "no root to write to",
      "a volume to write to",
    ]);
    await rig.cluster.delete("v1", "Pod", "told", namespace);
    await expect.poll(pod).toBeUndefined();
    expect(readFileSync(join(rig.room.logs, "told_told_redis.log"), "utf8")).toContain("Received SIGTERM");
  });

  podTest("runs all of Argo CD as its manifest says, until its own probes call it ready", async ({ rig }) => {
    await rig.cluster.createNamespace(argocdNamespace);
    const objects = readObjects(sharedArgoInstall(manifestTags.argocd));
    await rig.cluster.installCrds(objects);
    const others = objects.filter(({ kind }) => kind !== "CustomResourceDefinition");
    await rig.cluster.applyAll(others, { namespace: argocdNamespace });
    await expect.poll(() => missing(rig), { timeout: 120_000 }).toEqual([]);
    expect(await run(rig, "show-init-password")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\S{16}\n$/),
    });
  });
});

describe("beside a stock Argo CD, and without Flux", () => {
  podTest("install brings the engine, which shows Flux when it comes", async ({ rig }) => {
    expect(await install(rig)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--yes") });
    expect(await install(rig, "--yes --auto --project default")).toMatchObject({ exitCode: 0 });
    const page = await openPage(rig);
    expect(await page.applications()).toEqual([]);
    await installFlux(rig);
    await flux(rig, "later");
    await expect.poll(() => page.applications()).toEqual(["later-web-ks Synced Healthy"]);
  });

  podTest(
    "the engine goes on with the token that it gets when the one before has expired",
    async ({ rig }) => {
      await withAnotherKey(rig);
      await expect.poll(() => logOfEngine(rig)).toContain("(401)");
      await rig.kubelet.renewVolumes();
      await flux(rig, "renewed");
      const shown = () =>
        rig.cluster.find("argoproj.io/v1alpha1", "Application", "renewed-web-ks", argocdNamespace);
      await expect
        .poll(shown)
        .toMatchObject({ status: { sync: { status: "Synced" }, health: { status: "Healthy" } } });
      const pods = await rig.cluster.list<PodObject>("v1", "Pod", argocdNamespace);
      expect(pods.find(({ metadata }) => metadata.name.startsWith("flamingo-loopback-"))).toMatchObject({
        status: { containerStatuses: [{ restartCount: 0 }] },
      });
    },
  );

  podTest("uninstall only takes the engine", async ({ rig }) => {
    expect(await run(rig, "uninstall --yes")).toMatchObject({ exitCode: 0 });
    const page = await openPage(rig);
    // Argo CD itself reads its token once in a minute, and lists again some seconds later
    await expect.poll(() => page.applications(), { timeout: 120_000 }).toEqual([]);
    expect(await missing(rig)).toEqual([]);
  });
});

function logOfEngine({ room: { logs } }: PodRig): string {
  const file = readdirSync(logs).find((name) => name.includes("_flamingo-loopback-")) ?? "";
  return readFileSync(join(logs, file), "utf8");
}

/** No token that the API server has given is good any more, as after an hour. */
async function withAnotherKey({ room: { folder, started } }: PodRig): Promise<void> {
  await writeFile(join(folder, "cluster", "sa.key"), newKey().key);
  await started.find(({ name }) => name === "kube-apiserver")?.restart();
}

const told = `
apiVersion: v1
kind: ConfigMap
metadata: { name: told }
data: { greeting: hello, file: from a file }
---
apiVersion: v1
kind: Pod
metadata: { name: told }
spec:
  securityContext: { runAsUser: 4711 }
  volumes:
    - { name: texts, configMap: { name: told } }
    - { name: shared, emptyDir: {} }
  initContainers:
    - name: first
      image: redis
      command: [sh, -c, "echo from the first >/shared/first"]
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - name: redis
      image: redis
      command: [sh, -c]
      args:
        - |
          echo "I am $(id -u) in $NAMESPACE"
          echo "$GREETING"
          cat /texts/file && echo
          cat /shared/first
          echo "namespace $(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace)"
          touch /file 2>/dev/null || echo no root to write to
          touch /shared/file && echo a volume to write to
          exec redis-server --save "" --port 7000
      env:
        - { name: NAMESPACE, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }
        - { name: WORD, valueFrom: { configMapKeyRef: { name: told, key: greeting } } }
        - { name: GREETING, value: "$(WORD) $(NAMESPACE)" }
        - { name: NOTHING, valueFrom: { secretKeyRef: { name: nothing, key: nothing, optional: true } } }
      readinessProbe: { exec: { command: [redis-cli, -p, "7000", ping] } }
      securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
      volumeMounts:
        - { name: texts, mountPath: /texts }
        - { name: shared, mountPath: /shared }
`;

/** Which of those that make Pods do not have all of theirs ready, and which containers ended meanwhile. */
async function missing({ cluster }: PodRig): Promise<string[]> {
  const kinds = ["Deployment", "StatefulSet"].map((kind) =>
    cluster.list<Runner>("apps/v1", kind, argocdNamespace),
  );
  const unavailable = (await Promise.all(kinds))
    .flat()
    .filter(({ spec, status }) => status?.availableReplicas !== spec.replicas);
  const pods = await cluster.list<PodObject>("v1", "Pod", argocdNamespace);
  const restarted = pods.flatMap(({ metadata, status = {} }) =>
    (status.containerStatuses ?? [])
      // dex ends until argocd-server has made its keys, wherever it runs
      .filter(({ name, restartCount }) => restartCount > 0 && name !== "dex")
      .map(({ name }) => `${metadata.name} ${name} ended`),
  );
  return [...unavailable.map(({ metadata }) => metadata.name), ...restarted];
}

type Runner = TestObject & { spec: { replicas: number }; status?: { availableReplicas?: number } };
type PodObject = TestObject & { status?: { containerStatuses?: { name: string; restartCount: number }[] } };
