import { expect, test } from "vitest";
import type { InstalledArgo } from "../../src/argo/installed/evidence.js";
import type { ArgoOwner } from "../../src/argo/installed/owner.js";
import type { InstallWish } from "../../src/install/install-objects.js";
import { lostFields } from "../../src/install/lost-fields.js";
import { namespaceToGoOnIn, namespaceToUse, objectionTo } from "../../src/install/objection.js";
import { type Kept, keptBy, originsIn, recordFor } from "../../src/install/record.js";
import { application } from "../builders/argo.js";
import { argo } from "./argo.js";

const wish: InstallWish = {
  mode: "all",
  argocd: "v2.8.4",
  image: "ghcr.io/fsa/argocd:v2.8.4-fl.21-main-6c72e98c",
  namespace: "argocd",
  anonymous: false,
};

test.each<[argos: string[], asked: string | undefined, namespace: string | RegExp]>([
  [[], undefined, "argocd"],
  [["argo"], undefined, "argo"],
  [["argo"], "other", "other"],
  [["a", "b", "c"], "b", "b"],
  [["a", "b", "c"], undefined, /^Cannot choose a namespace: an Argo CD runs in each of a, b and c$/],
])("with Argo CDs in %j and -N %s it goes to %s", (argos, asked, namespace) => {
  const choose = () =>
    namespaceToUse(
      argos.map((one) => ({ namespace: one })),
      asked,
      "argocd",
    );
  if (typeof namespace === "string") expect(choose()).toBe(namespace);
  else
    expect(choose).toThrow(
      expect.objectContaining({ message: expect.stringMatching(namespace), hint: "Name one with -N" }),
    );
});

test.each<[remembered: string[], namespace: string | RegExp]>([
  [[], "argocd"],
  [["argocd"], "argocd"],
  [["a", "argocd"], "argocd"],
  [["a"], /^Cannot choose a namespace: no Argo CD runs, and an install is remembered in a$/],
  [["a", "b"], /^Cannot choose a namespace: no Argo CD runs, and an install is remembered in a and b$/],
])("with installs remembered in %j it goes on in %s", (remembered, namespace) => {
  const choose = () => namespaceToGoOnIn(remembered, "argocd");
  if (typeof namespace === "string") expect(choose()).toBe(namespace);
  else expect(choose).toThrow(namespace);
});

const helm: ArgoOwner = { by: "Helm", object: "Helm release argo" };
const release: ArgoOwner = { by: "Flux", object: "HelmRelease flamingo in argocd" };

test.each<
  [
    name: string,
    InstalledArgo[],
    more: Partial<InstallWish> & { before?: Pick<Kept, "mode" | "image" | "argocd"> },
    why: string | undefined,
  ]
