import { dropNulls } from "../drop-nulls.js";
import { UserError } from "../errors.js";
import { derive, isUsable } from "../flux/file-rules.js";
import { Kustomization } from "../flux/kustomization.js";
import { isNotApplied } from "../flux/left-alone.js";
import { madeBySets } from "../flux/resource-set/made-by-sets.js";
import { isInputProvider } from "../flux/resource-set/resource-set.js";
import { holdSame } from "../flux/same-content.js";
import { type GitRepository, sourceKinds } from "../flux/sources.js";
import { isFragment } from "../flux/workload.js";
import { concurrently } from "../kube/concurrently.js";
import type { KubeObject } from "../kube/object.js";
import { idOf, isOfKind, keyOf, renderId } from "../kube/object-id.js";
import { sourceOfArtifact } from "./artifact-source.js";
import type { SourceTree } from "./build/source-files.js";
import { type Entry, sourceKey } from "./entry.js";
import { finished } from "./finished.js";
import { lookUpIn } from "./references.js";
import { substitute } from "./substitute/substitute.js";

/** What Flux makes of a repository in one cluster. */
export interface Walked {
  /** each with the Kustomization that applies it; first the entry itself and its source, where that is known */
  applied: { object: KubeObject; by: Kustomization }[];
  followed: Kustomization[];
  /** Kustomizations whose source lies elsewhere, or whose objects land on another cluster */
  notFollowed: Kustomization[];
  problems: UserError[];
  /** variables whose value is not known here, such as "CLUSTER" */
  unknown: ReadonlySet<string>;
}

export interface Surroundings {
  /** the repository */
  tree: SourceTree;
  /** content of other sources, by key */
  mapped: ReadonlyMap<string, SourceTree>;
  /** what kustomize makes of a Kustomization's path; asked for the same again and again */
  build(tree: SourceTree, kustomization: Kustomization): Promise<KubeObject[]>;
  atOnce: number;
}

/** Objects by key: what a Kustomization takes from others. */
type Known = ReadonlyMap<string, KubeObject>;

/** References that lead on and on come to an end, as in a cluster nothing would ever settle. */
const mostRounds = 20;

/**
 * Follows a repository from an entry on: what a Kustomization applies, further Kustomizations among it. Sources, and the ConfigMaps
 * and Secrets that variables come from, may be applied later than what uses them, so it is done again until nothing changes.
 */
export async function walk(entry: Entry, surroundings: Surroundings): Promise<Walked> {
  let known: Known = new Map(entry.source ? [[keyOf(idOf(entry.source)), entry.source]] : []);
  for (let round = 1; ; round++) {
    const walked = await walkOnce(entry, known, surroundings);
    const found = takenFromOthers(walked, entry);
    if (JSON.stringify([...found]) === JSON.stringify([...known])) return walked;
    if (round === mostRounds) {
      const problem = new UserError(
        "Cannot follow this repository to an end: its variables change each other",
      );
      return { ...walked, problems: [...walked.problems, problem] };
    }
    known = found;
  }
}

function takenFromOthers({ applied }: Walked, { kustomization, source }: Entry): Known {
  const own = keyOf(idOf(kustomization));
  const known = new Map(source ? [[keyOf(idOf(source)), source]] : []);
  for (const { object } of applied) {
    const key = keyOf(idOf(object));
    const isTaken =
      /^\/(?:ConfigMap|Secret)\//.test(key) ||
      sourceKinds[object.kind] ||
      isInputProvider(object) ||
      key === own;
    if (isTaken && isUsable(object) && !isFragment(object)) known.set(key, object);
  }
  return known;
}

