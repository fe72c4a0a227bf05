import { expect, test } from "vitest";
import type { ResourceNode } from "../../../src/argo/application-tree.js";
import { drawingOf } from "../../../src/commands/tree/drawing.js";
import { renderTable } from "../../../src/output/table.js";

const node = (kind: string, name: string, more: Partial<ResourceNode> = {}): ResourceNode => ({
  ...{ version: "v1", kind, namespace: "shop", name, uid: name },
  ...more,
});

const service = node("Service", "web", { health: { status: "Healthy" } });
const set = node("StatefulSet", "db");

function drawn(nodes: ResourceNode[], isWide = false): string[] {
  const unread = [{ group: "apps", kind: "Deployment", because: "forbidden" }];
  const { heads, rows } = drawingOf({ nodes, orphanedNodes: [], hosts: [] }, unread, isWide);
  return renderTable(heads, rows).trimEnd().split("\n").slice(1);
}

test("a node stands below the first of its parents", () =>
  expect(
    drawn([service, set, node("PersistentVolumeClaim", "data", { parentRefs: [set, service] })]),
  ).toEqual([
    "Service/web                    shop       Healthy",
    "StatefulSet/db                 shop       -",
    "└─ PersistentVolumeClaim/data  shop       -",
  ]));

test("what could not be read says why, what is gone that it is Missing", () => {
  const { uid: _, ...unread } = node("Deployment", "web", { group: "apps" });
  const { uid: __, ...gone } = node("ConfigMap", "settings", { health: { status: "Missing" } });
  expect(drawn([unread, gone])).toEqual([
    "Deployment/web      shop       -        cannot be read: forbidden",
    "ConfigMap/settings  shop       Missing",
  ]);
});

test("nobody else's text moves the cursor", () =>
  expect(
    drawn([node("Pod", "a", { health: { status: "Degraded", message: "\x1b[2J gone\nHEALTHY" } })]),
  ).toEqual(["Pod/a   shop       Degraded  \\x1b[2J gone HEALTHY"]));

test("wide has what Argo CD's page shows at a node", () =>
  expect(
    drawn(
      [
        node("Pod", "a", {
          info: [{ name: "Containers", value: "0/1" }],
          images: ["web:1"],
          createdAt: "2026-01-01T00:00:00Z",
        }),
      ],
      true,
    ),
  ).toEqual(["Pod/a   shop       -       2026-01-01T00:00:00Z  Containers: 0/1  web:1"]));

test("health has its colour", () =>
  expect(drawingOf({ nodes: [service, set], orphanedNodes: [], hosts: [] }, [], false).colours).toEqual([
    "green",
    undefined,
  ]));
