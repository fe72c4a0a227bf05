/** Keeps credentials out of everything that people read. Pure. */

/** The address without user name and password, without a slash at the end: "https://127.0.0.1:6443". */
export function redactUrl(url: string | URL): string {
  const text = typeof url === "string" ? url : url.href;
  return withoutUserinfo(text).replace(/\/$/, "");
}

/** A text may have anything shorter in it by chance, and what is hidden there tells it. */
const shortestSecret = 6;

/**
 * The text with each of `secrets`, and the user name and password of any URL in it, taken out. Secrets of a few letters are only
 * where a URL has them.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= shortestSecret) clean = clean.replaceAll(secret, "***");
  }
  return withoutUserinfo(clean);
}

function withoutUserinfo(text: string): string {
  if (!text.includes("@")) return text;
  return text
    .split(/(["'\n])/)
    .map(withoutPasswords)
    .join("")
    .replace(/\/\/[^/\s"'?#]*@/g, "//");
}

/** A user and ":", unless a port follows. */
const user = /\/\/[^/\s?#@:[]*:(?!\d*(?:[/?#\s]|$))/g;
/** "@" before what may be a host. */
const end = /@(?=\[?[\w.:-]+\]?(?::\d+)?(?:[/\s?#,;)]|$))/g;

/** A password that was not encoded may hold whatever ends an address: it goes on to the host. In one pass: texts are long. */
function withoutPasswords(text: string): string {
  const ends = text.matchAll(end);
  let at = ends.next();
  let clean = "";
  let told = 0;
  for (const { index, 0: begin } of text.matchAll(user)) {
    if (index < told) continue;
    while (!at.done && at.value.index < index + begin.length) at = ends.next();
    if (at.done) break;
    clean += `${text.slice(told, index)}//`;
    told = at.value.index + 1;
  }
  return clean + text.slice(told);
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
      .replace(/(https?:\/\/|oci:\/\/)[^/@:$[]+:(?!\d*(?:[/?#]|$))[^@$]{0,4096}@/gi, "$1")
      .replace(/(https?:\/\/|oci:\/\/)[^/]*@/gi, "$1")
      .replace(/(?<=[a-z+.-])(:\/\/[^/:@]*):[^/]*@/gi, "$1@")
  );
}