>([
  ["nothing there", [], {}, undefined],
  ["stock of the same minor", [argo("argocd", ":v2.8.3")], {}, undefined],
  [
    "of no version",
    [argo("argocd", "@sha256:abcd")],
    {},
    "Cannot install over an Argo CD of unknown version in argocd: its image quay.io/argoproj/argocd@sha256:abcd has no tag",
  ],
  [
    "of no version, as it was installed",
    [argo("argocd", "@sha256:abcd")],
    { before: { mode: "all", image: "quay.io/argoproj/argocd@sha256:abcd" } },
    undefined,
  ],
  [
    "Helm's",
    [argo("argocd", ":v2.8.3", helm)],
    {},
    "Cannot install over stock Argo CD v2.8.3 in argocd (Helm release argo): Helm would put back what is changed",
  ],
  ["ours by Flux", [argo("argocd", ":v2.8.3", release)], { mode: "helmrelease" }, undefined],
  [
    "ours by Flux, in another mode",
    [argo("argocd", ":v2.8.3", release)],
    {},
    "Cannot install over stock Argo CD v2.8.3 in argocd (HelmRelease flamingo in argocd): Flux would put back what is changed",
  ],
  [
    "another one elsewhere",
    [argo("other", ":v2.8.3")],
    {},
    "Cannot install a second Argo CD for the whole cluster: there is stock Argo CD v2.8.3 in other, whose ClusterRoles have the same names",
  ],
  ["another one elsewhere, for one namespace", [argo("other", ":v2.8.3")], { mode: "tenant" }, undefined],
  ["here, and another one elsewhere", [argo("argocd", ":v2.8.3"), argo("other", ":v2.8.3")], {}, undefined],
  [
    "a newer one elsewhere",
    [argo("argocd", ":v2.8.3"), argo("other", ":v2.9.0")],
    { mode: "crds-only" },
    "Cannot install CRDs of Argo CD v2.8.4: those of stock Argo CD v2.9.0 in other are newer, and the same for all",
  ],
  [
    "installed in another mode",
    [argo("argocd", ":v2.8.3")],
    { before: { mode: "tenant", argocd: "v2.8.3" } },
    "Cannot install --mode all over the install of --mode tenant in argocd: what only that needs would stay",
  ],
  [
    "beside the engine alone",
    [argo("argocd", ":v2.8.3")],
    { mode: "tenant", before: { mode: "all" } },
    undefined,
  ],
])("%s", (_, argos, { before, ...more }, why) => {
  const wanted = { ...wish, ...more };
  expect(objectionTo(wanted, { argos, before, force: false })?.message).toBe(why);
  const forced = objectionTo(wanted, { argos, before, force: true })?.message;
  expect(forced).toBe(why?.includes("would put back") ? why : undefined);
});

test.each<[layout: InstalledArgo["layout"], ha: boolean, why?: string, hint?: string]>([
  ["standard", false],
  ["partial", true],
  ["ha", true],
  ["standard", true, "it is one without --ha", "Leave --ha out"],
  ["ha", false, "it is one of --ha", "Add --ha"],
  ["core", false, "it has no server", "Upgrade it as it was installed"],
])("one of layout %s, with --ha %s", (layout, ha, why, hint) => {
  const argos = [{ ...argo("argocd", ":v2.8.3"), layout }];
  const objection = objectionTo({ ...wish, ha }, { argos, force: false });
  expect(objection?.message).toBe(
    why && `Cannot install over stock Argo CD v2.8.3 in argocd: ${why}, and what only that has would stay`,
  );
  expect(objection?.hint).toBe(hint && `${hint}, or add --force to leave that there`);
  expect(objectionTo({ ...wish, ha }, { argos, force: true })).toBeUndefined();
});

test("what others keep stays as it is beside the engine", () => {
  const argos = [argo("argocd", ":v3.5.1", helm), argo("other", ":v3.6.1")];
  expect(objectionTo({ ...wish, argocd: undefined }, { argos, force: false })).toBeUndefined();
});

test("stock Argo CD for an owner", () => {
  const stock = { ...wish, argocd: "v3.6.1", image: undefined };
  expect(objectionTo(stock, { argos: [argo("argocd", ":v3.5.1", helm)], force: true })).toMatchObject({
    message:
      "Cannot install over stock Argo CD v3.5.1 in argocd (Helm release argo): Helm would put back what is changed",
    hint: "Set the image there, in the values of Helm release argo: global: {image: {repository: quay.io/argoproj/argocd, tag: v3.6.1}}",
  });
});

test("what is exported is for the owner of an install that was exported before", () => {
  const argos = [argo("argocd", ":v2.8.3", { by: "Flux", object: "Kustomization flamingo in flux-system" })];
  const exported = { argos, isExport: true, force: false };
  expect(objectionTo(wish, { ...exported, before: { mode: "all", argocd: "v2.8.3" } })).toBeUndefined();
  expect(objectionTo(wish, exported)?.message).toContain("Flux would put back what is changed");
});

