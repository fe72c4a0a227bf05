import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors.js";
import { programPath } from "../program-path.js";

export interface GitDeps {
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** What a run of git ended with. */
export interface GitRun {
  /** undefined when it failed */
  stdout: Buffer | undefined;
  /** the first that git said, which is why it failed */
  failure: string;
}

/** What has git look elsewhere than where it runs: set in hooks, and by `git rebase --exec`. Of `git rev-parse --local-env-vars`. */
const elsewhere = new Set([
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_DIR",
  "GIT_GRAFT_FILE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_REPLACE_REF_BASE",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
]);

/** The top of the Git work tree that a path is in, both absolute; undefined where it is in none. */
export function workTreeAround(path: string): string | undefined {
  for (let around = path; around !== dirname(around); around = dirname(around)) {
    if (existsSync(join(around, ".git"))) return around;
  }
  return undefined;
}

/**
 * Has git read something of a repository, whichever one the environment names.
 *
 * @param cwd the top of a work tree
 * @throws UserError when git is not there
 */
export async function runGit(
  args: readonly string[],
  input: string,
  cwd: string,
  { env, signal }: GitDeps,
): Promise<GitRun> {
  const { execa } = await import("execa");
  const path = programPath("git", env);
  if (path === undefined) throw withoutGit();
  // a folder that only looks like a repository may have been brought by one
  const result = await execa(path, ["-c", "safe.bareRepository=explicit", ...args], {
    cwd,
    env: Object.fromEntries(Object.entries(env).filter(([name]) => !elsewhere.has(name))),
    extendEnv: false,
    cancelSignal: signal,
    input,
    reject: false,
    encoding: "buffer",
    maxBuffer: 2_000_000_000,
  });
  signal.throwIfAborted();
  if (result.code === "ENOENT") throw withoutGit();
  const [said = ""] = Buffer.from(result.stderr).toString("utf8").trim().split("\n");
  return {
    stdout: result.failed ? undefined : Buffer.from(result.stdout),
    failure: said.replace(/^fatal: /, "") || (result.shortMessage ?? ""),
  };
}

function withoutGit(): UserError {
  return new UserError("Cannot read a commit: git is not on the PATH", {
    hint: "Install it, or compare with a folder: --diff-with DIR",
  });
}
