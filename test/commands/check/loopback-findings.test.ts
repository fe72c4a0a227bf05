import { expect, test } from "vitest";
import { type AppRecord, appRecordFrom } from "../../../src/commands/check/applications.js";
import { loopbackFindings } from "../../../src/commands/check/loopback-findings.js";
import type { Lease } from "../../../src/kube/kinds.js";

const now = new Date("2026-01-02T03:04:05Z");
/** Of the engine loopback, but for what is told otherwise. */
const app = (metadata: object = {}, syncOptions: string[] = []): AppRecord =>
  appRecordFrom({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: "a",
      namespace: "argocd",
      labels: { "app.kubernetes.io/managed-by": "flamingo" },
      annotations: { "flamingo/engine": "loopback", "argocd.argoproj.io/skip-reconcile": "true" },
      ...metadata,
    },
    spec: { syncPolicy: { syncOptions } },
  });
const lease = (holderIdentity: string, renewTime: string) =>
  ({ spec: { holderIdentity, renewTime } }) as Lease;

test.each([
  [
    "no Lease",
    [app()],
    undefined,
    "nobody runs flamingo loopback: the Application of the engine loopback shows an old state, or none",
  ],
  [
    "given back",
    [app(), app()],
    lease("", "2026-01-01T00:00:00.000000Z"),
    "nobody runs flamingo loopback since 2026-01-01T00:00:00Z: the 2 Applications of the engine loopback show an old state, or none",
  ],
  [
    "crashed",
    [app()],
    lease("host_1", "2026-01-02T03:03:00.000000Z"),
    "flamingo loopback (host_1) was not heard of since 2026-01-02T03:03:00Z: the Application of the engine loopback shows an old state, or none",
  ],
])("%s", (_, apps, held, why) => {
  expect(loopbackFindings(apps, held, "argocd", now)).toEqual([
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
  ["somebody runs", [app()], lease("host_1", "2026-01-02T03:03:50.000000Z")],
  ["by a clock that is ahead", [app()], lease("host_1", "2026-01-02T03:09:00.000000Z")],
  [
    "nobody needs it",
    [app({ annotations: {} }, ["FluxSubsystem=true"]), app({ labels: {}, annotations: {} })],
    undefined,
  ],
])("%s: nothing", (_, apps, held) => {
  expect(loopbackFindings(apps, held, "argocd", now)).toEqual([]);
});
