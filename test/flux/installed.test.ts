import { describe, expect, test } from "vitest";
import { installedFlux, isMinorOpen } from "../../src/flux/installed/installed-flux.js";
import type { PodRunner } from "../../src/kube/kinds.js";
import {
  controllers,
  deployment,
  detect,
  fluxInstance,
  fluxReport,
  gitRepositoryCrd,
  labels,
  namespaceObject,
  of29,
  of222,
  of223,
  of293,
  serves,
} from "./installed-objects.js";

const crdLabels = "the labels of CRD gitrepositories.source.toolkit.fluxcd.io";
const images = "the images of the controllers";
const theFour =
  "Deployments helm-controller, kustomize-controller, notification-controller and source-controller in flux-system";

test("a Flux as installed", () => {
  const runners = controllers(of293, { labels: labels("v2.9.3"), replicas: 2, ready: 1 });
  const crd = gitRepositoryCrd({ labels: labels("v2.9.3") });
  const flux = detect("2.9", { runners, crd });
  expect(flux).toMatchObject({
    present: true,
    version: "2.9.3",
    minor: "2.9",
    evidence: [
      { by: "controllers", says: "2.9.3", where: theFour },
      { by: "crd-label", says: "2.9.3", where: "CRD gitrepositories.source.toolkit.fluxcd.io" },
      { by: "deployment-labels", says: "2.9.3", where: theFour },
      { by: "discovery", says: "2.9", where: "the API versions that are served" },
    ],
    disagreements: [],
    unknown: [],
    namespace: "flux-system",
  });
  expect(flux.owner).toBeUndefined();
  expect(flux.controllers[0]).toEqual({
    component: "source-controller",
    kind: "Deployment",
    name: "source-controller",
    namespace: "flux-system",
    container: "c0",
    image: "ghcr.io/fluxcd/source-controller:v1.9.3",
    version: "1.9.3",
    fluxMinor: "2.9",
    wanted: 2,
    ready: 1,
  });
});

test("nothing of Flux", () => {
  const others = [
    deployment("helm-controller", "rancher/helm-controller:v0.16.5", { namespace: "kube-system" }),
    deployment("notification-controller", "acme/notification-controller:v1.9.0", { namespace: "acme" }),
  ];
  expect(installedFlux({ served: {}, runners: others, unknown: ["cannot list StatefulSets: why"] })).toEqual({
    present: false,
    evidence: [],
    disagreements: [],
    unknown: ["cannot list StatefulSets: why"],
    controllers: [],
  });
});

