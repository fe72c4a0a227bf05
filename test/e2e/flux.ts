import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./ports.js";
import { isHealthy, type ProgramSpec } from "./program.js";
import type { RigPrograms } from "./programs.js";

/** The namespace of Flux' own objects, as `flux install` has it. */
export const fluxNamespace = "flux-system";

/**
 * The three controllers that make workloads of sources. They run as administrator and watch all namespaces.
 *
 * @param eventsUrl where they send their events
 */
export async function fluxSpecs(
  programs: RigPrograms,
  folder: string,
  kubeconfig: string,
  eventsUrl = "",
): Promise<ProgramSpec[]> {
  const storageFolder = join(folder, "artifacts");
  mkdirSync(storageFolder);
  const storage = `127.0.0.1:${await freePort()}`;
  const storageFlags = [
    `--storage-path=${storageFolder}`,
    `--storage-addr=${storage}`,
    `--storage-adv-addr=${storage}`,
  ];
  return [
    await controller("source-controller", storageFlags),
    // what 2.9 has, and leaves off
    await controller("kustomize-controller", [
      "--feature-gates=ExternalArtifact=true,CancelHealthCheckOnNewRevision=true",
    ]),
    await controller("helm-controller"),
  ];

  async function controller(
    name: "source-controller" | "kustomize-controller" | "helm-controller",
    flags: string[] = [],
  ): Promise<ProgramSpec> {
    const health = `127.0.0.1:${await freePort()}`;
    return {
      name,
      command: programs[name],
      args: [
        ...flags,
        `--health-addr=${health}`,
        `--metrics-addr=127.0.0.1:${await freePort()}`,
        `--events-addr=${eventsUrl}`,
        "--enable-leader-election=false",
      ],
      env: () => ({ KUBECONFIG: kubeconfig, RUNTIME_NAMESPACE: fluxNamespace }),
      isReady: () => isHealthy(`http://${health}/readyz`),
    };
  }
}
