import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** package.json, the fields that tests look at. */
export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  version: string;
  bin: Record<string, string>;
  files: string[];
  [field: string]: unknown;
};

let folder: string | undefined;

/**
 * A folder with what is published, built from the sources as they are now: no test runs an old `dist`, and none changes
 * it under another one. Built once a worker, gone with it.
 */
export function builtPackage(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "flamingo-built-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  const cli = join(dirname(createRequire(import.meta.url).resolve("rolldown/package.json")), "bin/cli.mjs");
  const args = [cli, "-c", "rolldown.config.mjs", "-d", join(made, "dist")];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`The build failed:\n${stdout}${stderr}`);
  const published = manifest.files.filter((name) => name !== "dist");
  for (const name of ["package.json", "README.md", "LICENSE", ...published])
    cpSync(join(root, name), join(made, name), { recursive: true });
  folder = made;
  return made;
}
