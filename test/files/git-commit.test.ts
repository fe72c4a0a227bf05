import { lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeCommit } from "../../src/files/git-commit.js";
import { folderWith } from "../folder.js";
import { GitRepository, runGit } from "../git-repository.js";

const signal = new AbortController().signal;

async function written(ref: string, repository: string, more: Readonly<Record<string, string>> = {}) {
  const folder = folderWith();
  const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", ...more };
  const { submodules } = await writeCommit(ref, repository, folder, { env, signal });
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const read = (path: string) => readFileSync(join(folder, path));
  return { folder, submodules, paths, read };
}

test("writeCommit() writes files as they are in the commit, and leaves the work tree alone", async () => {
  const binary = Buffer.from([0, 10, 255, 10, 10]);
  const strange = 'clusters/ä "b"\n.yaml';
  const repository = GitRepository.with({
    "a.yaml": "old\n",
    "empty.yaml": "",
    "x/y/blob": binary,
    [strange]: "x",
  });
  repository.git("tag", "v1");
  repository.commit({ "a.yaml": "new\n", "x/y/blob": undefined });
  const { paths, read } = await written("v1", repository.folder);
  expect(paths).toEqual(["a.yaml", "clusters", strange, "empty.yaml", "x", "x/y", "x/y/blob"].sort());
  expect(read("a.yaml").toString()).toBe("old\n");
  expect(read("empty.yaml")).toHaveLength(0);
  expect(read("x/y/blob")).toEqual(binary);
  expect(repository.git("status", "--porcelain")).toBe("");
  expect(readFileSync(join(repository.folder, "a.yaml"), "utf8")).toBe("new\n");
});

test("writeCommit() writes links as links, and tells submodules", async () => {
  const repository = GitRepository.with({ "a.yaml": "a" });
  symlinkSync("/etc/passwd", join(repository.folder, "out.yaml"));
  symlinkSync("a.yaml", join(repository.folder, "in.yaml"));
  const hash = repository.commit({});
  repository.git("update-index", "--add", "--cacheinfo", `160000,${hash},vendor/other`);
  repository.git("commit", "-q", "-m", "submodule");
  const { folder, paths, submodules } = await written("HEAD", repository.folder);
  expect(submodules).toEqual(["vendor/other"]);
  expect(paths).toEqual(["a.yaml", "in.yaml", "out.yaml"]);
  expect(lstatSync(join(folder, "out.yaml")).isSymbolicLink()).toBe(true);
  expect(readlinkSync(join(folder, "in.yaml"))).toBe("a.yaml");
});

/** A tree as git itself does not make it. */
function treeByHand(repository: GitRepository, entries: [mode: string, name: string, id: string][]): string {
  const lines = entries.map(([mode, name, id]) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]),
  );
  const args = ["hash-object", "-t", "tree", "-w", "--stdin", "--literally"];
  return runGit(args, repository.folder, Buffer.concat(lines));
}

test.each(["..", ".git", ".GIT", "."])("writeCommit() takes no tree with %j in it", async (name) => {
  const repository = GitRepository.with({ "x/a.yaml": "a" });
  const inner = repository.git("rev-parse", "HEAD:x");
  const tree = treeByHand(repository, [["40000", name, inner]]);
  const commit = repository.git("commit-tree", "-m", "hostile", tree);
  await expect(written(commit, repository.folder)).rejects.toThrow(
    `Cannot read commit ${commit}: "${name}/a.yaml" is no path in a work tree`,
  );
});

test("writeCommit() writes nothing through a link", async () => {
  const outside = folderWith();
  const repository = GitRepository.with({ "x/a.yaml": "a" });
  const target = runGit(["hash-object", "-w", "--stdin"], repository.folder, outside);
  const tree = treeByHand(repository, [
    ["120000", "x", target],
    ["40000", "x", repository.git("rev-parse", "HEAD:x")],
  ]);
  const commit = repository.git("commit-tree", "-m", "hostile", tree);
  await expect(written(commit, repository.folder)).rejects.toThrow(`Cannot read commit ${commit}: x: EEXIST`);
  expect(readdirSync(outside)).toEqual([]);
});

test("writeCommit() makes no link through a link", async () => {
  const outside = folderWith();
  const repository = GitRepository.with({ "a.yaml": "a" });
  const target = runGit(["hash-object", "-w", "--stdin"], repository.folder, outside);
  const inner = treeByHand(repository, [["120000", "y", target]]);
  const tree = treeByHand(repository, [
    ["120000", "x", target],
    ["40000", "x", treeByHand(repository, [["40000", "z", inner]])],
  ]);
  const commit = repository.git("commit-tree", "-m", "hostile", tree);
  await expect(written(commit, repository.folder)).rejects.toThrow(`Cannot read commit ${commit}: x: EEXIST`);
  expect(readdirSync(outside)).toEqual([]);
});

test("writeCommit() reads the repository that it was asked for, in hooks of another one, too", async () => {
  const [asked, other] = ["a", "b"].map((content) => GitRepository.with({ "a.yaml": content })) as [
    GitRepository,
    GitRepository,
  ];
  const { read } = await written("HEAD", asked.folder, {
    GIT_DIR: join(other.folder, ".git"),
    GIT_WORK_TREE: other.folder,
    GIT_INDEX_FILE: join(other.folder, ".git/index"),
    GIT_OBJECT_DIRECTORY: join(other.folder, ".git/objects"),
  });
  expect(read("a.yaml").toString()).toBe("a");
});

const missing = { hint: "See what there is (git branch --all), or fetch it: git fetch origin BRANCH" };

test.each([
  ["a name that is not there", "nowhere"],
  ["what looks like a flag", "--help"],
  ["a file of a commit", "HEAD:a.yaml"],
])("writeCommit() refuses %s", async (_, ref) => {
  const { folder } = GitRepository.with({ "a.yaml": "a" });
  await expect(written(ref, folder)).rejects.toMatchObject({
    message: `Cannot read commit ${ref}: this repository has no such commit`,
    ...missing,
  });
});

test("writeCommit() says how a shallow clone gets what it lacks", async () => {
  const origin = GitRepository.with({ "a.yaml": "a" });
  origin.commit({ "a.yaml": "b" });
  const clone = folderWith();
  runGit(["clone", "-q", "--depth=1", `file://${origin.folder}`, "."], clone);
  await expect(written("HEAD^1", clone)).rejects.toMatchObject({
    message: "Cannot read commit HEAD^1: this shallow clone has no such commit",
    hint: "Clone more of the history: fetch-depth: 0 of actions/checkout, GIT_DEPTH: 0 on GitLab, or git fetch --unshallow",
  });
});

test("writeCommit() says git's own word of what is no repository", async () => {
  await expect(written("HEAD", folderWith({ ".git/nothing": "" }))).rejects.toThrow(
    /^Cannot read commit HEAD: not a git repository/,
  );
});

test("writeCommit() says that git is missing", async () => {
  const deps = { env: { PATH: folderWith() }, signal };
  await expect(writeCommit("HEAD", folderWith(), folderWith(), deps)).rejects.toMatchObject({
    message: "Cannot read a commit: git is not on the PATH",
    hint: "Install it, or compare with a folder: --diff-with DIR",
  });
});
