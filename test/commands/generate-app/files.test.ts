import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { charts, flux, hr, ks, src } from "../../builders/flux.js";
import { yaml } from "../../builders/kube.js";
import { flamingo } from "../../flamingo.js";
import { asNobody, folderWith } from "../../folder.js";
import { applicationsIn, namesIn } from "./applications.js";

const engineLine = "► Engine loopback: no cluster was looked at; flamingo loopback must run to fill it\n";

/** Reads files of a folder with `--all`. */
function all(files: Record<string, string | Buffer>, flags = "") {
  return flamingo(`generate-app --all -f . ${flags}`, { cwd: folderWith(files) });
}

function allOf(stdin: string, flags = "") {
  return flamingo(`generate-app --all -f - ${flags}`, { stdin });
}

const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "b" } };

describe("what stands beside Flux's objects", () => {
  test("other kinds are skipped with a count, kustomize's and old HelmReleases among them", async () => {
    const run = await all({
      "apps/kustomization.yaml": yaml({
        apiVersion: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        resources: ["app.yaml"],
      }),
      "apps/component.yml": yaml({ apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component" }),
      "apps/app.yaml": yaml(src, ks("app"), configMap),
      "old.yaml": yaml(
        {
          apiVersion: "helm.fluxcd.io/v1",
          kind: "HelmRelease",
          metadata: { name: "app" },
          spec: { chart: {} },
        },
        { apiVersion: "apps.open-cluster-management.io/v1", kind: "HelmRelease", metadata: { name: "app" } },
        { apiVersion: "notification.toolkit.fluxcd.io/v1beta3", kind: "Alert", metadata: { name: "app" } },
      ),
      "package.json": '{"name": "x", "version": "1.0.0"}',
      "README.md": "# not: yaml: at: all",
      "values.yaml": "replicas: 2\n",
      "list.yaml": "- a\n- b\n",
    });
    expect(run).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining("name: apps-app-ks"),
      stderr: `► Skipped 8 objects of other kinds\n► Skipped 1 object of Flux 1, which flamingo does not show: https://fluxcd.io/flux/migration/\n${engineLine}`,
    });
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
  });

  test("one is said in the singular", async () => {
    expect((await allOf(yaml(configMap, src, ks("app")))).stderr).toContain(
      "► Skipped 1 object of another kind\n",
    );
  });

  test("fragments are skipped with a count: patches of a source, a version, values", async () => {
    const run = await allOf(
      yaml(
        flux("Kustomization", "a", { path: "./prod" }),
        flux("Kustomization", "b", { sourceRef: null }),
        flux("HelmRelease", "c", { values: { replicas: 3 } }),
        flux("HelmRelease", "d", { chart: { spec: { version: "2.x" } } }),
        flux("HelmRelease", "e", { chart: null }),
        { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", metadata: { name: "f" } },
        src,
        ks("app"),
      ),
    );
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toBe(`► Skipped 6 fragments (patches)\n${engineLine}`);
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
  });

  test("a Secret that SOPS encrypted, and the key that it leaves on an object", async () => {
    const sops = { kms: [], lastmodified: "2026-01-02T03:04:05Z", mac: "ENC[AES256_GCM,data:x,type:str]" };
    const secret = { password: "ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CCCC,type:str]" };
    const run = await all({
      "secret.yaml": yaml({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "s" },
        stringData: secret,
        sops,
      }),
      "app.yaml": yaml(src, { ...ks("app"), sops }),
    });
    expect(run.exitCode).toBe(0);
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
  });

  test("a field that SOPS encrypted is no URL", async () => {
    const url = "ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CCCC,type:str]";
    const run = await all({
      "src.yaml": yaml(flux("GitRepository", "src", { url })),
      "app.yaml": yaml(ks("app")),
    });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toBe("");
    expect(run.stderr).toContain(
      "✗ Cannot use the GitRepository src in src.yaml: spec.url is encrypted by SOPS: decrypt the file first\n",
    );
  });

  test("a ConfigMap of 5 MB takes no time worth mentioning", async () => {
    const data = { "dump.json": "x: {{ y }}\n\t".repeat(450_000), binary: "A".repeat(500_000) };
    const big = yaml({ ...configMap, data });
    expect(big.length).toBeGreaterThan(5_000_000);
    const folder = folderWith({ "big.yaml": big, "app.yaml": yaml(src, ks("app")) });
    const start = performance.now();
    const run = await flamingo("generate-app ks/app -n apps -f .", { cwd: folder });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(run.exitCode).toBe(0);
  });
});