describe("what the version is told by", () => {
  const crd = (version: string) => gitRepositoryCrd({ labels: labels(version) });
  test.each<[string, Parameters<typeof detect>, string | undefined, string | undefined]>([
    ["the images of a known release alone", ["2.9", { runners: controllers(of293) }], "2.9.3", "2.9"],
    ["the images of an unknown patch", ["2.9", { runners: controllers(of29) }], undefined, "2.9"],
    [
      "images, and a label that fits them",
      ["2.9", { runners: controllers(of29), crd: crd("v2.9.0") }],
      "2.9.0",
      "2.9",
    ],
    ["a label without v", ["2.9", { runners: controllers(of29), crd: crd("2.9.0") }], "2.9.0", "2.9"],
    [
      "labels of the Deployments",
      ["2.9", { runners: controllers(of29, { labels: labels("v2.9.1") }) }],
      "2.9.1",
      "2.9",
    ],
    [
      "labels that differ in the patch: no telling",
      ["2.9", { runners: controllers(of29, { labels: labels("v2.9.1") }), crd: crd("v2.9.0") }],
      undefined,
      "2.9",
    ],
    [
      "what the operator has applied before a label",
      [
        "2.9",
        {
          runners: controllers(of29),
          crd: crd("v2.9.0"),
          instances: [fluxInstance({ lastAppliedRevision: "v2.9.1@sha256:abc" })],
        },
      ],
      "2.9.1",
      "2.9",
    ],
    [
      "an operator's report and a label that differ, since the report repeats a label: no telling",
      [
        "2.9",
        {
          runners: controllers(of29, { labels: labels("v2.9.1") }),
          reports: [fluxReport({ distribution: { version: "v2.9.0" } })],
        },
      ],
      undefined,
      "2.9",
    ],
    [
      "what the operator has applied, where the APIs and a label allow another minor",
      [
        "2.10",
        {
          crd: crd("v2.10.0"),
          instances: [fluxInstance({ lastAppliedRevision: "v2.11.1@sha256:abc" })],
        },
      ],
      "2.11.1",
      "2.11",
    ],
    [
      "a label of a release that has other controllers: no telling",
      ["2.9", { runners: controllers(of29), crd: crd("v2.9.3") }],
      undefined,
      "2.9",
    ],
    [
      "three of the four controllers, and a label",
      ["2.9", { runners: controllers(of293).slice(0, 3), crd: crd("v2.9.3") }],
      "2.9.3",
      "2.9",
    ],
    ["three of the four controllers", ["2.9", { runners: controllers(of293).slice(0, 3) }], undefined, "2.9"],
    ["a label alone", ["2.9", { crd: crd("v2.9.1") }], "2.9.1", "2.9"],
    ["a label alone, of a tie", ["2.0", { crd: crd("v2.1.2") }], "2.1.2", "2.1"],
    ["a label alone, of an old Flux", ["0.37", { crd: crd("v0.36.0") }], "0.36.0", "0.36"],
    ["a label alone, of a new Flux", ["2.10", { crd: crd("v2.11.1") }], "2.11.1", "2.11"],
    ["a label that the APIs contradict", ["2.7", { crd: crd("v2.1.2") }], undefined, "2.7"],
    [
      "a Namespace's label",
      ["2.9", { namespaces: [namespaceObject("flux-system", "v2.9.1")] }],
      "2.9.1",
      "2.9",
    ],
    [
      "labels that differ in the patch, alone",
      ["2.9", { crd: crd("v2.9.0"), namespaces: [namespaceObject("flux-system", "v2.9.1")] }],
      undefined,
      "2.9",
    ],
    ["a label of a build", ["2.9", { crd: crd("v0.0.0-dev") }], undefined, "2.9"],
    ["a release candidate", ["2.0", { crd: crd("v2.0.0-rc.5") }], "2.0.0-rc.5", "2.0"],
    [
      "what the operator has applied",
      ["2.9", { instances: [fluxInstance({ lastAppliedRevision: "v2.9.4@sha256:abc" })] }],
      "2.9.4",
      "2.9",
    ],
    [
      "a report alone",
      ["2.9", { reports: [fluxReport({ distribution: { version: "v2.9.4" } })] }],
      "2.9.4",
      "2.9",
    ],
    [
      "the images of a report",
      [
        "2.2",
        {
          reports: [
            fluxReport({
              distribution: { version: "v2.1.2" },
              components: [{ name: "source-controller", image: "ghcr.io/fluxcd/source-controller:v1.2.4" }],
            }),
          ],
        },
      ],
      undefined,
      "2.2",
    ],
    ["the APIs alone", ["2.3"], undefined, "2.3"],
    ["the APIs alone, of several minors", ["0.38"], undefined, "0.38 to 0.41"],
    ["the APIs alone, of what is to come", ["2.10"], undefined, "2.10 or newer"],
    [
      "the APIs and a schema",
      [
        "2.4",
        {
          schemas: [
            {
              kind: "Kustomization",
              version: "v1",
              field: "healthCheckExprs",
              since: "2.5",
              has: true,
            },
          ],
        },
      ],
      undefined,
      "2.5",
    ],
    [
      "a Flux to come",
      ["2.10", { runners: controllers(["v1.12.0", "v1.12.1", "v1.9.0", "v1.12.0"]), crd: crd("v2.12.1") }],
      "2.12.1",
      "2.12",
    ],
    [
      "controllers with twins: the label decides",
      ["0.38", { runners: controllers(["v0.33.0", "v0.32.0", "v0.28.1", "v0.30.2"]), crd: crd("v0.38.2") }],
      "0.38.2",
      "0.38",
    ],
    [
      "controllers with twins alone",
      ["0.38", { runners: controllers(["v0.33.0", "v0.32.0", "v0.28.1", "v0.30.2"]) }],
      undefined,
      "0.38",
    ],
    [
      "labels of charts that write the controller's version",
      ["2.4", { runners: bitnami() }],
      undefined,
      "2.5",
    ],
    [
      "digests, and labels",
      ["2.9", { runners: byDigest({ labels: labels("v2.9.1") }), crd: crd("v2.9.1") }],
      "2.9.1",
      "2.9",
    ],
    ["digests alone", ["2.4", { runners: byDigest() }], undefined, "2.4 or 2.5"],
    [
      "no Flux but what an uninstall left",
      ["none", { namespaces: [namespaceObject("flux-system", "v2.9.1")] }],
      undefined,
      undefined,
    ],
    ["controllers without CRDs", ["none", { runners: controllers(of293) }], "2.9.3", "2.9"],
  ])("%s", (_, [minor, evidence], version, expectedMinor) => {
    const flux = detect(minor, evidence);
    expect({ version: flux.version, minor: flux.minor }).toEqual({ version, minor: expectedMinor });
  });
});

