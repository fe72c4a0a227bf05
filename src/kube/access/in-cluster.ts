import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Access } from "./access.js";

/** Where a kubelet puts the service account of a pod (client-go `rest/config.go`, InClusterConfig). */
export const serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The cluster that flamingo runs in, as the service account of its pod; undefined outside of a cluster. The token is
 * named, not read: the kubelet replaces the file well before the token in it expires.
 */
export function inClusterAccess(
  env: Readonly<Record<string, string | undefined>>,
  directory = serviceAccountDirectory,
): Access | undefined {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const tokenFile = path.join(directory, "token");
  if (!host || !isFile(tokenFile)) return undefined;
  const port = env["KUBERNETES_SERVICE_PORT"] || "443";
  const certificateAuthority = path.join(directory, "ca.crt");
  return {
    cluster: {
      server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      certificateAuthority: isFile(certificateAuthority) ? certificateAuthority : undefined,
    },
    user: { tokenFile },
    namespace: namespaceIn(directory),
    description: "the cluster that flamingo runs in",
  };
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function namespaceIn(directory: string): string | undefined {
  try {
    return readFileSync(path.join(directory, "namespace"), "utf8").trim() || undefined;
  } catch {
    // some pods mount only the token; nothing here depends on the namespace
    return undefined;
  }
}
