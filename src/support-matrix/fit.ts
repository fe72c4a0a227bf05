import { grouped } from "../grouped.js";
import { andList } from "../text/and-list.js";
import { type Candidate, isDevelopment, platformsOf, profileOf, type SupportMatrix } from "./candidate.js";
import { type Combination, combinationsOf, renderSources } from "./combination.js";
import { type FluxApis, servesFlux } from "./flux-apis.js";
import { type Verdict, verdictFor } from "./verdict.js";

/** What is known of the cluster that an image is for; whatever is left out could not be found out. */
export interface Circumstances {
  flux?: FluxApis | undefined;
  /** of its nodes: "linux/amd64" */
  platforms?: readonly string[] | undefined;
}

export interface Fit {
  /**
   * "full": shows all that this Flux serves; "degraded": some of it, or not on all nodes; "incompatible": nothing, or it
   * cannot run; "unknown": which Flux there is, is not known
   */
  level: "full" | "degraded" | "incompatible" | "unknown";
  /** the more it shows, the higher: 2 for what is shown with its children, 1 for what is shown without */
  score: number;
  verdicts: { combination: Combination; verdict: Verdict }[];
  /** what it does not show or do, a sentence without a full stop each */
  limits: string[];
}

/** How well a candidate fits a cluster. Pure; the cluster's part comes from detection. */
export function fitOf(matrix: SupportMatrix, candidate: Candidate, { flux, platforms }: Circumstances): Fit {
  const profile = profileOf(matrix, candidate);
  const verdicts = (flux ? combinationsOf(flux) : []).map((combination) => ({
    combination,
    verdict: verdictFor(candidate, profile, flux as FluxApis, combination),
  }));
  const score = verdicts.reduce((sum, { verdict }) => sum + points(verdict), 0);
  const hosts = platformsOf(matrix, candidate);
  const others = platforms?.filter((platform) => !hosts.includes(platform)) ?? [];
  const limits = [...limitsOf(verdicts), ...buildLimits(candidate)];
  const nothingToShow = flux !== undefined && verdicts.length === 0;
  if (nothingToShow)
    limits.push(
      `this cluster serves no ${servesFlux(flux) ? "sources for " : ""}Kustomizations and HelmReleases`,
    );
  if (others.length > 0)
    limits.push(
      `${candidate.flamingo} runs on ${andList(hosts)} only; this cluster has nodes of ${andList(others)}`,
    );
  return { level: levelOf(), score, verdicts, limits };

  function levelOf(): Fit["level"] {
    const runsNowhere = platforms !== undefined && others.length > 0 && others.length === platforms.length;
    if (runsNowhere || (verdicts.length > 0 && score === 0)) return "incompatible";
    if (others.length > 0 || nothingToShow) return "degraded";
    if (!flux) return "unknown";
    return verdicts.every(({ verdict }) => verdict.shows === "shows" && verdict.showsSource)
      ? "full"
      : "degraded";
  }
}

function points({ shows }: Verdict): number {
  return { shows: 2, "shows-without-children": 1, "does-not-show": 0, unknown: 0 }[shows];
}

/** One sentence for all combinations of a workload that have the same reason. */
function limitsOf(verdicts: Fit["verdicts"]): string[] {
  const groups = grouped(
    verdicts
      .filter(({ verdict }) => verdict.because !== undefined)
      .map((one) => [[one.combination.workload, one.verdict.shows, one.verdict.because].join("|"), one]),
  );
  return [...groups.values()].map((group) => {
    const { combination, verdict } = group[0] as Fit["verdicts"][number];
    const { workload } = combination;
    const all = verdicts.filter((one) => one.combination.workload === workload).length === group.length;
    const which = all ? "" : ` ${renderSources(group.map((one) => one.combination))}`;
    return `${workload}s${which} are ${how(verdict)}: ${verdict.because}`;
  });
}

function how({ shows, showsSource }: Verdict): string {
  if (shows === "shows-without-children") return "shown without their objects";
  return shows === "shows" && !showsSource ? "shown without their source" : "not shown";
}

function buildLimits(candidate: Candidate): string[] {
  const { status, confidence, image } = candidate;
  return [
    ...(status === "inferred"
      ? [`no document names ${image}: that it exists follows from its build only (confidence ${confidence})`]
      : []),
    ...(isDevelopment(candidate) ? [`${image} is a development build`] : []),
  ];
}
