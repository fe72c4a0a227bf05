import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BadSubstitution, expand } from "../../../src/follow/substitute/expand.js";
import { goRun, NoPrograms } from "../../cluster/go-build.js";

const values: Readonly<Record<string, string>> = {
  A: "one/two.yaml",
  B: "Blue",
  LONG: "aaXbbXaa",
  STAR: "a*b?c",
  EMPTY: "",
};

/** Texts of expressions: right ones, one in another, and what somebody mistyped. */
const { text } = fc.letrec<{ text: string; argument: string; expression: string }>((tie) => ({
  text: fc
    .array(
      fc.oneof(tie("expression"), fc.constantFrom("$", "$$", "${", "}", "a b", "/", ":", "\\", "# x\n")),
      {
        maxLength: 4,
      },
    )
    .map((parts) => parts.join("")),
  argument: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(
      "a",
      "o",
      "X",
      "*",
      "a*",
      "?",
      "[a-b]",
      "one",
      "/",
      "\\/",
      ".",
      "b c",
      "1",
      "-2",
      "9",
      "",
    ),
    tie("expression"),
  ),
  expression: fc
    .tuple(
      fc.constantFrom("", "#"),
      fc.constantFrom(...Object.keys(values), "GONE", "", "é"),
      fc.constantFrom("", ",", ",,", "^", "^^", "#", "##", "%", "%%", ":", "/", "//", "/#", "/%"),
      fc.constantFrom("", "=", ":=", ":-", "-", ":+", ":?", "+"),
      fc.array(tie("argument"), { maxLength: 2 }),
      fc.constantFrom("/", ":", ""),
    )
    .map(([length, name, change, or, args, between]) => {
      const operator = args.length % 2 === 0 && or ? or : change;
      return `\${${length}${name}${operator}${args.join(between)}}`;
    }),
}));

function put(whole: string): string | undefined {
  try {
    return expand(whole, (name) => values[name] ?? "").text;
  } catch (error) {
    if (error instanceof BadSubstitution) return undefined;
    throw error;
  }
}

test("expand() puts in what Flux puts in, and refuses what Flux refuses", async ({ skip }) => {
  const texts = fc.sample(text, { numRuns: 20_000, seed: 1 });
  const folder = fileURLToPath(new URL("../../go/envsubst", import.meta.url));
  const answers: { text: string; error?: string }[] | string = await goRun(
    folder,
    JSON.stringify({ values, texts }),
  ).then(JSON.parse, (error) => {
    if (!(error instanceof NoPrograms) || process.env["CI"]) throw error;
    return error.message;
  });
  if (typeof answers === "string") return skip(answers);
  const different = texts.flatMap((whole, index) => {
    const { text: theirs, error } = answers[index] ?? { text: "" };
    const ours = put(whole);
    return ours === (error === undefined ? theirs : undefined) ? [] : [{ whole, ours, theirs, error }];
  });
  expect(different).toEqual([]);
}, 300_000);
