import type { ApplicationSource } from "./application.js";

/**
 * Whether Argo CD can tell what a revision of a source is, which its page asks for each entry of a history: details of a chart,
 * annotations of an OCI artifact (Argo CD 3.1), or else author and message of a commit (reposerver/repository.go
 * `GetRevisionChartDetails`, `GetOCIMetadata`, `GetRevisionMetadata`). It reads no Git repositories with hashes of sha256.
 */
export function isOpenable(revision: string, { repoURL = "", chart }: ApplicationSource): boolean {
  if (repoURL.startsWith("oci://")) return /^(sha256:[0-9a-f]{64}|\w[\w.-]{0,127})$/.test(revision);
  if (chart) return /^v?\d+(\.\d+){0,2}(-[\w.-]+)?(\+[\w.-]+)?$/.test(revision);
  return /^[0-9a-f]{40}$/.test(revision);
}
