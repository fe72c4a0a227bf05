import type { TestProject } from "vitest/node";
import { NoPrograms } from "./build.js";
import { argoCrds } from "./crds.js";
import { fluxMinor } from "./flux-crds.js";
import { startCluster } from "./start.js";
import { TestCluster } from "./test-cluster.js";

/**
 * One API server for the whole run, with the CRDs of the newest Flux and of Argo CD. Without Go and without programs
 * the tests that need it are skipped; under `CI` that is a failure.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const { connection, stop } = await startCluster();
    await new TestCluster(connection).installCrds([...fluxMinor("2.9"), ...argoCrds()]);
    project.provide("cluster", connection);
    project.provide("noCluster", "");
    return stop;
  } catch (error) {
    if (!(error instanceof NoPrograms) || process.env["CI"]) throw error;
    process.stderr.write(`⚠ Tests against a real API server are skipped. ${error.message}\n`);
    project.provide("cluster", null);
    project.provide("noCluster", error.message);
    return undefined;
  }
}
