import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Both the sources and the bundle lie in a folder of the package's own. */
const packageFolder = join(import.meta.dirname, "..");

/**
 * A file that comes with flamingo, in a checkout and installed.
 *
 * @example readAsset("support-matrix.json")
 */
export function readAsset(name: string): string {
  return readFileSync(join(packageFolder, name), "utf8");
}
