import { expect, test } from "vitest";
import { type Change, changesBetween, type State } from "../../src/applications/changes.js";
import type { GeneratedApplication } from "../../src/argo/application-for.js";
import { generated } from "../builders/argo.js";
import { hr, ks, location } from "../builders/flux.js";

type Sparse = Partial<Omit<State, "applications">>;
const state = (names: readonly string[], more: Sparse = {}): State => ({
  applications: names.map((name) => generated(ks(name)) as GeneratedApplication),
  failed: new Set(),
  incomplete: false,
  ...more,
});
const brief = (changes: readonly Change[]) => changes.map(({ change, name }) => `${change} ${name}`);

test.each<[what: string, before: State, after: State, expected: string[]]>([
  ["nothing", state(["a", "b"]), state(["b", "a"]), []],
  ["what comes and goes", state(["a", "b"]), state(["b", "c"]), ["removed a", "added c"]],
  ["the first", state([]), state(["b", "a"]), ["added a", "added b"]],
  [
    "no going where something could not be read",
    state(["a"]),
    state(["b"], { incomplete: true }),
    ["unknown a", "added b"],
  ],
  [
    "no coming where something could not be read before",
    state(["a"], { incomplete: true }),
    state(["b"]),
    ["removed a", "unknown b"],
  ],
  [
    "no going of what could not be made",
    state(["a", "b"]),
    state([], { failed: new Set(["a"]) }),
    ["removed b", "unknown a"],
  ],
])("changesBetween() finds %s", (_, before, after, expected) =>
  expect(brief(changesBetween(before, after))).toEqual(expected),
);

test("changesBetween() tells which fields change, lists as a whole", () => {
  const [before, after] = [
    generated(hr("web"), { labels: { "a.b/c": "1" } }, location({ url: "https://git.example/old" })),
    generated(hr("web"), { labels: { team: "x" }, engine: "fsa" }, location()),
  ];
  const of = (application: GeneratedApplication) => ({ ...state([]), applications: [application] });
  const [change] = changesBetween(of(before), of(after));
  expect(change).toMatchObject({ change: "changed", name: "web", namespace: "argocd", before, after });
  expect(change?.workload).toEqual({ kind: "HelmRelease", namespace: "apps", name: "web" });
  expect(change?.fields).toEqual([
    { field: 'metadata.labels["a.b/c"]', before: "1", after: null },
    { field: "metadata.labels.team", before: null, after: "x" },
    { field: 'metadata.annotations["argocd.argoproj.io/skip-reconcile"]', before: "true", after: null },
    { field: 'metadata.annotations["flamingo/engine"]', before: "loopback", after: null },
    { field: "spec.source.repoURL", before: "https://git.example/old", after: "https://git.example/r" },
    {
      field: "spec.syncPolicy.syncOptions",
      before: ["ApplyOutOfSyncOnly=true"],
      after: ["ApplyOutOfSyncOnly=true", "FluxSubsystem=true"],
    },
  ]);
});
