import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { engineRights, occasions, type Right } from "../../src/loopback/rights.js";
import { readYaml, renderYaml } from "../../src/yaml.js";

/** A rule as people write it, with what it is for above it. */
function lineOf({ why, when, rule }: Right): string {
  const comment = `  # ${when === undefined ? "" : `${occasions[when]}: `}${why}\n`;
  const fields = Object.entries(rule).map(([field, items]) => `${field}: [${items.map(quoted).join(", ")}]`);
  return `${comment}  - ${fields.join("\n    ")}\n`;
}

function quoted(text: string): string {
  return /^[a-z]/.test(text) ? text : JSON.stringify(text);
}

function role(metadata: object, kind: string, rights: readonly Right[]): string {
  const head = renderYaml({ apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata });
  return `${head}rules:\n${rights.map(lineOf).join("")}`;
}

const rights = engineRights();
const roles = [
  role(
    { name: "flamingo-loopback" },
    "ClusterRole",
    rights.filter(({ where }) => where !== "argocd"),
  ),
  role(
    { name: "flamingo-loopback", namespace: "argocd" },
    "Role",
    rights.filter(({ where }) => where === "argocd"),
  ),
]
  .join("")
  .replace(/^---\n/, "");

test("docs/loopback.md has them", () => {
  const file = "docs/loopback.md";
  const begin =
    "<!-- the rights of src/loopback/rights.ts: UPDATE_GOLDEN=1 npx vitest run test/loopback/rights.test.ts -->\n```yaml\n";
  const [before = "", rest = ""] = readFileSync(file, "utf8").split(begin);
  const wanted = `${before}${begin}${roles}${rest.slice(rest.indexOf("```\n"))}`;
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, wanted);
  expect(readFileSync(file, "utf8")).toBe(wanted);
});

test("are printed as they are", () => {
  const [everywhere, here] = readYaml(roles) as { rules: unknown[] }[];
  expect([...(everywhere?.rules ?? []), ...(here?.rules ?? [])]).toEqual(rights.map(({ rule }) => rule));
});
