import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { git, ks } from "./builders/flux.js";
import { yaml } from "./builders/kube.js";
import { clusterTest } from "./cluster/cluster.js";
import { Setting } from "./commands/generate-app/setting.js";
import { flamingo } from "./flamingo.js";
import { folderWith } from "./folder.js";

const schema = JSON.parse(readFileSync("schemas/generate-app.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema);

function expectValid(text: string) {
  expect(validate(JSON.parse(text)) || validate.errors).toBe(true);
}

test.each(["fsa", "loopback"])(
  "generate-app -o json prints Applications as its schema says: %s",
  async (engine) => {
    const run = await flamingo(
      `generate-app --all -f examples/podinfo -o json --engine ${engine} --label team=web`,
    );
    expectValid(run.stdout);
    expect(JSON.parse(run.stdout).items).toHaveLength(2);
  },
);

test("generate-app -o json tells what becomes of Applications as its schema says", async () => {
  const cwd = folderWith({
    "old/all.yaml": yaml(git(), ks("web"), ks("gone")),
    "new/all.yaml": yaml(git(), ks("web", { path: "x" }), ks("new")),
  });
  const run = await flamingo("generate-app --all -f new --diff-with old -o json", { cwd });
  expectValid(run.stdout);
  expect(JSON.parse(run.stdout).items).toHaveLength(3);
});

clusterTest("generate-app -o json tells what was done as its schema says", async ({ cluster }) => {
  const setting = await Setting.make(cluster, "schema");
  await setting.git();
  await setting.kustomization("a", { suspend: true });
  await setting.helmRelease("b");
  for (const how of ["--dry-run", "--dry-run=server", ""]) {
    const run = await setting.run(`--all -o json ${how}`);
    expectValid(run.stdout);
    expect(JSON.parse(run.stdout).items).toHaveLength(2);
  }
});

test("the schema refuses what is no record", () => {
  expect(validate({ items: [{ name: "x" }] })).toBe(false);
});
