import type { TestProject } from "vitest/node";
import { findOrBuildPrograms, NoPrograms } from "./build.js";

/**
 * Sees to the programs of the test cluster before tests want one. Without Go and without programs tests that need it are
 * skipped; under `CI` that is a failure.
 */
export default async function setup(project: TestProject): Promise<void> {
  try {
    await findOrBuildPrograms();
    project.provide("noCluster", "");
  } catch (error) {
    if (!(error instanceof NoPrograms) || process.env["CI"]) throw error;
    process.stderr.write(`⚠ Tests against a real API server are skipped. ${error.message}\n`);
    project.provide("noCluster", error.message);
  }
}
