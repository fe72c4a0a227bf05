import { describe, expect, test } from "vitest";
import { openAdvisories, renderCounts } from "../../src/support-matrix/advisories.js";
import type { Advisory, AffectedRange } from "../../src/support-matrix/candidate.js";
import { compareVersions, minorOf, releaseOf } from "../../src/support-matrix/versions.js";
import { matrix } from "./data.js";

const openIn = (argocd: string) => openAdvisories(argocd, matrix.advisories).map(({ id }) => id.slice(5, 9));

/** Those of which the severity is known, as they were read by hand in the advisories. */
describe("what is open", () => {
  const inAll = [
    "9766",
    "2hj5",
    "786q",
    "h98r",
    "jmvp",
    "f9gq",
    "wp4p",
    "2gvw",
    "9m6p",
    "3cqf",
    "v8wx",
    "47g2",
    "g88p",
  ];

  test.each(["v2.10.5", "v2.10.2", "v2.9.7", "v2.8.10", "v2.8.0"])("in %s", (argocd) => {
    expect(openIn(argocd)).toEqual(expect.arrayContaining(inAll));
  });

  test.each([
    ["v2.10.5", ["gpx4", "87p9"], ["jwv5", "6v85", "x32m", "g623", "jhwx", "92mw", "fwr2", "q9hr"]],
    ["v2.10.2", ["gpx4", "87p9", "jwv5", "6v85", "2vgg", "g623", "jhwx"], ["92mw"]],
    ["v2.9.3", ["gpx4", "87p9", "92mw"], ["fwr2"]],
    ["v2.9.2", ["92mw"], ["87p9"]],
    ["v2.8.6", ["92mw", "jwv5"], ["gpx4", "fwr2", "87p9"]],
    ["v2.8.1", ["fwr2", "g687", "92mw"], ["c8xw"]],
    ["v2.8.0", ["fwr2", "c8xw"], ["q9hr"]],
    ["v2.2.16", ["q9hr"], ["3jfq", "r642"]],
    ["v2.3.13", ["q9hr", "3jfq"], ["r642"]],
    ["v2.2.8", ["r642"], ["3jfq"]],
    ["2.9.0-rc3", ["jwv5", "92mw", "gpx4"], ["87p9"]],
    ["v2.14.21", ["h98r"], ["9766", "786q", "3v3m", "rg3g"]],
    ["v3.2.10", ["3v3m", "rg3g", "h98r"], ["9766"]],
    ["v3.5.1", [], ["h98r", "3v3m", "rg3g"]],
  ])("in %s", (argocd, open, closed) => {
    const ids = openIn(argocd);
    expect(ids).toEqual(expect.arrayContaining(open));
    expect(ids.filter((id) => closed.includes(id))).toEqual([]);
  });

  test("the worst come first, each with the releases that fix it", () => {
    const open = openAdvisories("v2.10.5", matrix.advisories);
    expect(open.map(({ severity }) => severity)).toEqual([
      "critical",
      "critical",
      "critical",
      ...open.slice(3).map((one) => one.severity),
    ]);
    expect(open[0]).toEqual({
      id: "GHSA-9766-5277-j5hr",
      aliases: ["CVE-2024-31989", "GO-2024-2877"],
      severity: "critical",
      summary: "ArgoCD Vulnerable to Use of Risky or Missing Cryptographic Algorithms in Redis Cache",
      fixedIn: ["2.10.10", "2.11.1"],
    });
    expect(renderCounts(open)).toBe("3 critical, 5 high, 7 moderate");
    expect(renderCounts([])).toBe("");
  });
});

const advisory = (affected: AffectedRange[]): Advisory[] => [
  { id: "GHSA-aaaa-bbbb-cccc", aliases: [], severity: null, summary: "", affected },
];

test.each<[string, AffectedRange, boolean]>([
  ["2.8.0", { from: "0", fixed: "2.8.1" }, true],
  ["2.8.1", { from: "0", fixed: "2.8.1" }, false],
  ["v2.8.1", { from: "2.8.1", fixed: "2.8.2" }, true],
  ["v2.8.0", { from: "2.8.1", fixed: "2.8.2" }, false],
  ["v2.8.0-rc1", { from: "2.8.0", fixed: "2.8.2" }, true],
  ["v2.8.0-rc1", { from: "2.8.0-rc2", fixed: "2.8.2" }, false],
  ["v2.8.0-rc2", { from: "0", fixed: "2.8.0-rc2" }, false],
  ["v2.14.99", { from: "0", limit: "3.0.0-0" }, true],
  ["v3.0.0-rc1", { from: "0", limit: "3.0.0-0" }, false],
])("%s in %j: %s", (argocd, range, isOpen) => {
  expect(openAdvisories(argocd, advisory([range]))).toHaveLength(isOpen ? 1 : 0);
});

test("what is not fixed anywhere says so", () => {
  expect(openAdvisories("2.8.0", advisory([{ from: "0", limit: "3.0.0-0" }]))[0]?.fixedIn).toEqual([]);
});

test.each([
  ["v2.8.4", "2.8.4", 0],
  ["v2.8.4", "v2.8.10", -1],
  ["v2.10.0", "v2.9.9", 1],
  ["v2.9.0-rc3", "v2.9.0", -1],
  ["v2.9.0-rc2", "v2.9.0-rc3", -1],
  ["v2.9.0", "v2.8.99", 1],
  ["3.0.0-0", "3.0.0-rc1", -1],
])("compareVersions(%s, %s)", (a, b, order) => {
  expect(Math.sign(compareVersions(a, b))).toBe(order);
  expect(Math.sign(compareVersions(b, a))).toBe(order === 0 ? 0 : -order);
});

test.each([
  ["v2.9.0-rc3", "2.9.0", "2.9"],
  ["2.10.5+9b93c5c", "2.10.5", "2.10"],
])("%s is of release %s, minor %s", (version, release, minor) => {
  expect([releaseOf(version), minorOf(version)]).toEqual([release, minor]);
});
