/** Where the Go CLI went wrong, and what is right instead. */

import { describe, expect, test } from "vitest";
import { parseWorkloadRef } from "../../../src/workloads/ref.js";
import { generated } from "../../builders/argo.js";
import { charts, flux, hr, ks, src } from "../../builders/flux.js";
import { yaml } from "../../builders/kube.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo } from "../../flamingo.js";
import { applicationsIn, namesIn, sourceIn } from "./applications.js";

function generate(flags: string, ...objects: TestObject[]) {
  return flamingo(`generate-app ${flags} -n apps -f -`, { stdin: yaml(...objects) });
}

const chartFrom = (kind: string, chart: string) => ({
  chart: { spec: { chart, sourceRef: { kind, name: "src" } } },
});
const bucket = flux("Bucket", "src", { bucketName: "b", endpoint: "minio.example" });

describe("API versions", () => {
  test.each(["v2", "v2beta2", "v2beta1"])("a HelmRelease is read in %s", async (version) => {
    const release = { ...hr("app"), apiVersion: `helm.toolkit.fluxcd.io/${version}` };
    expect(sourceIn((await generate("hr/app", release, charts)).stdout)).toMatchObject({ chart: "web" });
  });

  test.each(["v1", "v1beta2", "v1beta1"])(
    "a Kustomization and its source are read in %s",
    async (version) => {
      const app = { ...ks("app"), apiVersion: `kustomize.toolkit.fluxcd.io/${version}` };
      const git = { ...src, apiVersion: `source.toolkit.fluxcd.io/${version}` };
      expect((await generate("ks/app", app, git)).exitCode).toBe(0);
    },
  );

  test.each([
    [flux("OCIRepository", "src", { url: "oci://reg.example/app" }), "oci://reg.example/app"],
    [bucket, "https://minio.example/b"],
  ])("OCIRepository and Bucket are read in v1 and v1beta2", async (source, repoURL) => {
    const app = ks("app", { sourceRef: { kind: source["kind"], name: "src" } });
    for (const version of ["v1", "v1beta2"]) {
      const object = { ...source, apiVersion: `source.toolkit.fluxcd.io/${version}` };
      expect(sourceIn((await generate("ks/app", app, object)).stdout).repoURL).toBe(repoURL);
    }
  });
});

