/**
 * A URL as Go's net/url writes it again after reading it (`url.Parse()` and `String()` of Go 1.26), for paths, hosts and users: a space
 * becomes `%20`. Undefined where Go refuses it.
 */
export function urlAsInGo(url: string): string | undefined {
  // one character for each byte, as Go escapes them
  const written = writtenAgain(Buffer.from(url, "utf8").toString("latin1"));
  return written && Buffer.from(written, "latin1").toString("utf8");
}

/** What is left as it is, beside letters, digits and "-_.~". */
const plain = {
  path: /[$&+,/:;=@]/,
  user: /[$&+,;=]/,
  host: /[!$&'()*+,;=:<>"]/,
};

function writtenAgain(url: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Go refuses them
  if (/[\x00-\x1F\x7F]/.test(url)) return undefined;
  const [, scheme = "", rest = "", query = ""] = /^([a-z][a-z0-9+.-]*:)?([^?#]*)(.*)$/is.exec(url) ?? [];
  const isRooted = rest.startsWith("/");
  if (!isRooted && scheme) return url;
  if (!isRooted && /^[^/]*:/.test(rest)) return undefined;
  const [, slashes = "", authority = "", path = ""] = /^(?:(\/\/)(?!\/)([^/]*))?(.*)$/s.exec(rest) ?? [];
  const parts = [slashes && authorityAgain(authority, scheme), pathAgain(path)];
  if (parts.includes(undefined)) return undefined;
  return `${scheme.toLowerCase()}${slashes}${parts.join("")}${query.replace(/#$/, "")}`;
}

/** Escapes stay as they are, unless something else has to be escaped: then all are written anew. */
function pathAgain(path: string): string | undefined {
  const text = unescaped(path);
  if (text === undefined) return undefined;
  return /^[\w.~!$&'()*+,;=:@[\]/%-]*$/.test(path) ? path : escaped(text, plain.path);
}

function authorityAgain(authority: string, scheme: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const host = hostAgain(authority.slice(at + 1), /^https?:/i.test(scheme));
  if (at === -1 || host === undefined) return host;
  const user = authority.slice(0, at);
  if (!/^[\w.:~!$&'()*+,;=%@-]*$/.test(user)) return undefined;
  const [, name = "", password] = /^([^:]*)(?::(.*))?$/.exec(user) ?? [];
  const again = [name, ...(password === undefined ? [] : [password])].map(unescaped);
  if (again.includes(undefined)) return undefined;
  return `${again.map((part = "") => escaped(part, plain.user)).join(":")}@${host}`;
}

function hostAgain(host: string, hasOneColon: boolean): string | undefined {
  if (/^\[[\da-f:.]+\](?::\d*)?$/i.test(host)) return host;
  const colon = hasOneColon ? host.indexOf(":") : host.lastIndexOf(":");
  if (colon !== -1 && !/^:\d*$/.test(host.slice(colon))) return undefined;
  // only what is not ASCII may be escaped, and the percent sign itself
  if (/[ \\^`{|}[\]]|%(?!25|[89a-f])/i.test(host)) return undefined;
  const text = unescaped(host);
  return text && escaped(text, plain.host);
}

function unescaped(text: string): string | undefined {
  if (/%(?![\da-f]{2})/i.test(text)) return undefined;
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function escaped(text: string, left: RegExp): string {
  const hex = (one: string) => one.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
  return text.replace(/[^A-Za-z0-9_.~-]/gs, (one) => (left.test(one) ? one : `%${hex(one)}`));
}
