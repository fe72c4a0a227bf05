import { afterAll, inject, type TestAPI, test } from "vitest";
import { Rig } from "../e2e.js";
import { findOrBuildRigPrograms, type RigPrograms } from "../programs.js";
import { rigOfWorker } from "../rig-of-worker.js";
import type { Room } from "../room.js";
import type { Kubelet } from "./kubelet.js";
import { lastWords } from "./last-words.js";
import { whyNoNetwork } from "./network.js";
import { startPodCluster } from "./start.js";

/** A cluster whose one node runs the real programs of pods, and nothing in it at first. */
export interface PodRig extends Pick<Rig, "cluster" | "createNamespace" | "repository" | "untilReady"> {
  programs: RigPrograms;
  kubelet: Kubelet;
  /** where more programs can be started beside it */
  room: Room;
}

/**
 * A test that is handed a cluster of its own file, see {@link PodRig}: it starts with the first that wants it and ends after the
 * last. Where no process may have a network of its own they are skipped and say so.
 */
export function podClusterTest(): TestAPI<{ rig: PodRig }> {
  let started: Promise<PodRig> | undefined;
  afterAll(async () => (await started)?.room.stop());
  return test.extend<{ rig: PodRig }>({
    rig: async ({ skip, onTestFailed, task }, use) => {
      const connection = (await rigOfWorker()) ?? skip(inject("noRig"));
      const why = await whyNoNetwork();
      if (why) {
        process.stderr.write(`⚠ "${task.name}" is skipped: ${why}\n`);
        skip(why);
      }
      started ??= start();
      const rig = await started;
      onTestFailed(() => {
        process.stderr.write(`\nWhat the pods said last:\n${lastWords(rig.room.logs)}\n`);
      });
      await use(rig);

      async function start(): Promise<PodRig> {
        const programs = await findOrBuildRigPrograms(() => {});
        const { connection: cluster, kubelet, room } = await startPodCluster(programs);
        return Object.assign(new Rig({ ...connection, cluster }, false), { programs, kubelet, room });
      }
    },
  });
}
