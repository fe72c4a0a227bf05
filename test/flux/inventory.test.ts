import { expect, test } from "vitest";
import { type Inventory, inventoryOf } from "../../src/flux/inventory.js";

test.each([
  ["shop_web_apps_Deployment", { namespace: "shop", name: "web", group: "apps", kind: "Deployment" }],
  ["shop_web__Service", { namespace: "shop", name: "web", group: "", kind: "Service" }],
  ["_prod__Namespace", { namespace: "", name: "prod", group: "", kind: "Namespace" }],
  [
    "_system__node_rbac.authorization.k8s.io_ClusterRole",
    { namespace: "", name: "system:node", group: "rbac.authorization.k8s.io", kind: "ClusterRole" },
  ],
  ["shop_a_b_apps_Deployment", { namespace: "shop", name: "a_b", group: "apps", kind: "Deployment" }],
])("%s", (id, expected) => {
  expect(inventoryOf(listing({ id, v: "v1" }))).toEqual([{ ...expected, version: "v1" }]);
});

test.each([[""], ["web"], ["shop_web"], ["shop_web_apps"], ["shop_web_apps_"], [17], [null]])(
  "%j is of no form that is known",
  (id) => {
    expect(inventoryOf(listing({ id, v: "v1" } as Entry))).toEqual([]);
  },
);

type Entry = NonNullable<Inventory["entries"]>[number];

function listing(...entries: Entry[]) {
  return { status: { inventory: { entries } } };
}
