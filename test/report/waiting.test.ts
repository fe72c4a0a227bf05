import { describe, expect, test } from "vitest";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { idOf, keyOf } from "../../src/kube/object-id.js";
import type { Report, ReportInput } from "../../src/report/report.js";
import { ks } from "../builders/flux.js";
import { application, kustomization, project, ready, reconciled, reportOf } from "./objects.js";

const waiting = (name: string) => ({
  ...ready,
  status: "False",
  reason: "DependencyNotReady",
  message: `dependency '${name}' is not ready`,
});
const workload = kustomization([], {
  spec: { dependsOn: [{ name: "base" }] },
  status: { conditions: [waiting("apps/base")] },
});
const base = reconciled(ks("apps/base", { dependsOn: [{ name: "crds", namespace: "infra" }] }), {
  conditions: [waiting("infra/crds")],
});
const crds = (message: string) =>
  reconciled(ks("infra/crds"), {
    conditions: [{ ...ready, status: "False", reason: "HealthCheckFailed", message }],
  });

function reported(others: readonly FluxWorkload[], changes: Partial<ReportInput> = {}): Report {
  const workloads = new Map([workload, ...others].map((one) => [keyOf(idOf(one)), one]));
  return reportOf([], { workload, workloads, ...changes });
}

function told({ status, tree }: Report) {
  const node = tree.nodes.find(({ kind, name }) => kind === "Kustomization" && name === "podinfo");
  return [status.conditions?.map(({ message }) => message), node?.info];
}

const timeout = "timeout waiting for: [Deployment/infra/operator status: 'InProgress']";

describe("of a workload that waits", () => {
  test("the whole chain is told, down to the one that fails, and stands at its node", () => {
    expect(told(reported([base, crds(`${timeout} after 2m3s`)]))).toEqual([
      [
        "Kustomization podinfo in apps waits for Kustomization base in apps, which waits for Kustomization crds in infra, " +
          `which failed: ${timeout} after 2m3s`,
      ],
      [{ name: "Waits for", value: "Kustomization base in apps → Kustomization crds in infra" }],
    ]);
  });

  test("the chain ends where the AppProject does", () => {
    const server = "https://kubernetes.default.svc";
    const own = project({
      sourceRepos: ["*"],
      destinations: [{ server, namespace: "apps" }],
      clusterResourceWhitelist: [],
    });
    expect(told(reported([base, crds("secret")], { project: own }))).toEqual([
      [
        "Kustomization podinfo in apps waits for Kustomization base in apps, " +
          "which waits for its dependencies: dependency 'infra/crds' is not ready",
      ],
      [{ name: "Waits for", value: "Kustomization base in apps" }],
    ]);
  });

  test("Flux's own words count where nothing else is known", () => {
    const unread = [{ group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", because: "forbidden" }];
    expect(told(reported([], { unread }))).toEqual([
      [
        "Kustomization podinfo in apps waits for its dependencies: dependency 'apps/base' is not ready",
        "Cannot read Kustomization.kustomize.toolkit.fluxcd.io: forbidden",
      ],
      undefined,
    ]);
  });

  test("the condition stays while only a time in it changes", () => {
    const { status } = reported([base, crds(`${timeout} after 2m3s`)]);
    const again = reported([base, crds(`${timeout} after 2m4s`)], {
      application: { ...application, status },
      now: new Date("2026-11-21T11:00:00Z"),
    });
    expect(again.status.conditions).toEqual(status.conditions);
  });
});
