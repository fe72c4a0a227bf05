import { andList } from "../text/and-list.js";
import { type FluxKind, fluxKinds } from "./flux-apis.js";

/** What keeps an image from showing something. */
export type Obstacle =
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
export function reasonFor(name: string, obstacle: Obstacle): string {
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
