/** What is reported of a ResourceSet; a FluxInstance differs by its kind alone. */
import { expect, test } from "vitest";
import { generated } from "../builders/argo.js";
import { location, rset } from "../builders/flux.js";
import { object } from "../builders/kube.js";
import { outline, ready, reconciled, reportOf } from "./objects.js";

const digest = `sha256:${"ab".repeat(32)}`;
const entries = [
  { id: "apps_settings__ConfigMap", v: "v1" },
  { id: "apps_web_kustomize.toolkit.fluxcd.io_Kustomization", v: "v1" },
];
const told = { ...ready, message: "Reconciliation finished in 2s", observedGeneration: 1 };

function set(condition: object = {}, metadata: object = {}) {
  return reconciled(rset("teams", {}, metadata), {
    observedGeneration: undefined,
    conditions: [{ ...told, ...condition }],
    inventory: { entries },
    lastAppliedRevision: digest,
  });
}

const objects = [
  object("v1", "ConfigMap", "apps/settings"),
  object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps/web"),
];

function reported(workload: ReturnType<typeof set>) {
  const application = generated(workload, {}, location());
  return reportOf(objects, { application, workload, sources: [] });
}

test("the objects that it applied are below it", () => {
  const made = reported(set());
  expect(outline(made)).toEqual([
    "ConfigMap/settings < ResourceSet/teams",
    "ResourceSet/teams",
    "Kustomization/web < ResourceSet/teams",
  ]);
  expect(made.status).toMatchObject({
    sync: { status: "Synced", revision: digest },
    sourceType: "Directory",
    operationState: { phase: "Succeeded", syncResult: { revision: digest } },
    history: [],
  });
});

test.each<[string, object, object, string, string]>([
  ["failed", { status: "False", reason: "BuildFailed", message: "no" }, {}, "OutOfSync", "Degraded"],
  [
    "is switched off",
    {},
    { annotations: { "fluxcd.controlplane.io/reconcile": "disabled" } },
    "Synced",
    "Suspended",
  ],
])("one that %s", (_, condition, metadata, sync, health) => {
  const { status } = reported(set(condition, metadata));
  expect([status.sync?.status, status.health?.status]).toEqual([sync, health]);
});
