import { expect, test } from "vitest";
import { type IgnoreFile, ignoreRules } from "../../../src/follow/build/ignore-rules.js";

const root = (text: string): IgnoreFile[] => [{ folder: "", text }];

test.each<[string, IgnoreFile[], string | undefined, string, boolean]>([
  ["files", [], undefined, "app/a.yaml", false],
  ["version control", [], undefined, ".git/config", true],
  ["pictures", [], undefined, "docs/a.png", true],
  ["pipelines at any depth", [], undefined, "app/.github/a.yaml", true],
  ["a file that is called as a folder", [], undefined, "app/.github", false],
  ["pictures that a source does not leave out itself", root("x"), undefined, "docs/a.png", false],
  ["version control even then", root("x"), undefined, ".gitignore", true],
  ["a name", root("x"), undefined, "app/x/a.yaml", true],
  ["a comment and an empty line", root("# x\n\n \n"), undefined, "app/a.png", true],
  ["all but one folder, another", root("/*\n!/app"), undefined, "other/a.yaml", true],
  ["all but one folder, that one", root("/*\n!/app"), undefined, "app/a.yaml", false],
  ["a place", root("app/*.yaml"), undefined, "app/a.yaml", true],
  ["a place elsewhere", root("app/*.yaml"), undefined, "deep/app/a.yaml", false],
  ["folders at any depth", root("**/x/"), undefined, "a/b/x/c.yaml", true],
  ["what is in a folder", root("app/**"), undefined, "app/a/b.yaml", true],
  ["a folder's own file", [{ folder: "app", text: "/a.yaml" }], undefined, "app/a.yaml", true],
  ["a folder's own file elsewhere", [{ folder: "app", text: "a.yaml" }], undefined, "b/a.yaml", false],
  ["what spec.ignore takes back", root("a.yaml"), "!a.yaml", "app/a.yaml", false],
])("%s", (_, files, ignore, path, isLeftOut) => expect(ignoreRules(files, ignore)(path)).toBe(isLeftOut));
