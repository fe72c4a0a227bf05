import { describe, expect, test } from "vitest";
import { type Options, type Request, requestFrom } from "../../../src/commands/generate-app/request.js";

/** Of the flags that were given, the others being undefined. */
const request = (options: Partial<Options>, ...refs: string[]) => requestFrom(options as Options, refs);

const web = { kind: "Kustomization", name: "web" } as const;
const both = ["Kustomization", "HelmRelease"] as const;
const leaf = "https://leaf.example:6443";

test("requestFrom() leaves nothing to guess", () =>
  expect(request({}, "ks/web")).toEqual({
    input: { from: "cluster" },
    selection: { refs: [web] },
    action: { do: "apply", dryRun: undefined, format: undefined },
    looksAtArgo: true,
    naming: { appName: "web", clusterName: "in-cluster" },
    engine: "auto",
    force: false,
    writes: true,
    server: "https://kubernetes.default.svc",
    clusterName: "in-cluster",
    project: { name: "default" },
    labels: {},
    annotations: {},
    cascade: false,
  }));

describe("requestFrom() reads", () => {
  test.each<[what: string, Partial<Options>, refs: string[], Partial<Request>]>([
    ["files", { filename: ["a", "-"] }, ["ks/web"], { input: { from: "files", paths: ["a", "-"] } }],
    ["a kustomization", { kustomize: "." }, ["ks/web"], { input: { from: "kustomize", folder: "." } }],

    [
      "several REFs, each once",
      {},
      ["ks/web", "hr/web", "Kustomization/web"],
      { selection: { refs: [web, { kind: "HelmRelease", name: "web" }] } },
    ],
    ["one REF twice", {}, ["ks/web", "ks/web"], { selection: { refs: [web] } }],
    ["all", { all: true }, [], { selection: { everywhere: false, kinds: both, labels: undefined } }],
    [
      "some",
      { all: true, allNamespaces: true, kind: "HelmRelease", selector: "a=b" },
      [],
      { selection: { everywhere: true, kinds: ["HelmRelease"], labels: "a=b" } },
    ],

    [
      "names of many",
      { all: true },
      [],
      { naming: { template: "{namespace}-{name}-{kind}", clusterName: "in-cluster" } },
    ],
    [
      "a template of names",
      { nameTemplate: "{cluster}-{name}", server: leaf, context: "prod" },
      ["ks/web"],
      { naming: { template: "{cluster}-{name}", clusterName: "prod" } },
    ],
    ["a name", { appName: "shop" }, ["ks/web"], { naming: { appName: "shop", clusterName: "in-cluster" } }],

    [
      "--export",
      { export: true },
      ["ks/web"],
      { action: { do: "print", format: "yaml" }, writes: false, looksAtArgo: true },
    ],
    ["-o", { export: true, output: "json" }, ["ks/web"], { action: { do: "print", format: "json" } }],
    [
      "that files are printed",
      { filename: ["a"] },
      ["ks/web"],
      { action: { do: "print", format: "yaml" }, writes: false, looksAtArgo: false },
    ],
    [
      "that they are printed for the Argo CD of a cluster",
      { filename: ["a"], context: "prod" },
      ["ks/web"],
      { action: { do: "print", format: "yaml" }, looksAtArgo: true },
    ],
    [
      "--output-dir",
      { outputDir: "apps" },
      ["ks/web"],
      { action: { do: "write", folder: "apps" }, writes: false },
    ],
    [
      "--diff, also of files",
      { diff: true, filename: ["a"] },
      ["ks/web"],
      { action: { do: "diff" }, writes: true, looksAtArgo: true },
    ],
    [
      "--dry-run",
      { dryRun: "client", output: "yaml" },
      ["ks/web"],
      { action: { do: "apply", dryRun: "client", format: "yaml" }, writes: true },
    ],
    [
      "a server's dry run of files",
      { dryRun: "server", filename: ["a"] },
      ["ks/web"],
      { action: { do: "apply", dryRun: "server", format: undefined }, writes: true, looksAtArgo: true },
    ],
    [
      "a client's dry run of files",
      { dryRun: "client", filename: ["a"] },
      ["ks/web"],
      { action: { do: "print", format: "yaml" }, writes: false, looksAtArgo: false },
    ],

    ["--engine and --force", { engine: "fsa", force: true }, ["ks/web"], { engine: "fsa", force: true }],
    ["a leaf cluster", { server: leaf }, ["ks/web"], { server: leaf, clusterName: "leaf.example" }],
    [
      "a leaf cluster's context",
      { server: leaf, context: "prod" },
      ["ks/web"],
      { server: leaf, clusterName: "prod" },
    ],
    ["a context for the same cluster", { context: "prod" }, ["ks/web"], { clusterName: "in-cluster" }],
    ["--project", { project: "shop" }, ["ks/web"], { project: { name: "shop" } }],
    [
      "--project-template",
      { projectTemplate: "{namespace}" },
      ["ks/web"],
      { project: { template: "{namespace}" } },
    ],
    [
      "labels and annotations",
      { label: ["a=b", "c="], annotation: ["a=b=c d"] },
      ["ks/web"],
      { labels: { a: "b", c: "" }, annotations: { a: "b=c d" } },
    ],
    ["--cascade", { cascade: "flux" }, ["ks/web"], { cascade: true }],
    ["that nothing goes with it", { cascade: "none" }, ["ks/web"], { cascade: false }],
  ])("%s", (_, options, refs, expected) => expect(request(options, ...refs)).toMatchObject(expected));
});

