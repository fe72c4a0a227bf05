import type { Planned, Refused } from "../../applications/plan.js";
import type { Engine } from "../../argo/application.js";
import type { SourceRef } from "../../flux/source-ref.js";
import type { Workload, WorkloadKind } from "../../flux/workload.js";
import type { ApplyOutcome } from "../../kube/apply-outcome.js";

/** What was done for one Application: a record of `-o json` (schemas/generate-app.schema.json). */
export interface Outcome {
  name: string;
  namespace: string;
  engine: Engine;
  outcome: ApplyOutcome;
  dryRun: "client" | "server" | null;
  workload: { kind: WorkloadKind; namespace: string; name: string };
  /** null: the workload holds its content itself */
  source: SourceRef | null;
  warnings: { id: string; text: string }[];
}

export function outcomeFor(
  planned: Exclude<Planned, Refused>,
  outcome: ApplyOutcome,
  dryRun: Outcome["dryRun"],
): Outcome {
  const { name, workload, engine, application, warnings } = planned;
  return {
    name,
    namespace: application.metadata.namespace,
    engine,
    outcome,
    dryRun,
    workload: identityOf(workload),
    source: workload.source.kind === "" ? null : workload.source,
    warnings: warnings.map(({ id, text, detail }) => ({ id, text: detail ? `${text}: ${detail}` : text })),
  };
}

function identityOf({ kind, namespace, name }: Workload): Outcome["workload"] {
  return { kind, namespace, name };
}
