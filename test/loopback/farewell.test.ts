import { expect } from "vitest";
import { Application } from "../../src/argo/application.js";
import { sayFarewell } from "../../src/loopback/engine/farewell.js";
import { clusterTest } from "../cluster/cluster.js";
import { kubeFor } from "../kube/kube-for.js";
import { applicationWith } from "./answers-scene.js";

const now = new Date("2026-11-21T10:00:00Z");
const message =
  "Flux's state was reported until 2026-11-21T10:00:00Z by flamingo loopback (host_1), which has stopped";
const said = { type: "ComparisonError", message, lastTransitionTime: "2026-11-21T10:00:00Z" };
const before = { type: "SyncError", message: "failed", lastTransitionTime: "2026-11-21T09:00:00Z" };

clusterTest.for([
  ["condition", "Synced"],
  ["unknown", "Unknown"],
] as const)(
  "the farewell %s leaves sync %s and all else as it was",
  async ([farewell, status], { cluster }) => {
    const namespace = await cluster.createNamespace(`farewell-${farewell}`);
    const sync = { status: "Synced", comparedTo: { destination: {} }, revision: "abc" };
    const { spec, ...rest } = applicationWith();
    const metadata = { name: "podinfo", namespace };
    const shown = {
      ...rest,
      metadata,
      spec,
      status: { sync, health: { status: "Healthy" }, conditions: [before] },
    };
    const application = await cluster.apply(shown as Application);
    const missing = { ...application, metadata: { name: "gone", namespace } };
    const kube = kubeFor(cluster);
    expect(await sayFarewell(kube, [application, missing], { by: "host_1", now, farewell })).toBe(1);
    const after = await kube.find(Application, { name: "podinfo", namespace });
    expect(after?.status).toEqual({
      sync: { ...sync, status },
      health: { status: "Healthy" },
      conditions: [before, said],
    });
  },
);
