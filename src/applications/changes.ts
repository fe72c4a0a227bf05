import { isDeepStrictEqual } from "node:util";
import type { GeneratedApplication } from "../argo/application-for.js";
import { shownBy } from "../argo/generated.js";
import { isMap } from "../is-map.js";
import { namespacedName, type ObjectId } from "../kube/object-id.js";

/** The Applications that workloads have in one state of a repository. */
export interface State {
  applications: readonly GeneratedApplication[];
  /** names of Applications that could not be made */
  failed: ReadonlySet<string>;
  /** something could not be read: what is not there may be there */
  incomplete: boolean;
}

/** What becomes of one Application from one state to the next: a record of `-o json` (schemas/generate-app.schema.json). */
export interface Change {
  /** unknown: it is in one state, and of the other that cannot be told */
  change: "removed" | "unknown" | "changed" | "added";
  name: string;
  namespace: string;
  workload: Pick<ObjectId, "kind" | "namespace" | "name">;
  before: GeneratedApplication | null;
  after: GeneratedApplication | null;
  /** of one that is changed */
  fields: FieldChange[];
}

export interface FieldChange {
  /** "spec.source.path", "metadata.labels[\"app.kubernetes.io/managed-by\"]" */
  field: string;
  /** null where it is not there */
  before: unknown;
  after: unknown;
}

/** What becomes of Applications, those first that matter most: what goes, what is unknown, what changes, what comes. By name among these. */
export function changesBetween(before: State, after: State): Change[] {
  const [old, wanted] = [byName(before), byName(after)];
  const names = [...new Set([...old.keys(), ...wanted.keys()])].sort();
  const changes = names.flatMap((name) => changeOf(old.get(name), wanted.get(name), before, after));
  return order.flatMap((change) => changes.filter((one) => one.change === change));
}

const order = ["removed", "unknown", "changed", "added"] as const;

function byName({ applications }: State): Map<string, GeneratedApplication> {
  return new Map(applications.map((application) => [namespacedName(application.metadata), application]));
}

function changeOf(
  before: GeneratedApplication | undefined,
  after: GeneratedApplication | undefined,
  old: State,
  wanted: State,
): Change[] {
  const one = after ?? before;
  if (!one || isDeepStrictEqual(before, after)) return [];
  const { name, namespace } = one.metadata;
  const lacksIn = ({ incomplete, failed }: State, change: Change["change"]) =>
    incomplete || failed.has(name) ? "unknown" : change;
  const change = !after ? lacksIn(wanted, "removed") : !before ? lacksIn(old, "added") : "changed";
  const { kind, ...workload } = shownBy(one);
  return [
    {
      change,
      name,
      namespace,
      workload: { kind, namespace: workload.namespace, name: workload.name },
      before: before ?? null,
      after: after ?? null,
      fields: before && after ? [...fieldsThatDiffer(before, after, "")] : [],
    },
  ];
}

/** Lists are compared whole. */
function* fieldsThatDiffer(before: unknown, after: unknown, at: string): Generator<FieldChange> {
  if (isDeepStrictEqual(before, after)) return;
  if (!isMap(before) || !isMap(after)) {
    yield { field: at, before: before ?? null, after: after ?? null };
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const step = /^[a-zA-Z]\w*$/.test(key) ? `${at && "."}${key}` : `[${JSON.stringify(key)}]`;
    yield* fieldsThatDiffer(before[key], after[key], at + step);
  }
}