describe("requestFrom() refuses", () => {
  test.each<[Partial<Options>, refs: string[], message: string, hint: string | undefined]>([
    [
      {},
      [],
      "No workload is named",
      "Name them as ks/NAME or hr/NAME, or take all of a namespace with --all",
    ],
    [{ all: true }, ["ks/web"], "--all and ks/web do not go together", "Leave one of them out"],
    [
      { engine: "fsa" },
      ["ks/web", "rset/web"],
      "--engine fsa does not go with ResourceSets, which no FSA image shows",
      "Leave --engine out, or take --engine loopback",
    ],
    [
      { all: true, kind: "FluxInstance", cascade: "flux" },
      [],
      "--cascade=flux does not go with FluxInstances: to delete it uninstalls Flux from the cluster",
      "Leave --cascade out",
    ],
    [
      { allNamespaces: true },
      ["ks/web"],
      "-A goes with --all",
      "Add --all, or name the workloads as ks/NAME or hr/NAME",
    ],
    [{ filename: ["a"], kustomize: "b" }, ["ks/web"], "-f and -k do not go together", "Give one of them"],
    [{ filename: ["a", ""] }, ["ks/web"], "-f is empty", "Name a file, a folder or - for stdin"],
    [{ kustomize: "" }, ["ks/web"], "-k is empty", "Name a folder"],
    [
      { appName: "shop", nameTemplate: "{name}" },
      ["ks/web"],
      "--app-name and --name-template do not go together",
      "Give one of them",
    ],
    [
      { appName: "shop" },
      ["ks/web", "hr/web"],
      "--app-name goes with a single workload",
      "Use --name-template for several",
    ],
    [
      { appName: "x".repeat(64) },
      ["ks/web"],
      `--app-name "${"x".repeat(64)}" is no name: it has 64 characters, at most 63 are allowed`,
      undefined,
    ],
    [{ export: true, diff: true }, ["ks/web"], "--export and --diff do not go together", "Give one of them"],
    [{ diff: true, output: "json" }, ["ks/web"], "-o does not go with --diff", "Leave it out"],
    [
      { filename: ["."], follow: true, source: ["constructor/apps/web=../web"] },
      ["ks/web"],
      '--source "constructor/apps/web=../web" is not KIND/NAMESPACE/NAME=DIR',
      "Write --source GitRepository/flux-system/apps=../apps",
    ],
    [{ outputDir: "" }, ["ks/web"], "--output-dir is empty", "Name a folder"],
    [
      { server: "leaf" },
      ["ks/web"],
      '--server "leaf" is no URL of a cluster',
      "It is the Application's destination, such as https://10.0.0.1:6443; the API server to ask is --api-server",
    ],
    [
      { project: "shop", projectTemplate: "{name}" },
      ["ks/web"],
      "--project and --project-template do not go together",
      "Give one of them",
    ],
    [{ label: ["a"] }, ["ks/web"], '--label "a" is not KEY=VALUE', "Write --label team=web"],
    [
      { annotation: ["flamingo/engine=fsa"] },
      ["ks/web"],
      "--annotation flamingo/engine is not allowed: flamingo sets it itself",
      undefined,
    ],
    // of several faults one is told
    [
      { appName: "shop", diff: true, export: true, server: "leaf" },
      ["ks/web", "ks/shop"],
      "--app-name goes with a single workload",
      "Use --name-template for several",
    ],
  ])("%j %j", (options, refs, message, hint) =>
    expect(() => request(options, ...refs)).toThrow(expect.objectContaining({ message, hint, exitCode: 2 })),
  );

  test("a workload of another cluster", () =>
    expect(() => request({}, "prod/ks/web")).toThrow(
      expect.objectContaining({
        message: "Cannot read from the cluster prod: CLUSTER/KIND/NAME is not supported yet",
        exitCode: 1,
      }),
    ));
});
