import { NoPrograms } from "../cluster/go-build.js";
import { findOrBuildKustomize } from "./programs.js";

/** Sees to kustomize and what Flux builds with before tests want them: no test waits for Go. */
export default async function setup(): Promise<void> {
  await findOrBuildKustomize().catch((error: unknown) => {
    // those that want them say so
    if (!(error instanceof NoPrograms)) throw error;
  });
}
