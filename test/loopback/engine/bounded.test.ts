import { expect, test } from "vitest";
import type { ApplicationStatus, ResourceResult, ResourceStatus } from "../../../src/argo/application.js";
import { bounded } from "../../../src/loopback/engine/bounded.js";

const now = new Date("2026-11-21T10:00:00Z");
const sentence = (left: number) =>
  `${left} of 16004 objects are only in the tree: an Application that lists them all could not be stored`;

function resource(kind: string, name: string, rest: Partial<ResourceStatus> = {}): ResourceStatus {
  return { kind, namespace: "apps", name, status: "Synced", ...rest };
}

/** Of a source, a workload, and so many ConfigMaps with two broken Jobs in the middle and at the end. */
function statusOf(count: number): ApplicationStatus {
  const configMaps = (from: number) =>
    Array.from({ length: count / 2 }, (_, index) => resource("ConfigMap", `config-${from + index}`));
  const broken = (name: string) =>
    resource("Job", name, { group: "batch", health: { status: "Degraded", message: "failed" } });
  const applied = [...configMaps(0), broken("first"), ...configMaps(count / 2), broken("last")];
  const results = applied.map(
    ({ group = "", kind, name }): ResourceResult => ({
      ...{ group, version: "v1", kind, namespace: "apps", name },
      ...{ status: "Synced", syncPhase: "Sync" },
    }),
  );
  const flux = [
    resource("GitRepository", "source", { group: "source.toolkit.fluxcd.io" }),
    resource("Kustomization", "web", { group: "kustomize.toolkit.fluxcd.io" }),
  ];
  return {
    health: { status: "Degraded" },
    resources: [...flux, ...applied],
    conditions: [{ type: "SyncError", message: "failed", lastTransitionTime: "2026-11-21T09:00:00Z" }],
    operationState: {
      operation: {},
      phase: "Succeeded",
      startedAt: "2026-11-21T09:00:00Z",
      syncResult: { revision: "main", resources: results },
    },
  };
}

test("what can be stored stays as it is", () => {
  const status = statusOf(1000);
  expect(bounded(status, undefined, now)).toBe(status);
});

test("of too many objects those of Flux and the broken ones are kept, and the first of the others", () => {
  const whole = statusOf(16_000);
  const cut = bounded(whole, undefined, now);
  const names = (cut.resources ?? []).map(({ name }) => name);
  expect(names.slice(0, 3)).toEqual(["source", "web", "config-0"]);
  expect(names.slice(-2)).toEqual(["first", "last"]);
  expect(names.length).toBeGreaterThan(4000);
  expect(cut.operationState?.syncResult?.resources?.map(({ name }) => name)).toEqual(names.slice(2));
  expect(JSON.stringify(cut).length).toBeLessThan(1_200_000);
  expect(cut.conditions).toEqual([
    ...(whole.conditions ?? []),
    {
      type: "ExcludedResourceWarning",
      message: sentence(16_004 - names.length),
      lastTransitionTime: "2026-11-21T10:00:00Z",
    },
  ]);
  // said again, it is the same condition
  expect(bounded(whole, cut, new Date("2026-11-21T11:00:00Z"))).toEqual(cut);
});
