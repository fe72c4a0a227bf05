import { expect, test } from "vitest";
import { FileReader } from "../../src/files/file-reader.js";
import { workloadFrom } from "../../src/flux/workload.js";
import type { Reader } from "../../src/kube/kube.js";
import type { Input } from "../../src/workloads/input.js";
import { locateAll } from "../../src/workloads/locate.js";
import type { Selection } from "../../src/workloads/selection.js";
import * as flux from "../builders/flux.js";

const chart = flux.flux("HelmChart", "chart", {
  chart: "web",
  sourceRef: { kind: "HelmRepository", name: "charts" },
});
const sources = [flux.src, flux.git("infra/src"), chart, flux.charts];

const ks = (at: string, name = "src") =>
  workloadFrom(flux.ks(at, { sourceRef: { kind: "GitRepository", name } }));
const hr = workloadFrom(flux.hr("web", { chartRef: { kind: "HelmChart", name: "chart" } }));

/** These sources behind a reader that writes down what it is asked. */
function recording(): { reader: Reader; asked: string[] } {
  const files = new FileReader();
  for (const one of sources) files.add(one, "sources.yaml");
  const asked: string[] = [];
  const reader: Reader = {
    servedVersion: (kind) => files.servedVersion(kind),
    find: (kind, ref) => {
      asked.push(`GET ${kind.plural} ${ref.namespace}/${ref.name}`);
      return files.find(kind, ref);
    },
    list: (kind, options = {}) => {
      asked.push(`LIST ${kind.plural} ${options.namespace ?? "everywhere"}`);
      return files.list(kind, options);
    },
  };
  return { reader, asked };
}

const ref = { kind: "Kustomization", name: "x" } as const;
const one: Selection = { refs: [ref] };
const some: Selection = { refs: [ref, ref] };
const all: Selection = { everywhere: true, kinds: ["Kustomization"], labels: undefined };

test.each<[what: string, ReturnType<typeof ks>[], Selection, asked: string[]]>([
  ["of a single REF one by one", [ks("apps/a")], one, ["GET gitrepositories apps/src"]],
  ["and what these lead to", [hr], one, ["GET helmcharts apps/chart", "GET helmrepositories apps/charts"]],
  [
    "of several by a LIST for each kind and namespace",
    [ks("apps/a"), ks("apps/b", "gone"), ks("infra/c"), hr],
    some,
    [
      "LIST gitrepositories apps",
      "LIST gitrepositories infra",
      "LIST helmcharts apps",
      "LIST helmrepositories apps",
    ],
  ],
  ["of one of several, too", [ks("apps/a")], some, ["LIST gitrepositories apps"]],
  [
    "of all by a LIST for each kind",
    [ks("apps/a"), ks("infra/c"), hr],
    all,
    ["LIST gitrepositories everywhere", "LIST helmcharts everywhere", "LIST helmrepositories everywhere"],
  ],
])("locateAll() reads the sources %s", async (_, workloads, selection, expected) => {
  const { reader, asked } = recording();
  const located = await locateAll(workloads, selection, { reader });
  expect(located.map(({ workload }) => workload)).toEqual(workloads);
  expect(asked).toEqual(expected);
});

test.each<[where: string, files: Input["files"], hint: string]>([
  ["a cluster", undefined, "See what there is: kubectl get gitrepositories.source.toolkit.fluxcd.io -A"],
  [
    "files",
    {
      reader: new FileReader(),
      problems: [],
      unusable: [],
      guessed: undefined,
      remarks: [],
      missingHint: (what: string) => `Name the file that holds ${what}`,
    },
    "Name the file that holds GitRepository gone in apps",
  ],
])("a source that is missing in %s fails its workload alone", async (_, files, hint) => {
  const { reader } = recording();
  const workloads = [ks("apps/a", "gone"), ks("apps/b")];
  const input = files ? { reader, files } : { reader };
  expect(await locateAll(workloads, some, input)).toMatchObject([
    {
      failure: {
        message:
          "Cannot generate an Application for Kustomization a in apps: GitRepository gone in apps does not exist",
        hint,
      },
    },
    { location: { url: "https://git.example/r", revision: "main" } },
  ]);
});
