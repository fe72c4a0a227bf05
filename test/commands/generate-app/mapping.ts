import type { TestObject } from "../../cluster/crds.js";
import type { FluxKind, FluxMinor } from "../../cluster/flux-crds.js";

/** One row of the table "workload, source → repoURL, path or chart, targetRevision". */
export interface Row {
  title: string;
  ref: string;
  /** its objects, with the newest API version of each kind that a Flux serves */
  objects(make: Make): TestObject[];
  /** kinds and fields that came with this minor */
  since?: FluxMinor;
  fsa: object;
  loopback: object;
  warning?: { fsa?: string; loopback?: string };
}

/** @param metadata its namespace, and whatever else is not as usual */
type Make = (
  kind: FluxKind,
  name: string,
  spec: object,
  metadata?: { namespace?: string; labels?: Record<string, string> },
) => TestObject;

const ks = (make: Make, sourceRef: object, more: object = {}) =>
  make("Kustomization", "app", { interval: "10m", prune: true, sourceRef, ...more });
const hr = (make: Make, chart: object, more: object = {}) =>
  make("HelmRelease", "app", { interval: "10m", chart: { spec: chart }, ...more });
const git = (make: Make, ref: object | undefined, more: object = {}, metadata = {}) =>
  make(
    "GitRepository",
    "src",
    { interval: "10m", url: "https://git.example/r", ...(ref ? { ref } : {}), ...more },
    metadata,
  );
const gitRef = { kind: "GitRepository", name: "src" };
const same = (source: object) => ({ fsa: source, loopback: source });

function gitRow(title: string, ref: object | undefined, targetRevision: string, since?: FluxMinor): Row {
  return {
    title: `Kustomization, GitRepository: ${title}`,
    ref: "ks/app",
    objects: (make) => [ks(make, gitRef, { path: "./apps/web" }), git(make, ref)],
    ...(since ? { since } : {}),
    ...same({ repoURL: "https://git.example/r", path: "apps/web", targetRevision }),
  };
}

function ociRow(title: string, ref: object | undefined, targetRevision: string): Row {
  return {
    title: `Kustomization, OCIRepository: ${title}`,
    ref: "ks/app",
    objects: (make) => [
      ks(make, { kind: "OCIRepository", name: "src" }, { path: "/deploy" }),
      make("OCIRepository", "src", {
        interval: "10m",
        url: "oci://reg.example/org/app",
        ...(ref ? { ref } : {}),
      }),
    ],
    ...same({ repoURL: "oci://reg.example/org/app", path: "deploy", targetRevision }),
  };
}

function bucketRow(title: string, spec: object, repoURL: string): Row {
  return {
    title: `Kustomization, Bucket: ${title}`,
    ref: "ks/app",
    objects: (make) => [
      ks(make, { kind: "Bucket", name: "src" }),
      make("Bucket", "src", { interval: "10m", bucketName: "b", endpoint: "minio.example", ...spec }),
    ],
    ...same({ repoURL, path: ".", targetRevision: "HEAD" }),
    warning: { loopback: "Argo CD's Sync button will refuse it, since Argo CD cannot read buckets" },
  };
}

const digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const generatorRef = { apiVersion: "source.extensions.fluxcd.io/v1beta1", kind: "ArtifactGenerator" };
const generator = (make: Make, spec: object) => [
  make("ExternalArtifact", "made", { sourceRef: { ...generatorRef, name: "gen" } }),
  make("ArtifactGenerator", "gen", spec),
];
const addedFiles =
  "its ArtifactGenerator puts files into its content that the Application's source does not have: @repo/values-prod.yaml";
const helm = (releaseName: string) => ({ helm: { releaseName } });

