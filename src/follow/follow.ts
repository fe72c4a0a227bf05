import { availableParallelism } from "node:os";
import { dropNulls } from "../drop-nulls.js";
import { UserError } from "../errors.js";
import { collectObjects, type FileRules, type FileSet } from "../files/read-files.js";
import type { Kustomization } from "../flux/kustomization.js";
import { toolkitKinds } from "../flux/workload.js";
import type { KubeObject } from "../kube/object.js";
import { idOf, idOfKey, isOfKind, keyOf, renderId } from "../kube/object-id.js";
import type { SourceTree } from "./build/source-files.js";
import { Workbench, type WorkbenchOptions } from "./build/workbench.js";
import { type Entry, entriesIn, sourceKey } from "./entry.js";
import { withValuesBeside } from "./release-values.js";
import { openRepository, type Repository, realFolder } from "./repository.js";
import { type Walked, walk } from "./walk.js";

/** `-f DIR --follow` with the flags that go with it. */
export interface FollowChoice {
  folder: string;
  /** paths in the repository, instead of the entries that stand in it */
  entries: readonly string[];
  /** folders of other sources' content, by {@link keyOf} */
  sources: ReadonlyMap<string, string>;
  allowRemote: boolean;
}

/** What Flux makes of a repository. */
export interface Followed extends FileSet {
  entries: readonly string[];
  /** sources of entries that stand nowhere: "GitRepository flux-system in flux-system" */
  lacking: readonly string[];
  followed: readonly Kustomization[];
  notFollowed: readonly Kustomization[];
  /** variables whose value is not known */
  unknown: readonly string[];
  /** workloads of its files that Flux never gets to */
  unreached: number;
}

/**
 * The objects of a repository as Flux follows it.
 *
 * @throws UserError when it is not clear where Flux begins, or several clusters are in it
 */
export async function follow(
  choice: FollowChoice,
  rules: FileRules,
  deps: { cwd: string; env: Readonly<Record<string, string | undefined>>; signal: AbortSignal },
): Promise<Followed> {
  const repository = await openRepository(choice.folder, rules, deps);
  const written = await withValuesBeside(repository.written, { folder: repository.folder });
  const entries = entriesIn(written, choice.entries);
  if (entries.length === 0) {
    throw new UserError(
      `Cannot follow ${choice.folder}: no FluxInstance, gotk-sync.yaml or Kustomization in it says where Flux begins`,
      { hint: "Give the path that the cluster applies first: --entry PATH" },
    );
  }
  const mapped = new Map<string, SourceTree>();
  for (const [key, path] of choice.sources) mapped.set(key, { folder: await realFolder(path, deps.cwd) });
  const walks = await walkAll(entries, repository, mapped, { ...deps, allowRemote: choice.allowRemote });
  const clusters = differing(entries, walks, rules);
  if (clusters) throw clusters;
  return together(entries, walks, repository, rules);
}

async function walkAll(
  entries: readonly Entry[],
  { folder }: Repository,
  mapped: ReadonlyMap<string, SourceTree>,
  options: WorkbenchOptions,
): Promise<Walked[]> {
  const workbench = Workbench.open(options);
  const builds = new Map<string, Promise<KubeObject[]>>();
  const build = (tree: SourceTree, kustomization: Kustomization) => {
    const key = JSON.stringify([tree, kustomization.spec]);
    const known = builds.get(key) ?? workbench.build(tree, kustomization).then(withoutNulls);
    builds.set(key, known);
    return known;
  };
  const surroundings = { tree: { folder }, mapped, build, atOnce: availableParallelism() };
  try {
    const walks: Walked[] = [];
    for (const entry of entries) walks.push(await walk(entry, surroundings));
    return walks;
  } finally {
    workbench.close();
  }
}

function withoutNulls(objects: KubeObject[]): KubeObject[] {
  dropNulls(objects);
  return objects;
}

/** An error where entries say different things of one object: then they are those of several clusters. */
function differing(
  entries: readonly Entry[],
  walks: readonly Walked[],
  rules: FileRules,
): UserError | undefined {
  const seen = new Map<string, { text: string; index: number }>();
  for (const [index, { applied }] of walks.entries()) {
    for (const { object } of applied) {
      if (rules.classify(object) !== "wanted") continue;
      const text = JSON.stringify(object);
      const key = keyOf(idOf(object));
      const other = seen.get(key) ?? { text, index };
      seen.set(key, other);
      if (other.index === index || other.text === text) continue;
      const [one, another] = [other.index, index].map((at) => entries[at]?.path);
      return new UserError(
        `Cannot tell which cluster is meant: ${renderId(idOf(object))} is another one from ${one} on than from ${another} on`,
        {
          hint: `Give one of them: ${[...new Set(entries.map(({ path }) => path))].map((path) => `--entry ${path}`).join(", ")}`,
        },
      );
    }
  }
  return undefined;
}

function together(
  entries: readonly Entry[],
  walks: readonly Walked[],
  { written, files }: Repository,
  rules: FileRules,
): Followed {
  const applied = walks.flatMap((walked) => walked.applied);
  const objects = applied.map(({ object, by }) => ({ object, from: renderId(idOf(by)) }));
  const set = collectObjects(objects, rules, files);
  const problems = new Map(
    [...walks.flatMap((walked) => walked.problems), ...set.problems].map((one) => [one.message, one]),
  );
  return {
    ...set,
    problems: [...problems.values()],
    entries: [...new Set(entries.map(({ path }) => path))],
    lacking: entries.flatMap(({ kustomization, source }) =>
      source ? [] : [renderId(idOfKey(sourceKey(kustomization)))],
    ),
    followed: walks.flatMap((walked) => walked.followed),
    notFollowed: walks.flatMap((walked) => walked.notFollowed),
    unknown: [...new Set(walks.flatMap(({ unknown }) => [...unknown]))],
    unreached: unreachedAmong(
      written.map(({ object }) => object),
      applied.map(({ object }) => object),
    ),
  };
}

/** By name alone: what Flux gives a namespace to stands without one. Variables in names may stand for anything. */
function unreachedAmong(written: readonly KubeObject[], applied: readonly KubeObject[]): number {
  const nameOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.name}`;
  const reached = new Set(applied.map(nameOf));
  const kinds = Object.values(toolkitKinds);
  return written.filter(
    (object) =>
      kinds.some((kind) => isOfKind(object, kind)) &&
      !object.metadata.name.includes("${") &&
      !reached.has(nameOf(object)),
  ).length;
}
