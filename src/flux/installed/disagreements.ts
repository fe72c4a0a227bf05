/** Where the findings contradict each other, as sentences without a full stop. */
import { andList } from "../../text/and-list.js";
import type { FluxController } from "./controllers.js";
import { type Claim, versionsOf } from "./findings.js";
import { knownMinorFor } from "./minors.js";
import { differenceFrom } from "./releases.js";

/**
 * Each finding against the best one that it contradicts, and against what runs: "the labels of CRD … say 2.1.2, the images
 * of the controllers say 2.2". What is contradicted contradicts nobody any more.
 *
 * @param claims the best witness first
 */
export function contradictions(claims: readonly Claim[], controllers: readonly FluxController[]): string[] {
  const believed: Claim[] = [];
  const sentences: string[] = [];
  for (const claim of claims) {
    const better = believed.find((other) => !agree(claim, other));
    const against = better ? `${says(claim)}, ${says(better)}` : refutation(claim, controllers);
    if (against === undefined) believed.push(claim);
    else sentences.push(against);
  }
  return sentences;
}

function says({ subject, says: what }: Claim): string {
  return `${subject} ${subject.startsWith("the ") ? "say" : "says"} ${what}`;
}

/** Whether both can be true. What is served is known by the age of the CRDs only. */
export function agree(a: Claim, b: Claim): boolean {
  if (a.version !== undefined && b.version !== undefined) return a.version === b.version;
  const byKnown = a.by === "discovery" || b.by === "discovery";
  const minorsOf = ({ minors }: Claim) => (byKnown ? minors.map(knownMinorFor) : minors);
  const others = minorsOf(b);
  return minorsOf(a).some((minor) => others.includes(minor));
}

/**
 * Why a version cannot be the one that runs though its minor is: "the labels of CRD … say 2.9.3, which has
 * source-controller 1.9.3, and 1.9.4 runs". Undefined when nothing is known against it.
 */
export function refutation(claim: Claim, controllers: readonly FluxController[]): string | undefined {
  if (claim.version === undefined || claim.byImages) return undefined;
  const ofMinor = controllers.filter(
    ({ fluxMinor }) => fluxMinor !== undefined && claim.minors.includes(fluxMinor),
  );
  const difference = differenceFrom(claim.version, versionsOf(ofMinor));
  if (!difference) return undefined;
  const { component, expected, runs } = difference;
  return `${says(claim)}, which has ${component} ${expected}, and ${runs} runs`;
}

/** "the controllers are not of one Flux: kustomize-controller 1.1.1 (2.1), source-controller 1.2.3 (2.2)" */
export function mixedControllers(controllers: readonly FluxController[]): string | undefined {
  const minors = new Set(controllers.flatMap(({ fluxMinor }) => fluxMinor ?? []));
  if (minors.size < 2) return undefined;
  const each = controllers
    .filter(({ fluxMinor }) => fluxMinor !== undefined)
    .map(({ component, version, fluxMinor }) => `${component} ${version} (${fluxMinor})`);
  return `the controllers are not of one Flux: ${[...new Set(each)].sort().join(", ")}`;
}

/** Two installations in one cluster, which reconcile the same objects: "source-controller runs in flux-system and team-a" */
export function doubledControllers(controllers: readonly FluxController[]): string[] {
  const places = new Map<string, Set<string>>();
  for (const { component, namespace } of controllers)
    places.set(component, (places.get(component) ?? new Set()).add(namespace));
  return [...places]
    .filter(([, namespaces]) => namespaces.size > 1)
    .map(([component, namespaces]) => `${component} runs in ${andList([...namespaces].sort())}`)
    .sort();
}
