/** From the form for FSA images to the one for `flamingo loopback`, of Applications that are there. Pure. */
import { annotation, label, syncOption } from "../names.js";
import type { Application, ApplicationSource } from "./application.js";

/**
 * The merge patch (RFC 7386) that makes an Application of the form fsa one of the form loopback, as `applicationFor()` writes it: whatever else people have
 * written into it stays. A stock Argo CD would take the first for its own, and Sync apply the workload a second time.
 */
export function toLoopbackForm({ metadata, spec }: Application): Record<string, unknown> {
  const options = spec?.syncPolicy?.syncOptions ?? [];
  return {
    metadata: { annotations: { [annotation.skipReconcile]: "true", [annotation.engine]: "loopback" } },
    spec: {
      syncPolicy: { syncOptions: options.filter((option) => option !== syncOption.fluxSubsystem) },
      ...(spec?.source?.chart === undefined
        ? {}
        : { source: resolvable(spec.source, metadata.labels?.[label.sourceType]) }),
    },
  };
}

/** For an FSA image a chart from Git has its path as `chart`; a stock Argo CD finds it by `path`, and an OCI registry without scheme. */
function resolvable(source: ApplicationSource, sourceType = ""): object {
  const { repoURL = "", chart = "", targetRevision = "" } = source;
  if (ofFolders.includes(sourceType) || chart === "." || chart.includes("/"))
    return { chart: null, path: chart };
  // a tag, which may have no "+"
  const version = sourceType === "OCIRepository" ? targetRevision.replaceAll("_", "+") : targetRevision;
  return { repoURL: repoURL.replace(/^oci:\/\/(.*?)\/*$/, "$1"), targetRevision: version };
}

/** A HelmChart may be of any source, so that only its path tells. */
const ofFolders: readonly string[] = ["GitRepository", "Bucket", "ExternalArtifact"];