describe("forms in which objects are written", () => {
  test("a List as kubectl dumps it, status and all, and lists in lists", async () => {
    const status = (type: string) => ({
      observedGeneration: 2,
      conditions: [
        { type: "Ready", status: type, reason: "x", message: "Applied revision", observedGeneration: 2 },
      ],
      inventory: { entries: [{ id: "apps_web_apps_Deployment", v: "v1" }] },
    });
    const live = { generation: 2, resourceVersion: "17", uid: "u", managedFields: [{ manager: "flux" }] };
    const run = await allOf(
      yaml({
        apiVersion: "v1",
        kind: "List",
        metadata: { resourceVersion: "" },
        items: [
          { ...ks("fine", {}, live), status: status("True") },
          { ...ks("failing", {}, live), status: status("False") },
          { apiVersion: "v1", kind: "List", items: [src, { apiVersion: "v1", kind: "List", items: [] }] },
          configMap,
        ],
      }),
    );
    expect(run.exitCode).toBe(0);
    expect(namesIn(run.stdout)).toEqual(["apps-fine-ks", "apps-failing-ks"]);
    expect(run.stderr).toBe(
      `► Skipped 1 object of another kind\n${engineLine}` +
        "⚠ Kustomization failing in apps: it is failing, and so will the Application be shown: Applied revision\n",
    );
  });

  test("a KustomizationList", async () => {
    const items = [ks("a"), ks("b")];
    const list = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "KustomizationList", items };
    expect(namesIn((await allOf(yaml(list, src))).stdout)).toEqual(["apps-a-ks", "apps-b-ks"]);
  });

  test("a List that is an item of itself", async () => {
    const run = await allOf(`&l\napiVersion: v1\nkind: List\nitems:\n- *l\n${yaml(src, ks("app"))}`);
    expect(run.exitCode).toBe(0);
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
  });

  test("JSON files", async () => {
    const run = await all({
      "src.json": JSON.stringify(src),
      "tabs.json": JSON.stringify(ks("tabs"), null, "\t"),
      "list.json": JSON.stringify({ apiVersion: "v1", kind: "List", items: [ks("item")] }, null, 2),
    });
    expect(run.exitCode).toBe(0);
    expect(namesIn(run.stdout)).toEqual(["apps-item-ks", "apps-tabs-ks"]);
  });

  test("several `kubectl get -o json` behind each other", async () => {
    const stdin = [src, ks("a"), ks("b")].map((object) => `${JSON.stringify(object, null, 4)}\n`).join("");
    expect(namesIn((await allOf(stdin)).stdout)).toEqual(["apps-a-ks", "apps-b-ks"]);
  });

  test("anchors, redefined anchors and merge keys, CRLF, a byte order mark, empty documents", async () => {
    const text = `\uFEFF# comment only
---
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: &meta
  name: &name web
  namespace: apps
  labels: {app: *name}
spec: &spec
  path: &path ./web
  sourceRef: {kind: GitRepository, name: src}
  postBuild: {substitute: {p: *path}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: &name first
  namespace: &name db
  labels: {app: *name}
spec:
  path: ./db
  sourceRef:
    <<: &ref {kind: GitRepository, name: nope}
    name: src
    namespace: apps
---
`;
    const folder = folderWith({ "crlf.yaml": text.replaceAll("\n", "\r\n"), "src.yaml": yaml(src) });
    const run = await flamingo("generate-app --all -f . -l app=db", { cwd: folder });
    expect(run).toMatchObject({ exitCode: 0, stderr: engineLine });
    expect(namesIn(run.stdout)).toEqual(["db-first-ks"]);
    const both = await flamingo("generate-app --all -f .", { cwd: folder });
    expect(applicationsIn(both.stdout).map(({ spec }) => spec.source.path)).toEqual(["web", "db"]);
    expect(both.stdout).not.toContain("\r");
  });

  test("tags of other programs", async () => {
    const text = `${yaml(src, ks("app"))}---\nx: !Sub a\n---\napiVersion: v1\nkind: X\nd: !foo [1]\n`;
    expect(await allOf(text)).toMatchObject({
      exitCode: 0,
      stderr: `► Skipped 2 objects of other kinds\n${engineLine}`,
    });
  });

  test.each([
    [
      "spec.ref.tag is 1.1, which YAML takes for a number: quote it",
      "GitRepository src",
      { ref: { tag: 1.1 } },
    ],
    [
      "spec.ref.branch is true, which YAML takes for a boolean: quote it",
      "GitRepository src",
      { ref: { branch: true } },
    ],
    ["spec.ref is no map", "GitRepository src", { ref: "main" }],
    ["spec.url is no text", "GitRepository src", { url: ["https://git.example"] }],
  ])("values that are no text: %s", async (problem, which, spec) => {
    const source = flux("GitRepository", "src", { url: "https://git.example/r", ...spec });
    const run = await all({ "a.yaml": yaml(source, ks("app")) });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(`✗ Cannot use the ${which} in a.yaml: ${problem}\n`);
  });

  test.each([
    [
      "name: 123",
      "Cannot use a Kustomization in stdin: metadata.name is 123, which YAML takes for a number: quote it",
    ],
    ["name: 1e3", "metadata.name is 1000, which YAML takes for a number"],
    ["name: 0x10", "metadata.name is 16, which YAML takes for a number"],
    ["name: true", "metadata.name is true, which YAML takes for a boolean"],
    ["name: null", "Cannot use a Kustomization in stdin: metadata.name is missing"],
    ["generateName: a-", "metadata.name is missing"],
    ["{}", "metadata.name is missing"],
  ])("metadata of %s is refused as by the API server", async (metadata, problem) => {
    const stdin = `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {${metadata.replace(/[{}]/g, "")}}\nspec: {sourceRef: {kind: GitRepository, name: src}}\n`;
    const run = await allOf(stdin);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(problem);
  });

  test("a field without a value is no field, as for the API server", async () => {
    const run = await allOf(
      yaml(
        flux("GitRepository", "src", { url: "https://git.example/r", ref: null, secretRef: null }),
        ks("app", { path: null, kubeConfig: null, targetNamespace: null }, { labels: null }),
        hr("web", { chartRef: null, releaseName: null }),
        charts,
      ),
      "-l '!x'",
    );
    expect(run).toMatchObject({ exitCode: 0, stderr: engineLine });
    expect(applicationsIn(run.stdout).map(({ spec }) => spec.source)).toEqual([
      { repoURL: "https://git.example/r", path: ".", targetRevision: "master" },
      {
        repoURL: "https://charts.example",
        chart: "web",
        targetRevision: "1.x",
        helm: { releaseName: "web" },
      },
    ]);
  });
});

