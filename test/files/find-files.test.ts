import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { findFiles } from "../../src/files/find-files.js";
import { asNobody, folderWith } from "../folder.js";

const tree = {
  "b.yaml": "",
  "a.yml": "",
  "c.json": "",
  "README.md": "",
  noext: "",
  "UPPER.YAML": "",
  "deep/er/d.yaml": "",
  ".hidden/e.yaml": "",
  ".git/f.yaml": "",
  "folder.yaml/g.yaml": "",
};

describe("findFiles()", () => {
  test("a folder: all YAML and JSON below it, sorted, without .git", async () => {
    const cwd = folderWith(tree);
    expect(await findFiles(".", cwd)).toEqual({
      files: [".hidden/e.yaml", "a.yml", "b.yaml", "c.json", "deep/er/d.yaml", "folder.yaml/g.yaml"],
      leftOut: [],
      problems: [],
    });
  });

  test("names are shown as they were typed", async () => {
    const cwd = folderWith(tree);
    expect((await findFiles("deep", cwd)).files).toEqual(["deep/er/d.yaml"]);
    expect((await findFiles("./deep/", cwd)).files).toEqual(["deep/er/d.yaml"]);
    expect((await findFiles(`../${basename(cwd)}/deep`, cwd)).files).toEqual([
      `../${basename(cwd)}/deep/er/d.yaml`,
    ]);
    expect((await findFiles(join(cwd, "deep"), "/")).files).toEqual([join(cwd, "deep/er/d.yaml")]);
  });

  test("a file is taken whatever its name", async () => {
    const cwd = folderWith(tree);
    expect((await findFiles("noext", cwd)).files).toEqual(["noext"]);
    expect((await findFiles("README.md", cwd)).files).toEqual(["README.md"]);
  });

  test("links inside the folder are read, those that lead out of it or nowhere are named", async () => {
    const cwd = folderWith({ "in/real/a.yaml": "", "out/secret.yaml": "", "out/not.txt": "" });
    const link = (name: string, target: string) => symlinkSync(target, join(cwd, "in", name));
    link("file.yaml", "real/a.yaml");
    link("absolute.yaml", join(cwd, "in/real/a.yaml"));
    link("folder", "real");
    link("outside.yaml", "../out/secret.yaml");
    link("outside", "../out");
    link("parent", "..");
    link("outside.txt", "../out/not.txt");
    link("nowhere.yaml", "gone.yaml");
    link("nowhere", "gone");
    link("itself.yaml", "itself.yaml");
    expect(await findFiles("in", cwd)).toEqual({
      files: ["in/absolute.yaml", "in/file.yaml", "in/real/a.yaml"],
      leftOut: [
        "in/itself.yaml is a link that leads nowhere",
        "in/nowhere.yaml is a link that leads nowhere",
        "in/outside is a link that leads out of the folder",
        "in/outside.yaml is a link that leads out of the folder",
        "in/parent is a link that leads out of the folder",
      ],
      problems: [],
    });
  });

  test("links in a circle end", async () => {
    const cwd = folderWith({ "a/x.yaml": "" });
    symlinkSync("..", join(cwd, "a", "up"));
    symlinkSync(".", join(cwd, "a", "self"));
    symlinkSync("two", join(cwd, "one"));
    symlinkSync("one", join(cwd, "two"));
    expect(await findFiles(".", cwd)).toEqual({ files: ["a/x.yaml"], leftOut: [], problems: [] });
  });

  test("a folder beside it with a longer name is outside", async () => {
    const cwd = folderWith({ "app/a.yaml": "", "app-2/b.yaml": "" });
    symlinkSync("../app-2/b.yaml", join(cwd, "app/b.yaml"));
    symlinkSync("..folder/c.yaml", join(cwd, "app/c.yaml"));
    mkdirSync(join(cwd, "app/..folder"));
    expect((await findFiles("app", cwd)).leftOut).toEqual([
      "app/b.yaml is a link that leads out of the folder",
      "app/c.yaml is a link that leads nowhere",
    ]);
  });

  test("the folder itself may be a link; a ConfigMap's mount is read", async () => {
    const cwd = folderWith({ "mount/..2026/a.yaml": "" });
    symlinkSync("..2026", join(cwd, "mount/..data"));
    symlinkSync("..data/a.yaml", join(cwd, "mount/a.yaml"));
    symlinkSync("mount", join(cwd, "link"));
    expect((await findFiles("link", cwd)).files).toEqual(["link/..2026/a.yaml", "link/a.yaml"]);
  });

  test("an empty folder has none", async () => {
    expect(await findFiles(".", folderWith())).toEqual({ files: [], leftOut: [], problems: [] });
  });

  test.each([
    ["missing", "Cannot read missing: it does not exist", undefined],
    ["a.yml/b", "Cannot read a.yml/b: it does not exist", undefined],
    [
      "https://x.example/a.yaml",
      "Cannot read https://x.example/a.yaml: it does not exist",
      "Download it first: -f takes files, folders and - for stdin",
    ],
  ])("%s", async (path, message, hint) => {
    const error = await findFiles(path, folderWith(tree)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message, hint, exitCode: 1 });
  });

  test("a folder below that may not be read is a problem of its own", async () => {
    const cwd = folderWith({ "a/x.yaml": "", "b/y.yaml": "" });
    chmodSync(cwd, 0o755);
    chmodSync(join(cwd, "a"), 0);
    const found = await asNobody(() => findFiles(".", cwd));
    chmodSync(join(cwd, "a"), 0o755);
    expect(found.files).toEqual(["b/y.yaml"]);
    expect(found.problems.map(({ message }) => message)).toEqual(["Cannot read a: permission denied"]);
  });
});
