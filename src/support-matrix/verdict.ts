import { andList } from "../text/and-list.js";
import type { Candidate, Profile } from "./candidate.js";
import type { Combination } from "./combination.js";
import { type FluxApis, type FluxKind, fluxKinds, preferredVersion } from "./flux-apis.js";

/** How much an image shows of a workload. */
export type Shows =
  | "shows"
  /** the workload is there, the objects that it applied are not */
  | "shows-without-children"
  | "does-not-show"
  /** the image's patches are not known */
  | "unknown";

export interface Verdict {
  shows: Shows;
  /** whether the source stands beside the workload */
  showsSource: boolean;
  /** why not everything is shown, without a full stop: {@link reasonFor} */
  because?: string;
}

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

/** Whether the workload is there, with or without its children. */
export function isShown({ shows }: Pick<Verdict, "shows">): boolean {
  return shows === "shows" || shows === "shows-without-children";
}

/** What keeps an image from showing something. */
type Obstacle =
  | { is: "unknown-patches" }
  /** it looks up a kind in a version that is not served, or (asked: undefined) not at all */
  | { is: "lookup"; kind: FluxKind; asked: string | undefined; served: readonly string[] }
  /** it puts objects below a workload of a version that is not the preferred one, or (expected: undefined) never */
  | { is: "tree"; kind: FluxKind; expected: string | undefined; preferred: string | undefined }
  | { is: "chart-ref" };

/**
 * Why an image does not show something, without a full stop: the one wording for every command.
 *
 * @param name of the candidate
 * @example "v2.8.4 asks for helm.toolkit.fluxcd.io/v2beta1; this cluster serves v2"
 */
function reasonFor(name: string, obstacle: Obstacle): string {
  switch (obstacle.is) {
    case "unknown-patches":
      return `what ${name} asks for is not known`;
    case "chart-ref":
      return `${name} does not follow chartRef`;
    case "lookup": {
      const { kind, asked, served } = obstacle;
      if (asked === undefined) return `${name} looks up no ${kind}`;
      // the groups of workloads have one kind only
      const what = kind === "Kustomization" || kind === "HelmRelease" ? "" : `${kind} in `;
      return `${name} asks for ${what}${fluxKinds[kind].group}/${asked}; this cluster serves ${andList(served) || "none"}`;
    }
    case "tree": {
      const { kind, expected, preferred = "none" } = obstacle;
      if (expected === undefined) return `${name} puts no objects below a ${kind}`;
      return `${name} puts objects below ${fluxKinds[kind].group}/${expected}; this cluster prefers ${preferred}`;
    }
  }
}
