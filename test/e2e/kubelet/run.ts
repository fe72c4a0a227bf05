import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { onTestFailed } from "vitest";
import { builtPackage } from "../../built-package.js";
import { sharedFolder } from "../../cluster/shared.js";
import { words } from "../../flamingo.js";
import { type Ended, type Running, spawnFlamingo, spawnProgram } from "../../spawn.js";
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

/** `kubectl flamingo LINE`, with the package's bin on the PATH. */
export function runByKubectl({ cluster, programs, room }: PodRig, line: string): Promise<Ended> {
  const folder = join(room.folder, "plugins");
  const plugin = join(folder, "kubectl-flamingo");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(plugin)) symlinkSync(join(builtPackage(), "bin", "kubectl-flamingo.cjs"), plugin);
  const env = { KUBECONFIG: cluster.kubeconfig(), PATH: `${folder}:${process.env["PATH"]}` };
  return spawnProgram(programs.kubectl, ["flamingo", ...words(line)], env).ended;
}

/** With the manifests that are beside the repository. */
export const installLine = `install --manifests ${sharedFolder("argo-cd")} --timeout 2m`;

export function install(rig: PodRig, more = ""): Promise<Ended> {
  return run(rig, `${installLine} ${more}`);
}
