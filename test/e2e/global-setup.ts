import type { TestProject } from "vitest/node";
import { NoPrograms } from "../cluster/go-build.js";
import { isSharedMissing } from "../cluster/shared.js";
import { serve } from "./http-server.js";
import { findOrBuildRigPrograms, type RigPrograms } from "./programs.js";
import { manifestTags, type RunningRig, startRig } from "./rig.js";

/** A rig for each worker that asks for one. What is missing for it is said in one line, and under `CI` it is a failure. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const begunAt = Date.now();
  const without = (reason: string) => {
    project.provide("rigs", "");
    project.provide("noRig", reason);
    return undefined;
  };
  if (isSharedMissing(`flux/${manifestTags.flux}`, `argo-cd/${manifestTags.argocd}`))
    return without("real manifests are missing");
  try {
    const { url, stop } = await serveRigs(await findOrBuildRigPrograms(say));
    project.provide("rigs", url);
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

/** Answers each request with the connection of a new rig. The programs are those of this process, and end with it. */
async function serveRigs(binaries: RigPrograms): Promise<{ url: string; stop(): Promise<void> }> {
  const rigs: Promise<RunningRig>[] = [];
  const server = await serve(async (_, response) => {
    const startedAt = Date.now();
    const rig = startRig(binaries);
    rigs.push(rig);
    try {
      const { connection } = await rig;
      say(`✔ Kubernetes, Flux and Argo CD are ready in ${secondsSince(startedAt)}`);
      response.end(JSON.stringify(connection));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      for (const started of await Promise.allSettled(rigs))
        if (started.status === "fulfilled") await started.value.stop();
    },
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function secondsSince(startedAt: number): string {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)}s`;
}
