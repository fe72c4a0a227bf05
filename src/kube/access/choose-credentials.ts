import { UserError } from "../../errors.js";
import type { Access } from "./access.js";
import { agentsFor } from "./agent.js";
import { basic, bearer, type CredentialSource, fixed, type Login, tokenFile } from "./credentials.js";
import { type ExecPluginDeps, execPlugin } from "./exec-plugin.js";
import type { AuthProvider } from "./kubeconfig-types.js";
import { oidcLogin } from "./oidc.js";
import { type ChosenProxy, proxyOf } from "./server-address.js";
import { readTlsSettings, type TlsSettings } from "./tls-settings.js";

export interface CredentialSettings {
  access: Access;
  /** user and password that stand in the server's address; stronger than the rest, as in kubectl */
  urlUser: Login | undefined;
  /** undefined over http, where nothing else is sent */
  tlsSettings: TlsSettings | undefined;
  /** is told tokens as they appear */
  onSecret(secret: string): void;
}

/**
 * How the user of this access signs in. Of several ways kubectl's order decides: token, password, client certificate, and
 * an exec plugin only when there is none of these (client-go `plugin/pkg/client/auth/exec/exec.go`, UpdateTransportConfig).
 *
 * @throws UserError for a user that is contradictory or signs in with something that kubectl has dropped
 */
export async function credentialsOf(
  { access, urlUser, tlsSettings, onSecret }: CredentialSettings,
  deps: ExecPluginDeps,
): Promise<CredentialSource> {
  const { user, cluster, description } = access;
  const doing = `Cannot get credentials for ${description}`;
  if (urlUser) return fixed(basic(urlUser));
  if (!tlsSettings) return fixed({});
  const hasPassword = user.username !== undefined || user.password !== undefined;
  if (user.token !== undefined && hasPassword) throw contradiction(doing, "a token and a password");
  if (user.exec && user.authProvider) throw contradiction(doing, "an exec plugin and an auth-provider");
  if (user.tokenFile !== undefined) return tokenFile(user.tokenFile, user.token, doing);
  if (user.token !== undefined) return fixed(bearer(user.token, doing));
  if (hasPassword) return fixed(basic(user));
  if (user.exec && !tlsSettings.certificate) {
    const ca = user.exec.provideClusterInfo ? tlsSettings.ownCa : undefined;
    return execPlugin({ plugin: user.exec, cluster, ca, description }, deps);
  }
  if (!user.authProvider) return fixed({});
  if (user.authProvider.name !== "oidc") throw dropped(doing, user.authProvider);
  const { config } = user.authProvider;
  return oidcLogin(
    config,
    description,
    { ...deps, agentFor: (url) => issuerAgent(url, config, deps) },
    onSecret,
  );
}

/** What is secret from the start. */
export function secretsOf(
  { user }: Access,
  urlUser: Login | undefined,
  proxy: ChosenProxy | undefined,
): string[] {
  return [user.token, user.password, urlUser?.password, proxy?.password].flatMap((text) =>
    text ? [text] : [],
  );
}

async function issuerAgent(url: URL, config: Record<string, string>, { env, signal }: ExecPluginDeps) {
  const data = config["idp-certificate-authority-data"];
  const cluster = {
    server: url.origin,
    certificateAuthority: config["idp-certificate-authority"] || undefined,
    certificateAuthorityData: data ? Buffer.from(data, "base64").toString("utf8") : undefined,
  };
  const description = `the OIDC issuer ${url.origin}`;
  const tlsSettings = await readTlsSettings({ cluster, user: {}, namespace: undefined, description });
  const proxy = proxyOf({ cluster, description }, url, env);
  return agentsFor({ tlsSettings, proxy, signal, description });
}

function contradiction(doing: string, both: string): UserError {
  return new UserError(`${doing}: the user has both ${both}`, {
    hint: "Take one of them out of the kubeconfig, or add --token",
  });
}

/** The programs that took the place of the providers that kubectl removed in 1.26. */
const successors: Record<string, string> = {
  gcp: "Install gke-gcloud-auth-plugin, then run: gcloud container clusters get-credentials CLUSTER",
  azure: "Install kubelogin, then run: kubelogin convert-kubeconfig",
};

function dropped(doing: string, { name }: AuthProvider): UserError {
  return new UserError(`${doing}: the auth-provider ${name} does not exist any more`, {
    hint: successors[name] ?? "Write the kubeconfig again with a current tool; it will use an exec plugin",
  });
}
