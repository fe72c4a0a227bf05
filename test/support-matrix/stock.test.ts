import { expect, test } from "vitest";
import { defaultStock, resolveStock, stockReleases, untestedWith } from "../../src/support-matrix/stock.js";
import { matrix } from "./data.js";

test.each<[kubernetes: string | undefined, argocd: string, untested?: string]>([
  [undefined, "v3.6.1"],
  ["unknown", "v3.6.1"],
  ["v1.38.0", "v3.6.1", "1.34 to 1.37"],
  ["v1.37.2", "v3.6.1"],
  ["v1.34.1-gke.100", "v3.6.1"],
  ["v1.33.5+k3s1", "v3.5.7"],
  ["v1.32.0", "v3.4.13"],
  ["1.31.4", "v3.2.12"],
  // 3.0 and 2.14 were tested with these, but are open to high advisories
  ["v1.30.1", "v3.2.12", "1.31 to 1.34"],
  ["v1.28.3", "v3.2.12", "1.31 to 1.34"],
])("for Kubernetes %s it is %s", (kubernetes, argocd, untested) => {
  expect(defaultStock(matrix, kubernetes)).toBe(argocd);
  expect(untestedWith(matrix, argocd, kubernetes)).toBe(
    untested && `Argo CD ${argocd} was tested with Kubernetes ${untested}, not with ${kubernetes}`,
  );
});

test("of other releases the newest and safest", () => {
  expect(defaultStock(matrix, "v1.37.0", ["v3.4.13", "v3.2.12"])).toBe("v3.4.13");
  expect(defaultStock(matrix, "v1.28.0", ["v2.14.21"])).toBeUndefined();
});

test("without what was tested it is the newest, and nothing is said", () => {
  const { testedKubernetes: _, ...old } = matrix;
  expect(defaultStock(old, "v1.20.0")).toBe("v3.6.1");
  expect(untestedWith(old, "v3.6.1", "v1.20.0")).toBeUndefined();
});

test("no release candidate and nothing older than 2.8 is offered", () => {
  const releases = stockReleases(matrix);
  expect(releases.slice(0, 3)).toEqual(["v3.6.1", "v3.5.7", "v3.5.1"]);
  expect(releases.at(-1)).toBe("v2.8.0");
  expect(releases.filter((tag) => tag.includes("-"))).toEqual([]);
});

test.each<[text: string, argocd: string | RegExp, force?: boolean]>([
  ["latest", "v3.6.1"],
  ["v3.5.1", "v3.5.1"],
  ["3.5.1", "v3.5.1"],
  ["v9.9.9", "v9.9.9"],
  ["3.5", "v3.5.7"],
  ["v2.10", "v2.10.5"],
  [">=3 <3.3", "v3.2.12"],
  ["4.x", /^Cannot choose a stock Argo CD for "4.x": none is in this range$/],
  ["v2.7.1", /^Cannot install stock Argo CD v2.7.1: the engine loopback needs 2.8 or newer$/],
  ["v2.7.1", "v2.7.1", true],
  [
    "v2.8.4-fl.21-main-6c72e98c",
    /^Cannot install v2.8.4-fl.\S+ with the engine loopback: it is an FSA image$/,
  ],
])("--version %s is %s", (text, argocd, force = false) => {
  const resolve = () => resolveStock(matrix, text, force);
  if (typeof argocd === "string") expect(resolve()).toBe(argocd);
  else expect(resolve).toThrow(argocd);
});
