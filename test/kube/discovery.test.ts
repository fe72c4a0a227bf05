import { describe, expect, test } from "vitest";
import { compareKubeVersions, discovery } from "../../src/kube/discovery.js";
import { jsonClient } from "../../src/kube/http.js";
import type { Kind } from "../../src/kube/object.js";
import { type Handler, json, type StandIn, standIn, transportTo } from "./stand-in.js";

test.each([
  [
    ["v1beta1", "v2", "v1alpha1", "v1", "v2beta2", "v1beta2"],
    ["v2", "v1", "v2beta2", "v1beta2", "v1beta1", "v1alpha1"],
  ],
  [
    ["v2", "v10", "v9"],
    ["v10", "v9", "v2"],
  ],
  [
    ["v1alpha2", "v1alpha10", "v2alpha1"],
    ["v2alpha1", "v1alpha10", "v1alpha2"],
  ],
  [
    ["foo10", "v0", "foo1", "v1alpha1", "v1gamma1"],
    ["v1alpha1", "foo1", "foo10", "v0", "v1gamma1"],
  ],
])("compareKubeVersions() sorts %j", (versions, sorted) =>
  expect(versions.toSorted(compareKubeVersions)).toEqual(sorted),
);

const source = "source.toolkit.fluxcd.io";
const kindOf = (group: string, plural: string): Kind => ({ group, kind: plural, plural });

/** Each kind of a group in versions of its own, and a group whose API server is down. */
const served: Record<string, Record<string, string[] | "down">> = {
  [source]: { v1: ["gitrepositories", "helmcharts"], v1beta2: ["gitrepositories", "ocirepositories"] },
  "metrics.example": { v1beta1: "down" },
  "mixed.example": { v1: ["kept"], v2: "down" },
};

const aggregated: Handler = ({ headers }, response) => {
  expect(headers.accept).toBe(
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json",
  );
  const items = Object.entries(served).map(([name, versions]) => ({
    metadata: { name },
    versions: Object.entries(versions).map(([version, plurals]) =>
      plurals === "down"
        ? { version, freshness: "Stale" }
        : {
            version,
            freshness: "Current",
            resources: plurals.map((resource) => ({ resource, verbs: ["get"] })),
          },
    ),
  }));
  json(response, { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", items });
};

const legacy: Handler = ({ url }, response) => {
  if (url === "/apis") {
    const groups = Object.entries(served).map(([name, versions]) => ({
      name,
      versions: Object.keys(versions).map((version) => ({ version, groupVersion: `${name}/${version}` })),
    }));
    return json(response, { kind: "APIGroupList", groups });
  }
  const [, , group = "", version = ""] = url.split("/");
  const plurals = served[group]?.[version] ?? "down";
  if (plurals === "down") return json(response, { kind: "Status", message: "unavailable" }, 503);
  const resources = plurals.flatMap((name) => [{ name }, { name: `${name}/status` }]);
  json(response, { kind: "APIResourceList", resources });
};

function open({ url }: StandIn) {
  const signal = new AbortController().signal;
  return discovery(jsonClient(transportTo(url), { signal, firstWaitMs: 1 }));
}

describe.each([
  ["aggregated", aggregated],
  ["legacy", legacy],
])("%s discovery", (_, handler) => {
  test.each([
    [source, "gitrepositories", "v1"],
    [source, "helmcharts", "v1"],
    [source, "ocirepositories", "v1beta2"],
    [source, "buckets", undefined],
    ["helm.toolkit.fluxcd.io", "helmreleases", undefined],
    ["mixed.example", "kept", "v1"],
  ])("%s %s is served in %s", async (group, plural, version) => {
    const { newestVersion } = open(await standIn(handler));
    expect(await newestVersion(kindOf(group, plural))).toBe(version);
  });

  test.each([
    ["metrics.example", "v1beta1"],
    ["mixed.example", "v2"],
  ])("%s that does not answer does not count as not served", async (group, version) => {
    const { newestVersion } = open(await standIn(handler));
    await expect(newestVersion(kindOf(group, "gone"))).rejects.toMatchObject({
      message: `Cannot find out whether gone.${group} is served: the API ${group}/${version} does not answer`,
      hint: `Look at its state: kubectl get apiservices ${version}.${group}`,
    });
  });
});

test("aggregated discovery is one request for any number of kinds", async () => {
  const server = await standIn(aggregated);
  const { newestVersion } = open(server);
  await Promise.all(
    [source, "helm.toolkit.fluxcd.io", "mixed.example"].map((group) =>
      newestVersion(kindOf(group, "kept")).catch(() => {}),
    ),
  );
  await newestVersion(kindOf(source, "ocirepositories"));
  expect(server.received.map(({ url }) => url)).toEqual(["/apis"]);
});

test("legacy discovery lists only the groups that are asked for, once", async () => {
  const server = await standIn(legacy);
  const { newestVersion } = open(server);
  await Promise.all([
    newestVersion(kindOf(source, "gitrepositories")),
    newestVersion(kindOf(source, "buckets")),
  ]);
  await newestVersion(kindOf(source, "ocirepositories"));
  const asked = server.received.map(({ url }) => url);
  expect(asked).toHaveLength(3);
  expect(new Set(asked)).toEqual(new Set(["/apis", `/apis/${source}/v1`, `/apis/${source}/v1beta2`]));
});

test("a failure is not remembered", async () => {
  const forbidden: Handler = (_, response) => json(response, {}, 403);
  const answers = [forbidden, aggregated];
  const { newestVersion } = open(await standIn((request, response) => answers.shift()?.(request, response)));
  await expect(newestVersion(kindOf(source, "helmcharts"))).rejects.toMatchObject({ status: 403 });
  expect(await newestVersion(kindOf(source, "helmcharts"))).toBe("v1");
});

test("forget() asks again", async () => {
  const server = await standIn(aggregated);
  const { newestVersion, forget } = open(server);
  await newestVersion(kindOf(source, "helmcharts"));
  forget();
  await newestVersion(kindOf(source, "helmcharts"));
  expect(server.received).toHaveLength(2);
});

test("forget() keeps what was learned a moment ago, when it is told so", async () => {
  const server = await standIn(aggregated);
  const { newestVersion, forget } = open(server);
  await newestVersion(kindOf(source, "helmcharts"));
  forget(60_000);
  await newestVersion(kindOf(source, "helmcharts"));
  expect(server.received).toHaveLength(1);
});