describe("broken files", () => {
  test("one among a hundred: it is named with line and column, the others are done", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 99 }, (_, index) => [`apps/app-${index}.yaml`, yaml(ks(`app-${index}`))]),
    );
    const run = await all(
      { ...files, "src.yaml": yaml(src), "apps/bad.yaml": "# fluxcd.io\nkind: x: y\n" },
      "-o json",
    );
    expect(run.exitCode).toBe(1);
    expect(applicationsIn(run.stdout)).toHaveLength(99);
    expect(run.stderr).toBe(
      `${engineLine}✗ Cannot read apps/bad.yaml: line 2, column 8: bad indentation of a mapping entry\n`,
    );
  });

  test.each([
    ["a key twice", "a: fluxcd.io\na: 2\n", "line 2, column 1: duplicated mapping key"],
    ["tabs", "fluxcd.io:\n\tb: 1\n", "line 2, column 1: tab characters must not be used in indentation"],
    [
      "a Helm template",
      "# fluxcd.io\nname: {{ .Release.Name }}\n",
      "line 2, column 7: {{ is no YAML, but a template\n  hint: Read what it is rendered to: helm template CHART | flamingo generate-app --all -f -",
    ],
    ["no UTF-8", Buffer.from([0x61, 0x3a, 0xff, 0xfe]), "it is no UTF-8 text"],
  ])("%s", async (_, content, why) => {
    const run = await all({ "bad.yaml": content, "good.yaml": yaml(src, ks("app")) });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(`✗ Cannot read bad.yaml: ${why.replace("Cannot read bad.yaml: ", "")}\n`);
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
  });

  test.each([
    ["UTF-16, as PowerShell 5 writes it", Buffer.from(`\uFEFF${yaml(src, ks("app"))}`, "utf16le")],
    ["the other UTF-16", Buffer.from(`\uFEFF${yaml(src, ks("app"))}`, "utf16le").swap16()],
    ["what Go reads, and YAML forbids", `${yaml(src, ks("app"))}x-args: [\n  a,\n]\n`],
  ])("%s, is read", async (_, content) => {
    const run = await all({ "app.yaml": content });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
  });

  test("a single REF beside a broken file: it is printed, the exit code is 1 all the same", async () => {
    const folder = folderWith({ "bad.yaml": "fluxcd.io: {{ b }}\n", "good.yaml": yaml(src, ks("app")) });
    const run = await flamingo("generate-app ks/app -n apps -f .", { cwd: folder });
    expect(run.exitCode).toBe(1);
    expect(namesIn(run.stdout)).toEqual(["app"]);
    expect(run.stderr).toContain(
      "✗ Cannot read bad.yaml: line 1, column 12: {{ is no YAML, but a template\n",
    );
  });

  test("stdin that is no UTF-8", async () => {
    const stdin = Buffer.concat([Buffer.from(yaml(src, ks("app"))), Buffer.from([0x23, 0xff])]);
    const run = await flamingo("generate-app --all -f -", { stdin });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("✗ Cannot read stdin: it is no UTF-8 text\n");
  });

  test("an unreadable file and an unreadable folder: the others are done", async () => {
    const folder = folderWith({ "a.yaml": yaml(src, ks("app")), "b.yaml": "a: 1", "c/d.yaml": "a: 1" });
    chmodSync(folder, 0o755);
    chmodSync(join(folder, "b.yaml"), 0);
    chmodSync(join(folder, "c"), 0);
    const run = await asNobody(() => flamingo("generate-app --all -f .", { cwd: folder }));
    chmodSync(join(folder, "c"), 0o755);
    expect(run.exitCode).toBe(1);
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
    expect(run.stderr).toBe(
      `${engineLine}✗ Cannot read c: permission denied\n✗ Cannot read b.yaml: permission denied\n`,
    );
  });

  test("whatever shapes objects have, it is never a bug of flamingo", async () => {
    const odd = ["x", 1, true, [], {}, [null], ["x"], { spec: "x" }, { x: null }];
    const paths = [
      ["Kustomization", "metadata"],
      ["Kustomization", "spec"],
      ["Kustomization", "status"],
      ["Kustomization", "metadata", "labels"],
      ["Kustomization", "metadata", "namespace"],
      ["Kustomization", "spec", "sourceRef"],
      ["Kustomization", "spec", "path"],
      ["Kustomization", "spec", "suspend"],
      ["Kustomization", "status", "conditions"],
      ["Kustomization", "status", "inventory"],
      ["Kustomization", "status", "observedGeneration"],
      ["HelmRelease", "spec", "chart"],
      ["HelmRelease", "spec", "chart", "spec"],
      ["HelmRelease", "spec", "chartRef"],
      ["GitRepository", "spec"],
      ["GitRepository", "spec", "ref"],
      ["GitRepository", "spec", "url"],
      ["OCIRepository", "spec", "ref"],
      ["HelmChart", "spec", "chart"],
      ["HelmChart", "spec", "sourceRef"],
      ["Bucket", "spec", "endpoint"],
      ["Bucket", "spec", "insecure"],
      ["ExternalArtifact", "spec", "sourceRef"],
      ["ArtifactGenerator", "spec"],
      ["ArtifactGenerator", "spec", "sources"],
      ["ArtifactGenerator", "spec", "artifacts"],
      ["ArtifactGenerator", "spec", "artifacts", "0"],
      ["ArtifactGenerator", "spec", "artifacts", "0", "copy"],
      ["FluxInstance", "spec"],
      ["FluxInstance", "spec", "sync"],
      ["FluxInstance", "spec", "sync", "ref"],
      ["List", "items"],
    ] as const;
    for (const [kind, ...path] of paths) {
      for (const value of odd) {
        const objects = everyKind();
        const object = objects.find((each) => each["kind"] === kind);
        if (object) set(object, path, value);
        const run = await allOf(
          JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
          "-l '!x,y!=z'",
        );
        expect([0, 1], `${kind} ${path.join(".")} ${JSON.stringify(value)}:\n${run.stderr}`).toContain(
          run.exitCode,
        );
        for (const { spec } of applicationsIn(run.stdout)) expect(spec.source.repoURL).not.toBe("");
      }
    }
  });
});

