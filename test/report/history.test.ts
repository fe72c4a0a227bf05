import { describe, expect, test } from "vitest";
import type { ApplicationSource, OperationState, RevisionHistory } from "../../src/argo/application.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { historyOf } from "../../src/report/history.js";
import { object } from "../builders/kube.js";
import { application, kustomization, ready } from "./objects.js";

const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(40)) as [string, string, string];
const at = (time: string) => `2026-11-21T${time}Z`;
const sha256 = `sha256:${"0123456789abcdef".repeat(4)}`;

interface Given {
  workload: FluxWorkload | undefined;
  source?: ApplicationSource;
  /** "ID REVISION DEPLOYED" each */
  before?: string[];
  limit?: number;
  content?: LiveObject;
  git?: LiveObject;
  operation?: OperationState | undefined;
}

/** "ID REVISION [START..]DEPLOYED by WHO" each */
function historyIn({ workload, source, before = [], limit, content, git, operation }: Given): string[] {
  const { spec } = application;
  const history = before.map((line): RevisionHistory => {
    const [id = "", revision = "", deployedAt = ""] = line.split(" ");
    return { id: Number(id), revision, deployedAt: at(deployedAt), initiatedBy: { username: "before" } };
  });
  const limited = limit === undefined ? {} : { revisionHistoryLimit: limit };
  const made = historyOf({
    application: {
      ...application,
      spec: { ...spec, source: source ?? spec.source, ...limited },
      status: { history },
    },
    workload,
    origin: { content, sources: git ? [git] : [] },
    operation,
  });
  const time = (text: string) => text.slice(11, -1);
  return made.map(({ id, revision, deployStartedAt, deployedAt, initiatedBy }) => {
    const start = deployStartedAt === undefined ? "" : `${time(deployStartedAt)}..`;
    return `${id} ${revision} ${start}${time(deployedAt)} by ${initiatedBy?.username}`;
  });
}

function operation(start: string, end: string, changes: Partial<OperationState> = {}): OperationState {
  return {
    operation: { initiatedBy: { username: "alice" } },
    phase: "Succeeded",
    startedAt: at(start),
    finishedAt: at(end),
    ...changes,
  };
}

