import { expect, test } from "vitest";
import type { KnownRepository } from "../../../src/argo/repositories.js";
import { appRecordFrom } from "../../../src/commands/check/applications.js";
import { privateSourceFindings } from "../../../src/commands/check/private-source-findings.js";
import type { CheckedWorkload } from "../../../src/commands/check/workload-findings.js";
import { type FluxWorkload, workloadFrom } from "../../../src/flux/workload.js";
import type { KubeObject } from "../../../src/kube/object.js";
import { idOf, keyOf } from "../../../src/kube/object-id.js";
import { application, generated } from "../../builders/argo.js";
import { flux, git, hr, ks } from "../../builders/flux.js";

const repository = (change: Partial<KnownRepository>): KnownRepository => ({
  url: "https://git.example/r",
  type: "repository",
  project: "",
  ...change,
});

/** Of an Application that shows a Kustomization from a GitRepository with credentials, but for what is told otherwise. */
function found({
  engine = "loopback" as "fsa" | "loopback" | "none",
  server = "https://kubernetes.default.svc",
  workload = ks("shown") as FluxWorkload,
  sources = [git("src", { secretRef: { name: "git" } })] as KubeObject[],
  repositories = [] as KnownRepository[] | "forbidden",
}): string[] {
  const app = engine === "none" ? application("shown") : generated(workload, { engine });
  const placed = { ...app, spec: { ...app.spec, destination: { server, namespace: "apps" } } };
  const checked = workloadFrom(workload) as CheckedWorkload;
  return privateSourceFindings({
    apps: [appRecordFrom(placed)],
    workloads: [checked],
    sources: {
      objects: new Map(sources.map((source) => [keyOf(idOf(source)), source])),
      listed: new Set(),
      notServed: new Set(),
    },
    repositories: repositories === "forbidden" ? undefined : repositories,
  }).map(({ why }) => why);
}

const because = (how: string, source = "GitRepository src in apps") =>
  `Flux has credentials for ${source} (${how}), and Argo CD has no repository https://git.example/r: its page shows errors for revisions, and its Sync is refused`;
const inHelmChart = flux("HelmChart", "c", {
  chart: "x",
  sourceRef: { kind: "HelmRepository", name: "charts" },
});
const helmRepository = flux("HelmRepository", "charts", {
  url: "https://charts.example",
  secretRef: { name: "x" },
});
const byChartRef = hr("shown", { chartRef: { kind: "HelmChart", name: "c" } });

test.each<[string, Parameters<typeof found>[0], string[]]>([
  ["by secretRef", {}, [because("spec.secretRef")]],
  ["by a cloud's provider", { sources: [git("src", { provider: "github" })] }, [because("provider github")]],
  [
    "of a chart's repository",
    { workload: byChartRef, sources: [inHelmChart, helmRepository] },
    [because("spec.secretRef", "HelmRepository charts in apps")],
  ],
  [
    "of another repository",
    { repositories: [repository({ url: "https://git.example/r2" })] },
    [because("spec.secretRef")],
  ],
  ["of another project", { repositories: [repository({ project: "other" })] }, [because("spec.secretRef")]],
  ["without credentials", { sources: [git("src", { provider: "generic" })] }, []],
  ["with a repository", { repositories: [repository({ url: "https://GIT.example/r.git" })] }, []],
  ["with one of its project", { repositories: [repository({ project: "default" })] }, []],
  [
    "with credentials for all",
    { repositories: [repository({ url: "https://git.example", type: "repo-creds" })] },
    [],
  ],
  ["whose repositories may not be listed", { repositories: "forbidden" }, []],
  ["whose source is not known", { sources: [] }, []],
  ["of another cluster", { server: "https://10.0.0.1" }, []],
  ["of the engine fsa", { engine: "fsa" }, []],
  ["of Argo CD's own", { engine: "none" }, []],
])("an Application %s", (_, given, expected) => {
  expect(found(given)).toEqual(expected);
});
