import { symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Kustomization } from "../../../src/flux/kustomization.js";
import { Workbench } from "../../../src/follow/build/workbench.js";
import { folderWith } from "../../folder.js";
import { buildTest } from "../build-test.js";
import type { Files } from "./flux-build.js";

/** A source in `source/`, beside it what is none of its business, and nothing that could build it. */
async function refusalOf(
  files: Files,
  { spec, links = {} }: { spec?: Kustomization["spec"]; links?: Files } = {},
) {
  const around = folderWith({ "secret.yaml": secret, "source/x/y.yaml": secret, ...inSource(files) });
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(around, "source", path));
  const bench = await workbench("/nonexistent");
  const building = bench.build({ folder: join(around, "source") }, { spec: spec ?? { path: "app" } });
  return building.then(
    () => "builds",
    (error: Error) => error.message,
  );
}

const inSource = (files: Files) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`source/${path}`, text]));

const secret = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: secret}\ndata: {a: s3cret}\n";
const file = "app/kustomization.yaml";
const outside = (text: string, where = file) =>
  `Cannot build app: ${where} names ${text}, which is outside of the source`;
const remote = (text: string) => `Cannot build app: ${file} names ${text}, which is remote`;

describe("nothing outside of the source is built:", () => {
  test.each<[string, string]>([
    ["resources: [../../secret.yaml]", "../../secret.yaml"],
    ["resources: [/etc/passwd]", "/etc/passwd"],
    ["resources: ['C:\\x.yaml']", "C:\\x.yaml"],
    ["resources: ['..\\..\\secret.yaml']", "..\\..\\secret.yaml"],
    ["resources: [x/../../../secret.yaml]", "x/../../../secret.yaml"],
    ["resources: ['file:///home/somebody/repository']", "file:///home/somebody/repository"],
    ["resources: ['git::FILE:///home/somebody/repository']", "git::FILE:///home/somebody/repository"],
    ["resources: [../..]", "../.."],
    ["bases: [../../other]", "../../other"],
    ["components: [../../other]", "../../other"],
    ["crds: [../../secret.yaml]", "../../secret.yaml"],
    ["configurations: [../../secret.yaml]", "../../secret.yaml"],
    ["openapi: {path: ../../secret.yaml}", "../../secret.yaml"],
    ["openapi: {Path: ../../secret.yaml}", "../../secret.yaml"],
    ["patches: [{path: ../../secret.yaml}]", "../../secret.yaml"],
    ["patchesStrategicMerge: [../../secret.yaml]", "../../secret.yaml"],
    ['patchesStrategicMerge: ["x\\n/../../../secret.yaml"]', "x"],
    ["patchesJson6902: [{path: ../../secret.yaml, target: {kind: x}}]", "../../secret.yaml"],
    ["replacements: [{path: ../../secret.yaml}]", "../../secret.yaml"],
    ["configMapGenerator: [{name: x, files: [../../secret.yaml]}]", "../../secret.yaml"],
    ["configMapGenerator: [{name: x, files: [a=../../secret.yaml]}]", "../../secret.yaml"],
    ["configMapGenerator: [{name: x, envs: [../../secret.yaml]}]", "../../secret.yaml"],
    ["configMapGenerator: [{name: x, env: ../../secret.yaml}]", "../../secret.yaml"],
    ["configMapGenerator: [{name: x, FILES: [../../secret.yaml]}]", "../../secret.yaml"],
    ["configMapGenerator: [{name: x, file\u017f: [../../secret.yaml]}]", "../../secret.yaml"],
    ["secretGenerator: [{name: x, files: [../../secret.yaml]}]", "../../secret.yaml"],
    ["Re\u017fources: [../../secret.yaml]", "../../secret.yaml"],
    ["generators: [../../secret.yaml]", "../../secret.yaml"],
    ["transformers: [../../secret.yaml]", "../../secret.yaml"],
    ["validators: [../../secret.yaml]", "../../secret.yaml"],
    [
      "generators: ['{apiVersion: builtin, kind: ConfigMapGenerator, metadata: {name: x}, files: [/a]}']",
      "/a",
    ],
    ["transformers: ['{apiVersion: builtin, kind: PatchTransformer, metadata: {name: x}, path: /a}']", "/a"],
    ["transformers: ['{kind: PatchStrategicMergeTransformer, paths: [/a]}']", "/a"],
    ["transformers: ['{kind: ReplacementTransformer, replacements: [{Path: /a}]}']", "/a"],
    ["transformers: ['{kind: ValueAddTransformer, targetFilePath: /a}']", "/a"],
    ["generators: ['{kind: HelmChartInflationGenerator, additionalValuesFiles: [/a]}']", "/a"],
    ["x: &out [../../secret.yaml]\nresources: *out", "../../secret.yaml"],
    ["configMapGenerator: [{<<: {files: [../../secret.yaml]}, name: x}]", "../../secret.yaml"],
  ])("%s", async (text, named) => {
    expect(await refusalOf({ [file]: text })).toBe(outside(named));
  });

  test.each<[string, Files, string]>([
    [
      "in a base",
      { [file]: "resources: [../base]", "base/kustomization.yml": "resources: [../../secret.yaml]" },
      outside("../../secret.yaml", "base/kustomization.yml"),
    ],
    [
      "in a folder that became a resource",
      { "app/deep/Kustomization": "configMapGenerator: [{name: x, files: [../../../secret.yaml]}]" },
      outside("../../../secret.yaml", "app/deep/Kustomization"),
    ],
    [
      "in a plugin's file",
      {
        [file]: "generators: [g.yaml]",
        "app/g.yaml": "kind: ConfigMapGenerator\nfiles: [x=../../secret.yaml]",
      },
      outside("../../secret.yaml"),
    ],
    [
      "in a plugin's file of a folder, from the file that uses it",
      {
        [file]: "generators: [../deep/plugins]",
        "deep/plugins/kustomization.yaml": "resources: [g.yaml]",
        "deep/plugins/g.yaml": "kind: ConfigMapGenerator\nfiles: [../../secret.yaml]",
      },
      outside("../../secret.yaml"),
    ],
    [
      "by a plugin that is patched",
      {
        [file]: "generators: [../plugins]",
        "plugins/kustomization.yaml": "resources: [g.yaml]\npatches: [{patch: '- {op: add}'}]",
        "plugins/g.yaml": "kind: ConfigMapGenerator",
      },
      "Cannot build app: plugins/kustomization.yaml has patches, but plugins are read only as they are",
    ],
    [
      "by a kustomization file that is a plugin, too",
      {
        [file]: "transformers: [../evil/kustomization.yaml]\nresources: [../evil]",
        "evil/kustomization.yaml": "resources: [../../secret.yaml]",
      },
      `Cannot build app: ${file} names evil/kustomization.yaml as a plugin`,
    ],
    [
      "by a plugin that is an object only to kustomize",
      { [file]: 'generators: ["a: {\\n"]' },
      `Cannot build app: ${file} has a plugin that cannot be read`,
    ],
    [
      "by a field that is said twice",
      { [file]: "resources: []\nResources: [../../secret.yaml]" },
      `Cannot read ${file}: it is no map, or says a field twice`,
    ],
    [
      "by aliases in a circle",
      { [file]: "resources: &a [*a]" },
      `Cannot read ${file}: its aliases go in circles, or mean too much`,
    ],
    [
      "by a plugin with aliases in a circle",
      { [file]: "generators: ['a: &a {b: *a}']" },
      `Cannot build app: ${file} has a plugin that cannot be read`,
    ],
    [
      "by Helm",
      { [file]: "helmCharts: [{name: x, valuesFile: ../../secret.yaml}]" },
      `Cannot build app: ${file} inflates Helm charts, which Flux does not do`,
    ],
  ])("%s", async (_, files, message) => expect(await refusalOf(files)).toBe(message));

  test("by a component of the Kustomization", async () => {
    const spec = { path: "app", components: ["../../other"] };
    expect(await refusalOf({ "app/a.yaml": secret }, { spec })).toBe(outside("../../other"));
  });

  test.each<[string, Files, string]>([
    ["resources: [out.yaml]", { "app/out.yaml": "../../secret.yaml" }, "out.yaml, a link that leads out"],
    ["resources: [in.yaml]", { "app/in.yaml": "../x/y.yaml" }, "in.yaml, a link, which Flux leaves out"],
    ["resources: [out/secret.yaml]", { "app/out": "../.." }, "out/secret.yaml, a link that leads out"],
    ["resources: [../x/y.yaml, out]", { "app/out": "/etc" }, "out, a link that leads out"],
  ])("%s with links %o", async (text, links, named) => {
    expect(await refusalOf({ [file]: text }, { links })).toBe(`Cannot build app: ${file} names ${named}`);
  });

  test("a link among files without a kustomization file", async () => {
    expect(
      await refusalOf({ "app/a.yaml": secret }, { links: { "app/out.yaml": "../../secret.yaml" } }),
    ).toBe("Cannot build app: app/out.yaml is a link that leads out of the source");
  });

  test("a path that is a link", async () => {
    expect(await refusalOf({}, { links: { app: "../" } })).toBe(
      "Cannot build app: it is no folder of the source",
    );
  });
});

