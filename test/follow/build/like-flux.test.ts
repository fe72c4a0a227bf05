import { dirname } from "node:path";
import { describe, expect, onTestFinished } from "vitest";
import type { Kustomization } from "../../../src/flux/kustomization.js";
import { Workbench } from "../../../src/follow/build/workbench.js";
import { folderWith } from "../../folder.js";
import { buildTest } from "../build-test.js";
import type { BuildPrograms } from "../programs.js";
import { type Files, fluxBuild, sorted } from "./flux-build.js";

interface Case {
  files: Files;
  /** of "app" when it says no path */
  spec?: Kustomization["spec"];
  ignore?: string;
  /** how many objects there are; a case in which nothing is built compares nothing */
  count: number | "fails";
}

const configMap = (name: string, data = "a: b") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;
const deployment = (name: string, image = "nginx:1") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  template:\n    spec: {containers: [{name: c, image: "${image}"}]}\n`;
const kustomization = (text: string) =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${text}`;
const component = (text: string) => `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${text}`;
const one = kustomization("resources: [a.yaml]\n");

const cases: Readonly<Record<string, Case>> = {
  "files without a kustomization file": {
    files: {
      "app/a.yaml": configMap("a"),
      "app/deep/b.yml": configMap("b"),
      "app/c.json": "{}",
      "app/d.txt": "d",
    },
    count: 2,
  },
  "several objects and none in a file": {
    files: {
      "app/a.yaml": `${configMap("a")}---\n${configMap("b")}---\n`,
      "app/b.yaml": "",
      "app/c.yaml": "# c\n",
    },
    count: 2,
  },
  "folders with a kustomization file as one resource": {
    files: {
      "app/a.yaml": configMap("a"),
      "app/b/kustomization.yaml": kustomization("namePrefix: of-\nresources: [b.yaml]\n"),
      "app/b/b.yaml": configMap("b"),
      "app/b/c.yaml": configMap("c"),
      "app/d/e/kustomization.yml": kustomization("resources: [e.yaml]\n"),
      "app/d/e/e.yaml": configMap("e"),
      "app/f/Kustomization": kustomization("resources: [f.yaml]\n"),
      "app/f/f.yaml": configMap("f"),
    },
    count: 4,
  },
  "a folder of things that are no manifests": { files: { "app/a.txt": "a" }, count: 0 },
  "a path that is not there": { files: { "a.yaml": configMap("a") }, count: "fails" },
  "a path that climbs": { files: { "app/a.yaml": configMap("a") }, spec: { path: "./../app/" }, count: 1 },
  "the root": { files: { "a.yaml": configMap("a"), "app/b.yaml": configMap("b") }, spec: {}, count: 2 },
  "a file that is no object": { files: { "app/values.yaml": "replicas: 1\n" }, count: "fails" },
  "a kustomization.yml": { files: { "app/kustomization.yml": one, "app/a.yaml": configMap("a") }, count: 1 },
  "a Kustomization": { files: { "app/Kustomization": one, "app/a.yaml": configMap("a") }, count: 1 },
  "two kustomization files": {
    files: { "app/Kustomization": one, "app/kustomization.yaml": one, "app/a.yaml": configMap("a") },
    count: "fails",
  },
  "a file outside of the path": {
    files: {
      "app/kustomization.yaml": kustomization("resources: [../base/a.yaml]\n"),
      "base/a.yaml": configMap("a"),
    },
    count: 1,
  },
  "a base, and one that says bases": {
    files: {
      "app/kustomization.yaml": kustomization("namespace: prod\nresources: [../base/]\n"),
      "base/kustomization.yaml": kustomization("bases: [../deeper]\n"),
      "deeper/kustomization.yaml": one,
      "deeper/a.yaml": configMap("a"),
    },
    count: 1,
  },
  "a base without a kustomization file": {
    files: {
      "app/kustomization.yaml": kustomization("resources: [../base]\n"),
      "base/a.yaml": configMap("a"),
    },
    count: "fails",
  },
  "a circle": {
    files: {
      "app/kustomization.yaml": kustomization("resources: [../base]\n"),
      "base/kustomization.yaml": kustomization("resources: [../app]\n"),
    },
    count: "fails",
  },
  "what is named and not there": { files: { "app/kustomization.yaml": one }, count: "fails" },
  "fields in other spellings and unknown ones": {
    files: {
      "app/kustomization.yaml": "Resources: [a.yaml]\nNAMESPACE: prod\nmine: 1\n",
      "app/a.yaml": configMap("a"),
    },
    count: 1,
  },
  "unknown fields of a base": {
    files: {
      "app/kustomization.yaml": kustomization("resources: [../base]\n"),
      "base/kustomization.yaml": `${one}mine: 1\n`,
      "base/a.yaml": configMap("a"),
    },
    count: "fails",
  },
  "anchors and merged keys": {
    files: {
      "app/kustomization.yaml": kustomization(
        "resources: &all [a.yaml]\nconfigMapGenerator:\n- &one {name: one, files: [a.yaml]}\n- {<<: *one, name: two}\n",
      ),
      "app/a.yaml": configMap("a"),
    },
    count: 3,
  },
  "generators with files, env files and keys": {
    files: {
      "app/kustomization.yaml": kustomization(
        "configMapGenerator:\n- {name: x, files: [x.conf, y=conf/y.conf], envs: [x.env]}\n- {name: z, env: x.env}\nsecretGenerator:\n- {name: s, files: [../s.key], literals: [a=b], type: Opaque}\n",
      ),
      "app/x.conf": "x",
      "app/conf/y.conf": "y",
      "app/x.env": "# comment\nA=b\nC\n",
      "s.key": "key",
    },
    count: 3,
  },
  "patches of every kind": {
    files: {
      "app/kustomization.yaml": kustomization(
        `resources: [a.yaml]
patches:
- {path: p1.yaml}
- {path: p2.yaml, target: {kind: Deployment}}
- patch: '- {op: add, path: /metadata/labels/inline, value: x}'
  target: {kind: Deployment, name: a}
patchesStrategicMerge:
- p3.yaml
- |-
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: a, annotations: {inline: "../../x"}}
patchesJson6902:
- {path: p2.yaml, target: {group: apps, version: v1, kind: Deployment, name: a}}
`,
      ),
      "app/a.yaml": deployment("a"),
      "app/p1.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, labels: {p1: x}}\n",
      "app/p2.yaml": "- {op: add, path: /metadata/labels/p2, value: x}\n",
      "app/p3.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, labels: {p3: x}}\n",
    },
    count: 1,
  },
  "replacements, configurations, crds and openapi": {
    files: {
      "app/kustomization.yaml": kustomization(
        "resources: [a.yaml, b.yaml]\nreplacements: [{path: r.yaml}]\nconfigurations: [c.yaml]\nopenapi: {path: schema.json}\ncrds: [crd.json]\n",
      ),
      "app/a.yaml": configMap("a", "name: from-a"),
      "app/b.yaml": configMap("b", "name: other"),
      "app/r.yaml":
        "source: {kind: ConfigMap, name: a, fieldPath: data.name}\ntargets: [{select: {name: b}, fieldPaths: [data.name]}]\n",
      "app/c.yaml": "nameReference: []\n",
      "app/schema.json": '{"definitions": {}}',
      "app/crd.json": "{}",
    },
    count: 2,
  },
  "plugins in files, in folders and in the file itself": {
    files: {
      "app/kustomization.yaml": kustomization(
        `resources: [a.yaml]
transformers:
- t.yaml
- ../plugins
- |-
  apiVersion: builtin
  kind: PrefixTransformer
  metadata: {name: p}
  prefix: my-
  fieldSpecs: [{path: metadata/name}]
generators:
- g.yaml
`,
      ),
      "app/a.yaml": deployment("a"),
      "app/t.yaml":
        "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npath: p.yaml\ntarget: {kind: Deployment}\n",
      "app/p.yaml": "- {op: add, path: /metadata/labels, value: {x: y}}\n",
      "plugins/kustomization.yaml": kustomization("resources: [l.yaml]\n"),
      "plugins/l.yaml":
        "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: {team: a}\nfieldSpecs: [{path: metadata/labels, create: true}]\n",
      "app/g.yaml":
        "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: g}\nname: g\nfiles: [x=p.yaml]\n",
    },
    count: 2,
  },
  "Helm charts": {
    files: {
      "app/kustomization.yaml": kustomization("helmCharts: [{name: x, repo: https://charts.example.org}]\n"),
    },
    count: "fails",
  },
  "a remote file": {
    files: { "app/kustomization.yaml": kustomization("resources: [http://127.0.0.1:1/a.yaml]\n") },
    count: "fails",
  },
  "a link": {
    files: {
      "app/kustomization.yaml": kustomization("resources: [a.yaml, ../..]\n"),
      "app/a.yaml": configMap("a"),
    },
    count: "fails",
  },
  "default excludes": {
    files: {
      "a.yaml": configMap("a"),
      ".github/b.yaml": configMap("b"),
      "sub/.github/c.yaml": configMap("c"),
      ".gitlab-ci.yml": "stages: []",
      "x/.sops.yaml": "creation_rules: []",
      "cloudbuild.yaml": "steps: []",
      "x.png/d.yaml": configMap("d"),
    },
    spec: {},
    count: 1,
  },
  ".sourceignore files instead of the default excludes": {
    files: {
      ".sourceignore": "# all but\n/*\n!/app\napp/x/**\n",
      "app/.sourceignore": "b.yaml\n!/x/keep.yaml\n",
      "app/a.yaml": configMap("a"),
      "app/b.yaml": configMap("b"),
      "app/.github/c.yaml": configMap("c"),
      "app/x/d.yaml": configMap("d"),
      "app/x/keep.yaml": configMap("keep"),
      "other/e.yaml": configMap("e"),
    },
    count: 3,
  },
  "spec.ignore": {
    files: {
      ".sourceignore": "app/b.yaml",
      "app/a.yaml": configMap("a"),
      "app/b.yaml": configMap("b"),
      "app/c.yaml": configMap("c"),
      "app/deep/folder/c.yaml": configMap("d"),
      "app/[x]/c.yaml": configMap("e"),
    },
    ignore: "!b.yaml\r\napp/c.yaml\n**/folder/\n\\[x\\]/\n",
    count: 2,
  },
  "targetNamespace, namePrefix and nameSuffix over what the file says": {
    files: {
      "app/kustomization.yaml": `${one}namespace: theirs\nnamePrefix: theirs-\nnameSuffix: -theirs\n`,
      "app/a.yaml": configMap("a"),
    },
    spec: { path: "app", targetNamespace: "ours", namePrefix: "our-", nameSuffix: "-s" },
    count: 1,
  },
  "a file that says nothing but for what Flux adds": {
    files: {
      "app/kustomization.yaml": kustomization(""),
      "parts/kustomization.yaml": component("resources: [a.yaml]\n"),
      "parts/a.yaml": configMap("a"),
    },
    spec: { path: "app", components: ["../parts"] },
    count: 1,
  },
  "an empty file": { files: { "app/kustomization.yaml": "" }, count: 0 },
  "patches after those of the file": {
    files: {
      "app/kustomization.yaml": `${one}patches: [{patch: '- {op: replace, path: /data/a, value: theirs}', target: {kind: ConfigMap}}]\n`,
      "app/a.yaml": configMap("a"),
    },
    spec: {
      path: "app",
      patches: [
        { patch: "- {op: replace, path: /data/a, value: ours}", target: { kind: "ConfigMap", name: "a.*" } },
        { patch: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {merged: yes-it-is}" },
      ],
    },
    count: 1,
  },
  "components, and missing ones that may be": {
    files: {
      "app/a.yaml": configMap("a"),
      "parts/one/kustomization.yaml": component("namePrefix: one-\n"),
    },
    spec: { path: "app", components: ["../parts/one", "../parts/two"], ignoreMissingComponents: true },
    count: 1,
  },
  "a missing component": {
    files: { "app/a.yaml": configMap("a") },
    spec: { path: "app", components: ["../parts/two"] },
    count: "fails",
  },
  "a remote component": {
    files: { "app/a.yaml": configMap("a") },
    spec: { path: "app", components: ["https://git.example.org/a/b//c"] },
    count: "fails",
  },
  "images into those of the file": {
    files: {
      "app/kustomization.yaml": kustomization(
        "resources: [a.yaml]\nimages:\n- {name: nginx, newName: mine/nginx, digest: sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3}\n- {name: redis, newTag: '7'}\n",
      ),
      "app/a.yaml": `${deployment("a")}---\n${deployment("b", "redis:1")}---\n${deployment("c", "other:1")}`,
    },
    spec: {
      path: "app",
      images: [
        { name: "nginx", newTag: "2" },
        { name: "redis", newName: "valkey" },
        { name: "other", digest: "sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3" },
      ],
    },
    count: 3,
  },
  buildMetadata: {
    files: { "app/a.yaml": configMap("a") },
    spec: { path: "app", buildMetadata: ["originAnnotations"] },
    count: 1,
  },
};

describe("build() builds as kustomize-controller does:", () => {
  buildTest.for(Object.entries(cases))(
    "%s",
    async ([, { files, spec = { path: "app" }, ignore, count }], { programs }) => {
      const theirs = await fluxBuild(programs, files, spec, ignore);
      expect(theirs === "fails" ? theirs : theirs.length).toBe(count);
      const bench = await openWorkbench(programs);
      const ours = await bench
        .build({ folder: folderWith(files), ignore }, { spec })
        .then(sorted, (error: Error) => `fails: ${error.name}`);
      expect(ours).toEqual(theirs === "fails" ? "fails: UserError" : theirs);
    },
  );
});

async function openWorkbench({ kustomize }: BuildPrograms): Promise<Workbench> {
  const bench = Workbench.open({
    env: { PATH: dirname(kustomize) },
    signal: new AbortController().signal,
    allowRemote: false,
  });
  onTestFinished(() => bench.close());
  return bench;
}
