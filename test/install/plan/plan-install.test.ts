import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/errors.js";
import type { InstallPlan, PlanSituation, PlanWish } from "../../../src/install/plan/install-plan.js";
import { planInstall } from "../../../src/install/plan/plan-install.js";
import type { Kept } from "../../../src/install/record.js";
import { andList } from "../../../src/text/and-list.js";
import { apisOf, matrix } from "../../support-matrix/data.js";
import { argo } from "../argo.js";

/** What some releases of Flux serve. */
const fluxes = {
  none: apisOf({}),
  "0.41": apisOf({
    Kustomization: ["v1beta2", "v1beta1"],
    HelmRelease: ["v2beta1"],
    GitRepository: ["v1beta2", "v1beta1"],
    HelmRepository: ["v1beta2", "v1beta1"],
  }),
  "2.2": apisOf({
    Kustomization: ["v1", "v1beta2", "v1beta1"],
    HelmRelease: ["v2beta2", "v2beta1"],
    GitRepository: ["v1", "v1beta2", "v1beta1"],
    HelmRepository: ["v1beta2", "v1beta1"],
  }),
  "2.7": apisOf({
    Kustomization: ["v1", "v1beta2"],
    HelmRelease: ["v2", "v2beta2"],
    GitRepository: ["v1", "v1beta2"],
    HelmRepository: ["v1", "v1beta2"],
  }),
  "2.9": apisOf({
    Kustomization: ["v1"],
    HelmRelease: ["v2"],
    GitRepository: ["v1"],
    HelmRepository: ["v1"],
  }),
};

type Flux = keyof typeof fluxes;

