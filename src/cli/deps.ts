import type { Deps, ProcessDeps } from "../commands/deps.js";
import { connectionFlags, type GlobalOptions } from "../commands/global-flags.js";
import { type Namespaces, namespacesFor } from "../commands/namespaces.js";
import type { Connection } from "../kube/connect.js";
import type { ConnectionFlags } from "../kube/connection-flags.js";
import type { Kube } from "../kube/kube.js";
import { type ListFormat, type ListView, printList } from "../output/list-view.js";
import { Voice } from "../output/voice.js";
import { asTyped, programOf } from "./called-as.js";

/**
 * What a command is handed: what the process has, and what the global flags make of it.
 *
 * @param requests ends them by its signal, in time or later than the command
 * @param connections of this run, to be closed when it is over
 */
export function depsFor(
  options: GlobalOptions,
  process: ProcessDeps,
  requests: ProcessDeps,
  connections: Connections,
): Deps {
  const say = voiceOf(process);
  const trace = options.verbose ? say.trace : undefined;
  let namespaces: Namespaces | undefined;
  return withOwn(process, {
    say,
    asTyped: (text: string) => asTyped(text, programOf(process.file)),
    get namespaces() {
      namespaces ??= namespacesFor(options, process.env, (text) => say.warning(text));
      return namespaces;
    },
    kube(otherFlags?: ConnectionFlags) {
      return connections.open({ ...connectionFlags(options), ...otherFlags }, requests, trace);
    },
    async download(url: URL, doing: string) {
      const { download } = await import("../kube/download.js");
      return download(url, doing, requests);
    },
    async downloadJson(url: URL, doing: string) {
      const { downloadJson } = await import("../kube/download.js");
      return downloadJson(url, doing, requests);
    },
    print<T>(items: readonly T[], view: ListView<T>, format: ListFormat) {
      return printList(items, view, format, { stdout: process.stdout, say, signal: process.signal });
    },
  });
}

/** Says everything as it is to be typed. */
export function voiceOf(process: Pick<ProcessDeps, "stderr" | "env" | "file">): Voice {
  const program = programOf(process.file);
  return new Voice(withOwn(process, { asTyped: (text: string) => asTyped(text, program) }));
}

/** Both in one object. What is opened on first use stays so, which `{...deps}` would undo. */
export function withOwn<Deps extends object, Own extends object>(deps: Deps, own: Own): Deps & Own {
  return Object.defineProperties({} as Deps & Own, {
    ...Object.getOwnPropertyDescriptors(deps),
    ...Object.getOwnPropertyDescriptors(own),
  });
}

/** The connections of one run, each opened once. */
export class Connections {
  readonly #opened = new Map<string, Promise<Connection>>();

  async open(flags: ConnectionFlags, deps: ProcessDeps, trace?: (line: string) => void): Promise<Kube> {
    const key = JSON.stringify(flags);
    const known =
      this.#opened.get(key) ??
      import("../kube/connect.js").then(({ connect }) => connect(flags, deps, trace));
    this.#opened.set(key, known);
    return (await known).kube;
  }

  close(): void {
    // one that could not be opened has been reported by whoever asked for it
    for (const connection of this.#opened.values()) connection.then(({ close }) => close()).catch(() => {});
  }
}
