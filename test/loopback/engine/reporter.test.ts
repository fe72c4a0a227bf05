import { expect, test } from "vitest";
import type { ApplicationStatus } from "../../../src/argo/application.js";
import type { Kube } from "../../../src/kube/kube.js";
import { Reporter } from "../../../src/loopback/engine/reporter.js";
import { World } from "../../../src/loopback/engine/world.js";
import { argo } from "../../builders/argo.js";
import { application, commit, gitRepository, kustomization, now, project } from "../../report/objects.js";

const status: ApplicationStatus = {
  sync: { status: "Synced", revision: commit },
  health: { status: "Healthy" },
  resources: [{ version: "v1", kind: "ConfigMap", namespace: "apps", name: "web" }],
  operationState: { phase: "Running", startedAt: "2026-11-21T09:00:00Z", operation: { sync: {} } },
  history: [{ id: 0, revision: commit, deployedAt: "2026-11-21T08:00:00Z" }],
};

/** What would be written of the status, as a merge patch. */
async function changesOf(world: World): Promise<Record<string, unknown> | undefined> {
  const reporter = new Reporter({
    kube: {} as Kube,
    world,
    store: { put: async () => "unchanged", remove: async () => {} },
    releases: { objectsOf: async () => [] } as never,
    kindOf: () => undefined,
    events: { tell() {} },
    dryRun: true,
    now: () => now,
    settleMs: 0,
    onAnswered() {},
  });
  const reported = await reporter.report(`argocd/${application.metadata.name}`);
  return reported?.wrote.status;
}

function worldWith(project?: Parameters<World["set"]>[0]): World {
  const world = new World(argo);
  for (const one of [
    gitRepository,
    kustomization(),
    { ...application, status },
    ...(project ? [project] : []),
  ])
    world.set(one);
  return world;
}

test("while the AppProject cannot be read nothing is shown, and nothing of what was done is lost", async () => {
  const world = worldWith();
  world.setUnread({ group: "argoproj.io", kind: "AppProject" }, "forbidden");
  const changes = await changesOf(world);
  expect(changes).toMatchObject({
    sync: { status: "Unknown", revision: null },
    resources: [],
    conditions: [{ message: "Cannot read the AppProject default: forbidden" }],
  });
  expect(changes).not.toHaveProperty("history");
  expect(changes).not.toHaveProperty("operationState");
});

test("of what the AppProject forbids nothing stays", async () => {
  const changes = await changesOf(worldWith(project({ destinations: [] })));
  expect(changes).toMatchObject({ resources: [], history: [], operationState: null });
});
