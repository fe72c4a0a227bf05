import { isHeld, leaseNameOf, reportedOf } from "../argo/loopback-lease.js";
import { shardsOf } from "../argo/shard.js";
import { ExitCode, UserError } from "../errors.js";
import { Lease } from "../kube/kinds.js";
import type { Kstatus } from "../kube/kstatus.js";
import type { Kube } from "../kube/kube.js";
import { type TargetState, waitUntilReady } from "../kube/wait.js";
import { isEnginePod } from "./engine/names.js";

export interface EngineWait {
  /** of Argo CD */
  namespace: string;
  /** of the engine: "1.2.3" */
  version: string;
  /** how many of it there are */
  shards: number;
  now(): Date;
  signal: AbortSignal;
  onProgress(missing: readonly TargetState[]): void;
}

/**
 * Waits until an engine of this version has reported everything once, Applications or none: of each shard one.
 *
 * @throws UserError (exit code 3) when somebody outside of the cluster reports, whom the engine waits for; NotReadyError at the deadline
 */
export async function waitForEngine(
  kube: Pick<Kube, "watch">,
  { namespace, version, shards, now, signal, onProgress }: EngineWait,
): Promise<void> {
  const end = new AbortController();
  const judge = (lease: Lease | undefined): Kstatus => {
    const { holderIdentity: holder = "" } = lease?.spec ?? {};
    const isEngine = isEnginePod(holder);
    if (lease && !isEngine && isHeld(lease, now())) end.abort(heldElsewhere(holder, namespace));
    const reported = lease && isEngine ? reportedOf(lease) : undefined;
    if (reported?.version === version) return { status: "Current", message: undefined };
    const message = reported
      ? `version ${reported.version} reports, not ${version}`
      : "nobody has reported yet";
    return { status: "InProgress", message };
  };
  const leases = shardsOf(shards).map((shard) => ({ kind: Lease, namespace, name: leaseNameOf(shard) }));
  await waitUntilReady(kube, leases, {
    judge,
    onProgress,
    signal: AbortSignal.any([signal, end.signal]),
  });
}

function heldElsewhere(holder: string, namespace: string): UserError {
  return new UserError(
    `Cannot finish the install: flamingo loopback runs as ${holder}, too, and reports to the Argo CD in ${namespace}`,
    { hint: "End it there, and the engine takes over by itself", exitCode: ExitCode.notReady },
  );
}