/** An object of each kind, each used by a workload. */
function everyKind(): Record<string, unknown>[] {
  const by = (kind: string, name: string) => ({ sourceRef: { kind, name } });
  return structuredClone([
    ks("git", {}, { labels: { a: "b" } }),
    ks("oci", by("OCIRepository", "oci")),
    ks("bucket", by("Bucket", "bucket")),
    ks("external", by("ExternalArtifact", "made")),
    ks("external-2", by("ExternalArtifact", "written")),
    ks("instance", { sourceRef: { kind: "GitRepository", name: "flux-system", namespace: "flux-system" } }),
    hr("web"),
    hr("ref", { chartRef: { kind: "HelmChart", name: "chart" } }),
    src,
    charts,
    flux("OCIRepository", "oci", { url: "oci://reg.example/a/b", ref: { tag: "1" } }),
    flux("Bucket", "bucket", { bucketName: "b", endpoint: "minio.example" }),
    flux("HelmChart", "chart", { chart: "web", sourceRef: { kind: "HelmRepository", name: "charts" } }),
    flux("ExternalArtifact", "written", by("ArtifactGenerator", "gen")),
    flux("ArtifactGenerator", "gen", {
      sources: [{ alias: "repo", kind: "GitRepository", name: "src" }],
      artifacts: [{ name: "made", copy: [{ from: "@repo/apps/**", to: "@artifact/" }] }],
    }),
    flux(
      "FluxInstance",
      "flux",
      { sync: { kind: "GitRepository", url: "https://git.example", ref: "refs/heads/x" } },
      { namespace: "flux-system" },
    ),
    { apiVersion: "v1", kind: "List", items: [] },
  ]);
}

