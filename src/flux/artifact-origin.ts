import { pathInSource } from "./path.js";
import type { GeneratedArtifact } from "./sources.js";

/** Where the content of a folder of a generated artifact comes from: one source, one folder in it. */
export type ArtifactOrigin = { alias: string; path: string } | { problem: string };

interface Copy {
  alias: string;
  /** the folder in the source */
  from: string[];
  /** the folder in the artifact */
  to: string[];
}

/**
 * Follows a path of an artifact back through the copies of its ArtifactGenerator (source-watcher, API v1beta1: later
 * copies overwrite earlier ones, a destination that ends with "/" is a folder). There is a single answer when all copies
 * that reach the path come from one source and keep its layout.
 *
 * @param path as `pathInSource()` writes it
 */
export function artifactOrigin(artifact: GeneratedArtifact, path: string): ArtifactOrigin {
  const wanted = segments(path);
  const origins = new Map<string, { alias: string; path: string }>();
  for (const entry of artifact.copy ?? []) {
    const copy = parseCopy(entry.from ?? "", entry.to ?? "");
    if (!copy || entry.strategy === "Extract") {
      return {
        problem: `the copy from ${JSON.stringify(entry.from)} to ${JSON.stringify(entry.to)} cannot be followed`,
      };
    }
    if (!startsWith(copy.to, wanted) && !startsWith(wanted, copy.to)) continue;
    const folder = sourceFolder(copy, wanted);
    if (!folder) return { problem: "its content is put together from several folders" };
    const origin = { alias: copy.alias, path: pathInSource(folder.join("/")) };
    origins.set(JSON.stringify(origin), origin);
  }
  const [origin, ...others] = origins.values();
  if (!origin) return { problem: `nothing is copied to ${path === "." ? "it" : path}` };
  if (others.length === 0) return origin;
  const aliases = new Set([origin, ...others].map(({ alias }) => alias));
  return {
    problem:
      aliases.size > 1
        ? `its content comes from several sources (${[...aliases].join(", ")})`
        : "its content is put together from several folders",
  };
}

/** The folder of the source that lies at `wanted`, or undefined when the copy changes the layout. */
function sourceFolder(copy: Copy, wanted: string[]): string[] | undefined {
  if (startsWith(wanted, copy.to)) return [...copy.from, ...wanted.slice(copy.to.length)];
  const below = copy.to.slice(wanted.length);
  const base = copy.from.slice(0, copy.from.length - below.length);
  return startsWith(copy.from.slice(base.length), below) && copy.from.length >= below.length
    ? base
    : undefined;
}

function parseCopy(from: string, to: string): Copy | undefined {
  const source = /^@([\w-]+)\/(.*)$/.exec(from);
  const target = /^@artifact\/(.*)$/.exec(to);
  if (!source || !target) return undefined;
  const [, alias = "", pattern = ""] = source;
  const [, destination = ""] = target;
  const parts = segments(pattern);
  const glob = parts.findIndex((part) => /[*?[{]/.test(part));
  if (glob !== -1) return { alias, from: parts.slice(0, glob), to: segments(destination) };
  const file = parts.at(-1);
  const toFolder = destination === "" || destination.endsWith("/");
  const targetParts = segments(destination);
  // a file that is renamed has no folder to point to
  if (!toFolder && targetParts.at(-1) !== file) return undefined;
  return { alias, from: parts.slice(0, -1), to: toFolder ? targetParts : targetParts.slice(0, -1) };
}

function segments(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function startsWith(whole: string[], start: string[]): boolean {
  return start.length <= whole.length && start.every((part, index) => part === whole[index]);
}
