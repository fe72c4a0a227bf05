/** A Flux whose controllers do what they are asked for, with sources of every kind and workloads that are made of them. */
import { gzipSync } from "node:zlib";
import type { KubeObject } from "../../../src/kube/object.js";
import { requestAnnotation } from "../../../src/names.js";
import { charts, fi, flux, git, hr, ks, rset } from "../../builders/flux.js";
import type { TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";

export const sources = [
  git(),
  charts,
  flux("OCIRepository", "images", { url: "oci://registry.example/web", ref: { tag: "latest" } }),
  flux("Bucket", "files", { endpoint: "files.example", bucketName: "web" }),
  flux("HelmRepository", "others", { url: "https://others.example" }),
  flux("HelmChart", "chart", { chart: "web", sourceRef: { kind: "HelmRepository", name: "others" } }),
  flux("HelmChart", "apps-shop", { chart: "web", sourceRef: { kind: "HelmRepository", name: "charts" } }),
  flux("GitRepository", "parts", { url: "https://git.example/parts" }),
  flux("ArtifactGenerator", "maker", {
    sources: [{ alias: "parts", kind: "GitRepository", name: "parts" }],
    artifacts: [{ name: "made", copy: [{ from: "@parts/**", to: "@artifact/" }] }],
  }),
  flux("ExternalArtifact", "made", {
    sourceRef: {
      apiVersion: "source.extensions.fluxcd.io/v1beta1",
      kind: "ArtifactGenerator",
      name: "maker",
    },
  }),
];
const from = (kind: string, name: string) => ({ sourceRef: { kind, name } });
export const workloads = [
  ks("web"),
  ks("image", from("OCIRepository", "images")),
  ks("file", from("Bucket", "files")),
  ks("part", from("ExternalArtifact", "made")),
  hr("shop"),
  hr("chart", { chartRef: { kind: "HelmChart", name: "chart" } }),
  ks("short-lived"),
];

/** Those of the Flux Operator, of which `--auto` makes no Applications. */
export const operated = [rset("set"), fi("apps/flux")];

export function ofCore(kind: string, at: string, fields: object = {}): KubeObject {
  const [namespace = "", name = ""] = at.split("/");
  return { apiVersion: "v1", kind, metadata: { name, namespace }, ...fields };
}

/** What Helm stored of the release shop: the ConfigMap of-shop. */
export const stored = ofCore("Secret", "apps/sh.helm.release.v1.shop.v1", {
  type: "helm.sh/release.v1",
  data: {
    release: encoded({
      namespace: "apps",
      manifest: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: of-shop}",
    }),
  },
});

function encoded(release: object): string {
  const helms = gzipSync(JSON.stringify(release)).toString("base64");
  return Buffer.from(helms).toString("base64");
}

/** What Flux's controllers write: that they have done what was asked for. */
export function reconciled({ kind, metadata }: KubeObject): object {
  const { name, generation = 1, annotations = {} } = metadata;
  const lastHandledReconcileAt = annotations[requestAnnotation.reconcile];
  const isOperated = kind === "ResourceSet" || kind === "FluxInstance";
  const isOfHelm = kind === "HelmRelease" || kind === "HelmChart";
  const revision = isOfHelm ? "1.0.0" : "main@sha1:6c9f0a5ad3a4c4b9e3f1c1d2e5f6a7b8c9d0e1f2";
  const ready = {
    type: "Ready",
    status: "True",
    reason: "Succeeded",
    message: "done",
    observedGeneration: generation,
    lastTransitionTime: "2026-01-02T03:04:05Z",
  };
  const attempted = { lastAttemptedRevision: revision, lastAppliedRevision: revision };
  const history = [{ name, namespace: "apps", version: 1, status: "deployed", chartVersion: revision }];
  return {
    observedGeneration: generation,
    conditions: [ready],
    ...(lastHandledReconcileAt === undefined ? {} : { lastHandledReconcileAt }),
    ...(kind === "Kustomization" || isOperated ? { ...attempted, inventory: { entries: [] } } : {}),
    ...(kind === "HelmRelease" ? { ...attempted, helmChart: `apps/apps-${name}`, history } : {}),
    ...(kind === "HelmRelease" || kind === "Kustomization" || isOperated ? {} : { artifact: { revision } }),
  };
}

/** Does once what Flux's controllers do all the time. */
export async function handleRequests(cluster: TestCluster): Promise<void> {
  for (const one of [...sources, ...workloads, ...operated]) {
    const found = await cluster.find<Handled>(one.apiVersion, one.kind, one.metadata.name, "apps");
    const asked = found?.metadata.annotations?.[requestAnnotation.reconcile];
    if (found && asked !== undefined && asked !== found.status?.lastHandledReconcileAt)
      await cluster.apply({ ...one, status: reconciled(found) } as TestObject);
  }
}

type Handled = TestObject & { status?: { lastHandledReconcileAt?: string } };
