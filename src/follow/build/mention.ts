import { posix } from "node:path";

/** What a text in a kustomization file stands for, where kustomize would look for a file or a folder. */
export type Mention =
  | { is: "inside"; path: string }
  /** outside of the source, by its name alone, or a repository on this machine */
  | { is: "outside" }
  | { is: "remote" };

/** What kustomize 5.8 takes for a repository or a URL, with or without a user, whatever else of that name there is. */
const remote = /^(?:git::|gh:|https?:|ssh:|[a-z][\w-]*@|github\.com[:/])/i;

/**
 * What is meant, by the text alone. It may be written for any system: "..\\..", "C:\\" and "/" are outside everywhere.
 *
 * @param folder where relative paths begin, relative to the source: "apps/web"
 */
export function mentionIn(text: string, folder: string): Mention {
  // git has repositories of this machine, too
  if (/^(?:[\\/]|[a-z]:|(?:git::)?file:)/i.test(text)) return { is: "outside" };
  if (remote.test(text)) return { is: "remote" };
  const path = posix.join(folder, text);
  const elsewhere = posix.join(folder, text.replaceAll("\\", "/"));
  if ([path, elsewhere].some((way) => way === ".." || way.startsWith("../"))) return { is: "outside" };
  return { is: "inside", path: path.length > 1 ? path.replace(/\/$/, "") : path };
}
