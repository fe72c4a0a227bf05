import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { folderWith } from "./folder.js";

/** A Git repository of its own for one test. */
export class GitRepository {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param files of its first commit, on the branch "main" */
  static with(files: Readonly<Record<string, string | Buffer>>): GitRepository {
    const repository = new GitRepository(folderWith(files));
    repository.git("init", "-q", "-b", "main");
    repository.commit({});
    return repository;
  }

  /** @param files contents by path; undefined for those that go. @returns its hash */
  commit(files: Readonly<Record<string, string | Buffer | undefined>>): string {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, path);
      mkdirSync(dirname(file), { recursive: true });
      if (content === undefined) rmSync(file, { recursive: true });
      else writeFileSync(file, content);
    }
    this.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "-m", "a commit");
    return this.git("rev-parse", "HEAD");
  }

  /** @returns what it prints */
  git(...args: string[]): string {
    return runGit(args, this.folder);
  }
}

/** Git with nothing of the machine's settings. @returns what it prints */
export function runGit(args: readonly string[], cwd: string, input: string | Buffer = ""): string {
  const who = {
    GIT_AUTHOR_NAME: "t",
    GIT_AUTHOR_EMAIL: "t@t",
    GIT_COMMITTER_NAME: "t",
    GIT_COMMITTER_EMAIL: "t@t",
  };
  const env = {
    PATH: process.env["PATH"],
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    ...who,
  };
  return execFileSync("git", args, { cwd, env, input, encoding: "utf8" }).trim();
}
