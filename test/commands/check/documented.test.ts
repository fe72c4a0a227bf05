import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { severityOf } from "../../../src/commands/check/finding.js";

const text = readFileSync("docs/findings.md", "utf8");
const ids = Object.keys(severityOf);

test("every finding is explained, in the same order, and nothing else is", () => {
  expect([...text.matchAll(/^## (.*)$/gm)].map(([, id]) => id)).toEqual(ids);
  const rows = [...text.matchAll(/^\| \[([a-z-]+)\]\(#\1\) \| (error|warning) \|/gm)];
  expect(rows.map(([, id, severity]) => [id, severity])).toEqual(Object.entries(severityOf));
});

test("each says what it means, how it hurts and what to do", () => {
  for (const section of text.split(/^## /m).slice(1))
    expect(section.match(/^\*\*(Means|Hurts|Do)\*\*: \S/gm)?.map((word) => word.slice(2, 4))).toEqual([
      "Me",
      "Hu",
      "Do",
    ]);
});

test("the schema has the same ids", () => {
  const schema = JSON.parse(readFileSync("schemas/check.schema.json", "utf8"));
  expect(schema.definitions.finding.properties.id.enum).toEqual(ids);
});

test("a test provokes every finding", () => {
  const texts = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"));
  expect(ids.filter((id) => !texts.some((one) => new RegExp(`"${id}[" ]`).test(one)))).toEqual([]);
});
