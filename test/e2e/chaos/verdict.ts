/** What the API server's audit log says of how the engines did. Pure. */
import type { Write, Written } from "../audit.js";

/** In milliseconds since 1970. */
export interface Interval {
  from: number;
  to: number;
}

export interface Lag {
  /** of the Kustomization and its Application */
  name: string;
  /** what Flux said: "Succeeded COMMIT", "Failed COMMIT" */
  word: string;
  /** when it said so */
  at: number;
  /** until the Application said so, or something that Flux said later, without the time that counts for nothing; Infinity: never */
  ms: number;
  /** with that time */
  wholeMs: number;
}

/**
 * How long it took until Applications said what Flux said.
 *
 * @param writes in the order in which etcd has taken them
 * @param away when nobody could have said it
 */
export function lagsOf(writes: readonly Write[], away: readonly Interval[]): Lag[] {
  const kustomizations = of(writes, "kustomizations");
  const applications = of(writes, "applications");
  return [...new Set(kustomizations.map(({ namespace }) => namespace))].flatMap((name) => {
    const words = wordsOf(
      kustomizations.filter(({ namespace }) => namespace === name),
      fluxWord,
    );
    const ours = wordsOf(
      applications.filter((write) => write.name === name),
      operationWord,
    );
    return words.flatMap(({ word, at }, index): Lag[] => {
      // what it begins with was said before
      if (index === 0) return [];
      const orLater = new Set(words.slice(index).map((one) => one.word));
      const answer = ours.find(
        (one, place) => (ours[place + 1]?.at ?? Infinity) > at && orLater.has(one.word),
      );
      const until = answer ? Math.max(answer.at, at) : Infinity;
      return [
        { name, word, at, ms: until - at - lengthOf({ from: at, to: until }, away), wholeMs: until - at },
      ];
    });
  });
}

interface Said {
  word: string;
  at: number;
}

/** Each time that something else is said. */
function wordsOf(writes: readonly Write[], wordIn: (object: Written) => string | undefined): Said[] {
  return writes
    .flatMap(({ object, at }): Said[] => {
      const word = wordIn(object);
      return word === undefined ? [] : [{ word, at }];
    })
    .filter(({ word }, index, all) => word !== all[index - 1]?.word);
}

/** Undefined while Flux is at it. */
function fluxWord({ status = {} }: Written): string | undefined {
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return `Succeeded ${commitIn(status.lastAppliedRevision)}`;
  return ready?.status === "False" && ready.reason === "ReconciliationFailed"
    ? `Failed ${commitIn(status.lastAttemptedRevision)}`
    : undefined;
}

function operationWord({ status = {} }: Written): string | undefined {
  const { phase, syncResult } = status.operationState ?? {};
  return phase === "Succeeded" || phase === "Failed" ? `${phase} ${syncResult?.revision}` : undefined;
}

/** "main@sha1:0123" → "0123" */
function commitIn(revision = ""): string {
  return revision.slice(revision.indexOf(":") + 1);
}

/** Writes into Applications of engines that did not hold the Lease: "alice wrote web, which was bob's to do". */
export function strayWrites(writes: readonly Write[], engines: ReadonlySet<string>): string[] {
  let holder: string | undefined;
  let identity = "";
  return writes.flatMap(({ resource, by, name, object }) => {
    if (resource === "leases") {
      const now = object.spec?.holderIdentity ?? "";
      // who waits for it writes there, too
      if (now !== identity) holder = now === "" ? undefined : by;
      identity = now;
      return [];
    }
    return resource !== "applications" || !engines.has(by) || by === holder
      ? []
      : [`${by} wrote ${name}, which was ${holder ?? "nobody"}'s to do`];
  });
}

/** When engines became the one that writes. */
export function takeoversIn(writes: readonly Write[]): number[] {
  const leases = of(writes, "leases").map(({ at, object }) => ({
    at,
    holder: object.spec?.holderIdentity ?? "",
  }));
  return leases
    .filter(({ holder }, index) => holder !== "" && holder !== leases[index - 1]?.holder)
    .map(({ at }) => at);
}

export interface AskedOperation {
  /** who asked, of each another one */
  by: string;
  /** false: whoever asked was cut off, and does not know whether anybody heard it */
  isSure: boolean;
}

/**
 * Of operations, which are told apart by who asked: those that began, ended, or were passed on to Flux otherwise than once, or
 * have not ended.
 *
 * @param asked by Application
 */
export function oddOperations(
  writes: readonly Write[],
  asked: ReadonlyMap<string, readonly AskedOperation[]>,
  engines: ReadonlySet<string>,
): string[] {
  return [...asked].flatMap(([name, operations]) => {
    const states = of(writes, "applications")
      .filter((write) => write.name === name)
      .flatMap(({ object }) => object.status?.operationState ?? []);
    const saidOf = ({ by }: AskedOperation) =>
      states.filter((state) => state.operation?.initiatedBy?.username === by);
    const taken = operations.filter((operation) => operation.isSure || saidOf(operation).length > 0);
    const odd = taken.flatMap((operation) => {
      const own = saidOf(operation);
      const starts = new Set(own.map(({ startedAt }) => startedAt)).size;
      const phases = own.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1]);
      const isOnce = starts === 1 && phases.filter((phase) => phase !== "Running").length === 1;
      return isOnce ? [] : [`${name}: ${operation.by} began ${starts} times and was ${phases.join(", ")}`];
    });
    const requests = of(writes, "kustomizations")
      .filter(({ namespace, by }) => namespace === name && engines.has(by))
      .flatMap(({ object }) => object.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"] ?? []);
    const count = new Set(requests).size;
    return count <= taken.length
      ? odd
      : [...odd, `${name}: Flux was asked ${count} times for ${taken.length} operations`];
  });
}

function of(writes: readonly Write[], resource: Write["resource"]): Write[] {
  return writes.filter((write) => write.resource === resource);
}

/** How much of `whole` the others take together. */
export function lengthOf(whole: Interval, others: readonly Interval[]): number {
  let done = whole.from;
  let length = 0;
  for (const { from, to } of others.toSorted((one, other) => one.from - other.from)) {
    const [start, end] = [Math.max(from, done), Math.min(to, whole.to)];
    if (end <= start) continue;
    length += end - start;
    done = end;
  }
  return length;
}
