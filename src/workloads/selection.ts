import type { WorkloadKind } from "../flux/workload.js";
import type { WorkloadRef } from "./ref.js";

/** Which workloads are meant. */
export type Selection = { refs: readonly WorkloadRef[] } | WorkloadFilter;

/** All workloads that fit. */
export interface WorkloadFilter {
  /** in every namespace, not only in `-n` */
  everywhere: boolean;
  kinds: readonly WorkloadKind[];
  /** a label selector as kubectl takes it */
  labels: string | undefined;
}

/** The REF, where there is a single one: its failure is that of the command. */
export function onlyRef(selection: Selection): WorkloadRef | undefined {
  if (!("refs" in selection)) return undefined;
  const [ref, second] = selection.refs;
  return second ? undefined : ref;
}
