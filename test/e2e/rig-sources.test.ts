import { describe, expect } from "vitest";
import { flux, hr, ks } from "../builders/flux.js";
import type { TestObject } from "../cluster/crds.js";
import { e2eTest, type Rig } from "./e2e.js";
import { deployment } from "./workloads.js";

const chart = {
  name: "web",
  version: "1.2.3",
  files: {
    "templates/deployment.yaml": deployment("web", "{{ .Values.replicas }}"),
    "values.yaml": "replicas: 1",
  },
};

describe("Flux takes", () => {
  e2eTest("a chart from a repository of charts", async ({ rig }) => {
    const namespace = await rig.createNamespace("rig-charts");
    const repository = await rig.charts("rig-charts");
    await repository.push(chart);
    const release = await installFrom(rig, namespace, { url: repository.url });
    expect(release).toMatchObject({ status: { history: [{ chartName: "web", chartVersion: "1.2.3" }] } });

    await repository.push({ ...chart, version: "1.3.0" });
    await rig.reconcile(flux("HelmRepository", `${namespace}/charts`));
    await expect
      .poll(() => rig.cluster.get(release.apiVersion, release.kind, "web", namespace))
      .toMatchObject({ status: { history: [{ chartVersion: "1.3.0" }, { chartVersion: "1.2.3" }] } });
  });

  e2eTest("a chart from a registry", async ({ rig }) => {
    const namespace = await rig.createNamespace("rig-oci-chart");
    await rig.registry.pushChart(namespace, chart);
    const url = `${rig.registry.url}/${namespace}`;
    const release = await installFrom(rig, namespace, { type: "oci", url, insecure: true });
    expect(release).toMatchObject({ status: { history: [{ chartName: "web", chartVersion: "1.2.3" }] } });
  });

  e2eTest("manifests from a registry", async ({ rig }) => {
    const namespace = await rig.createNamespace("rig-oci");
    const files = { "app/deployment.yaml": deployment("web") };
    const digest = await rig.registry.pushArtifact(`${namespace}/web`, "latest", files, "main@sha1:5ec0d");
    const url = `${rig.registry.url}/${namespace}/web`;
    await rig.cluster.apply(
      flux("OCIRepository", `${namespace}/content`, { interval: "1h", url, insecure: true }),
    );
    const kustomization = await rig.cluster.apply(
      ks(`${namespace}/web`, {
        path: "./app",
        targetNamespace: namespace,
        sourceRef: { kind: "OCIRepository", name: "content" },
      }),
    );
    expect(await rig.untilReady(kustomization)).toMatchObject({
      status: { lastAppliedRevision: `latest@${digest}`, lastAppliedOriginRevision: "main@sha1:5ec0d" },
    });
  });
});

/** The HelmRelease `web` of the chart in this HelmRepository, Ready. */
async function installFrom(rig: Rig, namespace: string, repository: object): Promise<TestObject> {
  await rig.cluster.apply(flux("HelmRepository", `${namespace}/charts`, { interval: "1h", ...repository }));
  return await rig.untilReady(await rig.cluster.apply(hr(`${namespace}/web`)));
}
