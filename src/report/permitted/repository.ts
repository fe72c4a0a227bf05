import { globMatcher } from "../../argo/glob.js";
import { normalizeRepository } from "../../argo/repositories.js";

/**
 * Whether an AppProject's `sourceRepos` let an Application have this address (Argo CD `IsSourcePermitted`): one pattern
 * must match, and none that starts with "!" may forbid it.
 */
export function isRepositoryPermitted(patterns: readonly string[], url: string): boolean {
  const wanted = normalizeRepository(url);
  let permitted = false;
  for (const pattern of patterns) {
    if (pattern.startsWith("!")) {
      if (globMatcher(normalizeRepository(pattern.slice(1)), "/")(wanted)) return false;
      permitted = true;
    } else if (pattern === "*" || globMatcher(normalizeRepository(pattern), "/")(wanted)) {
      permitted = true;
    }
  }
  return permitted;
}
