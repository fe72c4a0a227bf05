import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Application, Operation } from "../../src/argo/application.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { ended } from "../../src/report/kept.js";
import type { Report } from "../../src/report/report.js";
import { rules, standings } from "../../src/report/standings.js";
import { object } from "../builders/kube.js";
import { application, gitRepository, kustomization, reportOf } from "./objects.js";

/** Revisions by a letter: "main@sha1:aaaa…". */
const commitOf = (letter: string) => letter.repeat(40);
const revisionOf = (letter: string) => `main@sha1:${commitOf(letter)}`;

const at = (second: number) =>
  new Date(Date.UTC(2026, 10, 21, 9, 0, second)).toISOString().replace(".000", "");

/** One moment: what Flux and the cluster are like then. */
interface Moment {
  workload: FluxWorkload | undefined;
  /** null: there is none */
  source?: LiveObject | null;
  sources?: readonly LiveObject[];
  objects?: readonly LiveObject[];
  isSettled?: boolean;
}

const git = (letter: string, status: object = {}, generation = 1) => ({
  ...gitRepository,
  metadata: { ...gitRepository.metadata, generation },
  status: { ...gitStatus, artifact: { revision: revisionOf(letter) }, ...status },
});
const gitStatus = (gitRepository as LiveObject & { status: object }).status;

const readyAt = (second: number, letter: string) => ({
  type: "Ready",
  status: "True",
  reason: "ReconciliationSucceeded",
  message: `Applied revision: ${revisionOf(letter)}`,
  lastTransitionTime: at(second),
});
const busyAt = (second: number) => ({
  type: "Ready",
  status: "Unknown",
  reason: "Progressing",
  message: "Reconciliation in progress",
  lastTransitionTime: at(second),
});
const failedAt = (second: number, reason: string, message: string) => ({
  type: "Ready",
  status: "False",
  ...{ reason, message },
  lastTransitionTime: at(second),
});

/** A Kustomization that has applied the Service podinfo, but for what is told otherwise. */
function ks(condition: object, status: object = {}, spec: object = {}): FluxWorkload {
  return kustomization(["apps_podinfo__Service"], {
    spec,
    status: {
      conditions: [condition],
      lastAppliedRevision: revisionOf("a"),
      lastAttemptedRevision: revisionOf("a"),
      history: [built("one", "a")],
      ...status,
    },
  });
}
const built = (digest: string, letter: string) => ({
  digest: `sha256:${digest}`,
  lastReconciledStatus: "ReconciliationSucceeded",
  metadata: { revision: revisionOf(letter) },
});
const applied = (letter: string, digest: string) => ({
  lastAppliedRevision: revisionOf(letter),
  lastAttemptedRevision: revisionOf(letter),
  history: [built(digest, letter)],
});

/** The Service as Flux applied it at some time. */
const service = (second: number) =>
  object("v1", "Service", "apps/podinfo", {
    metadata: {
      labels: {
        "kustomize.toolkit.fluxcd.io/name": "podinfo",
        "kustomize.toolkit.fluxcd.io/namespace": "apps",
      },
      managedFields: [
        { manager: "kustomize-controller", operation: "Apply", time: at(second), fieldsV1: { "f:spec": {} } },
      ],
    },
  });

/** Health, sync, phase and revision (by its letter) of the last operation, types of conditions. */
function words({ status }: Pick<Report, "status">): string {
  const { phase, syncResult } = status.operationState ?? {};
  const types = status.conditions?.map(({ type }) => type) ?? [];
  return [
    status.health?.status,
    status.sync?.status,
    phase ? `${phase}:${syncResult?.revision.slice(0, 1)}` : "-",
    ...types,
  ].join(" ");
}

