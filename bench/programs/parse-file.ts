// Parses a YAML file as flamingo does, and nothing else.
import { readFileSync } from "node:fs";
import { readYaml } from "../../src/yaml.js";

readYaml(readFileSync(process.argv[2] ?? "", "utf8"));
