import type { Condition } from "./condition.js";

/**
 * What Flux waits for, where a Ready that is False says that it waits rather than that something failed; undefined for a
 * failure. For a source that was not fetched yet, or is being fetched (helm-controller: HelmChartNotReady in Flux 2.2, later
 * SourceNotReady; both controllers: ArtifactFailed; a HelmChart: NoSourceArtifact). A path that is not in the artifact is a failure.
 */
export function waitsOn({
  status,
  reason = "",
  message = "",
}: Condition): "dependencies" | "source" | undefined {
  if (status !== "False") return undefined;
  if (reason === "DependencyNotReady") return "dependencies";
  if (["SourceNotReady", "HelmChartNotReady", "NoSourceArtifact"].includes(reason)) return "source";
  if (reason !== "ArtifactFailed") return undefined;
  return / not found$|artifact not found|is not ready/i.test(message) ? "source" : undefined;
}

/** Whether a newer revision has cut off the health checks, since Flux 2.8: it is applied at once. */
export function isCanceled({ status, reason }: Condition): boolean {
  return status === "False" && reason === "HealthCheckCanceled";
}