/** What is shown at each moment, each report knowing the one before. */
function film(moments: readonly Moment[]): { shown: string[]; last: Report["status"] } {
  let told: Application = application;
  const shown = moments.map(
    (
      {
        workload,
        source = git("a"),
        sources = source ? [source] : [],
        objects = [service(0)],
        isSettled = true,
      },
      index,
    ) => {
      const { status } = reportOf(objects, {
        workload,
        sources,
        application: told,
        isSettled,
        now: new Date(Date.UTC(2026, 10, 21, 10, index)),
      });
      told = JSON.parse(JSON.stringify({ ...application, status })) as Application;
      return words({ status });
    },
  );
  return { shown, last: told.status as Report["status"] };
}

const done: Moment = { workload: ks(readyAt(1, "a")) };
const succeeded = "Healthy Synced Succeeded:a";
const failing = failedAt(20, "BuildFailed", "no such file after 3.2s");
const failedB: Moment = {
  workload: ks(failing, { lastAttemptedRevision: revisionOf("b") }),
  source: git("b"),
};
const shownFailedB = "Degraded OutOfSync Failed:b SyncError";
const suspended = { suspend: true };
const dependency = failedAt(20, "DependencyNotReady", "dependency 'apps/db' is not ready");
const brokenSource = git("a", {
  conditions: [{ ...failedAt(5, "GitOperationFailed", "no such host"), observedGeneration: 1 }],
});
const fresh = {
  lastAppliedRevision: undefined,
  lastAttemptedRevision: undefined,
  history: [],
  inventory: undefined,
};

