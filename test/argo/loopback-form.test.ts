import { expect, test } from "vitest";
import type { Application } from "../../src/argo/application.js";
import { toLoopbackForm } from "../../src/argo/loopback-form.js";
import type { Location } from "../../src/flux/location.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { generated } from "../builders/argo.js";
import { chartInGit, hr, ks, location } from "../builders/flux.js";

/** RFC 7386, as the API server does it. */
function patched(value: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const entries = new Map(Object.entries((value ?? {}) as object));
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) entries.delete(key);
    else entries.set(key, patched(entries.get(key), change));
  }
  return Object.fromEntries(entries);
}

const inFolder = hr("shop/web", chartInGit);
const ofHelmChart = hr("shop/web", { chart: undefined, chartRef: { kind: "HelmChart", name: "web" } });

test.each<[name: string, FluxWorkload, Partial<Location>]>([
  ["a Kustomization", ks("shop/web"), {}],
  ["a Kustomization from OCI", ks("shop/web"), { url: "oci://registry.example/web", path: "." }],
  ["a chart", hr("shop/web"), { form: "chart", url: "https://charts.example", path: "web" }],
  ["a chart of OCI", hr("shop/web"), { form: "chart", url: "oci://registry.example/charts", path: "web" }],
  [
    "a chart by its tag",
    hr("shop/web", { chartRef: { kind: "OCIRepository", name: "web" } }),
    { form: "chart", url: "oci://r.example", path: "web", revision: "1.0.0_up2", chartTag: "1.0.0+up2" },
  ],
  ["a chart from Git", inFolder, { form: "chart-directory", path: "charts/web" }],
  ["a chart at the root of a repository", inFolder, { form: "chart-directory", path: "web" }],
  ["a HelmChart from Git", ofHelmChart, { form: "chart-directory", path: "charts/web" }],
  ["a HelmChart at the root", ofHelmChart, { form: "chart-directory", path: "." }],
  ["a HelmChart of a repository", ofHelmChart, { form: "chart", url: "https://charts.example", path: "web" }],
])("%s becomes what generate-app would have made", (_, workload, changes) => {
  const content = location(changes);
  const settings = { labels: { team: "shop" }, project: "shop" };
  const fsa = generated(workload, { ...settings, engine: "fsa" }, content) as Application;
  expect(patched(fsa, toLoopbackForm(fsa))).toEqual(generated(workload, settings, content));
});

test("what people have written stays", () => {
  const fsa: Application = generated(ks("shop/web"), { engine: "fsa" });
  const options = [...(fsa.spec?.syncPolicy?.syncOptions ?? []), "Prune=false"];
  const written = {
    ...fsa,
    spec: { ...fsa.spec, syncPolicy: { syncOptions: options }, revisionHistoryLimit: 3 },
  };
  expect(patched(written, toLoopbackForm(written))).toMatchObject({
    spec: {
      syncPolicy: { syncOptions: ["ApplyOutOfSyncOnly=true", "Prune=false"] },
      revisionHistoryLimit: 3,
    },
  });
});