/** The version of each controller in the label that elsewhere has the version of Flux; 0.37 looks like an old Flux. */
function bitnami() {
  const versions = { kustomize: "1.5.1", "image-reflector": "0.34.0" };
  return Object.entries(versions).map(([name, version]) =>
    deployment(
      `fluxcd-${name}-controller`,
      `docker.io/bitnami/fluxcd-${name}-controller:${version}-debian-12-r1`,
      { labels: labels(version) },
    ),
  );
}

function byDigest(options: Parameters<typeof deployment>[2] = {}) {
  return ["source", "helm"].map((name) =>
    deployment(`${name}-controller`, `ghcr.io/fluxcd/${name}-controller@sha256:${name}`, options),
  );
}

describe("disagreements", () => {
  const crd = (version: string) => gitRepositoryCrd({ labels: labels(version) });
  test.each<[string, Parameters<typeof detect>, string[]]>([
    ["none", ["2.9", { runners: controllers(of293), crd: crd("v2.9.3") }], []],
    [
      "labels that lie, seen in the wild",
      ["2.2", { runners: controllers(of223, { labels: labels("2.1.2") }), crd: crd("2.1.2") }],
      [`${crdLabels} say 2.1.2, ${images} say 2.2`, `the labels of ${theFour} say 2.1.2, ${images} say 2.2`],
    ],
    [
      "labels that lie about a known release",
      ["2.2", { runners: controllers(of222), crd: crd("v2.1.2") }],
      [`${crdLabels} say 2.1.2, ${images} say 2.2.2`],
    ],
    [
      "CRDs that were not upgraded",
      ["2.7", { runners: controllers(of293), crd: crd("v2.9.3") }],
      [`the API versions that are served say 2.7, ${images} say 2.9.3`],
    ],
    [
      "single images that were bumped",
      ["2.0", { runners: bumped(), crd: crd("v2.1.2") }],
      [
        "the controllers are not of one Flux: helm-controller 0.37.1 (2.2), kustomize-controller 1.1.1 (2.1), notification-controller 1.1.0 (2.1), source-controller 1.2.3 (2.2)",
      ],
    ],
    [
      "an image that was bumped within its minor",
      ["2.9", { runners: controllers(of29), crd: crd("v2.9.3") }],
      [`${crdLabels} say 2.9.3, which has source-controller 1.9.3, and 1.9.0 runs`],
    ],
    [
      "a label that the APIs contradict",
      ["2.7", { crd: crd("v2.1.2") }],
      [`the API versions that are served say 2.7, ${crdLabels} say 2.1.2`],
    ],
    [
      "a report that copies a lie",
      [
        "2.2",
        {
          runners: controllers(of223),
          reports: [fluxReport({ distribution: { version: "v2.1.2" } })],
        },
      ],
      [`FluxReport flux in flux-system says 2.1.2, ${images} say 2.2`],
    ],
    ["none in the labels of charts that write the controller's version", ["2.4", { runners: bitnami() }], []],
    [
      "two installations",
      [
        "2.9",
        { runners: [...controllers(of293), ...controllers(of293, { namespace: "team-a" }).slice(0, 1)] },
      ],
      ["source-controller runs in flux-system and team-a"],
    ],
  ])("%s", (_, [minor, evidence], expected) => {
    expect(detect(minor, evidence).disagreements).toEqual(expected);
  });
});

