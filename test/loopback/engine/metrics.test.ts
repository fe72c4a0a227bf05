import { expect, test } from "vitest";
import { Metrics } from "../../../src/loopback/engine/metrics.js";

const appInfoIn = async (metrics: Metrics) =>
  (await metrics.render()).split("\n").filter((line) => line.includes("argocd_app_info"));

test("Argo CD's metric is told by who holds the Lease only, and not of nothing", async () => {
  const metrics = new Metrics();
  metrics.leading = true;
  expect(await appInfoIn(metrics)).toEqual([]);
  metrics.appInfos = () => [{ name: "web", repo: "https://git.example/r" }, { name: "api" }];
  expect(await appInfoIn(metrics)).toEqual([
    "# HELP argocd_app_info Information about application.",
    "# TYPE argocd_app_info gauge",
    'argocd_app_info{name="web",repo="https://git.example/r"} 1',
    'argocd_app_info{name="api"} 1',
  ]);
  metrics.leading = false;
  expect(await appInfoIn(metrics)).toEqual([]);
});

test("a label holds whatever somebody wrote", async () => {
  const metrics = new Metrics();
  metrics.leading = true;
  metrics.appInfos = () => [{ project: 'a"} 2\n\\b' }];
  expect(await appInfoIn(metrics)).toContain('argocd_app_info{project="a\\"} 2\\n\\\\b"} 1');
});
