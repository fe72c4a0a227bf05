import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "golden");

/**
 * The text that a golden file holds. With `UPDATE_GOLDEN=1` it becomes the actual one, whose diff is then read like code.
 *
 * @example expect(run.stdout).toBe(golden("generate-app/all.yaml", run.stdout))
 */
export function golden(name: string, actual: string): string {
  const path = join(folder, name);
  if (process.env["UPDATE_GOLDEN"]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  return readFileSync(path, "utf8");
}
