import { UserError } from "../../errors.js";
import { type Access, withoutUser } from "./access.js";
import type { Login } from "./credentials.js";
import { proxyFor } from "./proxy.js";

/**
 * The API server's address, without query, fragment and user. Without a scheme it is http, as in kubectl.
 *
 * @throws UserError for what is no http or https address
 */
export function addressOf({ cluster, description }: Access): { server: URL; user: Login | undefined } {
  const text = hasScheme(cluster.server) ? cluster.server : `http://${cluster.server}`;
  const server = URL.canParse(text) ? new URL(text) : undefined;
  if (server?.protocol !== "https:" && server?.protocol !== "http:") {
    throw new UserError(
      `Cannot connect to ${description}: its server ${withoutUser(cluster.server)} is no http or https address`,
      {
        hint: "Correct the cluster's server in the kubeconfig, or add --api-server https://HOST:PORT",
      },
    );
  }
  const { username, password } = server;
  const user = username === "" ? undefined : { username: decoded(username), password: decoded(password) };
  Object.assign(server, { username: "", password: "", search: "", hash: "" });
  return { server, user };
}

export interface ChosenProxy {
  url: URL;
  /** its address without user and password: "http://proxy.corp:3128" */
  shown: string;
  password: string;
  /** where it comes from, for the reader of an error */
  hint: string;
}

const proxySchemes = ["http:", "https:", "socks5:", "socks5h:"];

/**
 * The proxy to `url`: the cluster's proxy-url, always, or what the environment says.
 *
 * @throws UserError for a proxy of another kind
 */
export function proxyOf(
  { cluster, description }: Pick<Access, "cluster" | "description">,
  url: URL,
  env: Readonly<Record<string, string | undefined>>,
): ChosenProxy | undefined {
  const configured = cluster.proxyUrl;
  const proxy = configured === undefined ? proxyFor(url, env) : parsed(configured);
  const variable = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  if (proxy === undefined && configured === undefined) return undefined;
  if (proxy === undefined || proxy.host === "" || !proxySchemes.includes(proxy.protocol)) {
    throw new UserError(
      `Cannot connect to ${description}: the proxy in ${configured === undefined ? variable : "proxy-url"} is not http, https or socks5`,
      { hint: "Write it like http://proxy.example:3128" },
    );
  }
  const fromEnvironment = `It comes from ${variable}; NO_PROXY lists what is reached directly`;
  return {
    url: proxy,
    shown: `${proxy.protocol}//${proxy.host}`,
    password: decoded(proxy.password),
    hint: configured === undefined ? fromEnvironment : "It is the proxy-url of the cluster in the kubeconfig",
  };
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function hasScheme(address: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