test("Applications of an FSA image come before the image of its owner", () => {
  const argos = [argo("argocd", `:v2.10.2-fl.23-main-d2c9a8cb`, helm)];
  const leaving = [application("one"), application("two")];
  const stock = { ...wish, argocd: "v2.14.21", image: undefined };
  expect(objectionTo(stock, { argos, leaving, force: false })?.hint).toBe(
    "Give the 2 Applications of the FSA image the form that a stock one leaves alone: flamingo generate-app --all -A --engine loopback; then set the image there, in the values of Helm release argo: global: {image: {repository: quay.io/argoproj/argocd, tag: v2.14.21}}",
  );
});

const [name, tag] = ["ghcr.io/fsa/argocd", "v2.8.4-fl.21-main-6c72e98c"];

test.each<[owner: ArgoOwner, hint: string]>([
  [helm, `the values of Helm release argo: global: {image: {repository: ${name}, tag: ${tag}}}`],
  [
    { by: "Flux", object: "HelmRelease argo in flux-system" },
    `HelmRelease argo in flux-system: spec: {values: {global: {image: {repository: ${name}, tag: ${tag}}}}}`,
  ],
  [
    { by: "Flux", object: "Kustomization argo in flux-system" },
    `Kustomization argo in flux-system: spec: {images: [{name: quay.io/argoproj/argocd, newName: ${name}, newTag: ${tag}}]}`,
  ],
  [
    { by: "Argo CD", object: "Application argocd" },
    `Application argocd: spec: {source: {kustomize: {images: ["quay.io/argoproj/argocd=${name}:${tag}"]}}}`,
  ],
  [
    { by: "operator", object: "ArgoCD argo in argocd" },
    `ArgoCD argo in argocd: spec: {image: ${name}, version: ${tag}}`,
  ],
])("what to set at %o", (owner, hint) =>
  expect(objectionTo(wish, { argos: [argo("argocd", ":v2.8.3", owner)], force: false })?.hint).toBe(
    `Set the image there, in ${hint}`,
  ),
);

test("a CRD that knows more fields than the one in its place", () => {
  const crd = (spec: object) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "applications.argoproj.io" },
    spec: { versions: [{ schema: { openAPIV3Schema: { properties: { spec } } } }] },
  });
  const list = (items: object) => ({ properties: { sources: { items: { properties: items } } } });
  const [older, newer] = [crd(list({ path: {} })), crd(list({ path: {}, name: {} }))];
  expect(lostFields(newer, older)).toEqual(["spec.sources.name"]);
  expect(lostFields(older, newer)).toEqual([]);
  expect(lostFields(null, older)).toEqual([]);
  expect(
    lostFields(crd({ additionalProperties: { properties: { a: {} } } }), crd({ additionalProperties: true })),
  ).toEqual(["spec.a"]);
});

test("the record remembers what became of each object", () => {
  const origins = new Map([
    ["apps/Deployment/argocd/argocd-server", "created"],
    ["/ConfigMap/argocd/argocd-cm", "changed"],
  ] as const);
  const record = recordFor({ ...wish, pullSecret: "pull", registry: "r.example" }, origins);
  expect(record?.data).toEqual({
    anonymous: "false",
    argocd: "v2.8.4",
    engine: "fsa",
    flamingo: "dev",
    image: `${name}:${tag}`,
    imagePullSecret: "pull",
    mode: "all",
    objects: "/ConfigMap/argocd/argocd-cm changed\napps/Deployment/argocd/argocd-server created\n",
    registry: "r.example",
  });
  expect(originsIn(record)).toEqual(origins);
  expect(record && keptBy(record)).toEqual({
    mode: "all",
    argocd: "v2.8.4",
    image: `${name}:${tag}`,
    anonymous: false,
    ha: false,
    registry: "r.example",
    pullSecret: "pull",
    engine: "fsa",
    serviceMonitor: false,
    shards: 1,
    flamingo: "dev",
  });
  expect(originsIn(undefined)).toEqual(new Map());
  expect(recordFor({ ...wish, mode: "crds-only" })).toBeUndefined();
});
