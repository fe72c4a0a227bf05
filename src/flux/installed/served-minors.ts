/** Which Flux the served API versions are of. They tell the age of the CRDs, which may not be that of the controllers. */
import type { Kind } from "../../kube/object.js";
import { HelmRelease } from "../helm-release.js";
import { Kustomization } from "../kustomization.js";
import {
  ArtifactGenerator,
  Bucket,
  ExternalArtifact,
  GitRepository,
  HelmChart,
  HelmRepository,
  OCIRepository,
} from "../sources.js";
import { describeMinors, isSince, knownMinors, newestKnown, oldestKnown } from "./minors.js";

/** The kinds whose served versions tell Flux releases apart. */
export const tellingKinds = {
  Kustomization,
  HelmRelease,
  GitRepository,
  OCIRepository,
  HelmRepository,
  HelmChart,
  Bucket,
  ExternalArtifact,
  ArtifactGenerator,
  Alert: { group: "notification.toolkit.fluxcd.io", kind: "Alert", plural: "alerts" },
  Receiver: { group: "notification.toolkit.fluxcd.io", kind: "Receiver", plural: "receivers" },
  ImagePolicy: { group: "image.toolkit.fluxcd.io", kind: "ImagePolicy", plural: "imagepolicies" },
} satisfies Record<string, Kind>;

export type TellingKind = keyof typeof tellingKinds;

/** Every served version by kind; a kind that is left out is not served. */
export type ServedVersions = Readonly<Partial<Record<TellingKind, readonly string[]>>>;

/** The first minor with a version, and the last one if it was removed since. */
type Lifetime = readonly [since: string, until?: string];

const sourceBetas = { v1beta2: ["0.37", "2.7"], v1beta1: ["0.37", "2.6"] } as const;

/**
 * Version → the minors that serve it, the newest version first (CRDs of the releases 0.37 to 2.9; Alert v1 of 2.10 by its
 * documentation).
 */
const lifetimes: Record<TellingKind, Readonly<Record<string, Lifetime>>> = {
  Kustomization: { v1: ["2.0"], ...sourceBetas },
  HelmRelease: { v2: ["2.3"], v2beta2: ["2.2", "2.7"], v2beta1: ["0.37", "2.6"] },
  GitRepository: { v1: ["2.0"], ...sourceBetas },
  OCIRepository: { v1: ["2.6"], v1beta2: ["0.37", "2.7"] },
  HelmRepository: { v1: ["2.3"], ...sourceBetas },
  HelmChart: { v1: ["2.3"], ...sourceBetas },
  Bucket: { v1: ["2.4"], ...sourceBetas },
  ExternalArtifact: { v1: ["2.7"] },
  ArtifactGenerator: { v1beta1: ["2.7"] },
  Alert: { v1: ["2.10"], v1beta3: ["2.2"], v1beta2: ["0.38", "2.8"], v1beta1: ["0.37", "2.6"] },
  Receiver: { v1: ["2.0"], v1beta2: ["0.38", "2.8"], v1beta1: ["0.37", "2.6"] },
  ImagePolicy: { v1: ["2.7"], v1beta2: ["0.37", "2.8"], v1beta1: ["0.37", "2.6"] },
};

/** Those of {@link knownMinors} that serve just these versions. None when the kinds are of different releases. */
export function minorsServing(served: ServedVersions): string[] {
  const kinds = servedKinds(served);
  if (kinds.length === 0) return [];
  return knownMinors.filter((minor) => kinds.every(([kind, versions]) => serves(minor, kind, versions)));
}

/**
 * Says what does not fit together when the kinds are of different releases, as after an upgrade of some CRDs only:
 * "the CRDs are not of one Flux: Kustomization as in 2.8 or newer, HelmRelease as in 2.7".
 */
export function mixedCrds(served: ServedVersions): string | undefined {
  const kinds = servedKinds(served);
  if (kinds.length === 0 || minorsServing(served).length > 0) return undefined;
  const parts = kinds.map(([kind, versions]) => {
    const minors = describeMinors(minorsServing({ [kind]: versions }));
    return `${kind} as in ${minors ?? "no known Flux"}`;
  });
  return `the CRDs are not of one Flux: ${parts.join(", ")}`;
}

function servedKinds(served: ServedVersions): [TellingKind, readonly string[]][] {
  return (Object.keys(tellingKinds) as TellingKind[])
    .map((kind): [TellingKind, readonly string[]] => [kind, served[kind] ?? []])
    .filter(([, versions]) => versions.length > 0);
}

/** At both ends stand releases that are not known: an older one had fewer versions, a newer one has dropped some or has others. */
function serves(minor: string, kind: TellingKind, versions: readonly string[]): boolean {
  const known = Object.entries(lifetimes[kind]);
  const others = versions.filter((version) => !Object.hasOwn(lifetimes[kind], version));
  const hasIn = ([, [since, until]]: [string, Lifetime]) =>
    isSince(minor, since) && (until === undefined || isSince(until, minor));
  const [inIt, notInIt] = [known.filter(hasIn), known.filter((entry) => !hasIn(entry))];
  if (notInIt.some(([version]) => versions.includes(version))) return false;
  if (minor === oldestKnown) return others.every((version) => version.includes("alpha"));
  if (minor === newestKnown) {
    const newest = [known[0]?.[0], ...others.filter((version) => !version.includes("alpha"))];
    return versions.some((version) => newest.includes(version));
  }
  return others.length === 0 && inIt.every(([version]) => versions.includes(version));
}
