import { expect, test } from "vitest";
import { Application } from "../../src/argo/application.js";
import { UserError } from "../../src/errors.js";
import { workloadFrom, workloadKinds } from "../../src/flux/workload.js";
import type { AutoPlan } from "../../src/loopback/auto/auto-plan.js";
import { AutoEmitter } from "../../src/loopback/auto/emitter.js";
import { application, kustomization } from "../report/objects.js";

const nothing: AutoPlan = { create: [], remove: [], refused: [], unknown: [] };
const workload = workloadFrom(kustomization());
const refused = (why: string): AutoPlan => ({
  ...nothing,
  refused: [{ workload, because: new UserError(why) }],
});
const unknown = (
  kind: AutoPlan["unknown"][number]["kind"],
  because: "unavailable" | "forbidden",
): AutoPlan => ({
  ...nothing,
  unknown: [{ kind, because, kept: 0 }],
});
const planned: AutoPlan = { ...nothing, create: [{ workload, application, warnings: [] }] };
const noRight = "Cannot create or delete Applications in argocd (--auto): reading Applications is forbidden";

test.each<[string, AutoPlan[], string[]]>([
  ["once what holds", [refused("a"), refused("a")], ["a"]],
  ["another reason", [refused("a"), refused("b")], ["a", "b"]],
  ["again what had ended", [refused("a"), nothing, refused("a")], ["a", "a"]],
  [
    "not again what nobody could see for a while",
    [refused("a"), unknown(Application, "unavailable"), refused("a")],
    ["a"],
  ],
  [
    "that nothing may be read",
    [unknown(Application, "forbidden"), unknown(Application, "forbidden")],
    [noRight],
  ],
  [
    "not that something is unavailable for a while",
    [nothing, unknown(workloadKinds.HelmRelease, "unavailable")],
    [],
  ],
  [
    "but that it was unavailable at first",
    [unknown(workloadKinds.HelmRelease, "unavailable")],
    ["Cannot create Applications for HelmReleases (--auto): HelmReleases could not be read"],
  ],
  ["once what a dry run would do", [planned, planned], ["podinfo created"]],
])("tells %s", (_, plans, expected) => {
  const lines: string[] = [];
  const told = new AutoEmitter(
    {
      auto: ({ application: { name }, auto }) => lines.push(`${name} ${auto}`),
      undone: ({ message }) => lines.push(message),
      remark: (text) => lines.push(text),
    },
    "argocd",
  );
  for (const [index, plan] of plans.entries()) {
    told.undone(plan, index === 0);
    told.planned(plan);
  }
  expect(lines).toEqual(expected);
});
