import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { argoVersionOfChart, newestChartOf } from "../../src/argo/installed/chart-versions.js";
import { versionIn } from "../../src/argo/installed/version.js";
import { compareVersions } from "../../src/support-matrix/versions.js";
import { dataFolder, dataMissing } from "../support-matrix/data.js";

test.each([
  ["v2.10.2", "2.10.2"],
  ["v2.10.2+9b93c5c", "2.10.2"],
  ["v2.13.0+9b93c5c.dirty", "2.13.0"],
  ["v3.0.0-rc1+9b93c5c", "3.0.0"],
  ["v2.10.2-sha256-1b2c", "2.10.2"],
  ["2.10.2", "2.10.2"],
  ["v99.99.99+unknown", undefined],
  ["latest", undefined],
  ["2.10", undefined],
  ["2.10.2.1", undefined],
  ["7.0.15-alpine", "7.0.15"],
  [undefined, undefined],
])("versionIn(%j) is %j", (text, version) => expect(versionIn(text)).toBe(version));

test.each([
  ["argo-cd-3.0.0", "2.0.0"],
  ["argo-cd-5.42.3", "2.7.11"],
  ["argo-cd-5.46.8", "2.8.4"],
  ["argo-cd-6.7.4", "2.10.5"],
  ["argo-cd-10.1.1", "3.4.4"],
  // unknown: older, newer, no release, another chart
  ["argo-cd-2.17.5", undefined],
  ["argo-cd-10.1.2", undefined],
  ["argo-cd-5.46.8-fork.1", undefined],
  ["argocd-apps-1.4.1", undefined],
  ["", undefined],
])("argoVersionOfChart(%j) is %j", (label, version) => expect(argoVersionOfChart(label)).toBe(version));

test.skipIf(dataMissing)("argoVersionOfChart() knows every release of the chart", () => {
  const table = readFileSync(join(dataFolder, "argo-cd-helm-chart-versions.tsv"), "utf8");
  const rows = table.trim().split("\n").slice(1);
  expect(rows.length).toBeGreaterThan(700);
  const wrong = rows.filter((row) => {
    const [chart, argo] = row.split("\t");
    return argoVersionOfChart(`argo-cd-${chart}`) !== argo?.replace(/^v/, "");
  });
  expect(wrong).toEqual([]);
});

test.each([
  ["2.8.4", "5.47.0"],
  ["2.7.11", "5.42.3"],
  ["2.10.5", "6.7.9"],
  // no chart ever had it
  ["2.8.10", undefined],
  ["2.9.0-rc3", undefined],
])("newestChartOf(%j) is %j", (argo, chart) => expect(newestChartOf(argo)).toBe(chart));

test.skipIf(dataMissing)("newestChartOf() knows the last chart of every Argo CD", () => {
  const last = new Map<string, string>();
  const table = readFileSync(join(dataFolder, "argo-cd-helm-chart-versions.tsv"), "utf8");
  const rows = table.trim().split("\n").slice(1);
  const inOrder = rows.map((row) => row.split("\t")).sort(([a = ""], [b = ""]) => compareVersions(a, b));
  for (const [chart = "", argo = ""] of inOrder) last.set(argo.replace(/^v/, ""), chart);
  expect([...last].filter(([argo, chart]) => newestChartOf(argo) !== chart)).toEqual([]);
});
