import { describe, expect, test } from "vitest";
import { compareApplied, contentOf, predictApplied } from "../../src/kube/apply-outcome.js";

test("contentOf() leaves out what nobody writes", () => {
  const kept = { apiVersion: "v1", kind: "Service", spec: { ports: [{ port: 80 }] } };
  const metadata = { name: "web", namespace: "apps", labels: { app: "web" }, finalizers: ["a.example/x"] };
  const live = {
    ...kept,
    metadata: {
      ...metadata,
      managedFields: [{ manager: "kubectl" }],
      resourceVersion: "7",
      generation: 2,
      uid: "1-2-3",
      creationTimestamp: "2026-01-01T00:00:00Z",
    },
    status: { loadBalancer: {} },
  };
  expect(contentOf(live)).toEqual({ ...kept, metadata });
});

describe("what is told of an apply", () => {
  const containers = [{ name: "web", image: "web:1", ports: [{ containerPort: 80 }] }];
  const live = { spec: { replicas: 1, containers: [{ ...containers[0], imagePullPolicy: "Always" }] } };

  test.each<[what: string, before: object | null, after: object, told: string]>([
    ["of a new object", null, live, "created"],
    ["of the same", live, structuredClone(live), "unchanged"],
    ["of another value", live, { spec: { ...live.spec, replicas: 2 } }, "configured"],
    ["of a field more", live, { spec: { ...live.spec, paused: true } }, "configured"],
    ["of a field less", live, { spec: { containers: live.spec.containers } }, "configured"],
  ])("%s", (_, before, after, told) => expect(compareApplied(before, after)).toBe(told));

  test.each<[what: string, wanted: object, told: string]>([
    ["a part of it", { spec: { replicas: 1 } }, "unchanged"],
    ["a list whose items have defaults", { spec: { containers } }, "unchanged"],
    ["another value", { spec: { replicas: 3 } }, "configured"],
    ["a field more", { spec: { paused: true } }, "configured"],
    ["a longer list", { spec: { containers: [...containers, { name: "sidecar" }] } }, "configured"],
    ["a shorter list", { spec: { containers: [] } }, "configured"],
    ["another item", { spec: { containers: [{ name: "web", image: "web:2" }] } }, "configured"],
    ["a list where there is none", { spec: { replicas: [1] } }, "configured"],
  ])("beforehand: %s", (_, wanted, told) => {
    expect(predictApplied(live, wanted)).toBe(told);
    expect(predictApplied(null, wanted)).toBe("created");
  });
});
