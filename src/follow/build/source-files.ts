import { readFileSync } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { join, posix } from "node:path";
import { isInside } from "../../files/find-files.js";
import { isBelow } from "../../flux/path.js";
import { type IgnoreFile, ignoreRules } from "./ignore-rules.js";

/** The content of a source on disk. */
export interface SourceTree {
  /** absolute, without links in it */
  folder: string;
  /** `spec.ignore` of the source */
  ignore?: string | undefined;
}

/** Why something of the tree is not in the source, as the end of a sentence about it. */
type Reason = "which the source ignores" | "a link, which Flux leaves out" | "a link that leads out";

/** Which files source-controller packs of a tree. Paths are relative to it, with "/": "apps/web/a.yaml"; the tree itself is ".". */
export class SourceFiles {
  readonly #tree: SourceTree;
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>(["."]);
  readonly #leftOut = new Map<string, Reason>();

  private constructor(tree: SourceTree) {
    this.#tree = tree;
  }

  static async in(tree: SourceTree): Promise<SourceFiles> {
    const found = await everythingIn(tree.folder);
    const ignoreFiles = found.files.filter((path) => posix.basename(path) === ".sourceignore");
    const rules = ignoreRules(await readAll(tree.folder, ignoreFiles), tree.ignore);
    const source = new SourceFiles(tree);
    for (const path of found.files) {
      if (rules(path)) source.#leftOut.set(path, "which the source ignores");
      else source.#add(path);
    }
    for (const path of found.links) {
      const isOut = await leadsOut(join(tree.folder, path), tree.folder);
      source.#leftOut.set(path, isOut ? "a link that leads out" : "a link, which Flux leaves out");
    }
    return source;
  }

  #add(path: string): void {
    this.#files.add(path);
    for (let folder = posix.dirname(path); !this.#folders.has(folder); folder = posix.dirname(folder)) {
      this.#folders.add(folder);
    }
  }

  hasFile(path: string): boolean {
    return this.#files.has(path);
  }

  hasFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  /** The files below a folder. */
  below(folder: string): string[] {
    return [...this.#files].filter((path) => isBelow(path, folder));
  }

  /** The links below a folder that lead out of the tree. */
  linksOutBelow(folder: string): string[] {
    return [...this.#leftOut].flatMap(([path, reason]) =>
      reason === "a link that leads out" && isBelow(path, folder) ? [path] : [],
    );
  }

  /** Why a path is not in the source, as the end of a sentence about it. */
  whyNot(path: string): string {
    const link = [...this.#leftOut].find(([one]) => one === path || isBelow(path, one));
    return link?.[1] ?? "which is not there";
  }

  /** Where a file of the source is on disk. */
  onDisk(path: string): string {
    return join(this.#tree.folder, path);
  }

  /** At once: between many builds, what is waited for costs more than reading. */
  read(path: string): string {
    return readFileSync(this.onDisk(path), "utf8");
  }
}

/** All files and links, those of a folder before those of the folders in it; links are not followed. */
async function everythingIn(root: string): Promise<{ files: string[]; links: string[] }> {
  const found = { files: [] as string[], links: [] as string[] };
  const folders = [""];
  // grows while it is walked
  for (const folder of folders) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isSymbolicLink()) found.links.push(path);
      else if (entry.isFile()) found.files.push(path);
      else if (entry.isDirectory() && entry.name !== ".git") folders.push(path);
    }
  }
  return found;
}

function readAll(root: string, paths: readonly string[]): Promise<IgnoreFile[]> {
  return Promise.all(
    paths.map(async (path) => ({
      folder: posix.dirname(path) === "." ? "" : posix.dirname(path),
      text: await readFile(join(root, path), "utf8"),
    })),
  );
}

/** One that leads nowhere does not lead out either. */
async function leadsOut(link: string, root: string): Promise<boolean> {
  return !isInside(await realpath(link).catch(() => root), root);
}
