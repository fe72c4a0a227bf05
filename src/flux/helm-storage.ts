import { gunzipSync } from "node:zlib";
import type { Secret } from "../kube/kinds.js";
import type { KubeObject } from "../kube/object.js";
import { groupOf, versionOf } from "../kube/object-id.js";
import { readYaml, YamlError } from "../yaml.js";
import { deployedIn, type HelmRelease, releaseNameOf } from "./helm-release.js";
import { minorsServing } from "./installed/served-minors.js";
import type { InventoryObject } from "./inventory.js";
import { fluxHas } from "./versions.js";

/** What Helm stores of a release, the fields that are read; whoever may write Secrets may write anything there. */
interface StoredRelease {
  namespace?: unknown;
  manifest?: unknown;
}

/** Far more than a chart has, and little enough to be read at once. A Secret of 1 MiB can unfold to a thousand times as much. */
const mostBytes = { release: 64 << 20, manifest: 8 << 20 };

/** Whether a Flux whose HelmRelease is served in these versions leaves it to Helm's storage what was applied: before 2.8. */
export function isInventoryStored(servedVersions: readonly string[]): boolean {
  return minorsServing({ HelmRelease: servedVersions }).some(
    (minor) => !fluxHas("listsReleaseObjects", minor),
  );
}

/**
 * The Secret that holds the newest release of a HelmRelease; undefined before the first release. Where it lies and how it is
 * called is as the spec says: the status, which tenants may write, only counts the releases.
 */
export function releaseSecretOf({
  metadata,
  spec,
  status,
}: HelmRelease): { namespace: string; name: string } | undefined {
  const { releaseName, targetNamespace, storageNamespace } = spec ?? {};
  const release = releaseNameOf({ name: metadata.name, releaseName, targetNamespace });
  const history = (status?.history ?? []).filter(({ name }) => name === release);
  const revision = (deployedIn(history) ?? history[0])?.version ?? status?.lastReleaseRevision;
  if (!revision) return undefined;
  return {
    namespace: storageNamespace || metadata.namespace || "",
    name: releaseSecretName(release, revision),
  };
}

/** "sh.helm.release.v1.podinfo.v3" */
export function releaseSecretName(release: string, revision: number): string {
  return `sh.helm.release.v1.${release}.v${revision}`;
}

/**
 * The objects of a release, as Helm 3 and 4 store them in a Secret of the type `helm.sh/release.v1`: base64 (Kubernetes') of
 * base64 of gzip of JSON with the rendered manifest. Before Flux 2.8 a HelmRelease does not list them itself.
 *
 * @param isNamespaced whether objects of a kind live in namespaces, since Helm leaves out that of the release
 * @returns undefined when the Secret holds no release that can be read
 */
export function objectsOfRelease(
  secret: Secret,
  isNamespaced: (kind: { group: string; kind: string }) => boolean,
): InventoryObject[] | undefined {
  if (secret.type !== "helm.sh/release.v1") return undefined;
  const { manifest, namespace } = decode(secret.data?.["release"]) ?? {};
  if (typeof manifest !== "string" || manifest.length > mostBytes.manifest) return undefined;
  const home = typeof namespace === "string" ? namespace : "";
  return documentsIn(manifest)?.flatMap((document) => {
    if (!isObject(document)) return [];
    const { apiVersion, kind, metadata } = document;
    const group = groupOf(apiVersion);
    const own = typeof metadata.namespace === "string" ? metadata.namespace : home;
    const namespace = isNamespaced({ group, kind }) ? own : "";
    return [{ group, version: versionOf(apiVersion), kind, namespace, name: metadata.name }];
  });
}

function documentsIn(manifest: string): unknown[] | undefined {
  try {
    return readYaml(manifest);
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

function decode(data: string | undefined): StoredRelease | null | undefined {
  if (data === undefined) return undefined;
  const inner = Buffer.from(Buffer.from(data, "base64").toString("latin1"), "base64");
  try {
    // Helm reads releases without gzip, too
    const json =
      inner[0] === 0x1f && inner[1] === 0x8b
        ? gunzipSync(inner, { maxOutputLength: mostBytes.release })
        : inner;
    return JSON.parse(json.toString("utf8")) as StoredRelease | undefined;
  } catch {
    return undefined;
  }
}

function isObject(document: unknown): document is KubeObject {
  const { apiVersion, kind, metadata } = (document ?? {}) as Partial<KubeObject>;
  return typeof apiVersion === "string" && typeof kind === "string" && typeof metadata?.name === "string";
}
