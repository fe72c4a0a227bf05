import { sharedFlux } from "../../cluster/shared.js";
import { fluxNamespace, fluxSpecs } from "../flux.js";
import { manifestTags } from "../rig.js";
import type { PodRig } from "./pod-cluster-test.js";

/** Flux' CRDs, and its controllers beside the cluster; once. */
export async function installFlux({ cluster, room, programs }: PodRig): Promise<void> {
  if (room.started.some(({ name }) => name === "source-controller")) return;
  await cluster.installCrds(sharedFlux(manifestTags.flux));
  await cluster.createNamespace(fluxNamespace);
  await room.start(...(await fluxSpecs(programs, room.folder, cluster.kubeconfig())));
}