function set(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) object[key] = value;
  else {
    const inner = (object[key] ?? {}) as Record<string, unknown>;
    object[key] = inner;
    set(inner, rest, value);
  }
}

describe("what does not concern Flux", () => {
  const good = { "good.yaml": yaml(src, ks("app")) };

  test("a broken file is left out with a warning", async () => {
    expect(await all({ ...good, "chart/web.yaml": "a: {{ .Values.a }}\n" })).toMatchObject({
      exitCode: 0,
      stderr: `${engineLine}⚠ Left out chart/web.yaml, which is not about Flux: line 1, column 4: {{ is no YAML, but a template\n`,
    });
  });

  test("those of a chart are told in one line", async () => {
    const chart = Object.fromEntries(
      "abcd".split("").map((name) => [`chart/${name}.yaml`, `{{- if .Values.${name} }}\n`]),
    );
    expect(await all({ ...good, ...chart })).toMatchObject({
      exitCode: 0,
      stderr: `${engineLine}⚠ Left out chart/a.yaml, chart/b.yaml and 2 more, which are not about Flux: {{ is no YAML, but a template\n`,
    });
  });

  test("but on stdin it is an error", async () => {
    expect(await allOf("a: b: c\n")).toMatchObject({ exitCode: 1, stdout: "" });
  });
});

describe("failures with one cause", () => {
  const apps = "abcde".split("").map((name) => ks(name));
  const missing =
    "GitRepository src in apps does not exist\n  hint: Name the file that holds GitRepository src in apps";

  test("are told in one line", async () => {
    const run = await allOf(yaml(...apps, hr("web")));
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(
      `✗ Cannot generate an Application for Kustomization a in apps, Kustomization b in apps and 3 more: ${missing}`,
    );
    expect(run.stderr).toContain(
      "✗ Cannot generate an Application for HelmRelease web in apps: HelmRepository ",
    );
    expect(run.stderr.match(/✗/g)).toHaveLength(2);
  });

  test("one by one with --verbose", async () => {
    const { stderr } = await allOf(yaml(...apps), "--verbose");
    for (const name of "abcde") {
      expect(stderr).toContain(
        `✗ Cannot generate an Application for Kustomization ${name} in apps: ${missing}`,
      );
    }
  });

  test("objects with the same fault, too", async () => {
    const sources = "abcd".split("").map((name) => flux("GitRepository", name, { url: 1 }));
    expect((await allOf(yaml(...sources))).stderr).toContain(
      "✗ Cannot use the GitRepository a in stdin, the GitRepository b in stdin and 2 more: spec.url is 1, which YAML takes for a number: quote it\n",
    );
  });
});