test.each<[what: string, moments: Moment[], shown: string[]]>([
  ["ready", [done], [succeeded]],
  [
    "reconciled again at its interval",
    [done, { workload: ks(busyAt(30)) }, { workload: ks(readyAt(31, "a")) }],
    [succeeded, succeeded, succeeded],
  ],
  [
    "given a new commit",
    [
      done,
      { ...done, source: git("b") },
      { workload: ks(busyAt(10)), source: git("b") },
      { workload: ks(busyAt(10)), source: git("b"), objects: [service(11)] },
      { workload: ks(readyAt(12, "b"), applied("b", "two")), source: git("b"), objects: [service(11)] },
    ],
    [
      succeeded,
      "Healthy OutOfSync Succeeded:a",
      "Healthy OutOfSync Succeeded:a",
      "Progressing OutOfSync Running:b",
      "Healthy Synced Succeeded:b",
    ],
  ],
  [
    "given an empty commit",
    [
      done,
      { workload: ks(busyAt(10)), source: git("b") },
      { workload: ks(readyAt(12, "b"), applied("b", "one")), source: git("b") },
    ],
    [succeeded, "Healthy OutOfSync Succeeded:a", succeeded],
  ],
  [
    "given an empty commit before Flux 2.7, which does not tell",
    [
      { workload: ks(readyAt(1, "a"), { history: undefined }) },
      {
        workload: ks(readyAt(12, "b"), { ...applied("b", ""), history: undefined }),
        source: git("b"),
      },
    ],
    [succeeded, "Healthy Synced Succeeded:b"],
  ],
  [
    "given another spec that changes nothing",
    [done, { workload: ks(readyAt(12, "a"), {}, { interval: "5m" }) }],
    [succeeded, succeeded],
  ],
  [
    "corrected by Flux after drift",
    [done, { workload: ks(readyAt(12, "a")), objects: [service(11)] }],
    [succeeded, succeeded],
  ],
  ["failed", [failedB], [shownFailedB]],
  [
    "failed and tried again, with another duration",
    [
      done,
      failedB,
      { workload: ks(busyAt(40), { lastAttemptedRevision: revisionOf("b") }), source: git("b") },
      {
        workload: ks(failedAt(41, "BuildFailed", "no such file after 4.7s"), {
          lastAttemptedRevision: revisionOf("b"),
        }),
        source: git("b"),
      },
    ],
    [succeeded, shownFailedB, shownFailedB, shownFailedB],
  ],
  [
    "mended after a failure, by the commit before",
    [done, failedB, { workload: ks(readyAt(50, "c"), applied("c", "one")), source: git("c") }],
    [succeeded, shownFailedB, "Healthy Synced Succeeded:c"],
  ],
  [
    "without such a path, which Flux does not write down as tried",
    [
      done,
      {
        workload: ks(
          failedAt(20, "ArtifactFailed", "kustomization path not found: stat /tmp/x: no such file"),
        ),
        source: git("b"),
      },
    ],
    [succeeded, shownFailedB],
  ],
  [
    "stalled",
    [{ workload: ks(failing, { conditions: [failing, { ...failing, type: "Stalled", status: "True" }] }) }],
    ["Degraded OutOfSync Failed:a SyncError"],
  ],
  [
    "waiting for a dependency, applied before",
    [done, { workload: ks(dependency) }, { workload: ks(dependency), source: git("b") }],
    [
      succeeded,
      "Healthy Synced Succeeded:a DependencyWarning",
      "Healthy OutOfSync Succeeded:a DependencyWarning",
    ],
  ],
  [
    "waiting for a dependency, never applied",
    [{ workload: ks(dependency, fresh), objects: [] }],
    ["Progressing OutOfSync - DependencyWarning"],
  ],
  [
    "waiting for its source, which is fetched for the first time",
    [
      {
        workload: ks(failedAt(1, "ArtifactFailed", "Source artifact not found, retrying in 30s"), fresh),
        source: git("a", { conditions: [busyAt(1)], artifact: undefined }),
        objects: [],
      },
    ],
    ["Progressing OutOfSync - DependencyWarning"],
  ],
  [
    "left with its last artifact",
    [done, { ...done, source: brokenSource }],
    [succeeded, "Healthy Unknown Succeeded:a ComparisonError"],
  ],
  [
    "left with its last artifact, while its source is fetched once more",
    [
      done,
      { ...done, source: brokenSource },
      {
        ...done,
        source: git("a", {
          conditions: [
            { ...busyAt(9), type: "Reconciling", status: "True" },
            { ...failedAt(5, "GitOperationFailed", "no such host"), observedGeneration: 1 },
          ],
        }),
      },
    ],
    [succeeded, "Healthy Unknown Succeeded:a ComparisonError", "Healthy Unknown Succeeded:a ComparisonError"],
  ],
  [
    "cut off by a newer revision",
    [
      done,
      { workload: ks(busyAt(10)), source: git("b"), objects: [service(11)] },
      {
        workload: ks(failedAt(12, "HealthCheckCanceled", "New reconciliation triggered"), {
          lastAttemptedRevision: revisionOf("b"),
        }),
        source: git("c"),
        objects: [service(11)],
      },
      { workload: ks(readyAt(14, "c"), applied("c", "three")), source: git("c"), objects: [service(13)] },
    ],
    [
      succeeded,
      "Progressing OutOfSync Running:b",
      "Progressing OutOfSync Running:c",
      "Healthy Synced Succeeded:c",
    ],
  ],
  [
    "new",
    [
      { workload: ks({ type: "Other", status: "True" }, fresh), objects: [] },
      { workload: ks(busyAt(1), fresh), objects: [] },
      done,
    ],
    ["Progressing OutOfSync -", "Progressing OutOfSync -", succeeded],
  ],
  [
    "suspended, and resumed",
    [
      done,
      { workload: atGeneration(2, ks(readyAt(1, "a"), {}, suspended)) },
      { workload: atGeneration(3, ks(readyAt(1, "a"))) },
      { workload: atGeneration(3, ks(busyAt(60))) },
      { workload: atGeneration(3, ks(readyAt(61, "a"), { observedGeneration: 3 })) },
    ],
    [succeeded, "Suspended Synced Succeeded:a", succeeded, succeeded, succeeded],
  ],
  [
    "suspended before the first time",
    [{ workload: ks({ type: "Other", status: "True" }, fresh, suspended), objects: [] }],
    ["Suspended OutOfSync -"],
  ],
  [
    "suspended after a failure",
    [
      done,
      failedB,
      { ...failedB, workload: ks(failing, { lastAttemptedRevision: revisionOf("b") }, suspended) },
    ],
    [succeeded, shownFailedB, "Suspended OutOfSync Failed:b SyncError"],
  ],
  [
    "deleted, and gone",
    [done, { workload: deleted(ks(readyAt(1, "a"))) }, { workload: undefined }],
    [
      succeeded,
      "Progressing Synced Succeeded:a DeletionWarning",
      "Missing Unknown Succeeded:a InvalidSpecError",
    ],
  ],
  [
    "without its source",
    [done, { ...done, source: null }],
    [succeeded, "Healthy Unknown Succeeded:a InvalidSpecError"],
  ],
  [
    "without an object of two",
    [
      {
        workload: kustomization(["apps_podinfo__Service", "apps_gone__ConfigMap"], {
          status: { conditions: [readyAt(1, "a")], ...applied("a", "one") },
        }),
      },
    ],
    ["Healthy OutOfSync Succeeded:a"],
  ],
  ["without any object", [{ ...done, objects: [] }], ["Missing OutOfSync Succeeded:a"]],
  [
    "half written by Flux",
    [
      done,
      { workload: ks(busyAt(10)), source: git("b"), objects: [service(11)] },
      { workload: ks(readyAt(12, "b")), source: git("b"), objects: [service(11)], isSettled: false },
      { workload: ks(readyAt(12, "b"), applied("b", "two")), source: git("b"), objects: [service(11)] },
    ],
    [
      succeeded,
      "Progressing OutOfSync Running:b",
      "Progressing OutOfSync Running:b",
      "Healthy Synced Succeeded:b",
    ],
  ],
])("a Kustomization that is %s", (_, moments, shown) => {
  expect(film(moments).shown).toEqual(shown);
});

