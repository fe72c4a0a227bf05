import { idOfWorkload, shortKind, type Workload } from "../../flux/workload.js";
import { keyOf } from "../../kube/object-id.js";
import { openAdvisories, renderCounts } from "../../support-matrix/advisories.js";
import { candidateRunning, profileOf, type SupportMatrix } from "../../support-matrix/candidate.js";
import { type Combination, combinationOf, renderSources } from "../../support-matrix/combination.js";
import type { FluxApis } from "../../support-matrix/flux-apis.js";
import { type Verdict, verdictFor } from "../../support-matrix/verdict.js";
import type { AppRecord } from "./applications.js";
import { type Finding, type FindingId, type FoundObject, finding } from "./finding.js";

/**
 * What a running FSA image does not show of the kinds in use. A workload that an Application of the engine loopback shows
 * does not need the image.
 *
 * @param object what runs the image
 */
export function imageFindings(
  matrix: SupportMatrix,
  image: string,
  object: FoundObject,
  apis: FluxApis,
  { workloads, apps }: { workloads: readonly Workload[]; apps: readonly AppRecord[] },
): Finding[] {
  const candidate = candidateRunning(matrix, image);
  if (!candidate) {
    return [
      finding("image-unknown", object, {
        why: `what its FSA image ${image} shows is not known, since the support matrix does not have it`,
        remedy: "Take an image that flamingo list-candidates --all has, or name a newer matrix with --index",
      }),
    ];
  }
  const byLoopback = new Set(
    apps.filter(({ engine }) => engine === "loopback").map(({ shows }) => keyOf(shows)),
  );
  const inUse = inUseAmong(workloads.filter((workload) => !byLoopback.has(keyOf(idOfWorkload(workload)))));
  const profile = profileOf(matrix, candidate);
  return inUse.flatMap(({ combination, count }) => {
    const verdict = verdictFor(candidate, profile, apis, combination);
    const found = told(verdict);
    if (!found) return [];
    const { workload } = combination;
    const what = `${count} ${workload}${count === 1 ? "" : "s"} ${renderSources([combination])}`;
    return [
      finding(found.id, object, {
        why: `${what} ${count === 1 ? "is" : "are"} ${found.how}: ${verdict.because}`,
        remedy: `Show them with the engine loopback: flamingo generate-app --all -A --kind ${shortKind[workload]} --engine loopback --force`,
      }),
    ];
  });
}

function told({ shows, showsSource }: Verdict): { id: FindingId; how: string } | undefined {
  switch (shows) {
    case "does-not-show":
      return { id: "image-does-not-show", how: "not shown" };
    case "shows-without-children":
      return { id: "image-shows-no-children", how: "shown without their objects" };
    case "unknown":
      return { id: "image-unknown", how: "perhaps not shown" };
    case "shows":
      return showsSource ? undefined : { id: "image-shows-no-source", how: "shown without their source" };
  }
}

function inUseAmong(workloads: readonly Workload[]): { combination: Combination; count: number }[] {
  const inUse = new Map<string, { combination: Combination; count: number }>();
  for (const workload of workloads) {
    const combination = combinationOf(workload);
    if (!combination) continue;
    const key = Object.values(combination).join("|");
    const known = inUse.get(key) ?? { combination, count: 0 };
    known.count++;
    inUse.set(key, known);
  }
  return [...inUse.values()];
}

/**
 * The security advisories that an Argo CD is open to, in one finding.
 *
 * @param version "3.5.1"
 */
export function advisoryFindings(matrix: SupportMatrix, version: string, object: FoundObject): Finding[] {
  const open = openAdvisories(version, matrix.advisories);
  if (open.length === 0) return [];
  const worst = open.filter(({ severity }) => severity === "critical").map(({ id }) => id);
  const named = worst.length > 0 ? `, the critical ones ${worst.join(", ")}` : "";
  return [
    finding("open-advisories", object, {
      why: `Argo CD ${version} is open to ${open.length} security ${open.length === 1 ? "advisory" : "advisories"} (${renderCounts(open)})${named}`,
      remedy:
        "Upgrade Argo CD; https://github.com/argoproj/argo-cd/security/advisories tells which release fixes what",
    }),
  ];
}