export const rows: readonly Row[] = [
  gitRow("branch", { branch: "main" }, "main"),
  gitRow("semver before branch", { branch: "main", semver: ">=1.0.0" }, ">=1.0.0"),
  {
    ...gitRow("tag before semver", { tag: "v1.2.3", semver: ">=1.0.0" }, "v1.2.3"),
    warning: {
      fsa: "its source has both ref.tag and ref.semver: Flux takes the tag",
      loopback: "its source has both ref.tag and ref.semver: Flux takes the tag",
    },
  },
  gitRow("name before tag", { tag: "v1", name: "refs/pull/1/head" }, "refs/pull/1/head", "0.40"),
  gitRow(
    "commit before all",
    { branch: "main", commit: "a".repeat(40), name: "refs/heads/x" },
    "a".repeat(40),
    "0.40",
  ),
  gitRow("nothing means master", undefined, "master"),
  {
    title: "Kustomization, GitRepository: no path, other namespace",
    ref: "ks/app",
    objects: (make) => [
      ks(make, { ...gitRef, namespace: "%other%" }),
      git(make, { branch: "main" }, {}, { namespace: "%other%" }),
    ],
    ...same({ repoURL: "https://git.example/r", path: ".", targetRevision: "main" }),
  },
  {
    title: "Kustomization, GitRepository: ssh and a secret",
    ref: "ks/app",
    objects: (make) => [
      ks(make, gitRef, { path: "../x" }),
      git(make, { branch: "main" }, { url: "ssh://git@git.example/r.git", secretRef: { name: "key" } }),
    ],
    ...same({ repoURL: "ssh://git@git.example/r.git", path: "x", targetRevision: "main" }),
    warning: {
      loopback: "Argo CD does not have the credentials of its source, unless you have given them to it",
    },
  },
  ociRow("tag", { tag: "1.2.3" }, "1.2.3"),
  ociRow("semver before tag", { tag: "1.2.3", semver: "1.x" }, "1.x"),
  ociRow("digest before all", { tag: "1.2.3", semver: "1.x", digest }, digest),
  ociRow("nothing means latest", undefined, "latest"),
  bucketRow("generic", {}, "https://minio.example/b"),
  bucketRow("generic, insecure", { insecure: true, endpoint: "minio:9000" }, "http://minio:9000/b"),
  bucketRow(
    "aws",
    { provider: "aws", endpoint: "s3.amazonaws.com", region: "eu-west-1" },
    "https://b.s3.eu-west-1.amazonaws.com",
  ),
  bucketRow(
    "gcp",
    { provider: "gcp", endpoint: "storage.googleapis.com" },
    "https://storage.googleapis.com/b",
  ),
  bucketRow(
    "azure",
    { provider: "azure", endpoint: "https://acct.blob.core.windows.net" },
    "https://acct.blob.core.windows.net/b",
  ),
  {
    title: "Kustomization, ExternalArtifact",
    ref: "ks/app",
    since: "2.7",
    objects: (make) => [
      ks(make, { kind: "ExternalArtifact", name: "made" }, { path: "./web" }),
      ...generator(make, {
        sources: [{ alias: "repo", ...gitRef }],
        artifacts: [{ name: "made", copy: [{ from: "@repo/apps/**", to: "@artifact/" }] }],
      }),
      git(make, { branch: "main" }),
    ],
    ...same({ repoURL: "https://git.example/r", path: "apps/web", targetRevision: "main" }),
  },
  {
    title: "HelmRelease, HelmRepository",
    ref: "hr/app",
    objects: (make) => [
      hr(make, { chart: "podinfo", version: "6.x", sourceRef: { kind: "HelmRepository", name: "src" } }),
      make("HelmRepository", "src", { interval: "10m", url: "https://charts.example/stable/" }),
    ],
    ...same({
      repoURL: "https://charts.example/stable/",
      chart: "podinfo",
      targetRevision: "6.x",
      ...helm("app"),
    }),
  },
  {
    title: "HelmRelease, HelmRepository of type oci, no version, targetNamespace",
    ref: "hr/app",
    objects: (make) => [
      hr(
        make,
        { chart: "podinfo", sourceRef: { kind: "HelmRepository", name: "src" } },
        { targetNamespace: "apps" },
      ),
      make("HelmRepository", "src", { interval: "10m", type: "oci", url: "oci://reg.example/charts" }),
    ],
    fsa: { repoURL: "oci://reg.example/charts", chart: "podinfo", targetRevision: "*", ...helm("apps-app") },
    loopback: { repoURL: "reg.example/charts", chart: "podinfo", targetRevision: "*", ...helm("apps-app") },
    warning: { fsa: "an FSA image shows none of its objects in other namespaces" },
  },
  {
    title: "HelmRelease, GitRepository",
    ref: "hr/app",
    objects: (make) => [
      hr(make, { chart: "./charts/podinfo", version: "1.0.0", sourceRef: gitRef }, { releaseName: "mine" }),
      git(make, { tag: "v1" }),
    ],
    fsa: { repoURL: "https://git.example/r", chart: "charts/podinfo", targetRevision: "v1", ...helm("mine") },
    loopback: {
      repoURL: "https://git.example/r",
      path: "charts/podinfo",
      targetRevision: "v1",
      ...helm("mine"),
    },
  },
  {
    title: "HelmRelease, Bucket",
    ref: "hr/app",
    objects: (make) => [
      hr(make, { chart: "./", sourceRef: { kind: "Bucket", name: "src" } }),
      make("Bucket", "src", { interval: "10m", bucketName: "b", endpoint: "minio.example" }),
    ],
    fsa: { repoURL: "https://minio.example/b", chart: ".", targetRevision: "HEAD", ...helm("app") },
    loopback: { repoURL: "https://minio.example/b", path: ".", targetRevision: "HEAD", ...helm("app") },
    warning: { loopback: "Argo CD cannot read buckets" },
  },
  {
    title: "HelmRelease, chartRef OCIRepository",
    ref: "hr/app",
    since: "2.3",
    objects: (make) => [
      make("HelmRelease", "app", { interval: "10m", chartRef: { kind: "OCIRepository", name: "src" } }),
      make("OCIRepository", "src", {
        interval: "10m",
        url: "oci://reg.example/org/charts/podinfo",
        ref: { tag: "6.9.0" },
      }),
    ],
    fsa: {
      repoURL: "oci://reg.example/org/charts",
      chart: "podinfo",
      targetRevision: "6.9.0",
      ...helm("app"),
    },
    loopback: {
      repoURL: "reg.example/org/charts",
      chart: "podinfo",
      targetRevision: "6.9.0",
      ...helm("app"),
    },
  },
  {
    title: "HelmRelease, chartRef HelmChart",
    ref: "hr/app",
    since: "2.3",
    objects: (make) => [
      make("HelmRelease", "app", { interval: "10m", chartRef: { kind: "HelmChart", name: "chart" } }),
      make("HelmChart", "chart", {
        interval: "10m",
        chart: "podinfo",
        version: ">=6.0.0",
        sourceRef: { kind: "HelmRepository", name: "src" },
      }),
      make("HelmRepository", "src", { interval: "10m", url: "https://charts.example" }),
    ],
    ...same({
      repoURL: "https://charts.example",
      chart: "podinfo",
      targetRevision: ">=6.0.0",
      ...helm("app"),
    }),
  },
  {
    title: "HelmRelease, chartRef HelmChart from Git",
    ref: "hr/app",
    since: "2.3",
    objects: (make) => [
      make("HelmRelease", "app", { interval: "10m", chartRef: { kind: "HelmChart", name: "chart" } }),
      make("HelmChart", "chart", { interval: "10m", chart: "./charts/x", sourceRef: gitRef }),
      git(make, { branch: "main" }),
    ],
    fsa: { repoURL: "https://git.example/r", chart: "charts/x", targetRevision: "main", ...helm("app") },
    loopback: { repoURL: "https://git.example/r", path: "charts/x", targetRevision: "main", ...helm("app") },
  },
  {
    title: "HelmRelease, chartRef ExternalArtifact",
    ref: "hr/app",
    since: "2.7",
    objects: (make) => [
      make("HelmRelease", "app", { interval: "10m", chartRef: { kind: "ExternalArtifact", name: "made" } }),
      ...generator(make, {
        sources: [{ alias: "repo", ...gitRef }],
        artifacts: [{ name: "made", copy: [{ from: "@repo/charts/podinfo/**", to: "@artifact/" }] }],
      }),
      git(make, { tag: "v9" }),
    ],
    fsa: { repoURL: "https://git.example/r", chart: "charts/podinfo", targetRevision: "v9", ...helm("app") },
    loopback: {
      repoURL: "https://git.example/r",
      path: "charts/podinfo",
      targetRevision: "v9",
      ...helm("app"),
    },
  },
  {
    title: "HelmRelease, OCIRepository: a tag that is a version with a build",
    ref: "hr/app",
    since: "2.3",
    objects: (make) => [
      make("HelmRelease", "app", { interval: "10m", chartRef: { kind: "OCIRepository", name: "src" } }),
      make("OCIRepository", "src", {
        interval: "10m",
        url: "oci://reg.example/app",
        ref: { tag: "1.0.0_up2" },
      }),
    ],
    fsa: { repoURL: "oci://reg.example", chart: "app", targetRevision: "1.0.0_up2", ...helm("app") },
    loopback: { repoURL: "reg.example", chart: "app", targetRevision: "1.0.0+up2", ...helm("app") },
  },
  {
    title: "HelmRelease, OCIRepository: a digest beside a tag",
    ref: "hr/app",
    since: "2.3",
    objects: (make) => [
      make("HelmRelease", "app", { interval: "10m", chartRef: { kind: "OCIRepository", name: "src" } }),
      make("OCIRepository", "src", {
        interval: "10m",
        url: "oci://reg.example/app",
        ref: { tag: "5.0.1", digest },
      }),
    ],
    fsa: { repoURL: "oci://reg.example", chart: "app", targetRevision: digest, ...helm("app") },
    loopback: { repoURL: "reg.example", chart: "app", targetRevision: "5.0.1", ...helm("app") },
  },
  {
    title: "HelmRelease, OCIRepository: a digest alone",
    ref: "hr/app",
    since: "2.3",
    objects: (make) => [
      make("HelmRelease", "app", { interval: "10m", chartRef: { kind: "OCIRepository", name: "src" } }),
      make("OCIRepository", "src", { interval: "10m", url: "oci://reg.example/app", ref: { digest } }),
    ],
    fsa: { repoURL: "oci://reg.example", chart: "app", targetRevision: digest, ...helm("app") },
    loopback: { repoURL: "oci://reg.example/app", path: ".", targetRevision: digest, ...helm("app") },
    warning: {
      loopback:
        "Argo CD's Sync button will refuse it, since Argo CD before 3.1 takes no digest for a Helm chart; ",
    },
  },
  {
    title: "HelmRelease, ExternalArtifact of a HelmChart with values from elsewhere",
    ref: "hr/app",
    since: "2.8",
    objects: (make) => [
      make("HelmRelease", "app", { interval: "10m", chartRef: { kind: "ExternalArtifact", name: "made" } }),
      ...generator(make, {
        sources: [
          { alias: "chart", kind: "HelmChart", name: "shop" },
          { alias: "repo", ...gitRef },
        ],
        artifacts: [
          {
            name: "made",
            copy: [
              { from: "@chart/", to: "@artifact/" },
              { from: "@repo/values-prod.yaml", to: "@artifact/shop/values.yaml", strategy: "Merge" },
            ],
          },
        ],
      }),
      make("HelmChart", "shop", {
        interval: "10m",
        chart: "shop",
        version: "1.x",
        sourceRef: { kind: "HelmRepository", name: "src" },
      }),
      make("HelmRepository", "src", { interval: "10m", url: "https://charts.example" }),
    ],
    ...same({ repoURL: "https://charts.example", chart: "shop", targetRevision: "1.x", ...helm("app") }),
    warning: { fsa: addedFiles, loopback: addedFiles },
  },
  {
    title: "HelmRelease, ExternalArtifact of a chart in a registry",
    ref: "hr/app",
    since: "2.7",
    objects: (make) => [
      make("HelmRelease", "app", { interval: "10m", chartRef: { kind: "ExternalArtifact", name: "made" } }),
      ...generator(make, {
        sources: [{ alias: "chart", kind: "OCIRepository", name: "src" }],
        artifacts: [{ name: "made", copy: [{ from: "@chart/**", to: "@artifact/" }] }],
      }),
      make("OCIRepository", "src", {
        interval: "10m",
        url: "oci://reg.example/charts/web",
        ref: { semver: ">=6.9.0" },
        layerSelector: {
          mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
          operation: "copy",
        },
      }),
    ],
    fsa: { repoURL: "oci://reg.example/charts", chart: "web", targetRevision: ">=6.9.0", ...helm("app") },
    loopback: { repoURL: "reg.example/charts", chart: "web", targetRevision: ">=6.9.0", ...helm("app") },
  },
  {
    title: "Kustomization, ExternalArtifact of a pathPattern",
    ref: "ks/app",
    since: "2.9",
    objects: (make) => [
      ks(make, { kind: "ExternalArtifact", name: "my-app-dev" }, { path: "./envs/dev" }),
      make(
        "ExternalArtifact",
        "my-app-dev",
        { sourceRef: { ...generatorRef, name: "gen" } },
        { labels: { app: "my-app", env: "dev" } },
      ),
      make("ArtifactGenerator", "gen", {
        sources: [{ alias: "mono", ...gitRef }],
        pathPattern: "@mono/apps/{app}/envs/{env}",
        artifacts: [
          {
            name: "{app}-{env}",
            copy: [{ from: "@mono/apps/{app}/envs/**", to: "@artifact/envs/" }],
          },
        ],
      }),
      git(make, { branch: "main" }),
    ],
    ...same({ repoURL: "https://git.example/r", path: "apps/my-app/envs/dev", targetRevision: "main" }),
  },
];

