import { expect, test } from "vitest";
import type { Application, ApplicationStatus } from "../../../src/argo/application.js";
import { EventWriter } from "../../../src/loopback/engine/event-writer.js";
import { World } from "../../../src/loopback/engine/world.js";
import { application, argo } from "../../builders/argo.js";
import { clusterTest } from "../../cluster/cluster.js";
import { kubeFor } from "../../kube/kube-for.js";

clusterTest("the same of an Application is said once a minute at most", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("event-writer");
  let seconds = 0;
  const writer = new EventWriter({
    kube: kubeFor(cluster),
    world: new World(argo),
    now: () => new Date(Date.UTC(2026, 10, 21, 10, 0, seconds)),
    signal: new AbortController().signal,
  });
  const as = (status: string, uid = "5f3c"): Application => ({
    ...application(`${namespace}/web`, {}, { uid }),
    status: { sync: { status } } as ApplicationStatus,
  });
  writer.tell(as("Synced"), as("Synced"));
  for (seconds of [0, 30, 59, 60, 61]) {
    writer.tell(as("Synced"), as("OutOfSync"));
    writer.tell(as("OutOfSync"), as("Synced"));
  }
  writer.tell(as("Synced", "6a1b"), as("OutOfSync", "6a1b"));
  await writer.idle();
  const events = await cluster.list("v1", "Event", namespace);
  const lines = events.map((event) => {
    const { uid } = event["involvedObject"] as { uid: string };
    return `${String(event["firstTimestamp"]).slice(14, 19)} ${uid} ${event["message"]}`;
  });
  expect(lines.sort()).toEqual([
    "00:00 5f3c Updated sync status: OutOfSync -> Synced",
    "00:00 5f3c Updated sync status: Synced -> OutOfSync",
    "01:00 5f3c Updated sync status: OutOfSync -> Synced",
    "01:00 5f3c Updated sync status: Synced -> OutOfSync",
    "01:01 6a1b Updated sync status: Synced -> OutOfSync",
  ]);
  expect(events[0]).toMatchObject({
    metadata: {
      annotations: { "dest-server": "https://kubernetes.default.svc", "dest-namespace": "apps" },
    },
    involvedObject: { apiVersion: "argoproj.io/v1alpha1", kind: "Application", namespace, name: "web" },
    type: "Normal",
    reason: "ResourceUpdated",
    source: { component: "flamingo-loopback" },
  });
});

test("who has thousands of changes keeps nobody waiting, and out of Argo CD's namespace no AppProject makes two of one", async () => {
  const written: string[] = [];
  const writer = new EventWriter({
    kube: {
      create: async (_, object) => {
        written.push(object.metadata.name.split(".", 1).join());
        return object;
      },
    },
    world: new World(argo),
    now: () => new Date(0),
    signal: new AbortController().signal,
  });
  const tell = (at: string, project = "default") => {
    const before = application(at, { project });
    writer.tell(before, { ...before, status: { sync: { status: "Synced" } } });
  };
  for (let index = 0; index < 2000; index++) tell(`team-a/a${index}`, `project-${index}`);
  tell("b");
  tell("c", "shop");
  await writer.idle();
  expect(written.slice(0, 5)).toEqual(["a0", "a1", "b", "c", "a2"]);
  expect(written).toHaveLength(1001);
});