/** A HelmRelease of a chart that is there in the version 6.5.0, but for what is told otherwise. */
function hr(conditions: readonly object[], status: object = {}, generation = 1): FluxWorkload {
  return object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "apps/podinfo", {
    metadata: { generation },
    spec: { chart: { spec: { chart: "podinfo", sourceRef: { kind: "HelmRepository", name: "charts" } } } },
    status: {
      observedGeneration: generation,
      helmChart: "apps/apps-podinfo",
      inventory: { entries: [{ id: "apps_podinfo__Service", v: "v1" }] },
      history: [snapshot(1, "deployed")],
      ...tried("one"),
      ...status,
      conditions,
    },
  }) as FluxWorkload;
}
const snapshot = (version: number, status: string) => ({
  ...{ name: "podinfo", version, status, chartVersion: "6.5.0" },
  lastDeployed: at(version),
});
const tried = (config: string) => ({
  lastAttemptedRevision: "6.5.0",
  lastAttemptedConfigDigest: `sha256:${config}`,
});
const released = (second: number, version: number) => ({
  ...readyAt(second, "a"),
  reason: "UpgradeSucceeded",
  message: `Helm upgrade succeeded for release apps/podinfo.v${version} with chart podinfo@6.5.0`,
});
const upgradeFailed = failedAt(20, "UpgradeFailed", "Helm upgrade failed: timeout after 5m0s");
const rolledBack = failedAt(
  25,
  "RollbackSucceeded",
  "Helm rollback to previous release apps/podinfo.v1 succeeded",
);
const releasedFalse = { ...upgradeFailed, type: "Released" };
const remediated = { ...rolledBack, type: "Remediated", status: "True" };
const charts = object("source.toolkit.fluxcd.io/v1", "HelmRepository", "apps/charts");
const chart = (rest: object = {}) =>
  object("source.toolkit.fluxcd.io/v1", "HelmChart", "apps/apps-podinfo", {
    metadata: { generation: 1 },
    spec: { sourceRef: { kind: "HelmRepository", name: "charts" } },
    status: {
      observedGeneration: 1,
      conditions: [{ ...readyAt(1, "a"), message: "pulled" }],
      artifact: { revision: "6.5.0" },
      ...rest,
    },
  });
