import type { ConnectionFlags } from "../connection-flags.js";
import type { Transport } from "../transport.js";
import { type Access, withFlags, withoutEmpty } from "./access.js";
import { agentsFor } from "./agent.js";
import { chooseAccess, nothingChosen } from "./choose-access.js";
import { credentialsOf, secretsOf } from "./choose-credentials.js";
import { impersonationHeaders } from "./impersonation.js";
import { inClusterAccess } from "./in-cluster.js";
import { kubeconfigFiles, loadKubeconfig, shortPath } from "./kubeconfig.js";
import { addressOf, proxyOf } from "./server-address.js";
import { readTlsSettings } from "./tls-settings.js";

export interface TransportDeps {
  env: Readonly<Record<string, string | undefined>>;
  /** ends exec plugins, logins and connections through a proxy */
  signal: AbortSignal;
  cwd: string;
  stdin: { isTTY?: boolean | undefined };
  now(): Date;
  /** of the pod, when flamingo runs in one; `/var/run/secrets/kubernetes.io/serviceaccount` when not given */
  serviceAccountDirectory?: string | undefined;
}

/**
 * The way to the cluster that kubectl would talk to with the same flags and environment. Files are read, nothing is sent
 * and no plugin is run yet.
 *
 * @throws UserError for a kubeconfig, a name in it or a certificate file that is wrong
 */
export async function openTransport(flags: ConnectionFlags, deps: TransportDeps): Promise<Transport> {
  return transportFor(await accessFor(flags, deps), deps);
}

/** Kubeconfig and flags, or else the account of the pod that flamingo runs in. */
export async function accessFor(given: ConnectionFlags, deps: TransportDeps): Promise<Access> {
  const flags = withoutEmpty(given);
  const config = await loadKubeconfig(flags, deps);
  const chosen = chooseAccess(config, flags, deps);
  if (chosen) return chosen;
  const inCluster = inClusterAccess(deps.env, deps.serviceAccountDirectory);
  if (inCluster) return withFlags(inCluster, flags, deps);
  throw nothingChosen(
    config,
    kubeconfigFiles(flags, deps).map((file) => shortPath(file, deps.env)),
  );
}

/** The transport of an {@link Access} that was chosen or made otherwise. */
export async function transportFor(access: Access, deps: TransportDeps): Promise<Transport> {
  const { description } = access;
  const { server, user } = addressOf(access);
  const proxy = proxyOf(access, server, deps.env);
  // as in kubectl, certificates and credentials are for https only: over http anybody could read them
  const tlsSettings = server.protocol === "https:" ? await readTlsSettings(access) : undefined;
  const { agent, streamAgent, setCertificate, close } = agentsFor({
    tlsSettings,
    proxy,
    signal: deps.signal,
    description,
  });
  const secrets = new Set(secretsOf(access, user, proxy));
  const source = await credentialsOf(
    { access, urlUser: user, tlsSettings, onSecret: (text) => secrets.add(text) },
    deps,
  );
  const impersonation = impersonationHeaders(access.user.impersonate);
  let certificateInUse = tlsSettings?.certificate;

  return {
    server,
    agent,
    streamAgent,
    secrets,
    disableCompression: access.cluster.disableCompression === true,
    description,
    async headers() {
      const { authorization, certificate } = await source.current();
      if (certificate && certificate !== certificateInUse) {
        setCertificate(certificate, `Cannot use what the exec plugin answered for ${description}`);
        certificateInUse = certificate;
      }
      if (authorization === undefined) return impersonation;
      // "Bearer TOKEN": a token is known here at the latest
      secrets.add(authorization.slice(authorization.indexOf(" ") + 1));
      return { Authorization: authorization, ...impersonation };
    },
    renew: () => source.renew(),
    close,
  };
}
