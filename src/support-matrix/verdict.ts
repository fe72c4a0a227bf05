import type { Candidate, Profile } from "./candidate.js";
import type { Combination } from "./combination.js";
import { type FluxApis, type FluxKind, preferredVersion } from "./flux-apis.js";
import { type Obstacle, reasonFor } from "./reason.js";
import type { Shows, Verdict } from "./shows.js";

/**
 * What an image shows of such workloads, from the versions alone that it asks for and the cluster serves and prefers. An
 * image looks up workload and source in versions that are written into its code, and puts below a workload what names an
 * owner of exactly the version that it expects, while Argo CD holds the workload in the cluster's preferred one.
 */
export function verdictFor(
  { flamingo }: Pick<Candidate, "flamingo">,
  profile: Profile | undefined,
  apis: FluxApis,
  { workload, source, reference }: Combination,
): Verdict {
  const verdict = (shows: Shows, showsSource: boolean, obstacle: Obstacle): Verdict => ({
    shows,
    showsSource,
    because: reasonFor(flamingo, obstacle),
  });
  if (!profile) return verdict("unknown", false, { is: "unknown-patches" });
  const { asksFor, treeOwner } = profile;

  const lookups = [{ kind: workload as FluxKind, asked: asksFor[workload] }];
  // with a chartRef no image finds the source, and shows the HelmRelease alone
  const showsSource = reference !== "chartRef";
  if (showsSource) lookups.push({ kind: source, asked: asksFor[source] ?? asksFor["anySource"] });
  for (const { kind, asked } of lookups) {
    const served = apis.served[kind];
    if (asked === undefined || !served.includes(asked))
      return verdict("does-not-show", false, { is: "lookup", kind, asked, served });
  }

  const expected = treeOwner[workload];
  const preferred = preferredVersion(apis, workload);
  if (expected === undefined || expected !== preferred)
    return verdict("shows-without-children", showsSource, {
      is: "tree",
      kind: workload,
      expected,
      preferred,
    });
  return showsSource ? { shows: "shows", showsSource } : verdict("shows", showsSource, { is: "chart-ref" });
}
