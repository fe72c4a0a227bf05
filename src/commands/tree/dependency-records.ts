/** Which workloads wait for which. Pure. */
import { dependenciesOf, troubleOf } from "../../flux/dependencies.js";
import type { FluxWorkload } from "../../flux/workload.js";
import { idOf, keyOf, type ObjectId } from "../../kube/object-id.js";
import { branches } from "../../output/branches.js";
import { inCircles } from "../../report/circles.js";

/** A workload as a dependency is named. */
export interface NamedWorkload {
  kind: string;
  namespace: string;
  name: string;
}

/** A record of `-o json` (schemas/tree.schema.json). */
export interface DependencyRecord extends NamedWorkload {
  /** whether others may rely on it */
  ready: boolean;
  /** why they may not: "is suspended" */
  trouble: string | null;
  /** `exists` is null where that is not known */
  dependsOn: (NamedWorkload & { exists: boolean | null })[];
  /** whether it is in a circle, or waits for one: then Flux never comes to it */
  neverReady: boolean;
}

/**
 * @param isKnown whether a workload would be among these if it existed
 */
export function dependencyRecords(
  workloads: readonly FluxWorkload[],
  isKnown: (id: ObjectId) => boolean,
): DependencyRecord[] {
  const byKey = new Map(workloads.map((workload) => [keyOf(idOf(workload)), workload]));
  const present = [...byKey].map(
    ([key, workload]) =>
      [
        key,
        dependenciesOf(workload)
          .map(keyOf)
          .filter((one) => byKey.has(one)),
      ] as const,
  );
  const circling = inCircles(new Map(present));
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, workload]) => {
      const trouble = troubleOf(workload);
      return {
        ...namedBy(idOf(workload)),
        ready: trouble === undefined,
        trouble: trouble ?? null,
        dependsOn: dependenciesOf(workload).map((id) => ({
          ...namedBy(id),
          exists: byKey.has(keyOf(id)) || (isKnown(id) ? false : null),
        })),
        neverReady: circling.has(key),
      };
    });
}

/** A circle each: every one depends on the next, and the last on the first. */
export function circlesAmong(records: readonly DependencyRecord[]): DependencyRecord[][] {
  const circling = new Map(records.filter(({ neverReady }) => neverReady).map((one) => [nameOf(one), one]));
  const walked = new Set<string>();
  const circles: DependencyRecord[][] = [];
  for (const start of circling.values()) {
    const way: DependencyRecord[] = [];
    let next: DependencyRecord | undefined = start;
    while (next && !walked.has(nameOf(next))) {
      walked.add(nameOf(next));
      way.push(next);
      next = next.dependsOn.map((one) => circling.get(nameOf(one))).find((one) => one !== undefined);
    }
    const place = next ? way.indexOf(next) : -1;
    if (place !== -1) circles.push(way.slice(place));
  }
  return circles;
}

/** Records that one may need to see what a workload waits for: itself, and by and by what it depends on. */
export function neededBy(id: NamedWorkload, records: readonly DependencyRecord[]): DependencyRecord[] {
  const byName = new Map(records.map((one) => [nameOf(one), one]));
  const needed = new Set([nameOf(id)]);
  // grows while it is walked
  for (const name of needed) for (const one of byName.get(name)?.dependsOn ?? []) needed.add(nameOf(one));
  return records.filter((one) => needed.has(nameOf(one)));
}

/** A line of the drawing. */
export interface DependencyRow extends NamedWorkload {
  /** that lead to it: "└─ " */
  lines: string;
  /** null where that is not known */
  ready: boolean | null;
  message: string;
}

type Dependency = NamedWorkload & { exists?: boolean | null };

/**
 * Each workload that no other depends on, and below it what it depends on; only those that have to do with dependencies. What is
 * below one is drawn once.
 */
export function dependencyRows(records: readonly DependencyRecord[]): DependencyRow[] {
  const byName = new Map(records.map((one) => [nameOf(one), one]));
  const wanted = new Set(records.flatMap(({ dependsOn }) => dependsOn.map(nameOf)));
  const dependants = records.filter(({ dependsOn }) => dependsOn.length > 0);
  const drawn = new Set<string>();
  const below = (one: Dependency): readonly Dependency[] => {
    const dependsOn = drawn.has(nameOf(one)) ? [] : byName.get(nameOf(one))?.dependsOn;
    drawn.add(nameOf(one));
    return dependsOn ?? [];
  };
  const rows: DependencyRow[] = [];
  // a circle has no top: any of it, when it was not come across
  for (const top of [...dependants.filter((one) => !wanted.has(nameOf(one))), ...dependants]) {
    if (drawn.has(nameOf(top))) continue;
    for (const { item, lines } of branches<Dependency>([top], below)) {
      const record = byName.get(nameOf(item));
      const isAgain = drawn.has(nameOf(item)) && (record?.dependsOn.length ?? 0) > 0;
      rows.push({ ...namedBy(item), lines, ...stateOf(item, record, isAgain) });
    }
  }
  return rows;
}

function stateOf(
  { exists }: Dependency,
  record: DependencyRecord | undefined,
  isAgain: boolean,
): Pick<DependencyRow, "ready" | "message"> {
  if (!record) {
    return exists === false
      ? { ready: false, message: "does not exist" }
      : { ready: null, message: "may not be looked for" };
  }
  const said = [record.trouble, isAgain ? "see above" : null].filter((text) => text !== null);
  return { ready: record.ready, message: said.join("; ") };
}

function namedBy({ kind, namespace, name }: NamedWorkload): NamedWorkload {
  return { kind, namespace, name };
}

function nameOf({ kind, namespace, name }: NamedWorkload): string {
  return `${kind}/${namespace}/${name}`;
}
