import { expect, test } from "vitest";
import { type FluxAround, type Found, planRemovals } from "../../src/applications/removal.js";
import { sourceChainOf } from "../../src/flux/source-chain.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { application, generated } from "../builders/argo.js";
import { fi, git, ks, rset } from "../builders/flux.js";
import { live } from "../builders/kube.js";

const workload = live(ks("a"));
const source = live(git());
const around: FluxAround = {
  flux: () => [workload, source],
  isUnread: () => false,
  chainOf: (one: FluxWorkload) => sourceChainOf(one, [source]),
};
const set = live(rset("set"));
const instance = { application: generated(live(fi())), workload: live(fi()) };
const leaf = generated(workload, { server: "https://leaf.example" });
const byAuto = generated(workload, { annotations: { "flamingo/auto": "true" } });

/** "Kustomization/a GitRepository/src; what stays", or the refusal. */
function planned(found: Partial<Found>, cascade: boolean, force = false): string {
  const [plan] = planRemovals(
    [{ application: generated(workload), workload, ...found }],
    cascade ? around : undefined,
    force,
  );
  if (!plan) throw new Error("nothing is planned");
  if ("refused" in plan) return `refused: ${plan.refused.message}`;
  const goes = [plan.workload, plan.source].flatMap((one) => (one ? `${one.kind}/${one.metadata.name}` : []));
  return [goes.join(" "), ...plan.stays].join("; ");
}

const unread = "cannot read Kustomization a in apps: no";
const wouldReturn =
  "refused: Cannot delete Application a in argocd: flamingo loopback --auto made it, and would make it again as long as Kustomization a in apps exists";

test.each<[string, Partial<Found>, boolean, string]>([
  ["alone", {}, false, "; Kustomization a in apps stays, and so does what it applied"],
  ["with Flux", {}, true, "Kustomization/a GitRepository/src"],
  ["without workload", { workload: undefined }, false, "; Kustomization a in apps does not exist"],
  ["without workload, with Flux", { workload: undefined }, true, "; Kustomization a in apps does not exist"],
  [
    "that may not be read",
    { workload: undefined, unread },
    true,
    `; Kustomization a in apps stays, if there is one: flamingo ${unread}`,
  ],
  [
    "of another cluster",
    { application: leaf, workload: undefined },
    true,
    "; Kustomization a in apps on https://leaf.example stays, and so does what it applied",
  ],
  [
    "of a FluxInstance",
    instance,
    true,
    "refused: Cannot delete Application flux in argocd with FluxInstance flux in flux-system: to delete it uninstalls Flux from the cluster",
  ],
  [
    "of a FluxInstance, alone",
    instance,
    false,
    "; FluxInstance flux in flux-system stays, and so does what it applied",
  ],
  ["of a ResourceSet", { application: generated(set), workload: set }, true, "ResourceSet/set"],
  ["made by --auto", { application: byAuto }, false, wouldReturn],
  [
    "made by --auto, of which nobody knows",
    { application: byAuto, workload: undefined, unread },
    true,
    wouldReturn,
  ],
  ["made by --auto, with Flux", { application: byAuto }, true, "Kustomization/a GitRepository/src"],
  [
    "made by --auto, without workload",
    { application: byAuto, workload: undefined },
    false,
    "; Kustomization a in apps does not exist",
  ],
  [
    "of Argo CD's own",
    { application: application("own") },
    true,
    "refused: Cannot delete Application own in argocd: flamingo did not make it",
  ],
])("planRemovals() of one %s", (_, found, cascade, plan) => expect(planned(found, cascade)).toBe(plan));

test("planRemovals() with force takes what --auto would make again, and nothing else", () => {
  expect(planned({ application: byAuto }, false, true)).toBe(
    "; Kustomization a in apps stays, and so does what it applied",
  );
  expect(planned({ application: application("own") }, false, true)).toMatch(/^refused: /);
});

test("planRemovals() takes a workload along once, whatever shows it", () => {
  const found = ["a", "b"].map((name) => ({ application: generated(workload, { name }), workload }));
  expect(planRemovals(found, around, false)).toEqual([
    { application: found[0]?.application, workload, source, stays: [] },
    { application: found[1]?.application, workload: undefined, source: undefined, stays: [] },
  ]);
});
