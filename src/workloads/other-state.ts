import { mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import { UserError } from "../errors.js";
import { isInside } from "../files/find-files.js";
import { workTreeAround } from "../files/git.js";
import { writeCommit } from "../files/git-commit.js";
import { repositoryAround } from "../follow/repository.js";
import { redact } from "../redact.js";
import type { FileChoice, Input } from "./input.js";
import { inputFromFiles } from "./input-from-files.js";

/** What files are compared with: a folder, or a commit of their repository in git's words. */
export interface OtherState {
  is: "folder" | "commit";
  name: string;
}

export type ComparedFiles = Exclude<FileChoice, { from: "kustomize" }>;

type Deps = Parameters<typeof inputFromFiles>[2];

/**
 * Reads of another state what was chosen of this one. A commit is read in a temporary folder, which is gone afterwards.
 *
 * @throws UserError when there is no such folder or commit, when one state is a part of the other, and where a commit does not hold
 * what is at hand here
 */
export async function inputFromOtherState(
  other: OtherState,
  choice: ComparedFiles,
  namespace: string,
  deps: Deps,
): Promise<Input> {
  const read: Read = (compared, cwd) =>
    inputFromFiles(compared, namespace, { ...deps, cwd }).catch((error) => {
      throw error instanceof UserError ? errorOfOther(other, error) : error;
    });
  return other.is === "commit"
    ? inputFromCommit(other.name, choice, read, deps)
    : inputFromFolder(other.name, choice, read, deps);
}

type Read = (choice: ComparedFiles, cwd: string) => Promise<Input>;

/** An error about another state than the one that people have before them. */
export function errorOfOther({ name }: OtherState, { clause, hint, alike }: UserError): UserError {
  const sentence = (what: string) => `Cannot compare with ${redact(name)}: ${what}`;
  if (!alike) return new UserError(sentence(clause), { hint });
  const { subject, cause } = alike;
  const together = (subjects: string) => sentence(new UserError(alike.sentence(subjects)).clause);
  return new UserError(sentence(clause), {
    hint,
    alike: { subject, cause: sentence(cause), sentence: together },
  });
}

async function inputFromFolder(name: string, choice: ComparedFiles, read: Read, deps: Deps): Promise<Input> {
  if (choice.from === "files") {
    const folder = resolve(deps.cwd, name);
    for (const path of choice.paths) checkApart(resolve(deps.cwd, path), folder, name);
    return read({ from: "files", paths: [name] }, deps.cwd);
  }
  const here = await repositoryAround(choice.folder, deps.cwd);
  const there = await repositoryAround(name, deps.cwd);
  checkApart(here, there, name);
  return read(await movedOutOf(here, choice, deps.cwd), there);
}

/** What lies in the other is a part of it, and would be compared with itself. */
function checkApart(here: string, there: string, name: string): void {
  if (!isInside(here, there) && !isInside(there, here)) return;
  throw new UserError(
    `Cannot compare with ${redact(name)}: ${here === there ? "it is the same" : "one folder lies in the other"}`,
    { hint: "Check the other state out beside this one, or name its commit: --diff-with-ref REF" },
  );
}

async function inputFromCommit(ref: string, choice: ComparedFiles, read: Read, deps: Deps): Promise<Input> {
  const [path = "."] = choice.from === "files" ? choice.paths : [choice.folder];
  const repository = await repositoryOf(path, ref, deps.cwd);
  const moved = await movedOutOf(repository, choice, deps.cwd);
  if (moved.from === "files") checkWithin(moved.paths, ref);
  const folder = await mkdtemp(join(await realpath(tmpdir()), "flamingo-commit-"));
  try {
    const { submodules } = await writeCommit(ref, repository, folder, deps);
    await checkSubmodules(submodules, repository, ref);
    // by this a work tree is known
    await mkdir(join(folder, ".git"));
    return await read(moved, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function repositoryOf(path: string, ref: string, cwd: string): Promise<string> {
  const repository = workTreeAround(await realpath(resolve(cwd, path)).catch(() => cwd));
  if (repository) return repository;
  throw new UserError(`Cannot read commit ${ref}: ${redact(path)} is in no Git repository`, {
    hint: "Compare with a folder: --diff-with DIR",
  });
}

/** @param paths from the top of the repository on, or absolute: those would be compared with themselves */
function checkWithin(paths: readonly string[], ref: string): void {
  const outside = paths.find(isAbsolute);
  if (outside === undefined) return;
  throw new UserError(`Cannot compare with ${ref}: ${redact(outside)} is not in its repository`, {
    hint: "Name files and folders of one repository with -f",
  });
}

async function checkSubmodules(paths: readonly string[], repository: string, ref: string): Promise<void> {
  for (const path of paths) {
    const content = await readdir(join(repository, path)).catch(() => []);
    if (content.length === 0) continue;
    throw new UserError(`Cannot compare with ${ref}: the content of the submodule ${path} is only here`, {
      hint: "Compare with a checkout that has it, too: --diff-with DIR",
    });
  }
}

/** What was chosen in one repository, with paths that lead to the same in another, from its top on. */
async function movedOutOf(repository: string, choice: ComparedFiles, cwd: string): Promise<ComparedFiles> {
  const base = await realpath(cwd);
  const moved = async (path: string) => {
    // a link of this state says nothing of what the other has in its place
    const named = resolve(base, path);
    if (isInside(named, repository)) return relative(repository, named) || ".";
    const real = await realpath(resolve(cwd, path)).catch(() => resolve(cwd, path));
    return isInside(real, repository) ? relative(repository, real) || "." : real;
  };
  if (choice.from === "files") return { ...choice, paths: await Promise.all(choice.paths.map(moved)) };
  const sources = new Map<string, string>();
  for (const [key, path] of choice.sources) sources.set(key, await moved(path));
  return { ...choice, folder: ".", sources };
}
