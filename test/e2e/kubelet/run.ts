import { onTestFailed } from "vitest";
import { sharedFolder } from "../../cluster/shared.js";
import { words } from "../../flamingo.js";
import { type Ended, type Running, spawnFlamingo } from "../../spawn.js";
import type { PodRig } from "./pod-cluster-test.js";

/** Starts `flamingo LINE` as it is built, which is what its image has, too, as the cluster's administrator. It ends with the test. */
export function start({ cluster }: PodRig, line: string): Running {
  const running = spawnFlamingo(words(line), { KUBECONFIG: cluster.kubeconfig() });
  onTestFailed(() => void process.stderr.write(`flamingo ${line} said:\n${running.text()}\n`));
  return running;
}

export function run(rig: PodRig, line: string): Promise<Ended> {
  return start(rig, line).ended;
}

/** `flamingo install` with the manifests that are beside the repository. */
export function install(rig: PodRig, more = ""): Promise<Ended> {
  return run(rig, `install --manifests ${sharedFolder("argo-cd")} --timeout 2m ${more}`);
}
