import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readYaml } from "../../src/yaml.js";
import type { TestObject } from "../cluster/crds.js";
import { moduleSource } from "../cluster/go-build.js";

const operator = "github.com/controlplaneio-fluxcd/flux-operator@v0.59.0";

/** Where the CRDs of what extends Flux stand in the Go modules of those who make it. */
const files: readonly (readonly [module: string, path: string])[] = [
  [operator, "config/crd/bases/fluxcd.controlplane.io_fluxinstances.yaml"],
  [operator, "config/crd/bases/fluxcd.controlplane.io_fluxreports.yaml"],
  [operator, "config/crd/bases/fluxcd.controlplane.io_resourcesets.yaml"],
  [operator, "config/crd/bases/fluxcd.controlplane.io_resourcesetinputproviders.yaml"],
  ["github.com/flux-iac/tofu-controller@v0.16.4", "config/crd/bases/infra.contrib.fluxcd.io_terraforms.yaml"],
  ["github.com/fluxcd/flagger@v1.36.1", "artifacts/flagger/crd.yaml"],
];

/**
 * The CRDs of flux-operator, tofu-controller and Flagger, written in YAML that only Go reads. Not of source-watcher, which is no Go
 * module that can be had.
 *
 * @throws NoPrograms when Go is missing or cannot fetch them
 */
export async function extensionCrds(): Promise<TestObject[]> {
  const crds: unknown[] = [];
  for (const [module, path] of files)
    crds.push(...readYaml(readFileSync(join(await moduleSource(tmpdir(), module), path), "utf8")));
  return crds.filter((document) => document) as TestObject[];
}
