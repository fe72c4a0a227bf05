/** What is reported of a ResourceSet; a FluxInstance differs by its kind alone. */
import { describe, expect, test } from "vitest";
import type { LiveObject } from "../../src/kube/object.js";
import { generated } from "../builders/argo.js";
import { flux, location, rset } from "../builders/flux.js";
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

function reported(workload: ReturnType<typeof set>, sources: LiveObject[] = []) {
  const application = generated(workload, {}, location());
  return reportOf([...objects, ...sources], { application, workload, sources });
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

describe("who gives it inputs", () => {
  const provider = (name: string, labels: object = {}, namespace = "apps") =>
    reconciled(flux("ResourceSetInputProvider", `${namespace}/${name}`, { type: "Static" }, { labels }));
  const inputsFrom = [{ name: "named" }, { selector: { matchLabels: { team: "a" } } }];
  const taking: ReturnType<typeof set> = { ...set(), spec: { inputsFrom } };

  test("stands above it", () => {
    const team = { team: "a" };
    const sources = [provider("named", team), provider("chosen", team), provider("other")];
    const made = reported(taking, [...sources, provider("chosen", team, "elsewhere")]);
    expect(outline(made)).toEqual([
      "ConfigMap/settings < ResourceSet/teams",
      "ResourceSet/teams < ResourceSetInputProvider/chosen < ResourceSetInputProvider/named",
      "ResourceSetInputProvider/chosen",
      "ResourceSetInputProvider/named",
      "Kustomization/web < ResourceSet/teams",
    ]);
    expect(made.status.sync?.status).toBe("Synced");
    expect(made.status.resources?.map(({ name }) => name)).toEqual(["teams", "settings", "web"]);
  });

  test("says what it fails with, and the set is in step all the same", () => {
    const failure = { ...told, status: "False", reason: "ReconciliationFailed", message: "401 Unauthorized" };
    const failing = { ...provider("named"), status: { conditions: [failure] } };
    const { status } = reported(taking, [failing]);
    expect(status.conditions).toMatchObject([
      { type: "ComparisonError", message: "ResourceSetInputProvider named in apps failed: 401 Unauthorized" },
    ]);
    expect(status.sync?.status).toBe("Synced");
  });

  test("is missed by its name", () => {
    const made = reported(taking);
    expect(outline(made)).toContain("ResourceSetInputProvider/named");
    expect(made.status.conditions?.map(({ message }) => message)).toEqual([
      "ResourceSetInputProvider named in apps does not exist",
    ]);
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
