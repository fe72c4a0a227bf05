import { readArgoImage, releaseIn } from "../image.js";
import { argoVersionOfChart } from "./chart-versions.js";
import { labelsOf } from "./components.js";
import type { InstalledArgo, Part, VersionAnswer } from "./evidence.js";

type Version = Pick<InstalledArgo, "version" | "versionFrom">;

/**
 * The version of an Argo CD, from what can be believed most: a tag of its image, its own answer, the labels that its Helm
 * chart left. Of none of these when all are missing.
 *
 * @param parts components that run Argo CD itself, most telling first
 */
export function versionOf(parts: readonly Part[], answer: VersionAnswer | undefined): Version {
  const version =
    known("image", parts.map(imageVersion)) ??
    known("api", [answer && "version" in answer ? answer.version : undefined]) ??
    known("label", parts.map(labelVersion)) ??
    known("chart", parts.map(chartVersion));
  return version ?? {};
}

function known(
  versionFrom: "image" | "api" | "label" | "chart",
  found: (string | undefined)[],
): Version | undefined {
  const version = found.find((one) => one !== undefined);
  return version === undefined ? undefined : { version, versionFrom };
}

export function imageVersion({ component }: Part): string | undefined {
  return releaseIn(readArgoImage(component.image));
}

/** "v2.10.2-sha256-1b2c…" is the chart's way to write a tag with a digest. */
export function labelVersion({ runner }: Part): string | undefined {
  return versionIn(labelsOf(runner)["app.kubernetes.io/version"]);
}

/** Bitnami's chart is called argo-cd as well and counts otherwise; `part-of` tells which one it is. */
function chartVersion({ runner }: Part): string | undefined {
  const labels = labelsOf(runner);
  if (labels["app.kubernetes.io/part-of"] !== "argocd") return undefined;
  return argoVersionOfChart(labels["helm.sh/chart"] ?? "");
}

/**
 * "2.10.2" of "v2.10.2+9b93c5c.dirty". Undefined for what is no version, and for 99.99.99: so an Argo CD calls itself that
 * was built without being told its version (`common/version.go`).
 */
export function versionIn(text = ""): string | undefined {
  const version = /^v?(\d+\.\d+\.\d+)(?![.\d])/.exec(text)?.[1];
  return version === "99.99.99" ? undefined : version;
}
