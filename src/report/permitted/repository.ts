import { globMatcher } from "../../argo/glob.js";

/**
 * Whether an AppProject's `sourceRepos` let an Application have this address (Argo CD `IsSourcePermitted`): one pattern
 * must match, and none that starts with "!" may forbid it.
 */
export function isRepositoryPermitted(patterns: readonly string[], url: string): boolean {
  const wanted = normalizeAddress(url);
  let permitted = false;
  for (const pattern of patterns) {
    if (pattern.startsWith("!")) {
      if (globMatcher(normalizeAddress(pattern.slice(1)), "/")(wanted)) return false;
      permitted = true;
    } else if (pattern === "*" || globMatcher(normalizeAddress(pattern), "/")(wanted)) {
      permitted = true;
    }
  }
  return permitted;
}

/** As Argo CD compares repositories: "git@host:o/r.git", "ssh://git@host/o/r" and "git@host/o/r" are one. */
function normalizeAddress(url: string): string {
  let address = url.trim().toLowerCase();
  if (/^(ssh:\/\/)?[^/:]*@[^@]+$/.test(address) && !address.startsWith("ssh://")) {
    address = address.replace(":", "/");
  }
  return address.replace(/\.git$/, "").replace(/^ssh:\/\//, "");
}
