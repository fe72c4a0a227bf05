import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { goBuild, programCache } from "../cluster/go-build.js";

/** Absolute paths of the programs. */
export interface BuildPrograms {
  kustomize: string;
  /** builds a path by the library of kustomize-controller: `go/flux-build/main.go` */
  fluxBuild: string;
}

const moduleFolder = fileURLToPath(new URL("go", import.meta.url));
const packages: Record<keyof BuildPrograms, string> = {
  kustomize: "sigs.k8s.io/kustomize/kustomize/v5",
  fluxBuild: "./flux-build",
};

/**
 * Half a minute each, once; kept in a folder named after all that goes in.
 *
 * @throws NoPrograms when they must be built and Go is missing or fails
 */
export async function findOrBuildKustomize(): Promise<BuildPrograms> {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "flux-build/main.go"]) hash.update(readFileSync(join(moduleFolder, file)));
  const folder = join(programCache(), `kustomize-${hash.digest("hex").slice(0, 16)}`);
  const programs = { kustomize: join(folder, "kustomize"), fluxBuild: join(folder, "flux-build") };
  for (const name of ["kustomize", "fluxBuild"] as const) {
    if (existsSync(programs[name])) continue;
    await goBuild({ moduleFolder, package: packages[name], variables: {} }, programs[name], {
      onStart: () => process.stderr.write(`► Building ${packages[name]} for tests, once, half a minute\n`),
      instead: "kustomize and what Flux builds with are built by Go (https://go.dev/dl) from test/follow/go",
    });
  }
  return programs;
}
