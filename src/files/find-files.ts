import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join, relative, resolve, sep } from "node:path";
import { systemReason, UserError } from "../errors.js";
import { redact } from "../redact.js";

export interface FoundFiles {
  /** as people write them: relative to where they stand when what they typed was */
  files: string[];
  /** symbolic links that are not followed, each with the reason */
  leftOut: string[];
  /** folders below that may not be read */
  problems: UserError[];
}

const extensions = new Set([".yaml", ".yml", ".json"]);

/**
 * The YAML and JSON files that `-f PATH` means: a file as it is, a folder with all below it, sorted. Links to files
 * inside the folder are read; links that lead out of it or nowhere are named, not followed.
 *
 * @throws UserError when the path does not exist or may not be read
 */
export async function findFiles(path: string, cwd: string): Promise<FoundFiles> {
  const absolute = resolve(cwd, path);
  const info = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  if (!info.isDirectory()) return { files: [path], leftOut: [], problems: [] };
  const found: FoundFiles = { files: [], leftOut: [], problems: [] };
  await walk(path, absolute, await realpath(absolute), found);
  return found;
}

async function walk(shown: string, folder: string, root: string, found: FoundFiles): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    found.problems.push(unreadable(shown, error));
    return [];
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = join(shown, entry.name);
    if (entry.isSymbolicLink()) await followLink(name, join(folder, entry.name), root, found);
    else if (entry.isDirectory()) {
      if (entry.name !== ".git") await walk(name, join(folder, entry.name), root, found);
    } else if (isManifest(entry)) found.files.push(name);
  }
}

async function followLink(shown: string, link: string, root: string, found: FoundFiles): Promise<void> {
  const target = await realpath(link).catch(() => undefined);
  if (target === undefined) {
    if (extensions.has(extname(link))) found.leftOut.push(`${shown} is a link that leads nowhere`);
    return;
  }
  const info = await stat(target);
  // a folder inside is read where it really is, which also ends circles
  if (info.isDirectory() && isInside(target, root)) return;
  if (!info.isDirectory() && !extensions.has(extname(link))) return;
  if (isInside(target, root)) found.files.push(shown);
  else found.leftOut.push(`${shown} is a link that leads out of the folder`);
}

function isManifest(entry: Dirent): boolean {
  return entry.isFile() && extensions.has(extname(entry.name));
}

/** Whether a path lies in a folder, or is it; both absolute, without links in them. */
export function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`);
}

function unreadable(path: string, error: NodeJS.ErrnoException): UserError {
  // a file or a folder may be meant
  const reason = systemReason(error, { ENOENT: "it does not exist", ENOTDIR: "it does not exist" });
  return new UserError(`Cannot read ${redact(path)}: ${reason}`, {
    hint: /^https?:/.test(path) ? "Download it first: -f takes files, folders and - for stdin" : undefined,
    cause: error,
  });
}