describe("nothing is fetched without --allow-remote:", () => {
  test.each([
    ["resources: [https://example.org/a.yaml]", "https://example.org/a.yaml"],
    ["resources: ['HTTP://example.org/a.yaml']", "HTTP://example.org/a.yaml"],
    ["resources: [https://me:s3cret@example.org/a//b]", "https://example.org/a//b"],
    ["resources: [github.com/a/b]", "github.com/a/b"],
    ["resources: ['git::https://example.org/a/b']", "git::https://example.org/a/b"],
    ["resources: ['gh:a/b']", "gh:a/b"],
    ["bases: ['git@example.org:a/b.git']", "git@example.org:a/b.git"],
    ["components: ['ssh://git@example.org/a/b']", "ssh://example.org/a/b"],
    ["patches: [{path: https://example.org/a.yaml}]", "https://example.org/a.yaml"],
    ["configMapGenerator: [{name: x, files: [a=https://example.org/a.yaml]}]", "https://example.org/a.yaml"],
    ["transformers: ['{kind: PatchTransformer, path: https://example.org/a}']", "https://example.org/a"],
    // whatever else is there
    ["resources: [github.com/a/b]", "github.com/a/b"],
  ])("%s", async (text, named) => {
    const files = { [file]: text, "app/github.com/a/b/kustomization.yaml": "resources: []" };
    expect(await refusalOf(files)).toBe(remote(named));
  });

  buildTest("with it kustomize does, but not from this machine's repositories", async ({ programs }) => {
    const bench = await workbench(dirname(programs.kustomize), true);
    const builds = (text: string) =>
      bench.build({ folder: folderWith({ [file]: text }) }, { spec: { path: "app" } });
    await expect(builds("resources: [http://127.0.0.1:1/a.yaml]")).rejects.toThrow("connection refused");
    await expect(builds("resources: [file:///srv/repository]")).rejects.toThrow(
      "which is outside of the source",
    );
  });
});

buildTest("no variable of the environment gets into a ConfigMap", async ({ programs }) => {
  const bench = await workbench(dirname(programs.kustomize));
  const files = { [file]: "configMapGenerator: [{name: x, envs: [x.env]}]", "app/x.env": "TOKEN\n" };
  const [object] = await bench.build({ folder: folderWith(files) }, { spec: { path: "app" } });
  expect(object).toMatchObject({ data: { TOKEN: "" } });
});

async function workbench(path: string, allowRemote = false): Promise<Workbench> {
  const bench = Workbench.open({
    env: { PATH: path, TOKEN: "s3cret" },
    signal: new AbortController().signal,
    allowRemote,
  });
  onTestFinished(() => bench.close());
  return bench;
}
