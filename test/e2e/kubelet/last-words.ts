import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The last lines of what each container has written. @param logs their folder, "NAMESPACE_POD_CONTAINER.log" */
export function lastWords(logs: string, lines = 6): string {
  return readdirSync(logs)
    .filter((name) => name.split("_").length === 3)
    .map((name) => {
      const text = readFileSync(join(logs, name), "utf8").trimEnd().split("\n").slice(-lines).join("\n");
      return `--- ${name.slice(0, -".log".length)}\n${text}`;
    })
    .join("\n");
}