describe("a source is found wherever it may be, or it is an error; repoURL is never empty", () => {
  test("spec.chartRef is followed", async () => {
    const release = hr("app", { chartRef: { kind: "OCIRepository", name: "src" } });
    const oci = flux("OCIRepository", "src", { url: "oci://reg.example/charts/web", ref: { tag: "1.2.3" } });
    expect(sourceIn((await generate("hr/app", release, oci)).stdout)).toEqual({
      repoURL: "reg.example/charts",
      chart: "web",
      targetRevision: "1.2.3",
      helm: { releaseName: "app" },
    });
  });

  test("a chart in a GitRepository or a Bucket", async () => {
    const git = await generate("hr/app", hr("app", chartFrom("GitRepository", "./charts/web")), src);
    expect(sourceIn(git.stdout)).toMatchObject({
      repoURL: "https://git.example/r",
      path: "charts/web",
      targetRevision: "main",
    });
    const s3 = await generate("hr/app", hr("app", chartFrom("Bucket", "web")), bucket);
    expect(sourceIn(s3.stdout)).toMatchObject({
      repoURL: "https://minio.example/b",
      path: "web",
      targetRevision: "HEAD",
    });
  });

  test.each([
    [
      hr("app", chartFrom("OCIRepository", "web")),
      "a chart cannot come from OCIRepository src in apps by spec.chart",
    ],
    [hr("app", chartFrom("Nonsense", "web")), 'its chart\'s sourceRef has the kind "Nonsense"'],
    [hr("app", chartFrom("GitRepository", "")), "it names no chart"],
    [
      hr("app", { chartRef: { kind: "GitRepository", name: "src" } }),
      'spec.chartRef has the kind "GitRepository"',
    ],
    [
      ks("app", { sourceRef: { kind: "HelmRepository", name: "src" } }),
      'spec.sourceRef has the kind "HelmRepository"',
    ],
    [
      ks("app", { sourceRef: { kind: "ExternalArtifact", name: "made" } }),
      "ExternalArtifact made in apps: it was not made by an ArtifactGenerator, so where it comes from is not known",
    ],
    [
      ks("app", { sourceRef: { kind: "GitRepository", name: "empty" } }),
      "GitRepository empty in apps: spec.url is empty",
    ],
    [
      ks("app", { sourceRef: { kind: "GitRepository", name: "hostless" } }),
      'GitRepository hostless in apps: its address "https://" names no host',
    ],
    [
      ks("app", { sourceRef: { kind: "Bucket", name: "odd" } }),
      'Bucket odd in apps: spec.provider "odd" is not known',
    ],
  ])("what cannot be mapped is named: %#", async (app, why) => {
    const run = await generate(
      `${app["kind"]}/app`,
      app,
      src,
      flux("ExternalArtifact", "made", {}),
      flux("GitRepository", "empty", {}),
      flux("GitRepository", "hostless", { url: "https://u:p@" }),
      flux("Bucket", "odd", { bucketName: "b", endpoint: "e", provider: "odd" }),
    );
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(`✗ Cannot generate an Application for ${app["kind"]} app in apps: ${why}\n`);
  });

  test.each([
    [
      { provider: "aws", endpoint: "s3.amazonaws.com", region: "eu-west-1" },
      "https://b.s3.eu-west-1.amazonaws.com",
    ],
    [{ provider: "aws", endpoint: "s3.eu-west-1.amazonaws.com" }, "https://s3.eu-west-1.amazonaws.com/b"],
    [
      { provider: "azure", endpoint: "https://acct.blob.core.windows.net" },
      "https://acct.blob.core.windows.net/b",
    ],
    [{ provider: "gcp", endpoint: "storage.googleapis.com" }, "https://storage.googleapis.com/b"],
    [{ endpoint: "minio:9000", insecure: true }, "http://minio:9000/b"],
  ])("the address of a Bucket %j", async (spec, repoURL) => {
    const app = ks("app", { sourceRef: { kind: "Bucket", name: "src" } });
    const run = await generate("ks/app", app, flux("Bucket", "src", { bucketName: "b", ...spec }));
    expect(sourceIn(run.stdout).repoURL).toBe(repoURL);
  });
});

describe("texts stay texts", () => {
  test("what looks like YAML in a path, a branch or a chart changes nothing around it", async () => {
    const evil = 'x"\n  project: "admin\n# ';
    const git = flux("GitRepository", "src", { url: "https://git.example/#r: {}", ref: { branch: evil } });
    const [application, second] = applicationsIn(
      (await generate("ks/app", ks("app", { path: evil }), git)).stdout,
    );
    expect(second).toBeUndefined();
    expect(application?.spec).toMatchObject({
      project: "default",
      source: { repoURL: "https://git.example/#r: {}", path: evil, targetRevision: evil },
    });
  });

  test.each(["123", "true", "1e3", "null"])(
    "a workload called %s, in a namespace of that name, with such a release",
    async (name) => {
      const where = { namespace: name };
      const release = hr(name, { releaseName: name }, where);
      const stdin = JSON.stringify({
        apiVersion: "v1",
        kind: "List",
        items: [release, { ...charts, metadata: { name: "charts", ...where } }],
      });
      const run = await flamingo(`generate-app hr/${name} -n ${name} -f -`, { stdin });
      const [application] = applicationsIn(run.stdout);
      expect(application?.metadata.name).toBe(name);
      expect(application?.metadata.labels?.["flamingo/workload-name"]).toBe(name);
      expect(application?.spec.destination.namespace).toBe(name);
      expect(application?.spec.source.helm?.releaseName).toBe(name);
    },
  );

  test.each(["a".repeat(64), "gke_project/zone:cluster", "admin@prod", "-prod-"])(
    "%s is no label value: an annotation keeps it",
    (odd) => {
      const workload = ks("app", {}, { name: odd });
      const { metadata } = generated(workload, { name: "app", engine: "fsa", clusterName: odd });
      for (const key of ["flamingo/workload-name", "flamingo/cluster-name"]) {
        expect(metadata.labels).not.toHaveProperty([key]);
        expect(metadata.annotations?.[key]).toBe(odd);
      }
    },
  );
});