describe("of a Kustomization", () => {
  /** "REVISION FIRST LAST [failed]" each, the newest first */
  function reconciled(records: string[], changes: { kind?: string; ready?: object } = {}): FluxWorkload {
    const history = records.map((line) => {
      const [revision = "", first = "", last = "", failed] = line.split(" ");
      return {
        metadata: { revision: /^\w{40}$/.test(revision) ? `main@sha1:${revision}` : revision },
        firstReconciled: at(first),
        lastReconciled: at(last),
        lastReconciledStatus: failed ? "HealthCheckFailed" : "ReconciliationSucceeded",
      };
    });
    return kustomization([], {
      spec: { sourceRef: { kind: changes.kind ?? "GitRepository", name: "podinfo" } },
      status: { history, conditions: [{ ...ready, ...changes.ready }] },
    });
  }

  test.each<[string, Given, string[]]>([
    [
      "what Flux remembers, without what failed",
      {
        workload: reconciled([
          `${c} 12:00:00 12:30:00`,
          `${b} 11:00:00 11:50:00 failed`,
          `${a} 10:00:00 10:50:00`,
        ]),
      },
      [`0 ${a} 10:00:00 by Flux`, `1 ${c} 12:00:00 by Flux`],
    ],
    [
      "what was deployed since, by whom, from start to end",
      {
        workload: reconciled([`${b} 12:00:00 12:00:00`, `${a} 10:00:00 11:50:00`]),
        before: [`7 ${a} 10:00:00`],
        operation: operation("11:59:50", "12:00:00"),
      },
      [`7 ${a} 10:00:00 by before`, `8 ${b} 11:59:50..12:00:00 by alice`],
    ],
    [
      "what came in the second in which the one before ended",
      {
        workload: reconciled([`${b} 10:00:00 10:00:00`, `${a} 09:59:58 10:00:00`]),
        before: [`0 ${a} 10:00:00`],
        operation: operation("10:00:00", "10:00:00"),
      },
      [`0 ${a} 10:00:00 by before`, `1 ${b} 10:00:00..10:00:00 by alice`],
    ],
    [
      "that once only, also after an empty commit",
      {
        workload: reconciled([`${c} 10:00:00 12:00:00`, `${a} 09:59:58 09:59:59`]),
        before: [`0 ${a} 09:59:59`, `1 ${b} 10:00:00`],
      },
      [`0 ${a} 09:59:59 by before`, `1 ${b} 10:00:00 by before`],
    ],
    [
      "nothing again, though a second began between the two times that Flux writes",
      {
        workload: reconciled([`${b} 12:00:01 12:10:00`, `${a} 10:00:00 11:50:00`]),
        before: [`0 ${a} 10:00:00`, `1 ${b} 12:00:01`],
        operation: operation("11:59:50", "12:00:00"),
      },
      [`0 ${a} 10:00:00 by before`, `1 ${b} 12:00:01 by before`],
    ],
    [
      "the later of those two times",
      { workload: reconciled([`${b} 12:00:01 12:00:01`]), operation: operation("11:59:50", "12:00:00") },
      [`0 ${b} 11:59:50..12:00:01 by alice`],
    ],
    [
      "no operation that ended before, or failed",
      {
        workload: reconciled([`${c} 12:00:00 12:00:00`]),
        operation: operation("11:59:50", "12:00:00", { phase: "Failed" }),
      },
      [`0 ${c} 12:00:00 by Flux`],
    ],
    [
      "what happened while nobody looked",
      {
        workload: reconciled([`${c} 12:00:00 12:30:00`, `${b} 11:00:00 11:50:00`, `${a} 10:00:00 10:50:00`]),
        before: [`0 ${a} 10:00:00`],
        operation: operation("12:20:00", "12:20:00"),
      },
      [`0 ${a} 10:00:00 by before`, `1 ${b} 11:00:00 by Flux`, `2 ${c} 12:00:00 by Flux`],
    ],
    [
      "no empty commit, which overwrites the revision of a state",
      { workload: reconciled([`${b} 10:00:00 12:00:00`]), before: [`0 ${a} 10:00:00`] },
      [`0 ${a} 10:00:00 by before`],
    ],
    [
      "what Git went back to, with the time when it did",
      {
        workload: reconciled([`${a} 10:00:00 12:00:00`, `${b} 11:00:00 11:50:00`]),
        before: [`0 ${a} 10:00:00`, `1 ${b} 11:00:00`],
        operation: operation("11:59:50", "12:00:00"),
      },
      [`0 ${a} 10:00:00 by before`, `1 ${b} 11:00:00 by before`, `2 ${a} 11:59:50..12:00:00 by alice`],
    ],
    [
      "that once only",
      {
        workload: reconciled([`${a} 10:00:00 12:30:00`, `${b} 11:00:00 11:50:00`]),
        before: [`1 ${b} 11:00:00`, `2 ${a} 12:00:00`],
        operation: operation("11:59:50", "12:00:00"),
      },
      [`1 ${b} 11:00:00 by before`, `2 ${a} 12:00:00 by before`],
    ],
    [
      "what Git went back to after an empty commit",
      {
        workload: reconciled([`${a} 10:00:00 12:00:00`, `${c} 11:00:00 11:50:00`]),
        before: [`0 ${a} 10:00:00`, `1 ${b} 11:00:00`],
        operation: operation("12:00:00", "12:00:00"),
      },
      [`0 ${a} 10:00:00 by before`, `1 ${b} 11:00:00 by before`, `2 ${a} 12:00:00..12:00:00 by alice`],
    ],
    [
      "what Git went back to from what failed",
      {
        workload: reconciled([`${a} 10:00:00 12:00:00`, `${b} 11:00:00 11:50:00 failed`]),
        before: [`0 ${a} 10:00:00`],
        operation: operation("11:59:50", "12:00:00"),
      },
      [`0 ${a} 10:00:00 by before`, `1 ${a} 11:59:50..12:00:00 by alice`],
    ],
    [
      "at first sight no negative time for what Git went back to",
      {
        workload: reconciled([`${a} 10:00:00 12:00:00`, `${b} 11:00:00 11:50:00`]),
        operation: operation("11:59:50", "12:00:00"),
      },
      [`0 ${b} 11:00:00 by Flux`, `1 ${a} 11:59:50..12:00:00 by alice`],
    ],
    [
      "nothing of what Flux is at",
      {
        workload: reconciled([`${b} 12:00:00 12:00:00`, `${a} 10:00:00 11:50:00`], {
          ready: { status: "Unknown" },
        }),
      },
      [`0 ${a} 10:00:00 by Flux`],
    ],
    [
      "as many as Argo CD keeps",
      {
        workload: reconciled([`${c} 12:00:00 12:00:00`]),
        before: [`3 ${a} 10:00:00`, `4 ${b} 11:00:00`],
        limit: 2,
      },
      [`4 ${b} 11:00:00 by before`, `5 ${c} 12:00:00 by Flux`],
    ],
    ["none where none are kept", { workload: reconciled([`${c} 12:00:00 12:00:00`]), limit: 0 }, []],
    [
      "without what was written and cannot be opened",
      { workload: reconciled([]), before: ["1 6.5.0 10:00:00", `2 ${a} 11:00:00`] },
      [`2 ${a} 11:00:00 by before`],
    ],
    [
      "what there was of a workload that is gone",
      { workload: undefined, before: [`0 ${a} 10:00:00`] },
      [`0 ${a} 10:00:00 by before`],
    ],
    [
      "digests of an OCI artifact",
      {
        workload: reconciled([`latest@${sha256} 12:00:00 12:00:00`], { kind: "OCIRepository" }),
        source: { repoURL: "oci://reg.example/app", path: "." },
      },
      [`0 ${sha256} 12:00:00 by Flux`],
    ],
    [
      "none of a bucket, which Argo CD cannot read",
      {
        workload: reconciled([`${sha256} 12:00:00 12:00:00`], { kind: "Bucket" }),
        source: { repoURL: "https://minio.example/bucket", path: "." },
      },
      [],
    ],
    [
      "of an ExternalArtifact commits, and no digest of its own",
      {
        workload: reconciled([`${b} 12:00:00 12:00:00`, `latest@${sha256} 11:00:00 11:00:00`], {
          kind: "ExternalArtifact",
        }),
      },
      [`0 ${b} 12:00:00 by Flux`],
    ],
  ])("%s", (_, given, expected) => {
    expect(historyIn(given)).toEqual(expected);
  });
});

