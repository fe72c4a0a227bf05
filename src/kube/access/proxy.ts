import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a request, as Go programs choose it: HTTPS_PROXY or HTTP_PROXY (or in small letters) unless NO_PROXY
 * covers the address. `localhost` and loopback addresses are never proxied; ALL_PROXY does not count; what is no address
 * counts as none (golang.org/x/net, `http/httpproxy/proxy.go`).
 */
export function proxyFor(url: URL, env: Env): URL | undefined {
  const configured =
    url.protocol === "https:"
      ? env["HTTPS_PROXY"] || env["https_proxy"]
      : env["HTTP_PROXY"] || env["http_proxy"];
  if (!configured || isLocal(hostOf(url)) || isExcepted(url, env["NO_PROXY"] || env["no_proxy"] || "")) {
    return undefined;
  }
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(configured) ? configured : `http://${configured}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Is the address of `url` covered by a NO_PROXY list such as ".corp, 10.0.0.0/8, api.dev:6443"? */
function isExcepted(url: URL, list: string): boolean {
  const host = hostOf(url);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list
    .split(",")
    .map((item) => item.trim().toLowerCase())
    .some((item) => item === "*" || covers(item, host, port));
}

function covers(item: string, host: string, port: string): boolean {
  if (item.includes("/")) return inSubnet(item, host);
  const { name, onlyPort } = splitPort(item);
  if (name === "" || (onlyPort !== "" && onlyPort !== port)) return false;
  if (isIP(name)) return isIP(host) !== 0 && addresses(name).check(host, family(host));
  const domain = name.replace(/^\*\./, ".");
  const suffix = domain.startsWith(".") ? domain : `.${domain}`;
  return host.endsWith(ascii(suffix)) || (suffix !== domain && host === ascii(domain));
}

/** "api.dev:6443" and "[::1]:6443" have a port; "::1" is all address. */
function splitPort(item: string): { name: string; onlyPort: string } {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(item);
  return match
    ? { name: match[1] ?? match[2] ?? "", onlyPort: match[3] ?? "" }
    : { name: item, onlyPort: "" };
}

function inSubnet(item: string, host: string): boolean {
  const [address = "", prefix = ""] = item.split("/");
  if (!isIP(host) || !isIP(address) || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (isIP(address) === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), family(address));
  return list.check(host, family(host));
}

function isLocal(host: string): boolean {
  return host === "localhost" || (isIP(host) !== 0 && loopback().check(host, family(host)));
}

function loopback(): BlockList {
  const list = addresses("::1");
  list.addSubnet("127.0.0.0", 8, "ipv4");
  return list;
}

function addresses(address: string): BlockList {
  const list = new BlockList();
  list.addAddress(address, family(address));
  return list;
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** A URL writes IPv6 addresses in brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** Names with letters beyond ASCII as a URL has them; others (with `_` too) as they are. */
function ascii(name: string): string {
  const dot = name.startsWith(".") ? "." : "";
  return dot + (domainToASCII(name.slice(dot.length)) || name.slice(dot.length));
}
