import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Files that were downloaded before, in the user's cache folder and named after their checksums, so that any number of runs may
 * share them and a broken one is as good as none. Nothing in there is read or written through a link.
 */
export class ManifestCache {
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  async find(checksum: string): Promise<Buffer | undefined> {
    const folder = await ownFolder(this.#env);
    const content = folder && (await readPlainFile(join(folder, checksum)));
    return content && sha256(content) === checksum ? content : undefined;
  }

  /** Where it cannot be kept, it is fetched again the next time. */
  async keep(checksum: string, content: Buffer): Promise<void> {
    const folder = await ownFolder(this.#env);
    if (!folder) return;
    const unfinished = join(folder, `${checksum}.${randomUUID()}`);
    try {
      await writeFile(unfinished, content, { flag: "wx", mode: 0o600 });
      await rename(unfinished, join(folder, checksum));
    } catch {
      await rm(unfinished, { force: true }).catch(() => {});
    }
  }
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** @returns undefined where nothing can be kept that nobody else writes to */
async function ownFolder(env: Env): Promise<string | undefined> {
  const root = await userCacheFolder(env);
  if (root === undefined) return undefined;
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    let folder = root;
    for (const part of ["flamingo", "manifests"]) {
      folder = join(folder, part);
      await mkdir(folder, { mode: 0o700 }).catch(ifThere);
      if (!(await lstat(folder)).isDirectory()) return undefined;
    }
    return folder;
  } catch {
    return undefined;
  }
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

/** As in bin/flamingo.cjs: with sudo and the HOME of whoever typed it there is none. */
async function userCacheFolder({ HOME, XDG_CACHE_HOME, LOCALAPPDATA }: Env): Promise<string | undefined> {
  if (process.platform === "win32") return LOCALAPPDATA;
  const isMac = process.platform === "darwin";
  const root = isMac ? HOME : XDG_CACHE_HOME || HOME;
  if (!root || !isAbsolute(root) || !(await isOwn(root))) return undefined;
  if (isMac) return join(root, "Library", "Caches");
  return XDG_CACHE_HOME ? root : join(root, ".cache");
}

async function isOwn(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && found.uid === process.geteuid?.() && (found.mode & 0o022) === 0;
}

async function readPlainFile(path: string): Promise<Buffer | undefined> {
  try {
    // a pipe would be waited for
    if (!(await lstat(path)).isFile()) return undefined;
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
