/** What is written into a workload to suspend and to resume it. Pure. */
import type { Workload } from "../flux/workload.js";
import type { MergePatch } from "../kube/kube.js";
import { annotation } from "../names.js";
import { kubeTime } from "../text/time.js";

/** Why a workload is suspended, kept with it until it is resumed. */
export interface SuspensionNote {
  reason: string;
  /** undefined where the API server does not tell who one is */
  by: string | undefined;
  at: Date;
}

/** Undefined where there is nothing to change: it is suspended, and nobody gives a reason. */
export function suspending(
  { suspended }: Pick<Workload, "suspended">,
  note?: SuspensionNote,
): MergePatch | undefined {
  if (!note) return suspended ? undefined : { spec: { suspend: true } };
  const annotations = {
    [annotation.suspendReason]: note.reason,
    [annotation.suspendBy]: note.by ?? null,
    [annotation.suspendAt]: kubeTime(note.at),
  };
  return { spec: { suspend: true }, metadata: { annotations } };
}

/** Undefined for a workload that is not suspended. */
export function resuming({ suspended }: Pick<Workload, "suspended">): MergePatch | undefined {
  if (!suspended) return undefined;
  const keys = [annotation.suspendReason, annotation.suspendBy, annotation.suspendAt];
  // as Flux's own command does, which leaves the field out
  return {
    spec: { suspend: null },
    metadata: { annotations: Object.fromEntries(keys.map((key) => [key, null])) },
  };
}