function bumped() {
  return controllers(["v1.2.3", "v1.1.1", "v0.37.1", "v1.1.0"]);
}

test("controllers of several releases are none", () => {
  const flux = detect("2.0", { runners: bumped(), crd: gitRepositoryCrd({ labels: labels("v2.1.2") }) });
  expect(flux).toMatchObject({ minor: "2.1 and 2.2" });
  expect(flux.version).toBeUndefined();
});

test("CRDs of two releases, no controllers: a label is not believed", () => {
  const flux = installedFlux({
    served: { ...serves["2.7"], Kustomization: ["v1"] },
    crd: gitRepositoryCrd({ labels: labels("v2.7.5") }),
  });
  expect(flux.version).toBeUndefined();
  expect(flux.minor).toBeUndefined();
  expect(flux.disagreements).toEqual([
    expect.stringMatching(
      /^the CRDs are not of one Flux: Kustomization as in 2.8 or newer, HelmRelease as in 2.7/,
    ),
  ]);
});

describe("unknown", () => {
  test.each<[string, Parameters<typeof detect>, string[]]>([
    [
      "each reason once",
      [
        "2.9",
        { runners: [...byDigest(), deployment("kustomize-controller", "fluxcd/kustomize-controller:main")] },
      ],
      [
        "cannot tell the version of helm-controller and source-controller in flux-system: its image has a digest and no tag",
        'cannot tell the version of kustomize-controller in flux-system: its image tag "main" is no version',
      ],
    ],
    [
      "of a Flux to come",
      ["2.10", { runners: [deployment("source-controller", "fluxcd/source-controller:v3.1.0")] }],
      [
        "cannot tell the version of source-controller in flux-system: no Flux is known that has source-controller 3.1.0",
      ],
    ],
    [
      "a label of a build, where nothing else is seen",
      [
        "2.9",
        { crd: gitRepositoryCrd({ labels: labels("v0.0.0-dev") }), unknown: ["cannot list Deployments: no"] },
      ],
      ["cannot list Deployments: no", `${crdLabels} say "v0.0.0-dev", which is no version`],
    ],
    [
      "a label of a build, where images tell",
      ["2.9", { crd: gitRepositoryCrd({ labels: labels("v0.0.0-dev") }), runners: controllers(of293) }],
      [],
    ],
  ])("%s", (_, [minor, evidence], expected) => expect(detect(minor, evidence).unknown).toEqual(expected));
});

describe("a Flux of the Flux Operator", () => {
  const runners = byDigest();

  test("its images are known by their digests, if the operator tells", () => {
    const components = [
      {
        name: "source-controller",
        repository: "ghcr.io/fluxcd/source-controller",
        tag: "v1.9.3",
        digest: "sha256:source",
      },
    ];
    const instances = [fluxInstance({ lastAppliedRevision: "v2.9.4@sha256:abc", components })];
    const image = "ghcr.io/fluxcd/helm-controller:v1.6.3@sha256:helm";
    const reports = [fluxReport({ components: [{ name: "helm-controller", image }] })];
    const flux = detect("2.9", { runners, instances, reports });
    expect(flux).toMatchObject({ version: "2.9.4", minor: "2.9", unknown: [], disagreements: [] });
    expect(flux.controllers.map(({ version }) => version)).toEqual(["1.9.3", "1.6.3"]);
    expect(flux.owner).toEqual({ name: "flux-operator", where: "FluxInstance flux in flux-system" });
  });

  test("where it runs is said by the operator when it is not seen", () => {
    expect(detect("2.9", { reports: [fluxReport({}, "flux")] }).namespace).toBe("flux");
  });
});

