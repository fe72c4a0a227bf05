import { pathInSource } from "./path.js";
import type { GeneratedArtifact } from "./sources.js";

/**
 * Where the content of a folder of a generated artifact comes from: one source, one folder in it. `added` are the files that are
 * put into it from elsewhere, as they are written: "@repo/values-prod.yaml".
 */
export type ArtifactOrigin = { alias: string; path: string; added: string[] } | { problem: string };

interface Copy {
  alias: string;
  /** the folder in the source */
  from: string[];
  /** the folder in the artifact, where the content of `from` lies */
  to: string[];
  isRenamed: boolean;
  /** a single file: how it is written; undefined for folders */
  file: string | undefined;
}

/**
 * Follows a path of an artifact back through the copies of its ArtifactGenerator (source-watcher 2.2 `internal/builder/builder.go`).
 * There is a single answer when all folders that reach the path come from one source and keep its layout; single files, such as
 * values that are merged into a chart, go along.
 *
 * @param path as `pathInSource()` writes it
 */
export function artifactOrigin(artifact: GeneratedArtifact, path: string): ArtifactOrigin {
  const wanted = segments(path);
  const reaching: Copy[] = [];
  for (const { from = "", to = "", strategy } of artifact.copy ?? []) {
    const copy = strategy === "Extract" ? undefined : parseCopy(from, to, strategy === "Merge");
    if (!copy)
      return { problem: `the copy from ${JSON.stringify(from)} to ${JSON.stringify(to)} cannot be followed` };
    if (reaches(copy, wanted)) reaching.push(copy);
  }
  const folders = reaching.filter(({ file }) => file === undefined);
  const carriers = folders.length > 0 ? folders : reaching;
  const origins = new Map(carriers.map((copy) => [originKey(copy, wanted), originIn(copy, wanted)]));
  const [origin, ...others] = origins.values();
  if (origins.size === 0) return { problem: `nothing is copied to ${path === "." ? "it" : path}` };
  if (others.length > 0) return { problem: severalOrigins(carriers) };
  if (!origin) return { problem: "its content lies otherwise than in its source" };
  const key = JSON.stringify(origin);
  const added = reaching.filter((copy) => originKey(copy, wanted) !== key).flatMap(({ file }) => file ?? []);
  return { ...origin, added };
}

function severalOrigins(carriers: readonly Copy[]): string {
  const aliases = new Set(carriers.map(({ alias }) => alias));
  return aliases.size > 1
    ? `its content comes from several sources (${[...aliases].join(", ")})`
    : "its content is put together from several folders";
}

/** A file does so when it lies in or below the folder. */
function reaches({ to, file }: Copy, wanted: string[]): boolean {
  return startsWith(to, wanted) || (file === undefined && startsWith(wanted, to));
}

/** The folder of the source that lies at `wanted`, or undefined when the copy changes the layout. */
function originIn(copy: Copy, wanted: string[]): { alias: string; path: string } | undefined {
  const { alias, from, to, isRenamed } = copy;
  if (isRenamed) return undefined;
  if (startsWith(wanted, to)) return { alias, path: pathOf([...from, ...wanted.slice(to.length)]) };
  const below = to.slice(wanted.length);
  const base = from.slice(0, from.length - below.length);
  const isKept = from.length >= below.length && startsWith(from.slice(base.length), below);
  return isKept ? { alias, path: pathOf(base) } : undefined;
}

function originKey(copy: Copy, wanted: string[]): string | undefined {
  return JSON.stringify(originIn(copy, wanted));
}

/** Like cp: "@repo/DIR/**" is the content of a folder, "@repo/DIR" the folder itself, "@repo/DIR/*.yaml" files with their folders. */
function parseCopy(from: string, to: string, isMerged: boolean): Copy | undefined {
  const source = /^@([\w-]+)\/(.*)$/.exec(from);
  const target = /^@artifact\/(.*)$/.exec(to);
  if (!source || !target) return undefined;
  const [, alias = "", pattern = ""] = source;
  const [, destination = ""] = target;
  const [parts, place] = [segments(pattern), segments(destination)];
  const name = parts.at(-1) ?? "";
  const isGlob = parts.some((part) => /[*?[\]]/.test(part));
  if (isMerged || (!isGlob && /.\.[^.]/.test(name) && !pattern.endsWith("/"))) {
    const isInFolder = destination === "" || destination.endsWith("/");
    const isRenamed = !isInFolder && place.at(-1) !== name;
    return {
      alias,
      from: parts.slice(0, -1),
      to: isInFolder ? place : place.slice(0, -1),
      isRenamed,
      file: from,
    };
  }
  const isContent = name === "**" && parts.findIndex((part) => /[*?[\]]/.test(part)) === parts.length - 1;
  const kept = isContent ? parts.slice(0, -1) : isGlob ? [] : parts.slice(0, -1);
  return { alias, from: kept, to: place, isRenamed: false, file: undefined };
}

function pathOf(parts: readonly string[]): string {
  return pathInSource(parts.join("/"));
}

function segments(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function startsWith(whole: readonly string[], start: readonly string[]): boolean {
  return start.length <= whole.length && start.every((part, index) => part === whole[index]);
}
