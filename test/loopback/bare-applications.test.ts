import { describe, expect, test } from "vitest";
import type { Application } from "../../src/argo/application.js";
import { statusPatch } from "../../src/argo/status-patch.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { answerFor } from "../../src/loopback/answers/answer-for.js";
import { autoPlan } from "../../src/loopback/auto/plan.js";
import { elsewhereSentence } from "../../src/loopback/engine/elsewhere.js";
import { interestOf, reportInput } from "../../src/loopback/engine/report-input.js";
import { World } from "../../src/loopback/engine/world.js";
import { report } from "../../src/report/report.js";
import { argo, commit, gitRepository, kustomization, now, project, revision } from "../report/objects.js";
import { applicationWith, situation, syncOf } from "./answers-scene.js";

/** Flux has applied a commit twice, and is at it again. */
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
const { spec: _, ...withoutSpec } = whole;
function without(...parts: (keyof NonNullable<Application["spec"]>)[]): Application {
  return {
    ...whole,
    spec: Object.fromEntries(
      Object.entries(whole.spec ?? {}).filter(([key]) => !parts.includes(key as never)),
    ),
  };
}

const { source, destination } = whole.spec ?? {};
const several = { ...without("source"), spec: { ...without("source").spec, sources: [source ?? {}] } };
const history = { id: 1795248000, revision: commit, deployedAt: "2026-11-21T08:00:00Z" };

describe.each<[string, Application, { source?: object; destination: object }]>([
  ["all there is", whole, { source: source ?? {}, destination: destination ?? {} }],
  ["several sources", several, { destination: destination ?? {} }],
  ["no source", without("source"), { destination: destination ?? {} }],
  ["no syncPolicy", without("syncPolicy"), { source: source ?? {}, destination: destination ?? {} }],
  ["no AppProject", without("project"), { source: source ?? {}, destination: destination ?? {} }],
])("an Application with %s", (_, application, about) => {
  const world = new World(argo);
  for (const object of [gitRepository, workload, project(), application]) world.set(object);
  const input = reportInput(application, world, [], now);
  const made = report(input);
  const of = "source" in about ? { source: about.source } : {};

  test("is reported", () => {
    expect(made.status).toMatchObject({ sync: { status: "Synced" }, health: { status: "Healthy" } });
    expect(made.status.sync?.comparedTo).toStrictEqual(about);
    expect(made.status.history).toStrictEqual([{ ...history, ...of }]);
    expect(made.status.operationState?.syncResult).toMatchObject({ revision: commit, ...of });
    expect(interestOf(input, made)).toContain("kustomize.toolkit.fluxcd.io/Kustomization/apps/podinfo");
  });

  test("is not written again for nothing", () => {
    const written = JSON.parse(JSON.stringify(made.status));
    expect(
      statusPatch(written, report({ ...input, application: { ...application, status: written } }).status),
    ).toBe(undefined);
  });

  test("can be synced", () => {
    const asked = { ...application, operation: syncOf() } as Application;
    expect(answerFor(situation({ application: asked, workload }))?.steps.map((step) => step.do)).toEqual([
      "reconcile",
      "patch",
    ]);
  });
});

test.each<[string, Application]>([
  ["spec", withoutSpec],
  ["destination", without("destination")],
  ["cluster", { ...whole, spec: { destination: { namespace: "apps" } } }],
])("an Application without %s is on no cluster, and nothing is made of it", (_, application) => {
  const world = new World(argo);
  for (const object of [gitRepository, workload, project(), application]) world.set(object);
  expect(elsewhereSentence(application)).toBe(
    "The workload is on a cluster that the Application does not name, and only those of Argo CD's own cluster are reported",
  );
  expect(reportInput(application, world, [], now).project?.metadata.name).toBe("default");
  const known = { ...world, applications: world.applications, workloads: world.workloads };
  const plan = autoPlan(
    { ...known, sources: world.sources, live: world.live, unknownBecause: () => undefined },
    {
      namespace: "argocd",
      selection: { namespace: undefined, kinds: ["Kustomization"], labels: undefined },
      template: "{name}",
    },
  );
  expect(plan).toMatchObject({ create: [], remove: [] });
  expect(plan.refused.map(({ because }) => because.message)).toEqual([
    expect.stringContaining("there is an Application podinfo in argocd already, and it "),
  ]);
});