describe("which controllers count", () => {
  const stranger = deployment("notification-controller", "acme/notification-controller:v0.3.0", {
    namespace: "acme",
  });
  const mirrored = deployment("source-controller", "registry.example/source-controller:v1.9.3", {
    namespace: "gitops",
  });
  const names = (runners: PodRunner[]) =>
    detect("2.9", { runners }).controllers.map(({ namespace, component }) => `${namespace}/${component}`);

  test("none of another project", () => {
    expect(names([...controllers(of293).slice(0, 1), stranger])).toEqual(["flux-system/source-controller"]);
  });

  test.each<[string, Parameters<typeof deployment>[2]]>([
    ["labels", { labels: { "app.kubernetes.io/part-of": "flux" } }],
    ["arguments", { args: ["--events-addr=", "--watch-all-namespaces=true"] }],
    ["arguments of a shell", { args: ["-c", "helm-controller --watch-all-namespaces --log-level=debug"] }],
  ])("a mirrored image with the %s of Flux, and its neighbours", (_, options) => {
    const certain = deployment("helm", "registry.example/helm-controller:v1.6.3", {
      namespace: "gitops",
      ...options,
    });
    expect(names([certain, mirrored, stranger])).toEqual([
      "gitops/helm-controller",
      "gitops/source-controller",
    ]);
  });

  test("mirrored images alone, where Flux is served", () => {
    expect(names([mirrored])).toEqual(["gitops/source-controller"]);
    expect(installedFlux({ served: {}, runners: [mirrored] }).controllers).toEqual([]);
  });

  test("all in one Deployment", () => {
    const all = ["source-controller:v1.9.3", "kustomize-controller:v1.9.4", "helm-controller:v1.6.3"];
    const images = [...all, "notification-controller:v1.9.2"].map((name) => `ghcr.io/fluxcd/${name}`);
    const runner = deployment("flux", images, { namespace: "cozy-fluxcd" });
    expect(detect("2.9", { runners: [runner] })).toMatchObject({
      version: "2.9.3",
      namespace: "cozy-fluxcd",
      evidence: [{ by: "controllers", where: "Deployment flux in cozy-fluxcd" }, {}],
    });
    expect(names([runner])).toHaveLength(4);
  });

  test("shards of one release", () => {
    const shards = ["shard1", "shard2"].map((shard) =>
      deployment(`source-controller-${shard}`, "ghcr.io/fluxcd/source-controller:v1.9.3"),
    );
    const flux = detect("2.9", { runners: [...controllers(of293), ...shards] });
    expect(flux).toMatchObject({ version: "2.9.3", disagreements: [] });
    expect(flux.controllers).toHaveLength(6);
  });

  test("shards of several patches are no release", () => {
    const shard = deployment("source-controller-shard1", "ghcr.io/fluxcd/source-controller:v1.9.2");
    const flux = detect("2.9", { runners: [...controllers(of293), shard] });
    expect(flux.version).toBeUndefined();
    expect(flux.minor).toBe("2.9");
  });

  test("the extension of Azure brings others along", () => {
    const azure = [
      deployment(
        "fluxconfig-agent",
        ["mcr.microsoft.com/azurearcflux/fluxconfig-agent:1.7.4", "mcr.microsoft.com/oss/fluent-bit:3.0.4"],
        {
          labels: labels("1.7.4"),
        },
      ),
      ...controllers(["v1.6.2-12", "v1.6.1-11", "v1.3.0-6", "v1.6.0-10"], {
        registry: "mcr.microsoft.com/oss/fluxcd",
        labels: labels("1.19.5"),
      }),
    ];
    const flux = detect("2.6", { runners: azure, servesFluxConfig: true });
    expect(flux).toMatchObject({ version: "2.6.4", disagreements: [], unknown: [] });
    expect(flux.controllers).toHaveLength(4);
    expect(flux.owner?.name).toBe("Azure extension");
  });
});

