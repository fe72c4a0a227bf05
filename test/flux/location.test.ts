import { describe, expect, test } from "vitest";
import { locate, type NeededSource, type SourceAnswer } from "../../src/flux/location.js";
import { workloadFrom } from "../../src/flux/workload.js";
import { flux, hr } from "../builders/flux.js";

/** Its content comes from a chart in a bucket, which its HelmChart names. */
const workload = workloadFrom(
  hr("web", { chartRef: { kind: "HelmChart", name: "web", namespace: "charts" } }),
);
const chart = flux("HelmChart", "web", { chart: "./web", sourceRef: { kind: "Bucket", name: "all" } });
const bucket = flux("Bucket", "all", { bucketName: "b", endpoint: "minio.example" });
const missing = { missing: "Look elsewhere" };

/** What `locate()` makes of these answers, and what it asked for. */
function located(answers: Record<string, SourceAnswer>) {
  const asked: string[] = [];
  const find = ({ kind, ref }: NeededSource) => {
    asked.push(`${kind.plural} ${ref.namespace}/${ref.name}`);
    return answers[kind.kind] ?? "unknown";
  };
  return { asked, outcome: () => locate(workload, find) };
}

describe("locate()", () => {
  test("follows each source to the next", () => {
    const { asked, outcome } = located({ HelmChart: chart, Bucket: bucket });
    expect(outcome()).toMatchObject({
      form: "chart-directory",
      url: "https://minio.example/b",
      path: "web",
      sources: [chart, bucket],
    });
    expect(asked).toEqual(["helmcharts charts/web", "buckets charts/all"]);
  });

  test.each<[string, Record<string, SourceAnswer>, string]>([
    ["its own source", {}, "HelmChart web in charts"],
    ["the source behind that", { HelmChart: chart }, "Bucket all in charts"],
  ])("says that it needs %s", (_, answers, needed) => {
    const outcome = located(answers).outcome();
    const { kind, name, namespace } = "needs" in outcome ? outcome.needs.ref : workload;
    expect(`${kind} ${name} in ${namespace}`).toBe(needed);
  });

  test.each<[string, Record<string, SourceAnswer>, string]>([
    ["its own source", { HelmChart: missing }, "HelmChart web in charts"],
    ["the source behind that", { HelmChart: chart, Bucket: missing }, "Bucket all in charts"],
  ])("cannot go on without %s", (_, answers, lacking) => {
    expect(located(answers).outcome).toThrow(
      expect.objectContaining({
        message: `Cannot generate an Application for HelmRelease web in apps: ${lacking} does not exist`,
        hint: "Look elsewhere",
      }),
    );
  });
});
