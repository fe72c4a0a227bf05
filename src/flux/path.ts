/**
 * A `spec.path` as a relative path inside the source: "./a/b", "/a/b" and "../a/b" are "a/b", the root is ".".
 * Flux joins the path securely onto the root of the artifact, so nothing leads out of it; Argo CD wants it relative.
 */
export function pathInSource(path: string | undefined): string {
  const parts: string[] = [];
  for (const part of (path ?? "").split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts.length === 0 ? "." : parts.join("/");
}

/** Whether a path of a source lies below a folder of it, both as {@link pathInSource} writes them. */
export function isBelow(path: string, folder: string): boolean {
  return folder === "." || path.startsWith(`${folder}/`);
}
