import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Real manifests of Flux and Argo CD releases, in a folder beside the repository (or in `FLAMINGO_SHARED`):
 * `flux/TAG/gotk-components.yaml` and `argo-cd/TAG/manifests/crds/*.yaml`. They are too long to keep here.
 */
const folder = process.env["FLAMINGO_SHARED"] ?? fileURLToPath(new URL("../../../shared", import.meta.url));

/**
 * Whether tests that read these must be skipped: says so on stderr when one is missing, and throws under `CI`.
 *
 * @example test.skipIf(isSharedMissing("flux/v2.9.3"))("agrees with the real CRDs", ...)
 */
export function isSharedMissing(...paths: string[]): boolean {
  const missing = paths.map((path) => join(folder, path)).filter((path) => !existsSync(path));
  if (missing.length === 0) return false;
  const message = `Real manifests are missing: ${missing.join(", ")} (FLAMINGO_SHARED names another folder)`;
  if (process.env["CI"]) throw new Error(message);
  process.stderr.write(`⚠ Tests are skipped. ${message}\n`);
  return true;
}

/** A folder of these. @example sharedFolder("argo-cd") */
export function sharedFolder(name: string): string {
  return join(folder, name);
}

/** Everything that `flux install` of this release writes, as YAML. @example sharedFlux("v2.9.3") */
export function sharedFlux(tag: string): string {
  return readFileSync(join(folder, "flux", tag, "gotk-components.yaml"), "utf8");
}

/**
 * Argo CD's CRDs of this release, as YAML. ApplicationSet's is the longest by far: two seconds to install.
 *
 * @example sharedArgoCrds("v3.5.1", ["application", "appproject"])
 */
export function sharedArgoCrds(tag: string, kinds = ["application", "applicationset", "appproject"]): string {
  const crds = join(folder, "argo-cd", tag, "manifests", "crds");
  return kinds.map((kind) => readFileSync(join(crds, `${kind}-crd.yaml`), "utf8")).join("\n---\n");
}

/**
 * All of Argo CD, CRDs too, as `kubectl apply -n argocd` would get it; of v3.5.1 "core-install.yaml" and "ha/install.yaml", too.
 *
 * @example sharedArgoInstall("v3.5.1")
 */
export function sharedArgoInstall(tag: string, file = "install.yaml"): string {
  return readFileSync(join(folder, "argo-cd", tag, "manifests", file), "utf8");
}
