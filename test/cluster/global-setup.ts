import type { TestProject } from "vitest/node";
import { NoPrograms } from "./build.js";
import { argoCrds } from "./crds.js";
import { fluxMinor } from "./flux-crds.js";
import { type RunningCluster, startCluster } from "./start.js";
import { TestCluster } from "./test-cluster.js";

/**
 * An API server for each worker, with the CRDs of the newest Flux and of Argo CD. Without Go and without programs
 * the tests that need it are skipped; under `CI` that is a failure.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    // they would look for a free port, and for the programs, at the same time
    const clusters: RunningCluster[] = [];
    for (let worker = 1; worker <= project.config.maxWorkers; worker++) clusters.push(await startCluster());
    const connections = clusters.map(({ connection }) => connection);
    for (const connection of connections)
      await new TestCluster(connection).installCrds([...fluxMinor("2.9"), ...argoCrds()]);
    project.provide("clusters", connections);
    project.provide("noCluster", "");
    return async () => {
      await Promise.all(clusters.map(({ stop }) => stop()));
    };
  } catch (error) {
    if (!(error instanceof NoPrograms) || process.env["CI"]) throw error;
    process.stderr.write(`⚠ Tests against a real API server are skipped. ${error.message}\n`);
    project.provide("clusters", []);
    project.provide("noCluster", error.message);
    return undefined;
  }
}
