/** ResourceSets and FluxInstances as workloads. */
import { describe, expect, test } from "vitest";
import { appliedForms } from "../../src/flux/asked-revision.js";
import { appliedBy, attemptOf } from "../../src/flux/attempt.js";
import { departureOf } from "../../src/flux/departure.js";
import { dependenciesOf } from "../../src/flux/dependencies.js";
import { deploymentsSince } from "../../src/flux/deployments.js";
import { lastSuccessOf } from "../../src/flux/last-success.js";
import { appliedRevision, hasApplied, wantedRevision } from "../../src/flux/revision.js";
import { noSources, sourceChainOf } from "../../src/flux/source-chain.js";
import { stateOf, wasEverApplied } from "../../src/flux/state.js";
import { suspendedSince } from "../../src/flux/suspension.js";
import { type FluxWorkload, workloadFrom } from "../../src/flux/workload.js";
import { keyOf } from "../../src/kube/object-id.js";
import { fi, git, operatorReady, rset } from "../builders/flux.js";
import { live } from "../builders/kube.js";

const digest = `sha256:${"ab".repeat(32)}`;
const history = [
  {
    digest,
    firstReconciled: "2026-11-20T10:00:00Z",
    lastReconciled: "2026-11-21T09:00:00Z",
    lastReconciledDuration: "2.8s",
    lastReconciledStatus: "ReconciliationSucceeded",
  },
];

function said(ready: object = {}, more: object = {}): { status: object } {
  const condition = { ...operatorReady, ...ready };
  return { status: { conditions: [condition], lastAppliedRevision: digest, history, ...more } };
}

const set = (status = said(), metadata: object = {}): FluxWorkload =>
  live({ ...rset("teams", {}, { generation: 1, ...metadata }), ...status });
const instance = (status = said()): FluxWorkload => live({ ...fi(), ...status });

const off = { annotations: { "fluxcd.controlplane.io/reconcile": "Disabled" } };

describe("how far the operator is", () => {
  test.each<[string, FluxWorkload, string]>([
    ["done", set(), "ready"],
    ["not begun", set({ status: {} }), "unseen"],
    ["at it", set(said({ status: "Unknown", reason: "Progressing" })), "reconciling"],
    ["at an older generation", set(said(), { generation: 2 }), "stale"],
    ["failed", set(said({ status: "False", reason: "BuildFailed", message: "no" })), "failed"],
    ["waiting", set(said({ status: "False", reason: "DependencyNotReady", message: "no" })), "waiting"],
    ["switched off", set(said(), off), "suspended"],
  ])("%s", (_, workload, is) => {
    expect(stateOf(workload, sourceChainOf(workload, [git()]), () => false).is).toBe(is);
  });

  test.each<[FluxWorkload, object]>([
    [set(), { kind: "ResourceSet", suspended: false, readiness: { status: "Current" } }],
    [set(said(), off), { suspended: true }],
    [instance(), { kind: "FluxInstance", source: { kind: "GitRepository", name: "flux-system" } }],
  ])("what is kept of it", (workload, expected) => {
    expect(workloadFrom(workload)).toMatchObject(expected);
  });

  test("who has switched it off", () => {
    const managedFields = [
      {
        manager: "kubectl-annotate",
        time: "2026-11-20T10:00:00Z",
        fieldsV1: {
          "f:metadata": { "f:annotations": { "f:fluxcd.controlplane.io/reconcile": {} } },
        },
      },
    ];
    expect(suspendedSince(set(said(), { ...off, managedFields }))).toEqual({
      time: "2026-11-20T10:00:00Z",
      who: "last written by kubectl-annotate",
    });
  });
});

test("its revision is its own", () => {
  const version = `v2.9.0@${digest}`;
  const flux = instance(said({}, { lastAttemptedRevision: version, lastAppliedRevision: version }));
  expect(sourceChainOf(flux, [git()])).toEqual(noSources);
  expect([wantedRevision(flux, undefined), appliedRevision(flux, undefined)]).toEqual([version, version]);
  expect(appliedRevision(set(), undefined)).toBe(digest);
  expect(hasApplied(set(), undefined)).toBeUndefined();
  expect(appliedForms(flux, noSources)).toContain(digest);
  expect(wasEverApplied(set())).toBe(true);
  expect(wasEverApplied(set({ status: {} }))).toBe(false);
});

test("what it has applied tells one attempt from the next", () => {
  expect(attemptOf(set(), undefined)).toMatch(new RegExp(`^${digest} [0-9a-f]{16}$`));
  expect(appliedBy(set())).toBe(digest);
  expect(lastSuccessOf(set())).toBe("2026-11-21T09:00:00Z");
  expect(
    deploymentsSince(set(), { content: undefined, sources: [] }, { revision: undefined, endedAt: "" }),
  ).toEqual([]);
});

test("a ResourceSet may depend on anything", () => {
  const dependsOn = [
    { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", name: "db" },
    { apiVersion: "v1", kind: "Secret", name: "gate", namespace: "other" },
  ];
  expect(dependenciesOf(live(rset("teams", { dependsOn }))).map(keyOf)).toEqual([
    "helm.toolkit.fluxcd.io/HelmRelease/apps/db",
    "/Secret/other/gate",
  ]);
});

test.each<[FluxWorkload, string[], string[]]>([
  [set(), ["ResourceSet"], []],
  [
    set(said(), { labels: { "kustomize.toolkit.fluxcd.io/name": "cluster" } }),
    [],
    ["ResourceSet teams in apps stays, since Kustomization cluster would bring it back"],
  ],
  [
    instance(),
    [],
    ["FluxInstance flux in flux-system stays, since to delete it uninstalls Flux from the cluster"],
  ],
])("what goes with it", (workload, goes, stays) => {
  const departure = departureOf({ workload, chain: noSources, flux: () => [], isUnread: () => false });
  expect(departure.goes.map(({ kind }) => kind)).toEqual(goes);
  expect(departure.stays).toEqual(stays);
});
