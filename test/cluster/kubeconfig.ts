import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CertificateRequest, issueCertificate } from "./certificates.js";
import type { ClusterConnection } from "./connection.js";

export interface KubeconfigOptions {
  /** a user with a token, see `ClusterConnection.tokens`; `admin` when nothing else is given */
  user?: keyof ClusterConnection["tokens"];
  /** any token instead, such as an invalid one */
  token?: string;
  /** logs in with a client certificate: any user, any groups, also an expired one */
  certificate?: { user: string; groups?: string[] } & Pick<CertificateRequest, "notBefore" | "notAfter">;
  /** the `user` entry as it shall stand in the file, such as one with `exec` */
  credentials?: Record<string, unknown>;
  /** the current context's name; "test" when not given */
  context?: string;
  /** the current context's namespace */
  namespace?: string;
  /** another address than the API server's own, such as a proxy's */
  server?: string;
}

/** The kubeconfig as an object; certificates and keys are in it, so that it needs no other file. */
export function kubeconfigFor(connection: ClusterConnection, options: KubeconfigOptions = {}) {
  const name = options.context ?? "test";
  const namespace = options.namespace === undefined ? {} : { namespace: options.namespace };
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [
      {
        name,
        cluster: {
          server: options.server ?? connection.server,
          "certificate-authority-data": base64(connection.authority.cert),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name, ...namespace } }],
    users: [{ name, user: credentials(connection, options) }],
  };
}

/** Written into the cluster's own folder (JSON is YAML). Answers the path. */
export function writeKubeconfig(connection: ClusterConnection, options: KubeconfigOptions = {}): string {
  const path = join(connection.folder, `kubeconfig-${randomUUID()}.yaml`);
  writeFileSync(path, JSON.stringify(kubeconfigFor(connection, options), null, 2), { mode: 0o600 });
  return path;
}

function credentials(connection: ClusterConnection, options: KubeconfigOptions): Record<string, unknown> {
  if (options.credentials) return options.credentials;
  if (options.certificate) {
    const { user, groups, ...validity } = options.certificate;
    const { cert, key } = issueCertificate(connection.authority, {
      commonName: user,
      ...(groups ? { organizations: groups } : {}),
      ...validity,
    });
    return { "client-certificate-data": base64(cert), "client-key-data": base64(key) };
  }
  return { token: options.token ?? connection.tokens[options.user ?? "admin"] };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
