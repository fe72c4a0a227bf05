import { readFile, realpath } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { UserError } from "../errors.js";
import { findFiles } from "../files/find-files.js";
import { workTreeAround } from "../files/git.js";
import { type FileRules, readManifests } from "../files/read-files.js";
import { defaultFluxNamespace } from "../names.js";
import { redact } from "../redact.js";
import type { Written } from "./entry.js";

/** What stands in a repository, before Flux makes anything of it. */
export interface Repository {
  /** absolute, without links in it */
  folder: string;
  written: Written[];
  /** its YAML files, relative to it */
  files: readonly string[];
}

/**
 * What stands in the repository that a folder belongs to.
 *
 * @throws UserError when there is no such folder
 */
export async function openRepository(
  path: string,
  rules: FileRules,
  { cwd, signal }: { cwd: string; signal: AbortSignal },
): Promise<Repository> {
  const folder = await repositoryAround(path, cwd);
  const found = await findFiles(folder, cwd);
  const files = found.files.map((file) => relative(folder, file).replaceAll("\\", "/"));
  // most files tell Flux nothing about itself, and YAML takes its time
  const readIfFlux = async (file: string) => {
    const text = await readFile(join(folder, file), "utf8");
    return rules.mayMatter(text) ? text : "";
  };
  // what cannot be read, or used, counts only where Flux gets to it
  const { reader } = await readManifests(
    files.map((file) => ({ name: file, read: () => readIfFlux(file) })),
    defaultFluxNamespace,
    rules,
    signal,
  );
  const written = [...reader.objects()].map((object) => ({ object, file: reader.fileOf(object) ?? "" }));
  return { folder, written, files };
}

/**
 * The repository that a folder belongs to: the Git work tree around it, else the folder itself.
 *
 * @throws UserError when there is no such folder
 */
export async function repositoryAround(path: string, cwd: string): Promise<string> {
  const folder = await realFolder(path, cwd);
  return workTreeAround(folder) ?? folder;
}

/** @throws UserError when a path is no folder */
export async function realFolder(path: string, cwd: string): Promise<string> {
  const folder = await realpath(resolve(cwd, path)).catch(() => undefined);
  if (folder !== undefined) return folder;
  throw new UserError(`Cannot follow ${redact(path)}: there is no such folder`);
}
