import { expect, test } from "vitest";
import type { Application } from "../../../src/argo/application.js";
import { appRecordFrom } from "../../../src/commands/check/applications.js";
import { engineNotReady, loopbackFindings } from "../../../src/commands/check/loopback-findings.js";
import type { Lease } from "../../../src/kube/kinds.js";
import { application, generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";

const now = new Date("2026-01-02T03:04:05Z");
const app = (application: Application = generated(ks("a"))) => appRecordFrom(application);
const lease = (holderIdentity: string, renewTime: string, name = "flamingo-loopback") =>
  ({ metadata: { name }, spec: { holderIdentity, renewTime } }) as Lease;

test.each([
  [
    "no Lease",
    [app()],
    [],
    "nobody runs flamingo loopback: the Application of the engine loopback shows an old state, or none",
  ],
  [
    "given back",
    [app(), app()],
    [lease("", "2026-01-01T00:00:00.000000Z")],
    "nobody runs flamingo loopback since 2026-01-01T00:00:00Z: the 2 Applications of the engine loopback show an old state, or none",
  ],
  [
    "crashed",
    [app()],
    [lease("host_1", "2026-01-02T03:03:00.000000Z")],
    "flamingo loopback (host_1) was not heard of since 2026-01-02T03:03:00Z: the Application of the engine loopback shows an old state, or none",
  ],
])("%s", (_, apps, leases, why) => {
  expect(loopbackFindings(apps, { leases, engines: [] }, "argocd", now)).toEqual([
    {
      id: "loopback-not-running",
      severity: "error",
      object: { kind: "Lease", namespace: "argocd", name: "flamingo-loopback" },
      why,
      remedy: "Run flamingo loopback",
    },
  ]);
});

test.each([
  ["somebody runs", [app()], [lease("host_1", "2026-01-02T03:03:50.000000Z")]],
  ["by a clock that is ahead", [app()], [lease("host_1", "2026-01-02T03:09:00.000000Z")]],
  ["nobody needs it", [app(generated(ks("a"), { engine: "fsa" })), app(application("a"))], []],
])("%s: nothing", (_, apps, leases) => {
  expect(loopbackFindings(apps, { leases, engines: [] }, "argocd", now)).toEqual([]);
});

test("of several shards each that nobody runs is told, with its own Applications", () => {
  // by their names web and api are in shard 2, and db in shard 1
  const apps = ["web", "api", "db"].map((name) => app(generated(ks(name))));
  const running = lease("host_1", "2026-01-02T03:03:50.000000Z", "flamingo-loopback-1-of-2");
  expect(loopbackFindings(apps, { leases: [running], engines: [] }, "argocd", now)).toEqual([
    {
      id: "loopback-not-running",
      severity: "error",
      object: { kind: "Lease", namespace: "argocd", name: "flamingo-loopback-2-of-2" },
      why: "nobody runs flamingo loopback --shard=2/2: the 2 Applications of the engine loopback in this shard show an old state, or none",
      remedy: "Run flamingo loopback --shard=2/2",
    },
  ]);
});

const engine = (name = "flamingo-loopback", wanted = 1, ready = 0) => ({ name, wanted, ready });
const told = (...args: Parameters<typeof loopbackFindings>) =>
  loopbackFindings(...args).map(({ object, why, remedy }) => [object?.name, why, remedy]);

test("what an install made to report is missed without Applications, too", () => {
  expect(told([], { leases: [], engines: [engine()] }, "argocd", now)).toEqual([
    [
      "flamingo-loopback",
      "nobody runs flamingo loopback: the Deployment flamingo-loopback is there, and does not report",
      "Look at the log of its Deployment: kubectl logs deployment/flamingo-loopback -n argocd",
    ],
  ]);
  expect(told([app()], { leases: [], engines: [engine()] }, "argocd", now)).toEqual([
    [
      "flamingo-loopback",
      "nobody runs flamingo loopback: the Application of the engine loopback shows an old state, or none",
      "Look at the log of its Deployment: kubectl logs deployment/flamingo-loopback -n argocd",
    ],
  ]);
});

test.each([
  ["it reports", [engine()], [lease("flamingo-loopback-7d9c_1", "2026-01-02T03:03:50.000000Z")]],
  ["it is not to run", [engine("flamingo-loopback", 0)], []],
])("without Applications, %s: nothing", (_, engines, leases) => {
  expect(told([], { leases, engines }, "argocd", now)).toEqual([]);
});

test("shards that never ran are those of the Deployments", () => {
  const engines = ["1-of-2", "2-of-2"].map((shard) => engine(`flamingo-loopback-${shard}`));
  const before = lease("", "2026-01-01T00:00:00.000000Z");
  for (const leases of [[], [before]])
    expect(told([], { leases, engines }, "argocd", now).map(([name]) => name)).toEqual([
      "flamingo-loopback-1-of-2",
      "flamingo-loopback-2-of-2",
    ]);
});

test("a Deployment of the engine has as many pods ready as it wants, or is told", () => {
  const engines = [engine("flamingo-loopback-1-of-2", 2, 1), engine("flamingo-loopback-2-of-2", 2, 2)];
  expect(engineNotReady(engines, "argocd")).toEqual([
    {
      id: "loopback-not-ready",
      severity: "error",
      object: { kind: "Deployment", namespace: "argocd", name: "flamingo-loopback-1-of-2" },
      why: "of the engine loopback 1 of 2 pods are ready",
      remedy: "Look at its pods: kubectl describe pods -l app.kubernetes.io/name=flamingo-loopback -n argocd",
    },
  ]);
});
