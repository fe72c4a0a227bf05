import type { TestProject } from "vitest/node";
import { NoPrograms } from "../cluster/go-build.js";
import { isSharedMissing } from "../cluster/shared.js";
import { findOrBuildRigPrograms } from "./programs.js";
import { manifestTags, startRig } from "./rig.js";

/** One rig for the whole run. What is missing for it is said in one line, and under `CI` it is a failure. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const begunAt = Date.now();
  const without = (reason: string) => {
    project.provide("rig", null);
    project.provide("noRig", reason);
    return undefined;
  };
  if (isSharedMissing(`flux/${manifestTags.flux}`, `argo-cd/${manifestTags.argocd}`))
    return without("real manifests are missing");
  try {
    const binaries = await findOrBuildRigPrograms(say);
    const startedAt = Date.now();
    const { connection, stop } = await startRig(binaries);
    say(`✔ Kubernetes, Flux and Argo CD are ready in ${secondsSince(startedAt)}`);
    project.provide("rig", connection);
    project.provide("noRig", "");
    return async () => {
      await stop();
      say(`✔ End-to-end tests took ${secondsSince(begunAt)}`);
    };
  } catch (error) {
    if (!(error instanceof NoPrograms) || process.env["CI"]) throw error;
    say(`⚠ End-to-end tests are skipped: ${error.message}`);
    return without(error.message);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function secondsSince(startedAt: number): string {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)}s`;
}
