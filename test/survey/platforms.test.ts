import { describe, expect, onTestFinished } from "vitest";
import { readPlatforms } from "../../src/survey/platforms.js";
import { ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import { startProxy } from "../cluster/proxy.js";
import { kubeOf } from "./kube-of.js";

const test = ownClusterTest();

interface Node {
  name: string;
  info?: [operatingSystem: string, architecture: string];
  labels?: Record<string, string>;
}

const byLabels = (os: string, arch: string) => ({ "kubernetes.io/os": os, "kubernetes.io/arch": arch });

async function haveNodes(cluster: TestCluster, nodes: Node[]): Promise<void> {
  await cluster.applyAll(
    nodes.map(({ name, info: [operatingSystem, architecture] = ["", ""], labels = {} }) => ({
      ...{ apiVersion: "v1", kind: "Node", metadata: { name, labels } },
      status: { nodeInfo: { ...noInfo, operatingSystem, architecture } },
    })),
  );
  onTestFinished(async () => {
    for (const { name } of nodes) await cluster.delete("v1", "Node", name);
  });
}

/** All fields of a nodeInfo are required. */
const noInfo = {
  machineID: "",
  systemUUID: "",
  bootID: "",
  kernelVersion: "",
  osImage: "",
  containerRuntimeVersion: "",
  kubeletVersion: "",
  kubeProxyVersion: "",
};

describe("readPlatforms()", () => {
  test("of a cluster without Nodes", async ({ cluster }) => {
    expect(await readPlatforms(kubeOf(cluster))).toEqual({ platforms: [] });
  });

  test("each once, sorted; by labels where the status is silent", async ({ cluster }) => {
    await haveNodes(cluster, [
      { name: "a", info: ["linux", "arm64"], labels: byLabels("linux", "amd64") },
      { name: "b", info: ["linux", "amd64"] },
      { name: "c", info: ["linux", "arm64"] },
      { name: "virtual", labels: byLabels("windows", "amd64") },
    ]);
    expect(await readPlatforms(kubeOf(cluster))).toEqual({
      platforms: ["linux/amd64", "linux/arm64", "windows/amd64"],
    });
  });

  test("some Nodes do not tell", async ({ cluster }) => {
    await haveNodes(cluster, [
      { name: "a", info: ["linux", "amd64"] },
      { name: "b" },
      { name: "c", labels: { "kubernetes.io/os": "linux" } },
    ]);
    expect(await readPlatforms(kubeOf(cluster))).toEqual({
      platforms: ["linux/amd64"],
      unknown: "Node b (and 1 more) does not tell its platform",
    });
  });

  test("without the right to list Nodes", async ({ cluster }) => {
    const { platforms, unknown } = await readPlatforms(kubeOf(cluster, { user: "alice" }));
    expect(platforms).toEqual([]);
    expect(unknown).toMatch(
      /^cannot list Nodes: nodes is forbidden: User "alice" cannot list resource "nodes"/,
    );
  });

  test("any other failure is thrown", async ({ cluster }) => {
    const proxy = await startProxy(cluster, () => ({ status: 400, body: { message: "broken" } }));
    onTestFinished(() => proxy.stop());
    await expect(readPlatforms(kubeOf(cluster, { server: proxy.server }))).rejects.toThrow("broken");
  });
});
