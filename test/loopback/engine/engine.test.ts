import { expect, onTestFinished } from "vitest";
import { readArgoSettings } from "../../../src/loopback/engine/argo-config.js";
import { Engine } from "../../../src/loopback/engine/engine.js";
import { Metrics } from "../../../src/loopback/engine/metrics.js";
import { argoCrds, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { kubeFor } from "../../kube/kube-for.js";
import { soon } from "../../kube/watch/listen.js";

const ownTest = ownClusterTest((cluster) => cluster.installCrds(argoCrds()));

function configMap(name: string, data: Record<string, string>): TestObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "argocd", name }, data };
}

async function startEngine(cluster: TestCluster) {
  const kube = kubeFor(cluster);
  const stop = new AbortController();
  const remarks: string[] = [];
  const engine = new Engine({
    kube,
    settings: await readArgoSettings(kube, "argocd"),
    dryRun: true,
    now: () => new Date(),
    signal: stop.signal,
    metrics: new Metrics(),
    listener: {
      reported() {},
      dropped() {},
      failed() {},
      answered() {},
      auto() {},
      undone() {},
      remark: (text) => void remarks.push(text),
    },
  });
  onTestFinished(async () => {
    stop.abort();
    await engine.stop();
  });
  await engine.read();
  return { engine, remarks };
}

ownTest("Argo CD's ConfigMaps count when they come, change and go", async ({ cluster }) => {
  await cluster.createNamespace("argocd");
  await cluster.applyAll([
    configMap("argocd-cm", { "resource.customLabels": "team" }),
    configMap("argocd-cmd-params-cm", { "application.namespaces": "team-a, team-b" }),
  ]);
  const { engine, remarks } = await startEngine(cluster);
  const settings = () => {
    const { applicationNamespaces, customLabels } = engine.world.settings;
    return [...applicationNamespaces, ...customLabels];
  };
  expect(settings()).toEqual(["team-a", "team-b", "team"]);
  await cluster.delete("v1", "ConfigMap", "argocd-cmd-params-cm", "argocd");
  await soon(settings).toEqual(["team"]);
  await cluster.applyAll([configMap("argocd-cmd-params-cm", { "application.namespaces": "team-c" })]);
  await soon(settings).toEqual(["team-c", "team"]);
  await cluster.applyAll([configMap("argocd-cm", { "resource.exclusions": "none" })]);
  await soon(() => remarks).toEqual([
    "Cannot read resource.exclusions of the ConfigMap argocd-cm: it is no list",
  ]);
  expect(settings()).toEqual(["team-c", "team"]);
  await cluster.delete("v1", "ConfigMap", "argocd-cm", "argocd");
  await soon(settings).toEqual(["team-c"]);
});
