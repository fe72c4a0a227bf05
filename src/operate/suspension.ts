/** What is written into a workload to suspend and to resume it. Pure. */
import { switchedOff, switchedOn, switchOf } from "../flux/suspension.js";
import { type Workload, workloadKinds } from "../flux/workload.js";
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

type Suspendable = Pick<Workload, "kind" | "suspended">;

/** Undefined where there is nothing to change: it is suspended, and nobody gives a reason. */
export function suspending(workload: Suspendable, note?: SuspensionNote): MergePatch | undefined {
  if (!note) return workload.suspended ? undefined : switching(workload, "off", {});
  return switching(workload, "off", {
    [annotation.suspendReason]: note.reason,
    [annotation.suspendBy]: note.by ?? null,
    [annotation.suspendAt]: kubeTime(note.at),
  });
}

/** Undefined for a workload that is not suspended. */
export function resuming(workload: Suspendable): MergePatch | undefined {
  const keys = [annotation.suspendReason, annotation.suspendBy, annotation.suspendAt];
  const annotations = Object.fromEntries(keys.map((key) => [key, null]));
  return workload.suspended ? switching(workload, "on", annotations) : undefined;
}

/** Of kinds without `spec.suspend` by the annotation in its place, whose usual value is written out. */
function switching(
  { kind }: Suspendable,
  to: "on" | "off",
  notes: Readonly<Record<string, string | null>>,
): MergePatch {
  const key = switchOf(workloadKinds[kind].group);
  const own = key === undefined ? {} : { [key]: to === "off" ? switchedOff : switchedOn };
  const annotations = { ...own, ...notes };
  return {
    // Flux's own command leaves the field out
    ...(key === undefined ? { spec: { suspend: to === "off" ? true : null } } : {}),
    ...(Object.keys(annotations).length > 0 ? { metadata: { annotations } } : {}),
  };
}
