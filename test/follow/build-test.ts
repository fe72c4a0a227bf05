import { test } from "vitest";
import { NoPrograms } from "../cluster/go-build.js";
import { type BuildPrograms, findOrBuildKustomize } from "./programs.js";

/** A test that is handed the programs, and skipped where they are not to be had; under `CI` that is a failure. */
export const buildTest = test.extend<{ programs: BuildPrograms }>({
  programs: async ({ skip }, use) => {
    await use(await programsOrReason().then((found) => (typeof found === "string" ? skip(found) : found)));
  },
});

let found: Promise<BuildPrograms | string> | undefined;

function programsOrReason(): Promise<BuildPrograms | string> {
  found ??= findOrBuildKustomize().catch((error: unknown) => {
    if (!(error instanceof NoPrograms) || process.env["CI"]) throw error;
    process.stderr.write(`⚠ Tests that build by kustomize are skipped. ${error.message}\n`);
    return error.message;
  });
  return found;
}
