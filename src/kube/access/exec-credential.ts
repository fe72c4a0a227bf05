import { UserError } from "../../errors.js";
import { bearer, type Credential } from "./credentials.js";
import type { Cluster, ExecPlugin } from "./kubeconfig-types.js";

/** The part of `client.authentication.k8s.io` v1 and v1beta1 that a plugin answers. */
interface ExecCredential {
  apiVersion?: unknown;
  kind?: unknown;
  status?: {
    /** RFC 3339; without it the credential holds as long as the process */
    expirationTimestamp?: unknown;
    token?: unknown;
    clientCertificateData?: unknown;
    clientKeyData?: unknown;
  };
}

export interface ExecCall {
  plugin: ExecPlugin;
  cluster: Cluster;
  /** PEM of the cluster's CA, from data or file */
  ca: string | undefined;
  /** may it ask the person at the terminal? */
  interactive: boolean;
}

/** What a plugin finds in KUBERNETES_EXEC_INFO: an ExecCredential whose `spec` tells it about this call. */
export function execInfo({ plugin, cluster, ca, interactive }: ExecCall): string {
  const told = {
    server: cluster.server,
    "tls-server-name": cluster.tlsServerName,
    "insecure-skip-tls-verify": cluster.insecureSkipTlsVerify || undefined,
    "certificate-authority-data": ca === undefined ? undefined : Buffer.from(ca).toString("base64"),
    "proxy-url": cluster.proxyUrl,
    "disable-compression": cluster.disableCompression || undefined,
    config: cluster.execConfig,
  };
  const spec = { interactive, ...(plugin.provideClusterInfo ? { cluster: told } : {}) };
  return JSON.stringify({ kind: "ExecCredential", apiVersion: plugin.apiVersion, spec });
}

/**
 * The credential in what an exec plugin printed. None of it appears in an error: it may hold a token.
 *
 * @param doing begins the sentence: "Cannot get credentials for context dev from aws"
 * @param apiVersion the one in the kubeconfig, which the plugin has to answer in
 */
export function execCredentialIn(
  output: string,
  doing: string,
  apiVersion: string,
): { credential: Credential; expires: Date | undefined } {
  const wrong = (why: string) =>
    new UserError(`${doing}: ${why}`, {
      hint: "Run it by itself to see what it prints; it may need an update",
    });
  const answer = parsed(output);
  if (answer === undefined) throw wrong("what it printed is not a JSON object");
  if (answer.kind !== "ExecCredential") throw wrong("what it printed is not an ExecCredential");
  if (answer.apiVersion !== apiVersion) {
    throw wrong(`it answered in another apiVersion than ${apiVersion}, which the kubeconfig asks for`);
  }
  const { status } = answer;
  if (typeof status !== "object" || status === null) throw wrong("its answer has no status");
  const token = textIn(status.token);
  const cert = textIn(status.clientCertificateData);
  const key = textIn(status.clientKeyData);
  if (!token && !cert && !key) throw wrong("its answer has neither a token nor a client certificate");
  if ((cert === undefined) !== (key === undefined)) {
    throw wrong("its answer has a client certificate without its key, or a key without its certificate");
  }
  const credential: Credential = {
    ...(token ? bearer(token, doing) : {}),
    ...(cert && key ? { certificate: { cert, key } } : {}),
  };
  return { credential, expires: timeIn(status.expirationTimestamp) };
}

function parsed(output: string): ExecCredential | undefined {
  try {
    const value: unknown = JSON.parse(output);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A time that cannot be read counts as over: the plugin is asked again each time instead of never. */
function timeIn(value: unknown): Date | undefined {
  if (value === undefined || value === null) return undefined;
  const time = new Date(String(value));
  return Number.isNaN(time.getTime()) ? new Date(0) : time;
}