describe("the same object in several files", () => {
  test("equal ones count once", async () => {
    const run = await all({ "a/app.yaml": yaml(src, ks("app")), "b/app.yaml": yaml(ks("app"), src) });
    expect(run).toMatchObject({ exitCode: 0, stderr: engineLine });
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
  });

  const base = { "base/app.yaml": yaml(src, ks("app"), ks("other")) };

  test("a base and an overlay with different content: both files are named, others are done", async () => {
    const run = await all({ ...base, "prod/app.yaml": yaml(ks("app", { path: "./prod" })) });
    expect(run.exitCode).toBe(1);
    expect(namesIn(run.stdout)).toEqual(["apps-other-ks"]);
    expect(run.stderr).toContain(
      "✗ Cannot tell which Kustomization app in apps is meant: it stands in base/app.yaml and in prod/app.yaml, with different content\n" +
        "  hint: If these are two clusters, name one cluster's folder: -f base. If one is a patch of the other, read what kustomize builds: -k DIR\n",
    );
  });

  test.each(["ks/app", "ks/app ks/other"])("the same with %s", async (refs) => {
    const cwd = folderWith({ ...base, "prod/app.yaml": yaml(ks("app", { path: "./prod" })) });
    const run = await flamingo(`generate-app ${refs} -n apps -f .`, { cwd });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      "✗ Cannot tell which Kustomization app in apps is meant: it stands in base/app.yaml",
    );
  });

  test("two clusters in one tree are one cause", async () => {
    const cluster = (path: string) => yaml(src, ..."abcd".split("").map((name) => ks(name, { path })));
    const files = {
      "clusters/prod/apps.yaml": cluster("./prod"),
      "clusters/test/apps.yaml": cluster("./test"),
    };
    expect(await all(files)).toMatchObject({
      exitCode: 1,
      stderr:
        "✗ Cannot tell which Kustomization a in apps, Kustomization b in apps and 2 more are meant: they stand in clusters/prod and in clusters/test, with different content\n" +
        "  hint: If these are two clusters, name one cluster's folder: -f clusters/prod. If one is a patch of the other, read what kustomize builds: -k DIR\n",
    });
  });

  test("twice in one file", async () => {
    const run = await allOf(yaml(src, ks("app"), ks("app", { path: "b" })));
    expect(run.stderr).toContain("it stands twice in stdin, with different content\n");
  });

  test("contradictory sources fail the workloads that use them", async () => {
    const other = flux("GitRepository", "src", { url: "https://other.example" });
    const run = await all({ ...base, "prod.yaml": yaml(other, hr("web"), charts) });
    expect(run.exitCode).toBe(1);
    expect(namesIn(run.stdout)).toEqual(["apps-web-hr"]);
    for (const name of ["app", "other"]) {
      expect(run.stderr).toContain(
        `✗ Cannot generate an Application for Kustomization ${name} in apps: it cannot be told which GitRepository src in apps is meant: it stands in base/app.yaml and in prod.yaml, with different content\n` +
          "  hint: If these are two clusters, name one cluster's folder: -f base. If one is a patch of the other, read what kustomize builds: -k DIR\n",
      );
    }
  });

  test("what -l or --kind does not select is not complained about", async () => {
    const files = {
      ...base,
      "prod.yaml": yaml(ks("app", { path: "b" }), hr("web", {}, { labels: { a: "b" } }), charts),
    };
    expect(await all(files, "-l a=b")).toMatchObject({ exitCode: 0, stderr: engineLine });
    expect(await all(files, "--kind hr")).toMatchObject({ exitCode: 0, stderr: engineLine });
  });
});
