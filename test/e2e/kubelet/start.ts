import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ClusterConnection } from "../../cluster/connection.js";
import { TestCluster } from "../../cluster/test-cluster.js";
import { apiServerSpecs, controllerSpecs } from "../kubernetes.js";
import type { RigPrograms } from "../programs.js";
import { openRoom, type Room } from "../room.js";
import { imagesOf } from "./images.js";
import { Kubelet } from "./kubelet.js";
import { NodeNetwork } from "./network.js";

export interface PodCluster {
  connection: ClusterConnection;
  kubelet: Kubelet;
  /** where more programs can be started beside it, and all of it is ended */
  room: Room;
}

/**
 * Starts a cluster with nothing in it, whose one node runs the real programs of the Pods of an install, see {@link Kubelet}. Some
 * seconds. Pods have ServiceAccounts and their tokens, as in any cluster.
 */
export async function startPodCluster(programs: RigPrograms): Promise<PodCluster> {
  const room = await openRoom("pods");
  const { folder, logs } = room;
  try {
    for (const name of ["network", "cluster", "images"]) mkdirSync(join(folder, name));
    const network = await NodeNetwork.start(join(folder, "network"));
    room.onStop(() => network.stop());
    const api = await apiServerSpecs(programs, join(folder, "cluster"), network.address);
    for (const spec of api.specs)
      spec.args = spec.args.filter((flag) => !flag.startsWith("--disable-admission"));
    await room.start(...api.specs);
    const cluster = new TestCluster(api.connection);
    const more = [
      "root-ca-certificate-publisher-controller", // of what each pod trusts the API server by
      "resourcequota-controller",
    ];
    const kubeconfig = cluster.kubeconfig();
    await room.start(...(await controllerSpecs(programs, api.connection, kubeconfig, more)));
    const kubelet = new Kubelet({
      cluster,
      network,
      findImage: imagesOf(programs, join(folder, "images")),
      folder: join(folder, "pods"),
      logs,
    });
    room.onStop(() => kubelet.stop());
    await kubelet.start();
    return { connection: api.connection, kubelet, room };
  } catch (error) {
    await room.stop();
    throw error;
  }
}
