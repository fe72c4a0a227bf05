import type { Kind } from "./object.js";

/** How kinds look in paths and in sentences. Pure. */

/**
 * The path of one object, or of a list when `name` is not given.
 *
 * @example "/apis/apps/v1/namespaces/argocd/deployments/argocd-server"
 */
export function resourcePath(
  kind: Kind,
  version: string,
  at: { namespace?: string | undefined; name?: string | undefined },
): string {
  const parts = kind.group === "" ? ["api", version] : ["apis", kind.group, version];
  if (at.namespace !== undefined) parts.push("namespaces", at.namespace);
  parts.push(kind.plural);
  if (at.name !== undefined) parts.push(at.name);
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}

/** As it stands in an object's `apiVersion`. */
export function apiVersionOf(kind: Kind, version: string): string {
  return kind.group === "" ? version : `${kind.group}/${version}`;
}

/** As kubectl takes it: "deployments.apps", "pods". */
export function resourceName(kind: Kind): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}

/** Several of a kind, spelled as the kind is: "HelmRepositories". */
export function pluralOf({ kind, plural }: Kind): string {
  const lower = kind.toLowerCase();
  let shared = 0;
  while (shared < lower.length && lower[shared] === plural[shared]) shared++;
  return kind.slice(0, shared) + plural.slice(shared);
}