describe("the command line", () => {
  test("with --server the Application does not claim to be in the cluster of Argo CD", async () => {
    const run = await generate("ks/app --server https://leaf.example:6443", ks("app"), src);
    const [application] = applicationsIn(run.stdout);
    expect(application?.spec.destination.server).toBe("https://leaf.example:6443");
    expect(application?.metadata.labels?.["flamingo/cluster-name"]).toBe("leaf.example");
  });

  test("--server is no API server and --api-server no destination", async () => {
    const run = await generate("ks/app --api-server https://10.0.0.1:6443", ks("app"), src);
    expect(applicationsIn(run.stdout)[0]?.spec.destination.server).toBe("https://kubernetes.default.svc");
  });

  test.each([
    "ks/app",
    "KS/app",
    "Kustomization/app",
    "kustomizations/app",
    "kustomizations.kustomize.toolkit.fluxcd.io/app",
    "Kustomizations.Kustomize.Toolkit.FluxCD.io/app",
  ])("%s", async (ref) => expect(namesIn((await generate(ref, ks("app"), src)).stdout)).toEqual(["app"]));

  test("a cluster's name may hold slashes", () => {
    expect(parseWorkloadRef("arn:aws:eks:eu-west-1:1234:cluster/prod/ks/app")).toEqual({
      cluster: "arn:aws:eks:eu-west-1:1234:cluster/prod",
      kind: "Kustomization",
      name: "app",
    });
  });

  test("every wrong REF is told apart", async () => {
    const refs = ["app", "ks/", "git/app", "/ks/app", "ks/App", "", "ks/a b"];
    const told = await Promise.all(
      refs.map(async (ref) => {
        const run = await flamingo(["generate-app", ref, "-f", "-"], { stdin: "" });
        expect(run).toMatchObject({ exitCode: 2, stdout: "" });
        return run.stderr.split("\n")[0];
      }),
    );
    expect(new Set(told).size).toBe(refs.length);
  });

  test("several workloads, a selector, projects, labels, annotations", async () => {
    const flags =
      "--all -l team=web --project-template {namespace} --label a=b --annotation c=d --label e/f=g";
    const web = { labels: { team: "web" } };
    const run = await generate(flags, ks("x", {}, web), hr("y", {}, web), ks("z"), src, charts);
    expect(
      applicationsIn(run.stdout).map(({ metadata, spec }) => [
        metadata.name,
        spec.project,
        metadata.labels?.["a"],
        metadata.labels?.["e/f"],
        metadata.annotations?.["c"],
      ]),
    ).toEqual([
      ["apps-x-ks", "apps", "b", "g", "d"],
      ["apps-y-hr", "apps", "b", "g", "d"],
    ]);
  });
});

describe("what will be seen", () => {
  test.each([
    [
      "suspended",
      ks("app", { suspend: true }),
      "it is suspended, so the Application shows its last state until it is resumed",
    ],
    [
      "with kubeConfig",
      ks("app", { kubeConfig: { secretRef: { name: "k" } } }),
      "spec.kubeConfig sends its objects to another cluster",
    ],
    [
      "with objects in another namespace",
      ks("app", { targetNamespace: "other" }),
      "an FSA image shows none of its objects in other namespaces",
    ],
  ])("a workload %s is written with a warning", async (_, app, warning) => {
    const run = await generate("ks/app --engine fsa", app, src);
    expect(run.exitCode).toBe(0);
    expect(namesIn(run.stdout)).toEqual(["app"]);
    expect(run.stderr).toContain(`⚠ Kustomization app in apps: ${warning}`);
  });

  test.each([
    [{}, "app"],
    [{ targetNamespace: "web" }, "web-app"],
    [{ targetNamespace: "web", releaseName: "mine" }, "mine"],
    [{ targetNamespace: "w".repeat(50) }, `${"w".repeat(40)}-1ef60801c598`],
  ])("the release of %j is called %s", async (spec, releaseName) => {
    const run = await generate("hr/app", hr("app", spec), charts);
    expect(sourceIn(run.stdout).helm?.releaseName).toBe(releaseName);
  });
});
