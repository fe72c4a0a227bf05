/**
 * A kubeconfig as flamingo reads it. Types only.
 *
 * Fields as in `k8s.io/client-go` v0.33, `tools/clientcmd/api/v1/types.go`; `…Data` fields are already decoded from base64,
 * and paths are absolute: both are relative to their file only there.
 */
export interface Kubeconfig {
  currentContext: string | undefined;
  clusters: ReadonlyMap<string, Cluster>;
  users: ReadonlyMap<string, User>;
  contexts: ReadonlyMap<string, Context>;
}

export interface Context {
  cluster: string | undefined;
  user: string | undefined;
  namespace: string | undefined;
  /** the kubeconfig that it stands in */
  file: string;
}

export interface Cluster {
  server?: string | undefined;
  certificateAuthority?: string | undefined;
  /** PEM; used instead of the file when both are there */
  certificateAuthorityData?: string | undefined;
  insecureSkipTlsVerify?: boolean | undefined;
  tlsServerName?: string | undefined;
  /** http, https or socks5; used instead of HTTPS_PROXY */
  proxyUrl?: string | undefined;
  disableCompression?: boolean | undefined;
  /** the extension `client.authentication.k8s.io/exec`: whatever an exec plugin wants to know of this cluster */
  execConfig?: unknown;
}

export interface User {
  /** PEM files */
  clientCertificate?: string | undefined;
  clientKey?: string | undefined;
  /** PEM; used instead of the files when both are there */
  clientCertificateData?: string | undefined;
  clientKeyData?: string | undefined;
  token?: string | undefined;
  /** used instead of `token` as long as it can be read */
  tokenFile?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  impersonate?: Impersonation | undefined;
  exec?: ExecPlugin | undefined;
  authProvider?: AuthProvider | undefined;
}

/** `as`, `as-uid`, `as-groups`, `as-user-extra`: whom the API server shall take us for. */
export interface Impersonation {
  user?: string | undefined;
  uid?: string | undefined;
  groups: string[];
  extra: Record<string, string[]>;
}

export interface ExecPlugin {
  /** a name to look up in the PATH, or an absolute path; "" and `apiVersion` "" when they are missing */
  command: string;
  args: string[];
  /** added to flamingo's own environment */
  env: Record<string, string>;
  apiVersion: string;
  interactiveMode: string | undefined;
  provideClusterInfo: boolean;
  installHint: string | undefined;
}

export interface AuthProvider {
  /** only "oidc" is left; kubectl removed the others in 1.26 */
  name: string;
  config: Record<string, string>;
}
