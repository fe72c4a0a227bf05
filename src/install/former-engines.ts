import { shardNamed } from "../argo/loopback-lease.js";
import { allOf } from "../kube/all-of.js";
import { Deployment, type PodRunner } from "../kube/kinds.js";
import type { Reader } from "../kube/kube.js";
import { idOf } from "../kube/object-id.js";
import { label, managedByFlamingo } from "../names.js";
import { isEngine } from "./engine/names.js";
import type { EngineWish } from "./engine/wish.js";

/** Deployments of the engine for another number of shards than is wished for: as long as they run, the new ones wait for them. */
export async function formerEngines(
  reader: Reader,
  { namespace, shards }: Pick<EngineWish, "namespace" | "shards">,
): Promise<PodRunner[]> {
  const labels = `${label.managedBy}=${managedByFlamingo}`;
  const deployments = await allOf(reader.list(Deployment, { namespace, labels }));
  return deployments.filter((one) => isEngine(idOf(one)) && shardNamed(one.metadata.name)?.count !== shards);
}
