import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compareKubeVersions } from "../../src/kube/discovery.js";
import type { Candidate, SupportMatrix } from "../../src/support-matrix/candidate.js";
import { type FluxApis, type FluxKind, fluxKinds } from "../../src/support-matrix/flux-apis.js";
import { readYaml } from "../../src/yaml.js";
import { isSharedMissing, sharedFlux } from "../cluster/shared.js";

/** The matrix that is published. */
export const matrix: SupportMatrix = JSON.parse(readFileSync("support-matrix.json", "utf8"));

/** @example candidate("v2.8.4-fl.21-main-6c72e98c") */
export function candidate(image: string): Candidate {
  const found = matrix.candidates.find((one) => one.image === image);
  if (!found) throw new Error(`no image ${image}`);
  return found;
}

const shared = process.env["FLAMINGO_SHARED"] ?? fileURLToPath(new URL("../../../shared", import.meta.url));

/** Where the matrix is built from. */
export const dataFolder = join(shared, "facts/data");
export const dataMissing = isSharedMissing("facts/data/fl-images.json");

/** What the data says of one image, the fields that tests look at. */
export interface ImageFact {
  argocd: string;
  image: string;
  status: string;
  channel: string;
  profile?: string;
}

/** "0.28..2.7", "2.2" or null by what is shown: worked out elsewhere, from the same patches and CRDs. */
export interface ProfileFact {
  images: number;
  flux_minors_computed: Record<string, string | null>;
}

export function facts(): {
  images: ImageFact[];
  profiles: Record<string, ProfileFact>;
  platforms: string[];
  flux_api_served: Record<string, { served: Record<string, string[]> }>;
} {
  return JSON.parse(readFileSync(join(dataFolder, "fl-images.json"), "utf8"));
}

/** The releases of Flux whose real manifests are there as a whole: "v0.37.0" … "v2.9.3", the oldest first. */
export const fluxTags: readonly string[] = isSharedMissing("flux")
  ? []
  : readdirSync(join(shared, "flux"))
      .filter((name) => existsSync(join(shared, "flux", name, "gotk-components.yaml")))
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));

interface Crd {
  kind: string;
  spec: { group: string; names: { kind: string }; versions: { name: string; served: boolean }[] };
}

const known = new Map<string, FluxApis>();

/** What a cluster with this release of Flux serves, read from the CRDs that it installs. */
export function fluxApis(tag: string): FluxApis {
  const found = known.get(tag);
  if (found) return found;
  const crds = sharedFlux(tag)
    .split(/^---$/m)
    .filter((document) => /^kind: CustomResourceDefinition$/m.test(document))
    .flatMap((document) => readYaml(document) as Crd[]);
  const served = Object.entries(fluxKinds).map(([name, { group, kind }]) => {
    const crd = crds.find(({ spec }) => spec.group === group && spec.names.kind === kind);
    const versions =
      crd?.spec.versions.filter((version) => version.served).map((version) => version.name) ?? [];
    return [name, versions.sort(compareKubeVersions)] as const;
  });
  const apis = { served: Object.fromEntries(served) as Record<FluxKind, string[]> };
  known.set(tag, apis);
  return apis;
}

/** Of "v2.9.3" it is "2.9". */
export function minorOfTag(tag: string): string {
  return tag.slice(1).split(".").slice(0, 2).join(".");
}

/** What a cluster serves, written down: kinds that are left out are not served. */
export function apisOf(
  served: Partial<Record<FluxKind, string[]>>,
  preferred?: Record<string, string>,
): FluxApis {
  const none = Object.fromEntries(Object.keys(fluxKinds).map((kind) => [kind, []]));
  return {
    served: { ...none, ...served } as Record<FluxKind, string[]>,
    ...(preferred ? { preferred } : {}),
  };
}
