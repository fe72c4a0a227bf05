import { describe, expect, test } from "vitest";
import type { Application, ApplicationSource, ApplicationSpec } from "../../src/argo/application.js";
import { statusPatch } from "../../src/argo/status-patch.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { answerFor } from "../../src/loopback/answers/answer-for.js";
import { autoPlan } from "../../src/loopback/auto/auto-plan.js";
import { elsewhereSentence } from "../../src/loopback/engine/elsewhere.js";
import { interestOf } from "../../src/loopback/engine/interest-of.js";
import { World } from "../../src/loopback/engine/world.js";
import { report } from "../../src/report/report.js";
import { reportInput } from "../../src/report/report-input.js";
import { argo } from "../builders/argo.js";
import { commit, gitRepository, kustomization, now, project, revision } from "../report/objects.js";
import { applicationWith, outline, situation, syncOf } from "./answers-scene.js";

/** With something to remember, which each entry of an Application's history names the source of. */
const workload: FluxWorkload = kustomization([], {
  status: {
    history: [
      {
        firstReconciled: "2026-11-21T08:00:00Z",
        lastReconciledStatus: "ReconciliationSucceeded",
        metadata: { revision },
      },
    ],
  },
});

const whole = applicationWith();
const { source = {}, destination = {} } = whole.spec ?? {};
const { spec: _, ...withoutSpec } = whole;

function without(part: keyof ApplicationSpec, more: ApplicationSpec = {}): Application {
  const { [part]: _, ...spec } = whole.spec ?? {};
  return { ...whole, spec: { ...spec, ...more } };
}

function worldWith(application: Application): World {
  const world = new World(argo);
  for (const object of [gitRepository, workload, project(), application]) world.set(object);
  return world;
}

describe.each<[string, Application, { source?: ApplicationSource }]>([
  ["all there is", whole, { source }],
  ["no source", without("source"), {}],
  ["several sources", without("source", { sources: [source] }), {}],
  ["no syncPolicy", without("syncPolicy"), { source }],
  ["no AppProject", without("project"), { source }],
])("an Application with %s", (_, application, from) => {
  const input = reportInput(application, worldWith(application), [], now, { isSettled: true, isLast: true });
  const made = report(input);

  test("is reported", () => {
    expect(made.status).toMatchObject({ sync: { status: "Synced" }, health: { status: "Healthy" } });
    expect(made.status.sync?.comparedTo).toStrictEqual({ ...from, destination });
    const initiatedBy = { username: "Flux", automated: true };
    const deployed = { id: 0, revision: commit, deployedAt: "2026-11-21T08:00:00Z", initiatedBy };
    expect(made.status.history).toStrictEqual([{ ...deployed, ...from }]);
    expect(made.status.operationState?.syncResult).toMatchObject({ revision: commit, ...from });
    expect(interestOf(input, made.tree)).toContain("kustomize.toolkit.fluxcd.io/Kustomization/apps/podinfo");
  });

  test("is not written again for nothing", () => {
    const status = JSON.parse(JSON.stringify(made.status));
    const again = report({ ...input, application: { ...application, status } });
    expect(statusPatch(status, again.status)).toBeUndefined();
  });

  test("can be synced", () => {
    const asked = { ...application, operation: syncOf() } as Application;
    expect(outline(answerFor(situation({ application: asked, workload })))).toEqual([
      "patch",
      "ask GitRepository/podinfo",
    ]);
  });
});

test.each<[string, Application]>([
  ["spec", withoutSpec],
  ["destination", without("destination")],
  ["cluster", without("destination", { destination: { namespace: "apps" } })],
])("an Application without %s is on no cluster, and nothing is made of it", (_, application) => {
  const world = worldWith(application);
  expect(elsewhereSentence(application)).toBe(
    "The workload is on a cluster that the Application does not name, and only those of Argo CD's own cluster are reported",
  );
  expect(
    reportInput(application, world, [], now, { isSettled: true, isLast: true }).project?.metadata.name,
  ).toBe("default");
  const { applications, workloads, sources, live } = world;
  const { create, remove, refused } = autoPlan(
    { applications, workloads, sources, live, unknownBecause: () => undefined },
    {
      namespace: "argocd",
      selection: { namespace: undefined, kinds: ["Kustomization"], labels: undefined },
      template: "{name}",
      project: { name: "default" },
    },
  );
  expect([create, remove]).toEqual([[], []]);
  expect(refused.map(({ because }) => because.message)).toEqual([
    expect.stringContaining("there is an Application podinfo in argocd already, and it "),
  ]);
});
