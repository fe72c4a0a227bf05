import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessDeps } from "../commands/deps.js";
import { ExitCode } from "../errors.js";
import type { Screen } from "../output/screen.js";
import { programOf } from "./called-as.js";
import { type Offer, offerFor } from "./completion.js";
import { Connections, depsFor, withOwn } from "./deps.js";
import { findCommand } from "./go-flags.js";
import { flagsOf, isCommand, parseCommandLine } from "./parse.js";

/** Whoever waits for it has a finger on the key. */
const longestMs = 300;

/** What shells do beyond offering the words (ShellCompDirective of cobra's `completions.go`). */
const directive = { files: 0, noFiles: 4, onlyFolders: 16 } as const;

/**
 * Answers a shell that completes a command line, by cobra's protocol, which kubectl and flux speak to their plugins, too: a
 * line for each word, with its meaning behind a tab, then a colon and a {@link directive}. Nothing but that is said:
 * what cannot be found out, or not in time, is not offered.
 *
 * @param words of the line behind the program; the last one, perhaps empty, is being typed
 */
export async function complete(words: readonly string[], deps: ProcessDeps): Promise<number> {
  const offer = await offerFor(words);
  const found = offer.names.length === 0 ? [] : await namesInTime(offer, deps);
  const offered = [...offer.words, ...found.sort().map((name) => [name] as const)];
  const lines = offered
    .filter(([word]) => word.startsWith(offer.typed))
    .map(([word, meaning]) => offer.before + word + (meaning === undefined ? "" : `\t${meaning}`));
  deps.stdout.stream.write([...lines, `:${directiveFor(offer)}`, ""].join("\n"));
  return ExitCode.done;
}

function directiveFor({ names }: Offer): number {
  if (names.includes("file")) return directive.files;
  return names.includes("folder") ? directive.onlyFolders : directive.noFiles;
}

/** None where they cannot be read, for whatever reason. */
async function namesInTime(offer: Offer, process: ProcessDeps): Promise<string[]> {
  const stop = new AbortController();
  const connections = new Connections();
  const over = sleep(longestMs, [], { signal: stop.signal });
  const own = withOwn(process, {
    signal: AbortSignal.any([process.signal, stop.signal]),
    stderr: silent,
  });
  try {
    return await Promise.race([namesOn(offer, own, connections), over]);
  } catch {
    return [];
  } finally {
    over.catch(() => {});
    stop.abort();
    connections.close();
  }
}

async function namesOn(
  { line, names, typed }: Offer,
  process: ProcessDeps,
  connections: Connections,
): Promise<string[]> {
  // before there is a command any will do: they all have the global flags
  const hasCommand = findCommand(line, flagsOf(), isCommand) !== -1;
  const invocation = await parseCommandLine(
    hasCommand ? line : [...line, "version"],
    programOf(process.file),
  );
  if ("text" in invocation) return [];
  const { globalOptions } = invocation;
  const { liveNames } = await import("./live-names.js");
  const deps = depsFor(globalOptions, process, process, connections);
  const found = await Promise.all(names.map((kind) => liveNames(kind, typed, globalOptions, deps)));
  return found.flat();
}

/** Nobody wants to read a warning behind what they type. */
const silent: Screen = {
  stream: new Writable({ write: (_chunk, _encoding, done) => done() }),
  isTTY: false,
  columns: undefined,
};
