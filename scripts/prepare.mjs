// Builds after `npm ci` in a fresh clone, so that `npx flamingo` works at once. Without the build tools
// (`--omit=dev`) there is nothing to build with, and nothing to say.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
if (existsSync(`${root}node_modules/rolldown/package.json`)) {
  const { status } = spawnSync("npm", ["run", "--silent", "build"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  process.exitCode = status ?? 1;
}