/** "stock v3.6.1, engine with --auto", or why not. */
function planned(situation: PlanSituation, wish: PlanWish): string {
  try {
    return told(planInstall(matrix, situation, wish));
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function told({ argo: brought, engine, leavesFsa }: InstallPlan): string {
  const { project, projectTemplate } = engine?.auto ?? {};
  const auto = engine?.auto
    ? ` with --auto${project ? ` --project ${project}` : ""}${projectTemplate ? ` --project-template ${projectTemplate}` : ""}`
    : "";
  const what = brought?.is === "fsa" ? brought.chosen.candidate.image : brought?.argocd;
  const parts = [...(brought ? [`${brought.is} ${what}`] : []), ...(engine ? [`engine${auto}`] : [])];
  return `${parts.length === 0 ? "nothing" : andList(parts)}${leavesFsa ? ", leaving FSA" : ""}`;
}

const auto = "stock v3.6.1 and engine with --auto";
const fl = "v2.10.2-fl.23-main-d2c9a8cb";
const notFrom = `Cannot install stock Argo CD v3.6.1 in the place of the FSA image ${fl} in argocd: it is another major version`;

describe("no Argo CD", () => {
  test.each<[wish: PlanWish, flux: Flux | undefined, kubernetes: string | undefined, done: string]>([
    [{}, undefined, undefined, auto],
    [{}, "none", "v1.37.2", auto],
    [{}, "0.41", "v1.37.2", auto],
    [{}, "2.2", "v1.37.2", auto],
    [{}, "2.7", "v1.37.2", auto],
    [{}, "2.9", "v1.37.2", auto],
    [{}, "2.9", "v1.33.1", "stock v3.5.7 and engine with --auto"],
    [{}, "2.9", "v1.27.1", "stock v3.2.12 and engine with --auto"],
    [{ engine: "loopback" }, "2.9", "v1.37.2", auto],
    [{ auto: false }, "2.9", "v1.37.2", "stock v3.6.1 and engine"],
    [{ project: "flux" }, "2.9", "v1.37.2", `${auto} --project flux`],
    [{ projectTemplate: "{namespace}" }, "2.9", "v1.37.2", `${auto} --project-template {namespace}`],
    [{ version: "latest" }, "2.9", "v1.33.1", auto],
    [{ version: "v3.5.1" }, "2.9", "v1.37.2", "stock v3.5.1 and engine with --auto"],
    [{ version: "3.5" }, "2.9", "v1.37.2", "stock v3.5.7 and engine with --auto"],
    [{ version: "v9.0.0" }, "2.9", "v1.37.2", "stock v9.0.0 and engine with --auto"],
    [{ version: "v2.10.2", engine: "loopback" }, "2.9", "v1.37.2", "stock v2.10.2 and engine with --auto"],
    [{ version: "v2.10.2" }, "2.2", "v1.28.1", `fsa ${fl}`],
    [{ version: "2.10" }, "2.2", "v1.28.1", "fsa v2.10.5-fl.23-main-5958964b"],
    [{ version: fl }, "2.2", "v1.28.1", `fsa ${fl}`],
    [{ version: ">=2.8 <2.10" }, "2.2", "v1.28.1", "fsa v2.9.7-fl.23-main-909efcbe"],
    [{ engine: "fsa" }, "0.41", "v1.28.1", "fsa v2.6.7-fl.5-main-2a1d90f5"],
    [{ engine: "fsa" }, "2.2", "v1.28.1", `fsa ${fl}`],
    [{ engine: "fsa" }, "2.7", "v1.37.2", `fsa ${fl}`],
    [{ engine: "fsa" }, "2.9", "v1.37.2", `fsa ${fl}`],
    [{ version: "v2.10.2" }, "2.9", "v1.37.2", `fsa ${fl}`],
    [
      { version: "v2.2.5" },
      "2.9",
      "v1.37.2",
      "Cannot take v2.2.5 (v2.2.5-fl.0): Kustomizations are not shown: what v2.2.5 asks for is not known; HelmReleases are not shown: what v2.2.5 asks for is not known",
    ],
    [{ version: "v2.2.5", force: true }, "2.9", "v1.37.2", "fsa v2.2.5-fl.0"],
    [
      { engine: "fsa", version: "v3.6.1" },
      "2.9",
      "v1.37.2",
      'Cannot choose an FSA image for "v3.6.1": none has this version',
    ],
    [
      { version: "v2.7.1", engine: "loopback" },
      "2.9",
      "v1.37.2",
      "Cannot install stock Argo CD v2.7.1: the engine loopback needs 2.8 or newer",
    ],
    [{ version: "4.x" }, "2.9", "v1.37.2", 'Cannot choose a stock Argo CD for "4.x": none is in this range'],
    [{ mode: "crds-only" }, "2.9", "v1.37.2", "stock v3.6.1"],
    [{ mode: "helmrelease" }, "2.9", "v1.37.2", "stock v3.4.4 and engine with --auto"],
    [{ mode: "helmrelease", version: "v2.10.2" }, "2.2", "v1.28.1", `fsa ${fl}`],
    [{ mode: "tenant" }, "2.2", "v1.28.1", `fsa ${fl}`],
    [{ mode: "tenant", engine: "loopback" }, "2.2", "v1.28.1", "--mode tenant goes with FSA images only"],
    [{ mode: "tenant", version: "v3.6.1" }, "2.2", "v1.28.1", "--mode tenant goes with FSA images only"],
  ])("%o on Flux %s, Kubernetes %s: %s", (wish, flux, kubernetes, done) =>
    expect(planned({ flux: flux && fluxes[flux], kubernetes }, wish)).toBe(done),
  );
});

/** What the record of an earlier install says. */
const own = {
  left: { argocd: "v2.14.21", engine: "loopback", mode: "all", auto: true },
  old: {
    argocd: "v2.7.2",
    image: "ghcr.io/fsa/argocd:v2.7.2-fl.6-main-b1742696",
    engine: "fsa",
    mode: "all",
  },
  custom: { argocd: "v2.10.2", image: "r.example/argocd:ours", engine: "fsa", mode: "all" },
  tenant: { argocd: "v2.10.2", image: `ghcr.io/fsa/argocd:${fl}`, engine: "fsa", mode: "tenant" },
  stock: { argocd: "v3.5.7", engine: "loopback", mode: "all", auto: true },
  engine: { engine: "loopback", mode: "all", auto: true, project: "flux" },
  fsa: { argocd: "v2.10.2", image: `ghcr.io/fsa/argocd:${fl}`, engine: "fsa", mode: "all" },
  both: {
    argocd: "v2.10.2",
    image: `ghcr.io/fsa/argocd:${fl}`,
    engine: "loopback",
    mode: "all",
    auto: false,
  },
} satisfies Record<string, Kept>;

describe("flamingo's own", () => {
  test.each<[kept: keyof typeof own, tag: string | undefined, wish: PlanWish, flux: Flux, done: string]>([
    ["stock", ":v3.5.7", {}, "2.9", "stock v3.5.7 and engine with --auto"],
    ["stock", undefined, {}, "2.9", "stock v3.5.7 and engine with --auto"],
    ["stock", ":v3.5.7", {}, "none", "stock v3.5.7 and engine with --auto"],
    ["stock", ":v3.6.0", {}, "2.9", "stock v3.6.0 and engine with --auto"],
    ["stock", ":v3.5.7", { engine: "loopback" }, "2.9", "stock v3.5.7 and engine with --auto"],
    ["stock", ":v3.5.7", { auto: false }, "2.9", "stock v3.5.7 and engine"],
    ["stock", ":v3.5.7", { version: "latest" }, "2.9", "stock v3.6.1 and engine with --auto"],
    [
      "stock",
      ":v3.5.7",
      { version: "v3.5.1" },
      "2.9",
      "Cannot install stock Argo CD v3.5.1 in the place of stock Argo CD v3.5.7 in argocd: it is older",
    ],
    ["stock", ":v3.5.7", { version: "v3.5.1", force: true }, "2.9", "stock v3.5.1 and engine with --auto"],
    [
      "stock",
      ":v3.5.7",
      { version: "v2.10.2" },
      "2.2",
      `Cannot take v2.10.2 (${fl}): it is older than the Argo CD 3.5.7 that is there`,
    ],
    ["stock", ":v3.5.7", { version: "v2.10.2", force: true }, "2.2", `fsa ${fl} and engine with --auto`],
    ["engine", ":v3.5.1", {}, "2.9", "engine with --auto --project flux"],
    ["engine", ":v3.5.1", { auto: false }, "2.9", "engine"],
    ["engine", ":v3.5.1", { version: "v3.5.7" }, "2.9", "stock v3.5.7 and engine with --auto --project flux"],
    ["fsa", `:${fl}`, {}, "2.2", `fsa ${fl}`],
    ["fsa", undefined, {}, "2.2", `fsa ${fl}`],
    ["fsa", undefined, {}, "2.9", `fsa ${fl} and engine`],
    // interrupted on the way to what the record says
    ["fsa", ":v2.8.4-fl.21-main-6c72e98c", {}, "2.2", `fsa ${fl}`],
    ["fsa", ":v2.10.0", {}, "2.2", `fsa ${fl}`],
    ["left", `:${fl}`, {}, "2.2", "stock v2.14.21 and engine with --auto, leaving FSA"],
    ["fsa", ":v2.10.5-fl.23-main-5958964b", {}, "2.2", "fsa v2.10.5-fl.23-main-5958964b"],
    ["old", ":v2.7.2-fl.6-main-b1742696", {}, "2.9", "fsa v2.7.2-fl.6-main-b1742696"],
    ["old", undefined, {}, "2.9", "fsa v2.7.2-fl.6-main-b1742696"],
    [
      "old",
      undefined,
      { engine: "loopback" },
      "2.9",
      "Cannot install the engine loopback beside the FSA image ghcr.io/fsa/argocd:v2.7.2-fl.6-main-b1742696: it needs Argo CD 2.8 or newer",
    ],
    ["both", `:${fl}`, { mode: "crds-only", version: "v2.10.2" }, "2.2", `fsa ${fl}`],
    ["fsa", `:${fl}`, {}, "2.9", `fsa ${fl} and engine`],
    ["fsa", `:${fl}`, { version: "v2.10.5" }, "2.2", "fsa v2.10.5-fl.23-main-5958964b"],
    ["fsa", `:${fl}`, { version: "latest" }, "2.9", notFrom],
    ["fsa", `:${fl}`, { version: "v2.14.21" }, "2.9", "stock v2.14.21 and engine, leaving FSA"],
    ["tenant", `:${fl}`, { version: "v2.14.21" }, "2.9", "--mode tenant goes with FSA images only"],
    ["both", `:${fl}`, {}, "2.2", `fsa ${fl} and engine`],
    ["both", undefined, {}, "2.2", `fsa ${fl} and engine`],
    ["custom", "@sha256:abcd", {}, "2.2", `fsa ${fl} and engine`],
    ["custom", undefined, {}, "2.2", `fsa ${fl} and engine`],
    ["tenant", `:${fl}`, {}, "2.9", `fsa ${fl}`],
    ["tenant", `:${fl}`, { engine: "loopback" }, "2.9", `fsa ${fl} and engine`],
  ])("%s %s, %o on Flux %s: %s", (kept, tag, wish, flux, done) => {
    const here = tag === undefined ? undefined : argo("argocd", tag);
    const situation = { here, kept: own[kept], flux: fluxes[flux], kubernetes: "v1.36.0" };
    expect(planned(situation, wish)).toBe(done);
  });
});

describe("an Argo CD that flamingo did not install", () => {
  test.each<[tag: string, wish: PlanWish, flux: Flux, done: string]>([
    [":v3.6.1", {}, "2.9", "engine"],
    [":v3.6.1", {}, "none", "engine"],
    [":v2.8.4", {}, "2.2", "engine"],
    [":v3.6.1", { engine: "loopback" }, "2.9", "engine"],
    [":v3.6.1", { auto: true, project: "flux" }, "2.9", "engine with --auto --project flux"],
    [
      ":v3.6.1",
      { auto: true },
      "2.9",
      "Cannot install --auto beside stock Argo CD v3.6.1 in argocd: whoever may see its AppProject default would see every workload",
    ],
    [":v3.5.1", { version: "v3.6.1" }, "2.9", "stock v3.6.1 and engine"],
    [
      ":v3.6.1",
      { version: "v3.5.1" },
      "2.9",
      "Cannot install stock Argo CD v3.5.1 in the place of stock Argo CD v3.6.1 in argocd: it is older",
    ],
    [
      ":v2.14.21",
      { version: "v3.6.1" },
      "2.9",
      "Cannot install stock Argo CD v3.6.1 in the place of stock Argo CD v2.14.21 in argocd: it is another major version",
    ],
    [":v2.14.21", { version: "v3.6.1", force: true }, "2.9", "stock v3.6.1 and engine"],
    [":v2.8.3", { version: "v2.8.4" }, "2.2", "fsa v2.8.4-fl.21-main-6c72e98c"],
    [":v2.8.3", { engine: "fsa" }, "2.2", "fsa v2.8.10-fl.21-main-7ef6c602"],
    [
      ":v3.6.1",
      { engine: "fsa" },
      "2.2",
      "Cannot choose an FSA image for the Argo CD 3.6.1 that is there: none of 3.6 is as new",
    ],
    [
      ":v2.7.14",
      {},
      "2.2",
      "Cannot install the engine loopback beside stock Argo CD v2.7.14 in argocd: it needs Argo CD 2.8 or newer",
    ],
    [":v2.7.14", { force: true }, "2.2", "engine"],
    [":v3.6.1", { mode: "crds-only" }, "2.9", "stock v3.6.1"],
    ["@sha256:abcd", {}, "2.9", "engine"],
    ["@sha256:abcd", { version: "v3.6.1" }, "2.9", "stock v3.6.1 and engine, leaving FSA"],
    [
      ":v3.6.1",
      { mode: "helmrelease" },
      "2.9",
      "Cannot install --mode helmrelease over stock Argo CD v3.6.1 in argocd: Helm does not take over what others have made",
    ],
    [
      `:${fl}`,
      { mode: "helmrelease", version: "v2.10.5" },
      "2.2",
      `Cannot install --mode helmrelease over the FSA image ${fl} in argocd: Helm does not take over what others have made`,
    ],
    [`:${fl}`, {}, "2.2", "nothing"],
    [`:${fl}`, {}, "2.9", "engine"],
    [`:${fl}`, { engine: "loopback" }, "2.2", "engine"],
    [`:${fl}`, { version: "v3.6.1" }, "2.9", notFrom],
    [
      ":v2.7.2-fl.6-main-b1742696",
      {},
      "2.9",
      "Cannot install the engine loopback beside the FSA image v2.7.2-fl.6-main-b1742696 in argocd: it needs Argo CD 2.8 or newer",
    ],
  ])("%s, %o on Flux %s: %s", (tag, wish, flux, done) =>
    expect(planned({ here: argo("argocd", tag), flux: fluxes[flux], kubernetes: "v1.36.0" }, wish)).toBe(
      done,
    ),
  );

  test.each<[inUse: PlanSituation["inUse"], done: string]>([
    [[], "nothing"],
    [[{ workload: "Kustomization", source: "GitRepository", reference: "sourceRef" }], "nothing"],
    [[{ workload: "HelmRelease", source: "HelmRepository", reference: "chart" }], "engine"],
  ])("an FSA image, with %o in use: %s", (inUse, done) =>
    expect(planned({ here: argo("argocd", `:${fl}`), flux: fluxes["2.9"], inUse }, {})).toBe(done),
  );
});

test.each<[situation: PlanSituation, wish: PlanWish, says: string[], warnings: string[]]>([
  [
    { flux: fluxes["2.9"], kubernetes: "v1.36.0" },
    {},
    [
      "Stock Argo CD v3.6.1: the newest that is open to no high or critical advisory and was tested with Kubernetes v1.36.0",
      "The engine loopback, flamingo itself in the cluster: every Kustomization and HelmRelease of all namespaces gets an Application",
    ],
    [],
  ],
  [
    { flux: fluxes.none, kubernetes: "v1.30.0" },
    { auto: false },
    [
      "Stock Argo CD v3.2.12: the newest that is open to no high or critical advisory",
      "The engine loopback, flamingo itself in the cluster: what flamingo generate-app makes Applications of is shown; --auto with --project or --project-template makes them for every workload",
    ],
    [
      "Argo CD v3.2.12 was tested with Kubernetes 1.31 to 1.34, not with v1.30.0",
      "There is no Flux yet: flux install brings it, and the engine finds it when it comes",
    ],
  ],
  [
    { flux: fluxes["2.9"] },
    { mode: "helmrelease" },
    [
      "Stock Argo CD v3.4.4: the newest of which a chart is known that is open to no high or critical advisory",
      "The engine loopback, flamingo itself in the cluster: every Kustomization and HelmRelease of all namespaces gets an Application",
    ],
    [],
  ],
  [
    { here: argo("argocd", ":v3.5.7"), kept: own.stock, kubernetes: "v1.36.0" },
    {},
    [
      "Stock Argo CD v3.5.7: its version stays",
      "Argo CD v3.6.1 is newer: --version v3.6.1 takes it",
      "The engine loopback, flamingo itself in the cluster: every Kustomization and HelmRelease of all namespaces gets an Application",
    ],
    [],
  ],
  [
    { flux: fluxes["2.2"], kubernetes: "v1.37.2" },
    { version: "v2.10.2" },
    [],
    ["Argo CD v2.10.2 was tested with Kubernetes 1.25 to 1.28, not with v1.37.2"],
  ],
])("says of %o, %o", (situation, wish, says, warnings) =>
  expect(planInstall(matrix, situation, wish)).toMatchObject({ says, warnings }),
);

test.each<[here: string, wish: PlanWish, hint: string]>([
  [
    ":v2.7.14",
    {},
    "Upgrade that Argo CD, or give it an FSA image of its minor: flamingo install --version v2.7.17 --mode adopt",
  ],
  [":v2.7.18", {}, "Upgrade that Argo CD, or add --force to try it all the same"],
  [":v2.7.2-fl.6-main-b1742696", {}, "Upgrade that Argo CD, or add --force to try it all the same"],
  [":v3.6.1", { auto: true }, "Add --project NAME or --project-template '{namespace}'"],
  [":v3.6.1", { version: "v3.5.1" }, "Take a newer --version, or add --force to go back all the same"],
  [
    ":v2.14.21",
    { version: "v3.6.1" },
    "See what changes at https://argo-cd.readthedocs.io/en/stable/operator-manual/upgrading/overview/, then add --force",
  ],
  [
    `:${fl}`,
    { version: "v3.6.1" },
    "See what changes at https://argo-cd.readthedocs.io/en/stable/operator-manual/upgrading/overview/, then add --force",
  ],
])("%s, %o: what to do instead", (tag, wish, hint) =>
  expect(() => planInstall(matrix, { here: argo("argocd", tag), flux: fluxes["2.9"] }, wish)).toThrow(
    expect.objectContaining({ hint }),
  ),
);
