import path from "node:path";
import { UserError, usageError } from "../../errors.js";
import type { ConnectionFlags } from "../connection-flags.js";
import type { Cluster, Impersonation, User } from "./kubeconfig-types.js";

/** One cluster and who we are there: kubeconfig entries with the flags laid over them. */
export interface Access {
  cluster: Cluster & { server: string };
  user: User;
  /** of the context */
  namespace: string | undefined;
  /** "context kind-dev (~/.kube/config)" */
  description: string;
}

/** Flags that were given as "" count as not given, as in kubectl: scripts write `--context "$CONTEXT"`. */
export function withoutEmpty(flags: ConnectionFlags): ConnectionFlags {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== ""));
}

/**
 * The flags laid over what a kubeconfig or the pod says, by kubectl's rules (client-go `tools/clientcmd/client_config.go`):
 * `--api-server` forgets the tls-server-name, a CA or `--insecure-skip-tls-verify` forgets the CA of the kubeconfig.
 *
 * Beyond kubectl: `--token` replaces every other way to sign in that does not come from a flag too. kubectl would send the
 * certificate as well, or prefer a tokenFile, and the API server would take us for somebody else than was asked for.
 */
export function withFlags(access: Access, flags: ConnectionFlags, { cwd }: { cwd: string }): Access {
  const server = flags.apiServer ?? access.cluster.server;
  const cluster = { ...clusterWithFlags(access.cluster, flags, cwd), server };
  const user = userWithFlags(access.user, flags, cwd);
  const { impersonate } = user;
  if (impersonate !== undefined && impersonate.user === undefined) throw impersonationOfNobody(flags, access);
  return { ...access, cluster, user };
}

function clusterWithFlags(cluster: Cluster, flags: ConnectionFlags, cwd: string): Cluster {
  const result = { ...cluster };
  if (flags.insecureSkipTlsVerify === true || flags.certificateAuthority !== undefined) {
    result.certificateAuthorityData = undefined;
    result.certificateAuthority = absolute(flags.certificateAuthority, cwd);
    result.insecureSkipTlsVerify = flags.insecureSkipTlsVerify;
  } else if (flags.insecureSkipTlsVerify === false) {
    result.insecureSkipTlsVerify = false;
  }
  if (flags.disableCompression !== undefined) result.disableCompression = flags.disableCompression;
  if (flags.tlsServerName !== undefined || flags.apiServer !== undefined) {
    result.tlsServerName = flags.tlsServerName;
  }
  return result;
}

function userWithFlags(user: User, flags: ConnectionFlags, cwd: string): User {
  const result: User = flags.token === undefined ? { ...user } : { token: flags.token };
  if (flags.clientCertificate !== undefined) {
    result.clientCertificate = absolute(flags.clientCertificate, cwd);
    result.clientCertificateData = undefined;
  }
  if (flags.clientKey !== undefined) {
    result.clientKey = absolute(flags.clientKey, cwd);
    result.clientKeyData = undefined;
  }
  result.impersonate = impersonationWithFlags(user.impersonate, flags);
  return result;
}

function impersonationWithFlags(
  configured: Impersonation | undefined,
  { as, asUid, asGroup = [] }: ConnectionFlags,
): Impersonation | undefined {
  if (as === undefined && asUid === undefined && asGroup.length === 0) return configured;
  return {
    user: as ?? configured?.user,
    uid: asUid ?? configured?.uid,
    groups: asGroup.length > 0 ? asGroup : (configured?.groups ?? []),
    extra: configured?.extra ?? {},
  };
}

function absolute(file: string | undefined, cwd: string): string | undefined {
  return file === undefined ? undefined : path.resolve(cwd, file);
}

/** An address that can be shown: "https://ada:secret@api:6443" becomes "https://api:6443". */
export function withoutUser(address: string): string {
  return address.replace(/\/\/[^/]*@/, "//");
}

function impersonationOfNobody(flags: ConnectionFlags, { description }: Access): UserError {
  if (flags.asUid !== undefined || flags.asGroup !== undefined) {
    return usageError("Cannot impersonate a group or uid alone: --as is missing", "Add --as USER");
  }
  return new UserError(
    `Cannot impersonate in ${description}: the user has as-groups, as-uid or as-user-extra without as`,
    { hint: "Add --as USER, or correct the user in the kubeconfig" },
  );
}
