import type { Application } from "../src/argo/application.js";

/**
 * What a page of Argo CD shows of an Application, as one line: sync with its revision, health, the last operation with its
 * revision, the types of conditions.
 *
 * @param names of revisions, by the revision, so that a test can say "second" for a hash
 * @example "OutOfSync second, Degraded, Failed second, SyncError"
 */
export function stateOf(
  { status = {} }: Application,
  names: ReadonlyMap<string, string> = new Map(),
): string {
  const { sync, health, operationState, conditions = [] } = status;
  const at = (word: string | undefined, revision = "") =>
    word && `${word} ${names.get(revision) ?? revision}`.trimEnd();
  return [
    at(sync?.status, sync?.revision) ?? "no sync",
    health?.status ?? "no health",
    at(operationState?.phase, operationState?.syncResult?.revision) ?? "no operation",
    ...conditions.map(({ type }) => type).sort(),
  ].join(", ");
}

/** A state that may be passed over, as one that lasts shorter than a second. */
export interface Maybe {
  maybe: string;
}

export function maybe(state: string): Maybe {
  return { maybe: state };
}

/**
 * The expected states without those optional ones that were not seen. When all is as expected, that is what was seen; else it
 * differs from that by as little as can be, so that a comparison of the two shows what is wrong.
 *
 * @example expect(seen).toEqual(likeliest(["Synced", maybe("OutOfSync"), "Unknown"], seen))
 */
export function likeliest(expected: readonly (string | Maybe)[], seen: readonly string[]): string[] {
  // by how many of the seen states come before: the rest of the expected ones, laid upon the rest of the seen ones
  let rests: Rest[] = [...seen, ""].map(() => ({ states: [], fits: 0 }));
  for (const entry of expected.toReversed()) {
    const [state, isNeeded] = typeof entry === "string" ? [entry, true] : [entry.maybe, false];
    const longer: Rest[] = [];
    for (const before of [...rests.keys()].reverse()) {
      const rest = rests[before] as Rest;
      const ways = [isNeeded ? { ...rest, states: [state, ...rest.states] } : rest];
      if (before < seen.length) ways.push(longer[before + 1] as Rest);
      if (seen[before] === state) ways.push(met(state, isNeeded, rests[before + 1] as Rest));
      longer[before] = ways.reduce((best, way) => (way.fits > best.fits ? way : best));
    }
    rests = longer;
  }
  return (rests[0] as Rest).states;
}

interface Rest {
  states: string[];
  /** more is better; a state that must be there counts twice */
  fits: number;
}

function met(state: string, isNeeded: boolean, { states, fits }: Rest): Rest {
  return { states: [state, ...states], fits: fits + (isNeeded ? 2 : 1) };
}
