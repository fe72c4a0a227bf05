import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { flamingo } from "../../flamingo.js";
import { golden } from "../../golden.js";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../../..");

describe.each(["loopback", "fsa"])("examples/podinfo for the engine %s", (engine) => {
  test.each(["yaml", "json"])("as %s", async (format) => {
    const flags = `--engine ${engine} -o ${format}`;
    const run = await flamingo(`generate-app --all -f examples/podinfo ${flags}`, { cwd: repository });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toBe(golden(`generate-app/podinfo-${engine}.golden.${format}`, run.stdout));
    expect(run.stderr).toBe(golden(`generate-app/podinfo-${engine}.stderr.txt`, run.stderr));
  });
});

test.each([
  ["generate-app ks/podinfo -n podinfo-kustomize -f examples/podinfo", "podinfo-kustomization.golden.yaml"],
  [
    "generate-app hr/podinfo -n podinfo-helm -f examples/podinfo/helm-release.yaml",
    "podinfo-helm-release.golden.yaml",
  ],
])("%s", async (commandLine, name) => {
  const run = await flamingo(commandLine, { cwd: repository });
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toBe(golden(`generate-app/${name}`, run.stdout));
});