test.each([
  [
    "where most of it runs",
    {
      runners: [
        ...controllers(of293, { namespace: "b" }),
        ...controllers(of293, { namespace: "a" }).slice(1),
      ],
    },
    "b",
  ],
  ["the Namespace that has its label", { namespaces: [namespaceObject("fluxcd", "v2.9.3")] }, "fluxcd"],
  [
    "what the CRD's label says",
    { crd: gitRepositoryCrd({ labels: { ...labels("v2.9.3"), "app.kubernetes.io/instance": "fluxcd" } }) },
    "fluxcd",
  ],
  [
    "the namespace of the Helm release",
    { crd: gitRepositoryCrd({ annotations: { "meta.helm.sh/release-namespace": "kommander-flux" } }) },
    "kommander-flux",
  ],
  [
    "nothing: the label may be of Argo CD",
    { crd: gitRepositoryCrd({ labels: { "app.kubernetes.io/instance": "my-app" } }) },
    undefined,
  ],
  ["nothing", {}, undefined],
])("the namespace is %s", (_, evidence, namespace) => {
  expect(detect("2.9", evidence).namespace).toBe(namespace);
});

describe("the owner", () => {
  const crd = "CRD gitrepositories.source.toolkit.fluxcd.io";
  test.each<[string, Parameters<typeof detect>[1], string | undefined, string?]>([
    ["flux install", { crd: gitRepositoryCrd({ labels: labels("v2.9.3") }) }, undefined],
    [
      "bootstrap",
      { crd: gitRepositoryCrd({ labels: { "kustomize.toolkit.fluxcd.io/name": "flux-system" } }) },
      "flux bootstrap",
      crd,
    ],
    [
      "Helm's annotation",
      { crd: gitRepositoryCrd({ annotations: { "meta.helm.sh/release-name": "flux2" } }) },
      "Helm",
      crd,
    ],
    [
      "Helm's label",
      { runners: controllers(of293, { labels: { "app.kubernetes.io/managed-by": "Helm" } }) },
      "Helm",
      "Deployment source-controller in flux-system",
    ],
    [
      "timoni",
      { runners: controllers(of293, { labels: { "app.kubernetes.io/managed-by": "timoni" } }) },
      "timoni",
      "Deployment source-controller in flux-system",
    ],
    [
      "Argo CD",
      { crd: gitRepositoryCrd({ annotations: { "argocd.argoproj.io/tracking-id": "flux:…" } }) },
      "Argo CD",
      crd,
    ],
    ["OLM", { runners: [ownedByOlm()] }, "OLM", "Deployment source-controller in operators"],
    [
      "the Flux Operator, seen by its label",
      {
        crd: gitRepositoryCrd({
          labels: { "fluxcd.controlplane.io/name": "flux", "app.kubernetes.io/managed-by": "flux-operator" },
        }),
      },
      "flux-operator",
      crd,
    ],
    [
      "what a report says",
      { reports: [fluxReport({ distribution: { managedBy: "flux bootstrap" } })] },
      "flux bootstrap",
      "FluxReport flux in flux-system",
    ],
    [
      "the extension of Azure, which uses Helm",
      {
        servesFluxConfig: true,
        crd: gitRepositoryCrd({ labels: { "app.kubernetes.io/managed-by": "Helm" } }),
      },
      "Azure extension",
      "CRD fluxconfigs.clusterconfig.azure.com",
    ],
  ])("%s", (_, evidence, name, where) => {
    expect(detect("2.9", evidence).owner).toEqual(name && { name, where });
  });
});

function ownedByOlm() {
  const runner = deployment("source-controller", "ghcr.io/fluxcd/source-controller:v1.9.3", {
    namespace: "operators",
  });
  const owner = {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "ClusterServiceVersion",
    name: "flux.v2.9.3",
    uid: "1",
  };
  return { ...runner, metadata: { ...runner.metadata, ownerReferences: [owner] } };
}

test.each<[string, Parameters<typeof detect>, boolean]>([
  ["the APIs leave it open", ["2.4"], true],
  ["the APIs tell", ["2.3"], false],
  ["a label tells", ["2.4", { crd: gitRepositoryCrd({ labels: labels("v2.5.1") }) }], false],
  ["controllers are seen and tell nothing", ["2.4", { runners: byDigest() }], true],
  ["controllers are of several releases", ["2.4", { runners: bumped() }], false],
  ["there is no Flux", ["none"], false],
])("a look into the schemas, when %s", (_, [minor, evidence], expected) => {
  expect(isMinorOpen(detect(minor, evidence))).toBe(expected);
});
