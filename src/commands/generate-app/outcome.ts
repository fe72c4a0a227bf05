import { isDeepStrictEqual } from "node:util";
import type { Application, Engine } from "../../argo/application.js";
import { engineOf } from "../../argo/application.js";
import { type ApplicationContent, contentOf, type ExistingApplication } from "../../argo/existing.js";
import type { SourceRef } from "../../flux/source-ref.js";
import type { Workload, WorkloadKind } from "../../flux/workload.js";
import type { ApplyOutcome } from "../../kube/kube.js";
import type { Planned, Refused } from "./plan.js";

/** What was done for one Application: a record of `-o json` (schemas/generate-app.schema.json). */
export interface Outcome {
  name: string;
  namespace: string;
  engine: Engine;
  outcome: ApplyOutcome;
  dryRun: "client" | "server" | null;
  workload: { kind: WorkloadKind; namespace: string; name: string };
  source: SourceRef;
  warnings: { id: string; text: string }[];
}

export function outcomeFor(
  planned: Exclude<Planned, Refused>,
  outcome: ApplyOutcome,
  dryRun: Outcome["dryRun"],
): Outcome {
  const { name, workload, application, warnings } = planned;
  return {
    name,
    namespace: application.metadata.namespace ?? "",
    engine: engineOf(application),
    outcome,
    dryRun,
    workload: identityOf(workload),
    source: workload.source,
    warnings: warnings.map(({ id, text, detail }) => ({ id, text: detail ? `${text}: ${detail}` : text })),
  };
}

function identityOf({ kind, namespace, name }: Workload): Outcome["workload"] {
  return { kind, namespace, name };
}

/** What an apply did, by what people write; Argo CD's writes to the status at the same time are no change. */
export function compareApplied(before: ExistingApplication | undefined, after: Application): ApplyOutcome {
  if (!before) return "created";
  return isDeepStrictEqual(before.content, contentOf(after)) ? "unchanged" : "configured";
}

/** What an apply would do, as far as that can be told without asking the API server. */
export function predictApplied(before: ExistingApplication | undefined, wanted: Application): ApplyOutcome {
  if (!before) return "created";
  return includes(before.content, contentOf(wanted)) ? "unchanged" : "configured";
}

function includes(whole: ApplicationContent, part: ApplicationContent): boolean {
  const covers = (have: unknown, want: unknown): boolean => {
    if (!isPlain(want) || !isPlain(have)) return isDeepStrictEqual(have, want);
    return Object.entries(want).every(([key, value]) => covers(have[key], value));
  };
  return covers(whole, part);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
