import { describe, expect, test } from "vitest";
import type { HelmRelease } from "../../src/flux/helm-release.js";
import { entriesIn } from "../../src/follow/entry.js";
import { withValuesBeside } from "../../src/follow/release-values.js";
import { hr } from "../builders/flux.js";
import { yaml } from "../builders/kube.js";
import { folderWith } from "../folder.js";

const valuesFrom = [{ kind: "ConfigMap", name: "flux-values" }];
const chartRef = { kind: "OCIRepository", name: "flux-instance" };
const release = (spec: object = {}) => hr("flux-system/flux", { chartRef, valuesFrom, ...spec });
const sync = { kind: "GitRepository", url: "https://git.example/r", path: "prod" };
const values = yaml({ instance: { sync } });
const configMap = (data: object) =>
  yaml({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "flux-values" }, data });
const generator = (...files: string[]) => yaml({ configMapGenerator: [{ name: "flux-values", files }] });

async function valuesOf(object: HelmRelease, files: Record<string, string>) {
  const [one] = await withValuesBeside([{ object, file: "flux/release.yaml" }], {
    folder: folderWith(files),
  });
  return (one?.object as HelmRelease | undefined)?.spec?.values;
}

describe("withValuesBeside()", () => {
  test.each<[string, spec: object, files: Record<string, string>, found: object | undefined]>([
    [
      "of a ConfigMap that is generated",
      {},
      { "flux/kustomization.yaml": generator("values.yaml=./helm/v.yaml"), "flux/helm/v.yaml": values },
      { instance: { sync } },
    ],
    [
      "of a file that is called as the key",
      {},
      { "flux/kustomization.yaml": generator("helm/values.yaml"), "flux/helm/values.yaml": values },
      { instance: { sync } },
    ],
    [
      "of a ConfigMap that is written down",
      {},
      { "flux/cm.yaml": configMap({ "values.yaml": values }) },
      { instance: { sync } },
    ],
    [
      "under another key",
      { valuesFrom: [{ ...valuesFrom[0], valuesKey: "x" }] },
      { "flux/cm.yaml": configMap({ x: "a: 1", "values.yaml": values }) },
      { a: 1 },
    ],
    [
      "below those of its own",
      { values: { instance: { sync: { path: "qa" } } } },
      { "flux/cm.yaml": configMap({ "values.yaml": values }) },
      { instance: { sync: { ...sync, path: "qa" } } },
    ],
    [
      "nothing of what is not there",
      {},
      { "flux/kustomization.yaml": generator("gone.yaml", "../../out.yaml") },
      {},
    ],
    ["nothing of what is no YAML", {}, { "flux/cm.yaml": configMap({ "values.yaml": "a: b: c" }) }, {}],
    ["nothing without a reference", { valuesFrom: undefined }, {}, undefined],
  ])("%s", async (_, spec, files, found) => expect(await valuesOf(release(spec), files)).toEqual(found));
});

test("Flux begins where values beside the chart flux-instance say so", async () => {
  const folder = folderWith({ "flux/cm.yaml": configMap({ "values.yaml": values }) });
  const written = await withValuesBeside([{ object: release(), file: "flux/release.yaml" }], { folder });
  expect(entriesIn(written, [])).toMatchObject([{ path: "prod", source: { spec: { url: sync.url } } }]);
});
