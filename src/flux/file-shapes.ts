import type { Shape } from "./shape.js";

const reference: Shape = { kind: "text", name: "text", namespace: "text" };
const credentials = { secretRef: {}, provider: "text" } as const;
/** What the controllers wrote, as `kubectl get -o yaml` dumps it. */
export const statusShape: Shape = {
  conditions: [{ type: "text", status: "text", message: "text" }],
  inventory: { entries: [{ id: "text" }] },
};

/** What templates of a ResourceSet are in. */
const templates = { resources: [{}], resourcesTemplate: "text" } as const;

/** What every object needs to be told apart. */
export const metadataShape: Shape = { name: "text", namespace: "text", labels: {}, annotations: {} };

/**
 * The fields that flamingo reads from files, by kind, as their CRDs have them (the same ones as in `kustomization.ts`,
 * `helm-release.ts`, `sources.ts`, `flux-instance.ts` and `resource-set.ts`).
 */
export const specShapes: Readonly<Record<string, Shape>> = {
  Kustomization: {
    sourceRef: reference,
    path: "text",
    targetNamespace: "text",
    namePrefix: "text",
    nameSuffix: "text",
    patches: [{ patch: "text", target: {} }],
    components: ["text"],
    ignoreMissingComponents: "switch",
    images: [{ name: "text", newName: "text", newTag: "text", digest: "text" }],
    buildMetadata: ["text"],
    commonMetadata: { labels: {}, annotations: {} },
    postBuild: {
      substitute: {},
      substituteFrom: [{ kind: "text", name: "text", optional: "switch" }],
      substituteStrategy: "text",
    },
    suspend: "switch",
    kubeConfig: {},
  },
  HelmRelease: {
    chart: { spec: { chart: "text", version: "text", sourceRef: reference } },
    chartRef: reference,
    valuesFrom: [{ kind: "text", name: "text", valuesKey: "text", targetPath: "text" }],
    releaseName: "text",
    targetNamespace: "text",
    suspend: "switch",
    kubeConfig: {},
  },
  GitRepository: {
    url: "text",
    ref: { branch: "text", tag: "text", semver: "text", name: "text", commit: "text" },
    ignore: "text",
    ...credentials,
  },
  OCIRepository: {
    url: "text",
    ref: { digest: "text", semver: "text", tag: "text" },
    layerSelector: { mediaType: "text" },
    ...credentials,
  },
  HelmRepository: { url: "text", type: "text", ...credentials },
  HelmChart: { chart: "text", version: "text", sourceRef: reference },
  Bucket: { bucketName: "text", endpoint: "text", region: "text", insecure: "switch", ...credentials },
  ExternalArtifact: { sourceRef: reference },
  ArtifactGenerator: {
    sources: [{ alias: "text", kind: "text", name: "text", namespace: "text" }],
    pathPattern: "text",
    artifacts: [{ name: "text", copy: [{ from: "text", to: "text", strategy: "text" }] }],
  },
  ResourceSet: {
    ...templates,
    steps: [templates],
    inputs: [{}],
    inputsFrom: [{ name: "text", selector: {} }],
    inputStrategy: { name: "text" },
    commonMetadata: { labels: {}, annotations: {} },
  },
  ResourceSetInputProvider: { type: "text", defaultValues: {} },
  FluxInstance: {
    sync: {
      kind: "text",
      name: "text",
      url: "text",
      ref: "text",
      path: "text",
      provider: "text",
      pullSecret: "text",
    },
  },
};