async function walkOnce(entry: Entry, known: Known, surroundings: Surroundings): Promise<Walked> {
  // what it applies may hold itself, changed by patches
  const first =
    (known.get(keyOf(idOf(entry.kustomization))) as Kustomization | undefined) ?? entry.kustomization;
  const steps: Step[] = [];
  const reached = new Set<string>();
  for (let open = [first]; open.length > 0; ) {
    for (const one of open) reached.add(keyOf(idOf(one)));
    const found: Kustomization[] = [];
    for await (const step of concurrently(open, surroundings.atOnce, (one) =>
      follow(one, entry, known, surroundings),
    )) {
      steps.push(step);
      const usable = step.objects.filter(isUsable);
      found.push(...usable.flatMap((object) => [object, ...derive(object)]).filter(isKustomization));
    }
    open = distinct(found).filter((one) => !reached.has(keyOf(idOf(one))));
  }
  const source = entry.source && known.get(keyOf(idOf(entry.source)));
  const own = source ? [first, source].map((object) => ({ object, by: first })) : [];
  return {
    applied: [...own, ...steps.flatMap(({ by, objects }) => objects.map((object) => ({ object, by })))],
    followed: steps.filter(({ isHere }) => isHere).map(({ by }) => by),
    notFollowed: steps.filter(({ isHere }) => !isHere).map(({ by }) => by),
    problems: steps.flatMap(({ problems }) => problems),
    unknown: new Set(steps.flatMap(({ unknown }) => unknown)),
  };
}

/** What one Kustomization applies. */
interface Step {
  by: Kustomization;
  /** its content is at hand, and lands on this cluster */
  isHere: boolean;
  objects: readonly KubeObject[];
  problems: readonly UserError[];
  unknown: readonly string[];
}

async function follow(
  by: Kustomization,
  entry: Entry,
  known: Known,
  surroundings: Surroundings,
): Promise<Step> {
  const content = by.spec?.kubeConfig ? undefined : contentOf(by, entry, known, surroundings);
  const nothing = { by, isHere: content !== undefined, objects: [], problems: [], unknown: [] };
  if (!content) return nothing;
  try {
    const built = await surroundings.build(content.tree, content.by);
    const { objects, problems, unknown } = substitute(built, by, lookUpIn(known));
    // a variable without a value leaves one behind
    dropNulls(objects);
    const { sound, lost } = finished(
      objects.filter((object) => !isNotApplied(object)),
      by,
    );
    // what sets fail with is told at the end, when all of their providers are known
    const { derived } = madeBySets([...sound.filter(isUsable), ...known.values()], isUsable);
    const all = [...sound, ...derived.map(({ object }) => object)];
    return { by, isHere: true, objects: all, problems: [...problems, ...(lost ? [lost] : [])], unknown };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `Cannot follow ${renderId(idOf(by))}: ${error.clause}`;
    return { ...nothing, problems: [new UserError(message, { hint: error.hint })] };
  }
}

/** Where the content of its source is, and the Kustomization with its path there: undefined for what is not at hand. */
function contentOf(
  by: Kustomization,
  entry: Entry,
  known: Known,
  surroundings: Surroundings,
): { tree: SourceTree; by: Kustomization } | undefined {
  const key = sourceKey(by);
  const tree = treeOf(key, entry, known, surroundings);
  if (tree) return { tree, by };
  const origin = sourceOfArtifact(key, by.spec?.path, known);
  const behind = origin && treeOf(origin.key, entry, known, surroundings);
  return behind && { tree: behind, by: { ...by, spec: { ...by.spec, path: origin.path } } };
}

function treeOf(
  key: string,
  entry: Entry,
  known: Known,
  { tree, mapped }: Surroundings,
): SourceTree | undefined {
  const source = known.get(key) as GitRepository | undefined;
  const isOurs =
    key === sourceKey(entry.kustomization) || (entry.source && source && holdSame(entry.source, source));
  return mapped.get(key) ?? (isOurs ? { ...tree, ignore: source?.spec?.ignore } : undefined);
}

function distinct(all: readonly Kustomization[]): Kustomization[] {
  return [...new Map(all.map((one) => [keyOf(idOf(one)), one])).values()];
}

function isKustomization(object: KubeObject): object is Kustomization {
  return isOfKind(object, Kustomization) && !isFragment(object) && isUsable(object);
}
