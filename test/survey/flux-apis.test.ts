import { expect, onTestFinished, test } from "vitest";
import { openKube } from "../../src/kube/cluster.js";
import { fluxKinds } from "../../src/support-matrix/flux-apis.js";
import { readFluxApis } from "../../src/survey/flux-apis.js";
import { fluxMinor, ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import { asOlderServer, startProxy } from "../cluster/proxy.js";
import { json, standIn, transportTo } from "../kube/stand-in.js";

const flux27Test = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.7")));

function kubeAt(url: string, cluster?: TestCluster) {
  const transport = transportTo(url, {
    ...(cluster ? { tls: { ca: cluster.connection.authority.cert } } : {}),
    headers: async (): Promise<Record<string, string>> =>
      cluster ? { Authorization: `Bearer ${cluster.connection.tokens.admin}` } : {},
  });
  return openKube(transport, { signal: new AbortController().signal, firstWaitMs: 1 });
}

const flux27 = {
  Kustomization: ["v1", "v1beta2"],
  HelmRelease: ["v2", "v2beta2"],
  GitRepository: ["v1", "v1beta2"],
  OCIRepository: ["v1", "v1beta2"],
  HelmRepository: ["v1", "v1beta2"],
  HelmChart: ["v1", "v1beta2"],
  Bucket: ["v1", "v1beta2"],
  ExternalArtifact: ["v1"],
};

flux27Test("readFluxApis() reads every served version of every kind, newest first", async ({ cluster }) => {
  expect((await readFluxApis(kubeAt(cluster.connection.server, cluster))).served).toEqual(flux27);
});

flux27Test("an older API server says the same", async ({ cluster }) => {
  const proxy = await startProxy(cluster, asOlderServer);
  onTestFinished(() => proxy.stop());
  expect((await readFluxApis(kubeAt(proxy.server, cluster))).served).toEqual(flux27);
});

test("a cluster without any of it serves nothing, and is asked once", async () => {
  const { url, received } = await standIn((_, response) =>
    json(response, { kind: "APIGroupDiscoveryList", items: [] }),
  );
  const { served } = await readFluxApis(kubeAt(url));
  expect(served).toEqual(Object.fromEntries(Object.keys(fluxKinds).map((kind) => [kind, []])));
  expect(received).toHaveLength(1);
});

test("an API that does not answer is an error, not nothing", async () => {
  const items = [
    {
      metadata: { name: "helm.toolkit.fluxcd.io" },
      versions: [{ version: "v2", freshness: "Stale", resources: [] }],
    },
  ];
  const { url } = await standIn((_, response) => json(response, { kind: "APIGroupDiscoveryList", items }));
  await expect(readFluxApis(kubeAt(url))).rejects.toMatchObject({
    message:
      "Cannot find out whether helmreleases.helm.toolkit.fluxcd.io is served: the API helm.toolkit.fluxcd.io/v2 does not answer",
  });
});
