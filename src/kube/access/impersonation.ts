import type { Impersonation } from "./kubeconfig-types.js";

/**
 * The headers by which the API server takes us for somebody else, a list where one is sent several times
 * (https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation).
 */
export function impersonationHeaders(
  impersonate: Impersonation | undefined,
): Record<string, string | string[]> {
  if (impersonate?.user === undefined) return {};
  const { user, uid, groups, extra } = impersonate;
  const headers: Record<string, string | string[]> = { "Impersonate-User": user };
  if (uid !== undefined) headers["Impersonate-Uid"] = uid;
  if (groups.length > 0) headers["Impersonate-Group"] = groups;
  for (const [key, values] of Object.entries(extra)) headers[`Impersonate-Extra-${headerName(key)}`] = values;
  return headers;
}

/** What a header's name cannot hold is percent-encoded: "scopes/a" becomes "scopes%2Fa". */
function headerName(key: string): string {
  return [...Buffer.from(key)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[\w!#$&'*+.^`|~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}
