import { expect, test } from "vitest";
import type { Application } from "../../../src/argo/application.js";
import { appRecordFrom } from "../../../src/commands/check/applications.js";
import { loopbackFindings } from "../../../src/commands/check/loopback-findings.js";
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
  expect(loopbackFindings(apps, leases, "argocd", now)).toEqual([
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
  expect(loopbackFindings(apps, leases, "argocd", now)).toEqual([]);
});

test("of several shards each that nobody runs is told, with its own Applications", () => {
  // by their names web and api are in shard 2, and db in shard 1
  const apps = ["web", "api", "db"].map((name) => app(generated(ks(name))));
  const running = lease("host_1", "2026-01-02T03:03:50.000000Z", "flamingo-loopback-1-of-2");
  expect(loopbackFindings(apps, [running], "argocd", now)).toEqual([
    {
      id: "loopback-not-running",
      severity: "error",
      object: { kind: "Lease", namespace: "argocd", name: "flamingo-loopback-2-of-2" },
      why: "nobody runs flamingo loopback --shard=2/2: the 2 Applications of the engine loopback in this shard show an old state, or none",
      remedy: "Run flamingo loopback --shard=2/2",
    },
  ]);
});
