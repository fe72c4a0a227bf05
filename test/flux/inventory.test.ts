import { expect, test } from "vitest";
import { type Inventory, inventoryOf, listedBelow } from "../../src/flux/inventory.js";
import { flux } from "../builders/flux.js";
import { live, object } from "../builders/kube.js";

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

test.each([
  ["fluxcd.controlplane.io/v1 FluxInstance", true],
  ["fluxcd.controlplane.io/v1 ResourceSet", true],
  ["fluxcd.controlplane.io/v1 ResourceSetInputProvider", false],
  ["kustomize.toolkit.fluxcd.io/v1 Kustomization", false],
  ["helm.toolkit.fluxcd.io/v2 HelmRelease", false],
  ["infra.contrib.fluxcd.io/v1alpha2 Terraform", false],
  ["example.com/v1 ResourceSet", false],
])("what a %s applied is drawn below it: %s", (kind, isDrawn) => {
  const [apiVersion = "", name = ""] = kind.split(" ");
  const applied = listing({ id: "apps_y__ConfigMap", v: "v1" });
  expect(listedBelow(object(apiVersion, name, "apps/x", applied))).toHaveLength(isDrawn ? 1 : 0);
});

test.each<[what: string, inventory: unknown, names: string[]]>([
  [
    "what it made",
    [
      { name: "a", namespace: "apps", digest: "sha256:00", filename: "1.tar.gz" },
      { name: "b", namespace: "apps", digest: "sha256:01", filename: "2.tar.gz" },
    ],
    ["a", "b"],
  ],
  ["what names nothing", [{ digest: "sha256:00" }, null, "a", { name: "a", namespace: 1 }], []],
  ["no list", { entries: [{ id: "apps_y__ConfigMap", v: "v1" }] }, []],
])("of %s in the inventory of an ArtifactGenerator: ExternalArtifacts", (_, inventory, names) => {
  const generator = { ...flux("ArtifactGenerator", "maker"), status: { inventory } };
  expect(listedBelow(live(generator))).toEqual(
    names.map((name) => ({
      ...{ group: "source.toolkit.fluxcd.io", version: "v1", kind: "ExternalArtifact" },
      ...{ namespace: "apps", name },
    })),
  );
});

type Entry = NonNullable<Inventory["entries"]>[number];

function listing(...entries: Entry[]) {
  return { status: { inventory: { entries } } };
}
