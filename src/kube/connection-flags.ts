/**
 * kubectl's configuration flags, by the same names (`--api-server` is kubectl's `--server`). Types only.
 * What is undefined comes from the kubeconfig.
 */
export interface ConnectionFlags {
  kubeconfig?: string | undefined;
  context?: string | undefined;
  cluster?: string | undefined;
  user?: string | undefined;
  as?: string | undefined;
  asGroup?: string[] | undefined;
  asUid?: string | undefined;
  token?: string | undefined;
  clientCertificate?: string | undefined;
  clientKey?: string | undefined;
  certificateAuthority?: string | undefined;
  tlsServerName?: string | undefined;
  insecureSkipTlsVerify?: boolean | undefined;
  disableCompression?: boolean | undefined;
  /** milliseconds for one request; undefined means the default */
  requestTimeoutMs?: number | undefined;
  apiServer?: string | undefined;
}