const groups: Readonly<Record<FluxKind, string>> = {
  Kustomization: "kustomize.toolkit.fluxcd.io",
  HelmRelease: "helm.toolkit.fluxcd.io",
  GitRepository: "source.toolkit.fluxcd.io",
  OCIRepository: "source.toolkit.fluxcd.io",
  HelmRepository: "source.toolkit.fluxcd.io",
  HelmChart: "source.toolkit.fluxcd.io",
  Bucket: "source.toolkit.fluxcd.io",
  ExternalArtifact: "source.toolkit.fluxcd.io",
  ArtifactGenerator: "source.extensions.fluxcd.io",
};

/**
 * A row's objects in a namespace of their own.
 *
 * @param versions the version of each kind; a kind without one stands in v1 (HelmRelease in v2, ArtifactGenerator v1beta1)
 */
export function objectsOf(
  row: Row,
  namespace: string,
  versions: Partial<Record<FluxKind, string>> = {},
): TestObject[] {
  const other = `${namespace}-other`;
  const make: Make = (kind, name, spec, metadata) => {
    const version =
      versions[kind] ?? { HelmRelease: "v2", ArtifactGenerator: "v1beta1" }[kind as string] ?? "v1";
    return {
      apiVersion: `${groups[kind]}/${version}`,
      kind,
      metadata: { name, namespace, ...metadata },
      spec,
    };
  };
  return JSON.parse(JSON.stringify(row.objects(make)).replaceAll("%other%", other));
}