const failing2 = [snapshot(2, "failed"), snapshot(1, "superseded")];
const rolled = [snapshot(3, "deployed"), ...failing2];
const shownUpgradeFailed = "Degraded OutOfSync Failed:6 SyncError";

test.each<[what: string, releases: FluxWorkload[], shown: string[]]>([
  [
    "upgraded with other values",
    [
      hr([released(1, 1)]),
      hr([busyAt(10)], tried("two")),
      hr([released(12, 2)], {
        ...tried("two"),
        history: [snapshot(2, "deployed"), snapshot(1, "superseded")],
      }),
    ],
    ["Healthy Synced Succeeded:6", "Healthy OutOfSync Succeeded:6", "Healthy Synced Succeeded:6"],
  ],
  [
    "looked at again",
    [hr([released(1, 1)]), hr([busyAt(10)]), hr([released(11, 1)])],
    ["Healthy Synced Succeeded:6", "Healthy Synced Succeeded:6", "Healthy Synced Succeeded:6"],
  ],
  [
    "rolled back, and tried once more",
    [
      hr([released(1, 1)]),
      hr([upgradeFailed, releasedFalse], { ...tried("two"), history: failing2 }),
      hr([busyAt(22), releasedFalse], { ...tried("two"), history: failing2 }),
      hr([rolledBack, releasedFalse, remediated], { ...tried("two"), history: rolled }),
      hr([busyAt(30), releasedFalse, remediated], { ...tried("two"), history: rolled }),
      hr([rolledBack, releasedFalse, remediated], {
        ...tried("two"),
        history: [snapshot(5, "deployed"), snapshot(4, "failed"), ...rolled],
      }),
      hr([released(40, 6)], { ...tried("three"), history: [snapshot(6, "deployed"), ...rolled] }),
    ],
    [
      "Healthy Synced Succeeded:6",
      ...Array.from({ length: 5 }, () => shownUpgradeFailed),
      "Healthy Synced Succeeded:6",
    ],
  ],
  [
    "Ready before its new release is written down",
    [hr([released(1, 1)]), hr([released(12, 2)], tried("two"))],
    ["Healthy Synced Succeeded:6", "Healthy Synced Succeeded:6"],
  ],
])("a HelmRelease that is %s", (_, releases, shown) => {
  const moments = releases.map((workload) => ({ workload, sources: [charts, chart()] }));
  expect(film(moments).shown).toEqual(shown);
});

test("of a release that was rolled back it is told why, and then what became of it", () => {
  const { last } = film([
    {
      workload: hr([rolledBack, releasedFalse, remediated], { history: rolled }),
      sources: [charts, chart()],
    },
  ]);
  expect(last.operationState?.message).toBe(`${upgradeFailed.message}; ${rolledBack.message}`);
});

test("a chart that cannot be had is its source's failure", () => {
  const conditions = [
    { ...failedAt(5, "InvalidChartReference", "no chart version found"), observedGeneration: 1 },
  ];
  const waiting = failedAt(6, "SourceNotReady", "HelmChart 'apps/apps-podinfo' is not ready");
  const { shown, last } = film([{ workload: hr([waiting]), sources: [charts, chart({ conditions })] }]);
  expect(shown).toEqual(["Healthy Unknown - ComparisonError"]);
  expect(last.conditions?.[0]?.message).toBe("HelmChart apps-podinfo in apps failed: no chart version found");
});

function atGeneration(generation: number, workload: FluxWorkload): FluxWorkload {
  return { ...workload, metadata: { ...workload.metadata, generation } };
}

