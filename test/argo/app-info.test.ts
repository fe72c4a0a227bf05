import { describe, expect, test } from "vitest";
import { appInfoOf } from "../../src/argo/app-info.js";
import type { Application } from "../../src/argo/application.js";
import { application } from "../builders/argo.js";

const infoOf = (spec: object, more: object = {}, release = "3.6.1") =>
  appInfoOf({ ...application("web", spec), ...more } as Application, { release, ownName: "home" });

test("an Application that nobody has looked at yet has all labels of the release", () => {
  expect(infoOf({})).toEqual({
    namespace: "argocd",
    name: "web",
    project: "default",
    autosync_enabled: "false",
    repo: "https://git.example/r",
    dest_server: "https://kubernetes.default.svc",
    dest_namespace: "apps",
    sync_status: "Unknown",
    health_status: "Unknown",
    hydrator_status: "",
    operation: "",
    phase: "",
  });
});

test.each([
  ["2.8.0", []],
  ["2.9.0", ["autosync_enabled"]],
  ["3.5.7", ["autosync_enabled"]],
  ["3.6.0", ["autosync_enabled", "hydrator_status", "phase"]],
  [undefined, ["autosync_enabled", "hydrator_status", "phase"]],
])("Argo CD %s has further labels", (release, further) => {
  const names = Object.keys(appInfoOf(application("web"), { release }));
  expect(names.filter((name) => ["autosync_enabled", "hydrator_status", "phase"].includes(name))).toEqual(
    further,
  );
});

describe("labels say", () => {
  test.each<[string, object, object, Record<string, string>]>([
    ["its AppProject", { project: "team-a" }, {}, { project: "team-a" }],
    ["that it syncs by itself", { syncPolicy: { automated: {} } }, {}, { autosync_enabled: "true" }],
    ["… or is not to", { syncPolicy: { automated: { enabled: false } } }, {}, { autosync_enabled: "false" }],
    [
      "the first of several sources",
      {
        source: undefined,
        sources: [{ repoURL: "https://git.example/a" }, { repoURL: "https://b.example" }],
      },
      {},
      { repo: "https://git.example/a" },
    ],
    [
      "Argo CD's own cluster by its address",
      { destination: { name: "home", namespace: "" } },
      {},
      { dest_server: "https://kubernetes.default.svc", dest_namespace: "" },
    ],
    [
      "how it is",
      {},
      {
        status: {
          sync: { status: "OutOfSync" },
          health: { status: "Degraded" },
          operationState: { phase: "Failed" },
        },
      },
      { sync_status: "OutOfSync", health_status: "Degraded", phase: "Failed", operation: "" },
    ],
    ["that a sync is asked for", {}, { operation: { sync: {} } }, { operation: "sync" }],
    [
      "that it is deleted, whatever is asked for",
      {},
      { operation: { sync: {} }, metadata: { name: "web", deletionTimestamp: "2026-11-21T10:00:00Z" } },
      { operation: "delete" },
    ],
  ])("%s", (_, spec, more, labels) => expect(infoOf(spec, more)).toMatchObject(labels));

  test.each([
    ["https://git.example/Team/Fleet.git", "https://git.example/team/fleet"],
    ["git@git.example:team/fleet.git", "git@git.example/team/fleet"],
    ["ssh://git@git.example:22/team/fleet", "git@git.example:22/team/fleet"],
    ["oci://registry.example/charts", "oci://registry.example/charts"],
    // as Argo CD does not: nobody's password gets into a metric
    ["https://reader:s3cret@git.example/fleet.git", "https://git.example/fleet"],
  ])("the repository %s as %s", (repoURL, repo) => {
    expect(infoOf({ source: { repoURL } })).toMatchObject({ repo });
  });
});
