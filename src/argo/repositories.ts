import type { Secret } from "../kube/kinds.js";
import { urlAsInGo } from "./go-url.js";

/** By this label Argo CD finds its Secrets. */
export const secretType = "argocd.argoproj.io/secret-type";

/** A repository that Argo CD was given, or credentials for all whose address begins so (Secrets of the types below). */
export interface KnownRepository {
  url: string;
  type: "repository" | "repo-creds";
  /** the only AppProject that may use it; "": all may */
  project: string;
}

/** Its credentials are not read further than the API server's answer. */
export function knownRepositoryFrom({ metadata, data }: Secret): KnownRepository {
  const text = (key: string) => Buffer.from(data?.[key] ?? "", "base64").toString("utf8");
  const type = metadata.labels?.[secretType] === "repo-creds" ? "repo-creds" : "repository";
  return { url: text("url"), type, project: type === "repository" ? text("project") : "" };
}

/** Whether Argo CD finds something to read an address with (util/db/repository_secrets.go). What is no URL must be the same. */
export function isKnownRepository(
  known: readonly KnownRepository[],
  { url, project }: { url: string; project: string },
): boolean {
  const wanted = normalizeRepository(url);
  return known.some((one) => {
    const address = normalizeRepository(one.url);
    if (one.type === "repo-creds") return address !== "" && wanted.startsWith(address);
    return (
      (wanted === "" ? one.url === url : address === wanted) &&
      (one.project === "" || one.project === project)
    );
  });
}

/**
 * As Argo CD compares repositories (`NormalizeGitURL`, util/git/git.go): "git@host:o/r.git", "ssh://git@host/o/r" and "git@host/o/r" are
 * one. Empty for what Go takes for no URL.
 */
export function normalizeRepository(url: string): string {
  let address = url.trim().toLowerCase();
  if (/^[^/:]*@[^@]+$/.test(address)) address = `ssh://${address.replace(":", "/")}`;
  return (urlAsInGo(address.replace(/\.git$/, "")) ?? "").replace(/^ssh:\/\//, "");
}
