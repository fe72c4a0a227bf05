import { UserError } from "../../errors.js";
import { bearer, type CredentialSource } from "./credentials.js";
import { type OidcDeps, type OidcLogin, refreshedTokens } from "./oidc-refresh.js";

/** an id-token that is about to expire counts as expired (as in kubectl) */
const marginMs = 10_000;

/**
 * `auth-provider: {name: oidc}` as kubectl treats it (client-go `plugin/pkg/client/auth/oidc/oidc.go`): the id-token is the
 * bearer token; when it has expired, the refresh-token buys another one from the issuer.
 *
 * Other than kubectl, flamingo does not write new tokens into the kubeconfig: it keeps them in memory. An issuer that
 * takes each refresh-token only once will then ask for a new login.
 *
 * @param config idp-issuer-url, client-id, client-secret, id-token, refresh-token
 * @param description for errors: "context kind-dev"
 * @param onSecret is told each token that appears
 */
export function oidcLogin(
  config: Record<string, string>,
  description: string,
  deps: OidcDeps,
  onSecret: (secret: string) => void,
): CredentialSource {
  const doing = `Cannot get credentials for ${description}`;
  const login = loginFrom(config, doing);
  for (const secret of [login.idToken, login.refreshToken, login.clientSecret]) if (secret) onSecret(secret);
  let refreshing: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const tokens = await refreshedTokens(login, doing, deps);
    onSecret(tokens.idToken);
    onSecret(tokens.refreshToken);
    Object.assign(login, tokens);
  }

  return {
    async current() {
      if (expiryOf(login.idToken) - marginMs <= deps.now().getTime()) {
        refreshing ??= refresh().finally(() => {
          refreshing = undefined;
        });
        await refreshing;
      }
      return bearer(login.idToken, doing);
    },
    // a token that has not expired is as good as the next one
    renew: () => false,
  };
}

function loginFrom(config: Record<string, string>, doing: string): OidcLogin {
  for (const key of ["idp-issuer-url", "client-id"]) {
    if (config[key]) continue;
    throw new UserError(`${doing}: the auth-provider oidc of the user has no ${key}`, {
      hint: "Sign in again with the tool that wrote the kubeconfig",
    });
  }
  const {
    "idp-issuer-url": issuer = "",
    "client-id": clientId = "",
    "client-secret": clientSecret = "",
    "id-token": idToken = "",
    "refresh-token": refreshToken = "",
  } = config;
  if (!URL.canParse(issuer)) {
    throw new UserError(`${doing}: the idp-issuer-url ${issuer} is no address`, {
      hint: "Correct it in the kubeconfig",
    });
  }
  return { issuer: issuer.replace(/\/$/, ""), clientId, clientSecret, idToken, refreshToken };
}

/** When a JWT expires, in ms; 0 for what is none. Its signature is the API server's business. */
function expiryOf(token: string): number {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return Number((payload as { exp?: unknown }).exp) * 1000 || 0;
  } catch {
    return 0;
  }
}
