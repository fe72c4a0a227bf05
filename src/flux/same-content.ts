import type { KubeObject } from "../kube/object.js";
import { gitRevision } from "./source-content.js";
import type { Bucket, GitRepository, OCIRepository } from "./sources.js";

/** Whether two sources hold the same: one repository at one ref, however their addresses are written. */
export function holdSame(one: KubeObject, other: KubeObject): boolean {
  const content = contentOf(one);
  return content !== undefined && content === contentOf(other);
}

/** "GitRepository git.example/team/fleet main" */
function contentOf(source: KubeObject): string | undefined {
  const { url, ref } = (source as GitRepository).spec ?? {};
  const { endpoint, bucketName } = (source as Bucket).spec ?? {};
  if (source.kind === "Bucket" && endpoint) return `Bucket ${endpoint} ${bucketName}`;
  if (!url) return undefined;
  if (source.kind === "GitRepository")
    return `GitRepository ${bareAddress(url)} ${gitRevision(ref).replace(/^refs\/(?:heads|tags)\//, "")}`;
  if (source.kind !== "OCIRepository") return undefined;
  const { digest, semver, tag } = (source as OCIRepository).spec?.ref ?? {};
  return `OCIRepository ${bareAddress(url)} ${digest || semver || tag || "latest"}`;
}

/** "git.example/team/fleet" of "https://git.example/team/fleet.git", "ssh://git@git.example:22/team/fleet" and "git@git.example:team/fleet". */
function bareAddress(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, "")
    .replace(/^[^/@]*@/, "")
    .replace(/^([^/:]+):(?:(?:22|443)(?=\/))?\/?/, "$1/")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
}
