import { expect, test } from "vitest";
import type { Engine } from "../../src/argo/application.js";
import { type ArgoFinding, chooseEngine, type NoEngine } from "../../src/argo/engine.js";
import { readArgoImage } from "../../src/argo/image.js";
import type { Outlook } from "../../src/support-matrix/outlook.js";

const running = (image: string): ArgoFinding => ({
  found: "image",
  image: readArgoImage(image),
  namespace: "argocd",
});
const fl210 = running("ghcr.io/x/argocd:v2.10.2-fl.23-main-d2c9a8cb");
const fl27 = running("ghcr.io/x/argocd:v2.7.17-fl.15-main-d2c9a8cb");
const stock35 = running("quay.io/argoproj/argocd:v3.5.1");
const stock27 = running("quay.io/argoproj/argocd:v2.7.17");
const digest = running("quay.io/argoproj/argocd@sha256:abcd");
const none: ArgoFinding = { found: "none", namespace: "argocd" };
const noRight: ArgoFinding = {
  found: "unknown",
  because: "flamingo cannot list StatefulSets",
  namespace: "argocd",
};
const told = (choice: ReturnType<typeof chooseEngine> | NoEngine) => {
  if (typeof choice === "function") throw new TypeError("it depends on what is shown");
  if (choice.engine === undefined) return choice;
  const { engine, because, needsLoopback } = choice;
  return { engine, because: needsLoopback ? `${because}; ${loopbackMustRun}` : because };
};
const unasked: ArgoFinding = { found: "unasked" };
const loopbackMustRun = "and loopback must run";

test.each([
  [
    "loopback",
    fl210,
    false,
    "loopback",
    `the FSA image v2.10.2-fl.23-main-d2c9a8cb runs in argocd; ${loopbackMustRun}`,
  ],
  ["auto", stock35, false, "loopback", `stock Argo CD v3.5.1 runs in argocd; ${loopbackMustRun}`],
  [
    "fsa",
    stock35,
    true,
    "fsa",
    "stock Argo CD v3.5.1 runs in argocd, where Sync would apply the workload itself; forced",
  ],
  [
    "auto",
    stock27,
    true,
    "loopback",
    "stock Argo CD v2.7.17 runs in argocd; loopback is unproven before Argo CD 2.8; forced",
  ],
  [
    "auto",
    digest,
    false,
    "loopback",
    `which Argo CD runs in argocd is not known, since its image quay.io/argoproj/argocd@sha256:abcd has no tag; ${loopbackMustRun}`,
  ],
  [
    "auto",
    noRight,
    false,
    "loopback",
    `which Argo CD runs in argocd is not known, since flamingo cannot list StatefulSets; ${loopbackMustRun}`,
  ],
  [
    "fsa",
    noRight,
    false,
    "fsa",
    "as asked; which Argo CD runs in argocd is not known, since flamingo cannot list StatefulSets",
  ],
  [
    "auto",
    none,
    false,
    "loopback",
    "no Argo CD was found in argocd; flamingo install brings one, and the engine",
  ],
  ["loopback", none, false, "loopback", `no Argo CD was found in argocd; ${loopbackMustRun}`],
  ["fsa", none, false, "fsa", "as asked; no Argo CD was found in argocd"],
  ["auto", unasked, false, "loopback", `no cluster was looked at; ${loopbackMustRun}`],
  ["fsa", unasked, false, "fsa", "as asked; no cluster was looked at"],
] as const)("--engine %s, %j, force %s: %s", (wanted, argo, force, engine, because) => {
  expect(told(chooseEngine(wanted, argo, force))).toEqual({ engine, because });
});

test.each([
  [
    "fsa",
    stock35,
    "Cannot use the engine fsa: stock Argo CD v3.5.1 runs in argocd, where Sync would apply the workload a second time, next to Flux",
    "Leave --engine out, or add --force if an FSA image is about to be installed",
  ],
  [
    "auto",
    stock27,
    "Cannot choose an engine: stock Argo CD v2.7.17 runs in argocd, and loopback is unproven before Argo CD 2.8",
    "Upgrade Argo CD to 2.8 or newer, or add --force to take loopback all the same",
  ],
  [
    "loopback",
    fl27,
    "Cannot choose an engine: the FSA image v2.7.17-fl.15-main-d2c9a8cb runs in argocd, and loopback is unproven before Argo CD 2.8",
    "Upgrade Argo CD to 2.8 or newer, or add --force to take loopback all the same",
  ],
] as const)("--engine %s, %j is refused", (wanted, argo, message, hint) => {
  expect(() => chooseEngine(wanted, argo, false)).toThrow(
    expect.objectContaining({ message, hint, exitCode: 1 }),
  );
});

const all: Outlook = { shows: "all", because: "" };
const part: Outlook = { shows: "part", because: "it leaves this out" };
const nothing: Outlook = { shows: "nothing", because: "it asks for v1" };
const unknown: Outlook = { shows: "unknown", because: "nobody knows it" };
const runs210 = "the FSA image v2.10.2-fl.23-main-d2c9a8cb runs in argocd";
const runs27 = "the FSA image v2.7.17-fl.15-main-d2c9a8cb runs in argocd";

function chooseBy(wanted: "auto" | Engine, argo: ArgoFinding, outlook: Outlook, force: boolean) {
  const choice = chooseEngine(wanted, argo, force);
  if (typeof choice !== "function") throw new TypeError("the same for all");
  return choice(outlook);
}

test.each([
  ["auto", fl210, all, false, "fsa", runs210],
  ["auto", fl27, all, false, "fsa", runs27],
  ["auto", fl210, part, false, "loopback", `${runs210}, and it leaves this out; ${loopbackMustRun}`],
  ["auto", fl210, nothing, false, "loopback", `${runs210}, and it asks for v1; ${loopbackMustRun}`],
  ["auto", fl210, unknown, false, "loopback", `${runs210}, and nobody knows it; ${loopbackMustRun}`],
  [
    "auto",
    fl27,
    nothing,
    true,
    "loopback",
    `${runs27}, and it asks for v1; loopback is unproven before Argo CD 2.8; forced`,
  ],
  ["fsa", fl210, all, false, "fsa", runs210],
  ["fsa", fl210, part, false, "fsa", `as asked; ${runs210}, and it leaves this out`],
  ["fsa", fl210, unknown, false, "fsa", `as asked; ${runs210}, and nobody knows it`],
  ["fsa", fl210, nothing, true, "fsa", `as asked; ${runs210}, and it asks for v1`],
] as const)("--engine %s, %j, %j, force %s: %s", (wanted, argo, outlook, force, engine, because) => {
  expect(told(chooseBy(wanted, argo, outlook, force))).toEqual({ engine, because });
});

test.each([
  [
    "fsa",
    fl210,
    nothing,
    "use the engine fsa",
    `${runs210}, and it asks for v1`,
    "Leave --engine out, or add --force to write an Application that shows nothing",
  ],
  [
    "auto",
    fl27,
    part,
    "choose an engine",
    `${runs27}, and it leaves this out, and loopback is unproven before Argo CD 2.8`,
    "Upgrade Argo CD to 2.8 or newer, or add --force to take loopback all the same",
  ],
] as const)("--engine %s, %j, %j has no engine", (wanted, argo, outlook, cannot, because, hint) => {
  expect(chooseBy(wanted, argo, outlook, false)).toEqual({ engine: undefined, cannot, because, hint });
});
