import { describe, expect, test } from "vitest";
import { locate, type NeededSource, type SourceAnswer } from "../../src/flux/location.js";
import { workloadFrom } from "../../src/flux/workload.js";
import { fi, flux, git, hr, ks, rset } from "../builders/flux.js";

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

describe("locate() of what the Flux Operator reconciles", () => {
  const labels = (prefix: string, name: string) => ({
    labels: { [`${prefix}/name`]: name, [`${prefix}/namespace`]: "apps" },
  });
  const kustomize = "kustomize.toolkit.fluxcd.io";
  const helm = "helm.toolkit.fluxcd.io";
  const set = "resourceset.fluxcd.controlplane.io";
  const objects = [
    ks("cluster", { path: "./clusters/prod" }),
    git(),
    hr("platform", {
      chart: {
        spec: { chart: "platform", version: "1.2", sourceRef: { kind: "HelmRepository", name: "h" } },
      },
    }),
    flux("HelmRepository", "h", { url: "https://charts.example" }),
    rset("outer", {}, labels(kustomize, "cluster")),
    rset("circle", {}, labels(set, "circle")),
  ];
  const find = ({ kind, ref }: NeededSource): SourceAnswer =>
    objects.find((one) => one.kind === kind.kind && one.metadata.name === ref.name) ?? missing;
  const locatedOf = (object: Parameters<typeof workloadFrom>[0]) => locate(workloadFrom(object), find);

  test.each<[string, object, string]>([
    ["Git", {}, "https://git.example/fleet clusters/prod refs/heads/main"],
    [
      "an OCI artifact",
      { kind: "OCIRepository", url: "oci://ghcr.io/o/fleet", ref: "latest", path: "./" },
      "oci://ghcr.io/o/fleet . latest",
    ],
    [
      "a bucket",
      { kind: "Bucket", url: "minio.example", ref: "fleet", path: "prod" },
      "https://minio.example/fleet prod HEAD",
    ],
  ])("a FluxInstance's is where its sync begins: %s", (_, sync, expected) => {
    const { spec } = fi();
    const location = locatedOf(fi("flux-system/flux", { sync: { ...spec?.sync, ...sync } }));
    expect(location).toMatchObject({ form: "directory", sources: [] });
    expect("url" in location && `${location.url} ${location.path} ${location.revision}`).toBe(expected);
  });

  test.each<[string, object, object]>([
    [
      "a Kustomization",
      labels(kustomize, "cluster"),
      { form: "directory", url: "https://git.example/r", path: "clusters/prod", revision: "main" },
    ],
    [
      "a HelmRelease",
      labels(helm, "platform"),
      { form: "chart", url: "https://charts.example", path: "platform", revision: "1.2" },
    ],
    [
      "a ResourceSet that a Kustomization applied",
      labels(set, "outer"),
      { form: "directory", url: "https://git.example/r", path: "clusters/prod" },
    ],
  ])("a ResourceSet's is that of who applied it: %s", (_, metadata, expected) => {
    expect(locatedOf(rset("teams", {}, metadata))).toMatchObject(expected);
  });

  const whose = "so where its content lies is not known";
  test.each<[string, Parameters<typeof workloadFrom>[0], string]>([
    ["nobody applied", rset("teams"), `no label of it says which workload applied it, ${whose}`],
    [
      "somebody applied who is gone",
      rset("teams", {}, labels(kustomize, "gone")),
      "Kustomization gone in apps does not exist",
    ],
    [
      "applied itself",
      rset("teams", {}, labels(set, "circle")),
      "by its labels ResourceSet circle in apps has applied itself",
    ],
    [
      "syncs nothing",
      fi("flux-system/flux", { sync: undefined }),
      "it has no spec.sync, which says where its content lies",
    ],
  ])("of one that %s is not known", (_, object, why) => {
    const { kind, metadata } = object;
    const name = `${kind} ${metadata.name} in ${metadata.namespace}`;
    expect(() => locatedOf(object)).toThrow(`Cannot generate an Application for ${name}: ${why}`);
  });
});
