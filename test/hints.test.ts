import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flagsByName } from "../src/cli/go-flags.js";
import { flagsOf, summaryOf } from "../src/cli/parse.js";
import { root } from "./built-package.js";
import { documentedIn, hintsIn } from "./hints.js";

/** The files below a folder that end so. */
function filesIn(folder: string, end: string, recursive = true): string[] {
  const all = readdirSync(join(root, folder), { recursive, encoding: "utf8" });
  return all.filter((path) => path.endsWith(end)).map((path) => join(folder, path));
}

const textOf = (path: string) => readFileSync(join(root, path), "utf8");
/** Each with a file that has it. */
const hints = new Map([
  ...[...filesIn(".", ".md", false), ...filesIn("docs", ".md")].flatMap((page) =>
    documentedIn(textOf(page)).map((hint) => [hint, page] as const),
  ),
  ...[...filesIn("src", ".ts"), ...filesIn("schemas", ".json")].flatMap((file) =>
    hintsIn(textOf(file)).map((hint) => [hint, file] as const),
  ),
]);

test("hints are found", () => {
  expect([...hints.keys()]).toEqual(
    expect.arrayContaining([
      ...["resume", "check -o", "reconcile --with-source", "generate-app --all -A"],
      // of docs/install.md and a schema
      ...["install --export", "tree -o"],
    ]),
  );
});

test.each([...hints])("flamingo %s, in %s, is there", async (hint) => {
  const [word, ...flags] = hint.split(" ");
  const summary = summaryOf(word);
  expect(summary?.name).toBeDefined();
  const known = flagsByName(flagsOf(await summary?.load()));
  expect(flags.filter((flag) => !known.has(flag))).toEqual([]);
});

test.each<[string, string[]]>([
  ['say("Resume it: flamingo resume ks/web -n apps, or wait")', ["resume -n"]],
  ["`see flamingo list-candidates --index ${file(`a`)} --all (or not)`", ["list-candidates --index --all"]],
  ["`flamingo resume ${name}${isUsual ? '' : ` -N ${namespace}`}`", ["resume"]],
  [
    '"flamingo delete podinfo --cascade=flux; flamingo generate-app --all -A makes them"',
    ["delete --cascade", "generate-app --all -A"],
  ],
  ['"flamingo install --export | kubectl delete -f -"', ["install --export"]],
  ['"flamingo did not make it, flamingo reads it"', []],
  ['/* flamingo nonsense */ "the flamingo"', []],
  ['"Try flamingo nonsense --loud."', ["nonsense --loud"]],
])("in %s", (code, expected) => expect(hintsIn(code)).toEqual(expected));

test("in a page", () => {
  const page =
    "Flux's `flamingo resume NAME -n x`, and `flamingo` alone.\n\n$ flamingo check -o wide   # all\n";
  expect(documentedIn(page)).toEqual(["resume -n", "check -o"]);
});
