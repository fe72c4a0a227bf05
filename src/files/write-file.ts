import { randomUUID } from "node:crypto";
import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";

/**
 * A link is where a folder or a file is to be written. It may have come with a repository and lead to any file of whoever runs
 * flamingo.
 */
export class LinkError extends Error {
  /** the link */
  readonly path: string;

  constructor(path: string) {
    super(`${path} is a link`);
    this.name = "LinkError";
    this.path = path;
  }
}

/**
 * Makes a folder and those above it, unless they are there.
 *
 * @param cwd what lies below it must be no link; of a folder elsewhere, only the folder itself
 * @throws LinkError
 */
export async function makeFolder(folder: string, cwd: string): Promise<void> {
  const way = relative(cwd, folder);
  const parts = way.split(sep);
  const isBelow = parts[0] !== ".." && !isAbsolute(way);
  const refusable = isBelow ? parts.map((_, index) => join(cwd, ...parts.slice(0, index + 1))) : [folder];
  for (const path of way === "" ? [] : refusable) await isThere(path);
  await mkdir(folder, { recursive: true });
}

/**
 * The text of a file that is to be written over; undefined where there is none.
 *
 * @throws LinkError
 */
export async function readWritten(path: string): Promise<string | undefined> {
  return (await isThere(path)) ? await readFile(path, "utf8") : undefined;
}

/**
 * Writes a file so that a reader sees the old one or the new one, whole. It is written beside it by a name that nobody can
 * guess, so that nothing can be waiting there.
 *
 * @throws LinkError
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  await isThere(path);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (stats?.isSymbolicLink()) throw new LinkError(path);
  return stats !== undefined;
}
