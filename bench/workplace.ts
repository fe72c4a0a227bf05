import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { afterAll } from "vitest";

/** A path in a folder that is gone after the benchmarks of this file. */
export function temporary(name: string): string {
  folder ??= mkdtempSync(join(tmpdir(), "flamingo-bench-"));
  return join(folder, name);
}

let folder: string | undefined;

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

/** A program of `programs/`, bundled as flamingo is, so that start-up weighs the same. Answers its path. */
export async function bundled(name: string): Promise<string> {
  const file = temporary(`${name}.cjs`);
  await build({
    input: fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)),
    platform: "node",
    logLevel: "warn",
    output: { file, format: "cjs", codeSplitting: false },
  });
  return file;
}
