import { writeFileSync } from "node:fs";
import { beforeAll, test } from "vitest";
import { renderYaml } from "../src/yaml.js";
import { compare, flamingo, type Program } from "./measure.js";
import { gitRepository, kustomization } from "./objects.js";
import { record, timesAsLong } from "./row.js";
import { bundled, temporary } from "./workplace.js";

const pairs = 7;
const file = temporary("workloads.yaml");
let parseOnly: Program;

beforeAll(async () => {
  parseOnly = { args: [await bundled("parse-file"), file] };
  const sources = Array.from({ length: 500 }, (_, index) => gitRepository(index));
  const workloads = Array.from({ length: 9500 }, (_, index) => kustomization(index));
  writeFileSync(file, [...sources, ...workloads].map(renderYaml).join(""));
});

test("a file of 10,000 documents, -o json", async (context) => {
  const program = flamingo(`generate-app --all -f ${file} -o json`);
  const comparison = await compare(program, parseOnly, pairs);
  record(
    context,
    timesAsLong("10,000 documents of a file, `-o json` : only parsing it", comparison, "≤ 1.5"),
  );
});
