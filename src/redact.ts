/** Keeps credentials out of everything that people read. Pure. */

/** The address without user name and password, without a slash at the end: "https://127.0.0.1:6443". */
export function redactUrl(url: string | URL): string {
  const text = typeof url === "string" ? url : url.href;
  return withoutUserinfo(text).replace(/\/$/, "");
}

/** The text with each of `secrets`, and the user name and password of any URL in it, taken out. */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== "") clean = clean.replaceAll(secret, "***");
  }
  return withoutUserinfo(clean);
}

function withoutUserinfo(text: string): string {
  return text.replace(/\/\/[^/\s"'?#]*@/g, "//");
}

/**
 * A repository's address as it may be written into an object that others read: no password, and over HTTP no user name
 * either, since tokens are put there. "ssh://git@host" stays. It may stand in a text: "${URL:=https://user:pw@host}".
 */
export function stripCredentials(url: string): string {
  // nearly all, asked several times for each of thousands of workloads
  if (!url.includes("@")) return url;
  return (
    url
      // a password that was not encoded may hold a slash: what follows the colon is no port then
      .replace(/(https?:\/\/|oci:\/\/)[^/@:$[]+:(?!\d*(?:[/?#]|$))[^@$]*@/gi, "$1")
      .replace(/(https?:\/\/|oci:\/\/)[^/]*@/gi, "$1")
      .replace(/([a-z][a-z+.-]*:\/\/[^/:@]*):[^/]*@/gi, "$1@")
  );
}
