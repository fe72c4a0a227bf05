import { describe, expect, test } from "vitest";
import { fluxInstanceFrom, syncOf } from "../../src/flux/flux-instance.js";
import type { HelmRelease } from "../../src/flux/helm-release.js";
import { flux, hr } from "../builders/flux.js";

const sync = {
  kind: "GitRepository",
  url: "https://git.example/fleet",
  ref: "refs/heads/main",
  path: "prod",
};
const chart = (name: string) => ({ spec: { chart: name, sourceRef: { kind: "HelmRepository", name: "c" } } });
const chartRef = { kind: "OCIRepository", name: "flux-instance" };

describe("fluxInstanceFrom()", () => {
  test.each<[string, HelmRelease["spec"] & object, namespace: string | undefined]>([
    ["the chart by its name", { chart: chart("flux-instance"), values: { instance: { sync } } }, "apps"],
    ["the chart in a registry", { chartRef, values: { instance: { sync } } }, "apps"],
    ["in another namespace", { chartRef, targetNamespace: "ops", values: { instance: { sync } } }, "ops"],
    ["another chart", { chart: chart("web"), values: { instance: { sync } } }, undefined],
    ["other values", { chartRef, values: { instance: "small" } }, undefined],
    ["no values", { chartRef }, undefined],
  ])("%s", (_, spec, namespace) => {
    const made = fluxInstanceFrom(hr("flux", spec));
    expect(made?.metadata.namespace).toBe(namespace);
    expect(made?.spec?.sync).toEqual(namespace && sync);
  });
});

test("syncOf() makes a source, and a Kustomization of the same name", () => {
  const place = { name: "flux-system", namespace: "flux-system" };
  expect(syncOf(flux("FluxInstance", "flux-system/flux", { sync }))).toMatchObject([
    { kind: "GitRepository", metadata: place, spec: { url: sync.url, ref: { name: sync.ref } } },
    {
      kind: "Kustomization",
      metadata: place,
      spec: { path: "prod", sourceRef: { kind: "GitRepository", name: "flux-system" } },
    },
  ]);
  expect(syncOf(flux("FluxInstance", "flux", { sync: { ...sync, path: undefined } }))).toHaveLength(1);
});
