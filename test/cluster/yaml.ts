import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";
import type { TestObject } from "./crds.js";

const testFolder = fileURLToPath(new URL("..", import.meta.url));

/**
 * The objects in a YAML text, or in a YAML file: one word that ends in .yaml or .yml is a path, absolute or within
 * `test/`. Empty documents are left out; a `kind: List` becomes its items.
 */
export function readObjects(pathOrYaml: string): TestObject[] {
  const isPath = /^\S+\.ya?ml$/.test(pathOrYaml);
  const yaml = isPath ? readFileSync(resolve(testFolder, pathOrYaml), "utf8") : pathOrYaml;
  const documents = loadAll(yaml) as (TestObject | null | undefined)[];
  return documents
    .filter((document) => document !== null && document !== undefined)
    .flatMap((document) => (document.kind === "List" ? (document["items"] as TestObject[]) : [document]));
}
