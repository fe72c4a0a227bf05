import type { RequestOptions } from "node:http";
import { urlToHttpOptions } from "node:url";
import { UserError } from "../../errors.js";
import { exchange } from "../exchange.js";
import type { ServerAgents } from "./agent.js";

export interface OidcDeps {
  /** an agent for the issuer's servers: its CA, the proxy */
  agentFor(url: URL): Promise<Pick<ServerAgents, "agent" | "close">>;
  signal: AbortSignal;
  now(): Date;
}

/** One user's login; tokens and secret are "" when there are none. */
export interface OidcLogin {
  /** its address without a slash at the end */
  issuer: string;
  clientId: string;
  clientSecret: string;
  idToken: string;
  refreshToken: string;
}

const timeoutMs = 30_000;

/**
 * Another id-token for the refresh-token, and the refresh-token to use from now on.
 *
 * @param doing begins the sentence: "Cannot get credentials for context dev"
 * @throws UserError when the issuer refuses ("the login has expired") or cannot be reached
 */
export async function refreshedTokens(
  login: OidcLogin,
  doing: string,
  deps: OidcDeps,
): Promise<Pick<OidcLogin, "idToken" | "refreshToken">> {
  if (login.refreshToken === "") throw expired(doing, "its id-token is over and there is no refresh-token");
  const discovery = await askJson(
    new URL(`${login.issuer}/.well-known/openid-configuration`),
    undefined,
    doing,
    deps,
  );
  const endpoint = textIn(discovery.body, "token_endpoint");
  if (discovery.status !== 200 || endpoint === undefined || !URL.canParse(endpoint)) {
    throw new UserError(
      `${doing}: ${login.issuer} is no OIDC issuer (its openid-configuration names no token_endpoint)`,
      {
        hint: "Check idp-issuer-url in the kubeconfig",
      },
    );
  }
  if (new URL(login.issuer).protocol === "https:" && new URL(endpoint).protocol !== "https:") {
    throw new UserError(`${doing}: ${login.issuer} names a token_endpoint without TLS`, {
      hint: "Whoever runs the issuer can correct its openid-configuration; the refresh-token was not sent",
    });
  }
  const answer = await askForTokens(new URL(endpoint), login, doing, deps);
  if (answer.status !== 200) {
    const why =
      textIn(answer.body, "error_description") ?? textIn(answer.body, "error") ?? `HTTP ${answer.status}`;
    throw expired(doing, `${login.issuer} gives no new token: ${why}`);
  }
  const idToken = textIn(answer.body, "id_token");
  if (idToken === undefined)
    throw expired(doing, `${login.issuer} gave no id_token (a login without the scope openid)`);
  return { idToken, refreshToken: textIn(answer.body, "refresh_token") ?? login.refreshToken };
}

/** Client id and secret go into a header first and, when that is refused, into the form: issuers differ (RFC 6749, 2.3.1). */
async function askForTokens(url: URL, login: OidcLogin, doing: string, deps: OidcDeps): Promise<JsonAnswer> {
  const grant = { grant_type: "refresh_token", refresh_token: login.refreshToken };
  if (login.clientSecret !== "") {
    const pair = `${encodeURIComponent(login.clientId)}:${encodeURIComponent(login.clientSecret)}`;
    const Authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
    const answer = await askJson(url, { form: grant, headers: { Authorization } }, doing, deps);
    if (answer.status === 200) return answer;
  }
  const secret = login.clientSecret === "" ? {} : { client_secret: login.clientSecret };
  return askJson(url, { form: { ...grant, client_id: login.clientId, ...secret } }, doing, deps);
}

interface JsonAnswer {
  status: number;
  body: unknown;
}

async function askJson(
  url: URL,
  post: { form: Record<string, string>; headers?: Record<string, string> } | undefined,
  doing: string,
  { agentFor, signal }: OidcDeps,
): Promise<JsonAnswer> {
  const body = post && new URLSearchParams(post.form).toString();
  const { agent, close } = await agentFor(url);
  const options: RequestOptions = {
    ...(urlToHttpOptions(url) as RequestOptions),
    method: post ? "POST" : "GET",
    agent,
    headers: {
      Accept: "application/json",
      ...(body === undefined
        ? {}
        : { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": Buffer.byteLength(body) }),
      ...post?.headers,
    },
  };
  try {
    const { status, bytes } = await exchange(options, body, { timeoutMs, signal });
    return { status, body: jsonIn(bytes.toString("utf8")) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    throw new UserError(`${doing}: cannot ask ${url.origin} for a new token: ${(error as Error).message}`, {
      hint: "Check idp-issuer-url and idp-certificate-authority in the kubeconfig, and the network",
      cause: error,
    });
  } finally {
    close();
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textIn(body: unknown, key: string): string | undefined {
  const value: unknown =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>)[key] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** @param why may hold words of the issuer: on one line, and not longer than people read */
function expired(doing: string, why: string): UserError {
  const line = why.replace(/[\p{Cc}\s]+/gu, " ").slice(0, 300);
  return new UserError(`${doing}: the login has expired: ${line}`, {
    hint: "Sign in again with the tool that wrote the kubeconfig",
  });
}
