import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemReason, UserError } from "../errors.js";
import { type GitDeps, type GitRun, runGit } from "./git.js";

/**
 * Writes the files of a commit into an empty folder: what a checkout without submodules would bring, but the repository is only
 * read. Filters (LFS, line endings) do not run.
 *
 * @param ref whatever git takes for a commit: "origin/main", "HEAD^1"
 * @param repository the top of a work tree
 * @returns paths of submodules, whose content the commit does not hold
 * @throws UserError when there is no such commit, and with git's own words when it cannot be read
 */
export async function writeCommit(
  ref: string,
  repository: string,
  folder: string,
  deps: GitDeps,
): Promise<{ submodules: string[] }> {
  const git: Git = (args, input = "") => runGit(args, input, repository, deps);
  const commit = await findCommit(ref, git);
  const listed = await outputOf(ref, git(["ls-tree", "-r", "-z", "-l", "--full-tree", commit]));
  const entries = listed.toString("utf8").split("\0").flatMap(parseEntry);
  const strange = entries.find(({ path }) => !isPlainPath(path));
  if (strange) throw unread(ref, `${JSON.stringify(strange.path)} is no path in a work tree`);
  const [files, links] = [entries.filter(isFile), entries.filter(({ mode }) => mode === link)];
  // nothing is written through a link: they come when all else is there, the folders of other links, too
  for (const above of new Set([...files, ...links].map(({ path }) => dirname(path))))
    await mkdir(join(folder, above), { recursive: true });
  for (const some of [...portions(files), ...portions(links)]) {
    const ids = some.map(({ id }) => `${id}\n`).join("");
    const contents = contentsIn(await outputOf(ref, git(["cat-file", "--batch"], ids)));
    for (const entry of some) {
      const { value: content } = contents.next();
      if (!content) throw unread(ref, `the content of ${entry.path} is not in this clone`);
      await put(entry, content, folder).catch((error) => {
        throw unread(ref, `${entry.path}: ${systemReason(error)}`);
      });
    }
  }
  return { submodules: entries.filter(({ mode }) => mode === submodule).map(({ path }) => path) };
}

async function put({ path, mode }: Entry, content: Buffer, folder: string): Promise<void> {
  const place = join(folder, path);
  if (mode === link) await symlink(content.toString("utf8"), place);
  else await writeFile(place, content, { flag: "wx" });
}

type Git = (args: readonly string[], input?: string) => Promise<GitRun>;

async function findCommit(ref: string, git: Git): Promise<string> {
  const { stdout } = await git(["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`]);
  if (stdout) return stdout.toString("utf8").trim();
  // fails in what is no repository
  const shallow = await outputOf(ref, git(["rev-parse", "--is-shallow-repository"]));
  const isShallow = shallow.toString("utf8").trim() === "true";
  throw unread(
    ref,
    `this ${isShallow ? "shallow clone" : "repository"} has no such commit`,
    isShallow
      ? "Clone more of the history: fetch-depth: 0 of actions/checkout, GIT_DEPTH: 0 on GitLab, or git fetch --unshallow"
      : "See what there is (git branch --all), or fetch it: git fetch origin BRANCH",
  );
}

const link = "120000";
const submodule = "160000";

interface Entry {
  mode: string;
  id: string;
  bytes: number;
  path: string;
}

/** "100644 blob 8ab686eafeb1f44702738c8b0f24f2567c36da6d      12\tapps/web.yaml" */
function parseEntry(line: string): Entry[] {
  const [, mode = "", id = "", size = "", path = ""] =
    /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.+)$/s.exec(line) ?? [];
  return path === "" ? [] : [{ mode, id, bytes: Number(size) || 0, path }];
}

function isFile({ mode }: Entry): boolean {
  return mode !== link && mode !== submodule;
}

/** Git makes no others, but whoever pushes may have made a tree by hand. */
function isPlainPath(path: string): boolean {
  return path.split(/[/\\]/).every((part) => !/^(?:|\.|\.\.|\.git)$/i.test(part));
}

const portionBytes = 64 * 1024 * 1024;

/** As many as go into memory well. */
function* portions(entries: readonly Entry[]): Generator<Entry[]> {
  let some: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    some.push(entry);
    bytes += entry.bytes;
    if (bytes < portionBytes) continue;
    yield some;
    some = [];
    bytes = 0;
  }
  if (some.length > 0) yield some;
}

/** The contents that `git cat-file --batch` prints: each "ID blob 12", so many bytes and a line break. Undefined for "ID missing". */
function* contentsIn(output: Buffer): Generator<Buffer | undefined, undefined> {
  for (let at = 0; at < output.length; ) {
    const start = output.indexOf("\n", at) + 1;
    const bytes = / blob (\d+)\n$/.exec(output.toString("latin1", at, start))?.[1];
    const end = start + Number(bytes ?? -1);
    yield bytes === undefined ? undefined : output.subarray(start, end);
    at = end + 1;
  }
}

async function outputOf(ref: string, running: Promise<GitRun>): Promise<Buffer> {
  const { stdout, failure } = await running;
  if (!stdout) throw unread(ref, failure);
  return stdout;
}

function unread(ref: string, why: string, hint?: string): UserError {
  return new UserError(`Cannot read commit ${ref}: ${why}`, { hint });
}