describe("of a HelmRelease", () => {
  /** "VERSION STATUS CHARTVERSION DEPLOYED [DIGEST]" each, the newest first */
  function released(spec: object, releases: string[], condition: object = {}): FluxWorkload {
    const history = releases.map((line) => {
      const [version, status, chartVersion, lastDeployed = "", ociDigest] = line.split(" ");
      return { version: Number(version), status, chartVersion, lastDeployed: at(lastDeployed), ociDigest };
    });
    return object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "apps/podinfo", {
      spec,
      status: { history, conditions: [{ ...ready, ...condition }] },
    }) as FluxWorkload;
  }

  const from = (kind: string) => ({
    chart: { spec: { chart: "podinfo", sourceRef: { kind, name: "podinfo" } } },
  });
  const fromOci = { chartRef: { kind: "OCIRepository", name: "podinfo" } };
  const chart = { repoURL: "https://charts.example", chart: "podinfo" };
  const source = (kind: string, revision: string, rest: object = {}, lastUpdateTime = at("09:00:00")) =>
    object("source.toolkit.fluxcd.io/v1", kind, "apps/podinfo", {
      status: { artifact: { revision, lastUpdateTime }, ...rest },
    });
  const helmChart = (version: string, commit: string) =>
    source("HelmChart", version, { observedSourceArtifactRevision: `main@sha1:${commit}` });
  const git = (commit: string, fetched: string) =>
    source("GitRepository", `main@sha1:${commit}`, {}, at(fetched));

  test.each<[string, Given, string[]]>([
    [
      "what was deployed, also to go back",
      {
        workload: released(from("HelmRepository"), [
          "4 deployed 6.5.0 12:00:00",
          "3 failed 6.6.0 11:00:00",
          "2 superseded 6.5.0 10:00:00",
        ]),
        source: chart,
      },
      ["0 6.5.0 10:00:00 by Flux", "1 6.5.0 12:00:00 by Flux"],
    ],
    [
      "from start to end, which comes after Helm's time",
      {
        workload: released(from("HelmRepository"), [
          "2 deployed 6.6.0 12:00:00",
          "1 superseded 6.5.0 10:00:00",
        ]),
        source: chart,
        before: ["0 6.5.0 10:00:30"],
        operation: operation("12:00:00", "12:02:00"),
      },
      ["0 6.5.0 10:00:30 by before", "1 6.6.0 12:00:00..12:02:00 by alice"],
    ],
    [
      "what began in the second in which the one before ended",
      {
        workload: released(from("HelmRepository"), [
          "2 deployed 6.6.0 12:00:00",
          "1 superseded 6.5.0 11:59:58",
        ]),
        source: chart,
        before: ["0 6.5.0 12:00:00"],
        operation: operation("12:00:00", "12:00:00"),
      },
      ["0 6.5.0 12:00:00 by before", "1 6.6.0 12:00:00..12:00:00 by alice"],
    ],
    [
      "that once only",
      {
        workload: released(from("HelmRepository"), [
          "2 deployed 6.6.0 12:00:00",
          "1 superseded 6.5.0 12:00:00",
        ]),
        source: chart,
        before: ["0 6.5.0 12:00:00", "1 6.6.0 12:00:00"],
      },
      ["0 6.5.0 12:00:00 by before", "1 6.6.0 12:00:00 by before"],
    ],
    [
      "what comes after an uninstall, where Helm counts from 1 again",
      {
        workload: released(from("HelmRepository"), ["1 deployed 6.5.0 12:00:00"]),
        source: chart,
        before: ["3 6.5.0 10:00:00"],
      },
      ["3 6.5.0 10:00:00 by before", "4 6.5.0 12:00:00 by Flux"],
    ],
    [
      "of an OCI chart without what begins its digest",
      {
        workload: released(fromOci, [
          `3 deployed 6.6.0+fedcba987654 12:00:00 ${sha256}`,
          `2 superseded 6.5.0+0123456789ab 11:00:00 ${sha256}`,
          "1 superseded 6.4.0 10:00:00",
        ]),
        source: { repoURL: "reg.example/charts", chart: "podinfo" },
      },
      ["0 6.4.0 10:00:00 by Flux", "1 6.5.0 11:00:00 by Flux", "2 6.6.0+fedcba987654 12:00:00 by Flux"],
    ],
    [
      "of an OCI chart by its tag, where that is known",
      {
        workload: released(fromOci, [`2 deployed 6.6.0+0123456789ab 12:00:00 ${sha256}`]),
        source: { repoURL: "reg.example/charts", chart: "podinfo" },
        content: source("OCIRepository", `v6.6.0_build@${sha256}`),
      },
      ["0 v6.6.0+build 12:00:00 by Flux"],
    ],
    [
      "from Git the commit that was there",
      {
        workload: released(from("GitRepository"), [
          "2 deployed 6.6.0 12:00:00",
          "1 superseded 6.5.0 10:00:00",
        ]),
        content: helmChart("6.6.0", b),
        git: git(b, "11:59:00"),
        before: [`0 ${a} 10:00:30`],
      },
      [`0 ${a} 10:00:30 by before`, `1 ${b} 12:00:00 by Flux`],
    ],
    [
      "from Git nothing when it has moved on since",
      {
        workload: released(from("GitRepository"), ["2 deployed 6.6.0 12:00:00"]),
        content: helmChart("6.6.0", c),
        git: git(c, "12:01:00"),
      },
      [],
    ],
    [
      "from Git nothing when the chart has",
      {
        workload: released(from("GitRepository"), ["2 deployed 6.6.0 12:00:00"]),
        content: helmChart("6.7.0", c),
        git: git(c, "11:59:00"),
      },
      [],
    ],
    [
      "from Git the commit that begins as the version says",
      {
        workload: released(from("GitRepository"), [`2 deployed 6.6.0+${b.slice(0, 12)} 12:00:00`]),
        content: helmChart(`6.6.0+${b.slice(0, 12)}`, b),
        git: git(b, "12:01:00"),
      },
      [`0 ${b} 12:00:00 by Flux`],
    ],
    [
      "from Git not what Helm was rolled back to",
      {
        workload: released(from("GitRepository"), ["3 deployed 6.6.0 12:00:00"], { status: "False" }),
        content: helmChart("6.6.0", b),
        git: git(b, "11:59:00"),
      },
      [],
    ],
    [
      "from an ExternalArtifact the commit that helm-controller keeps",
      {
        workload: released({ chartRef: { kind: "ExternalArtifact", name: "podinfo" } }, [
          `2 deployed 6.6.0+${b.slice(0, 12)} 12:00:00 main@sha1:${b}`,
          `1 superseded 6.5.0+0123456789ab 11:00:00 latest@${sha256}`,
        ]),
      },
      [`0 ${b} 12:00:00 by Flux`],
    ],
    [
      "from an ExternalArtifact no digest of its own",
      {
        workload: released({ chartRef: { kind: "ExternalArtifact", name: "podinfo" } }, [
          `1 deployed 6.5.0+0123456789ab 11:00:00 latest@${sha256}`,
        ]),
        source: { repoURL: "oci://reg.example/charts", path: "podinfo" },
      },
      [],
    ],
    [
      "none from a bucket",
      {
        workload: released(from("Bucket"), ["2 deployed 6.6.0 12:00:00"]),
        source: { repoURL: "https://minio.example/bucket", path: "." },
      },
      [],
    ],
    [
      "nothing of what Flux is at",
      {
        workload: released(from("HelmRepository"), ["2 deployed 6.6.0 12:00:00"], { status: "Unknown" }),
        source: chart,
      },
      [],
    ],
  ])("%s", (_, given, expected) => {
    expect(historyIn(given)).toEqual(expected);
  });
});