function deleted(workload: FluxWorkload): FluxWorkload {
  return { ...workload, metadata: { ...workload.metadata, deletionTimestamp: at(30) } };
}

test("an operation that somebody has ended does not begin again with what Flux goes on with", () => {
  const source = git("b");
  const objects = [service(11)];
  const workload = ks(busyAt(10));
  const { operationState } = film([done, { workload, source, objects }]).last;
  const { info } = ended<Operation>({}, workload, source);
  const terminated = { ...operationState, phase: "Failed", operation: { info }, finishedAt: at(15) };
  const told = { ...application, status: { operationState: terminated } } as Application;
  const { status } = reportOf(objects, { workload, sources: [source], application: told });
  expect(status.operationState).toEqual(terminated);
});

test("an operation that is over when it is first seen is shown under way before, so that a new one is told from the last", () => {
  const workload = ks(readyAt(12, "b"), applied("b", "two"));
  const moment = { workload, sources: [git("b")], isLast: false };
  const { last: before } = film([done]);
  const first = reportOf([service(11)], {
    ...moment,
    application: { ...application, status: before } as Application,
  });
  expect([words(first), first.isBeginning]).toEqual(["Healthy Synced Running:b", true]);
  expect(first.status.history).toEqual(before.history);
  const told = { ...application, status: first.status } as Application;
  const second = reportOf([service(11)], { ...moment, application: told });
  expect([words(second), second.isBeginning]).toEqual(["Healthy Synced Succeeded:b", undefined]);
  expect(second.status.operationState?.startedAt).toBe(first.status.operationState?.startedAt);
});

test("a failure that repeats keeps its times, and its words but for durations", () => {
  const again = (second: number, message: string): Moment => ({
    workload: ks(failedAt(second, "BuildFailed", message), { lastAttemptedRevision: revisionOf("b") }),
    source: git("b"),
  });
  const first = film([done, failedB]).last;
  const second = film([done, failedB, again(40, "no such file after 12.9s")]).last;
  expect(second.operationState).toEqual(first.operationState);
  expect(second.conditions).toEqual(first.conditions);
  const other = film([done, failedB, again(40, "no such folder")]).last;
  expect(other.operationState).toMatchObject({ message: "no such folder", finishedAt: at(20) });
});

test("a source that failed is told in its own words", () => {
  expect(film([{ ...done, source: brokenSource }]).last.conditions).toMatchObject([
    { type: "ComparisonError", message: "GitRepository podinfo in apps failed: no such host" },
  ]);
});

test("the report is never older than the end of the operation that it tells of", () => {
  const { status } = reportOf([service(0)], {
    workload: ks(readyAt(1, "a")),
    sources: [git("a")],
    now: new Date(Date.UTC(2026, 10, 21, 8)),
  });
  expect(status.reconciledAt).toBe(status.operationState?.finishedAt);
});

test("docs/loopback.md has the table", () => {
  const file = "docs/loopback.md";
  const begin =
    "<!-- the table of src/report/standings.ts: UPDATE_GOLDEN=1 npx vitest run test/report/standing.test.ts -->\n";
  const [before = "", rest = ""] = readFileSync(file, "utf8").split(begin);
  const after = rest.replace(/^(\|.*\n)*/, "");
  const rows = Object.values(standings).map(({ when, health, sync, operation, condition }) =>
    [
      when,
      rules.health[health],
      rules.sync[sync],
      rules.operation[operation],
      rules.condition[condition],
    ].join(" | "),
  );
  const table = [
    "a workload that … | health | sync | operation | condition",
    "--- | --- | --- | --- | ---",
    ...rows,
  ]
    .map((row) => `| ${row} |\n`)
    .join("");
  const wanted = `${before}${begin}${table}${after}`;
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, wanted);
  expect(readFileSync(file, "utf8")).toBe(wanted);
});
