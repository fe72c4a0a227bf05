import { readFile } from "node:fs/promises";
import path from "node:path";
import { systemReason, UserError } from "../../errors.js";
import type { ConnectionFlags } from "../connection-flags.js";
import { parseKubeconfig } from "./kubeconfig-parse.js";
import type { Kubeconfig } from "./kubeconfig-types.js";

/** What decides which files are read. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/**
 * All kubeconfig files in one, as kubectl merges them.
 *
 * @throws UserError for a file that cannot be read or understood, and for a missing `--kubeconfig`
 */
export async function loadKubeconfig(
  flags: ConnectionFlags,
  surroundings: Surroundings,
): Promise<Kubeconfig> {
  const configs: Kubeconfig[] = [];
  for (const file of kubeconfigFiles(flags, surroundings)) {
    const text = await textOf(file, flags.kubeconfig !== undefined);
    if (text !== undefined) configs.push(await parseKubeconfig(text, file));
  }
  return mergeKubeconfigs(configs);
}

/**
 * The files that kubectl would look into, absolute, the strongest first: `--kubeconfig` alone, else the list in KUBECONFIG,
 * else ~/.kube/config (client-go `tools/clientcmd/loader.go`).
 */
export function kubeconfigFiles(flags: ConnectionFlags, { env, cwd }: Surroundings): string[] {
  if (flags.kubeconfig !== undefined) return [path.resolve(cwd, flags.kubeconfig)];
  if (env["KUBECONFIG"]) {
    const listed = env["KUBECONFIG"].split(path.delimiter).filter((file) => file !== "");
    return [...new Set(listed.map((file) => path.resolve(cwd, file)))];
  }
  const home = homeIn(env);
  return home === undefined ? [] : [path.join(home, ".kube", "config")];
}

/** The first file that has a cluster, user, context or current-context decides it, as a whole entry. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  // later entries of a Map win, so the strongest file comes last
  const weakestFirst = configs.toReversed();
  return {
    currentContext: configs.find((config) => config.currentContext !== undefined)?.currentContext,
    clusters: new Map(weakestFirst.flatMap((config) => [...config.clusters])),
    users: new Map(weakestFirst.flatMap((config) => [...config.users])),
    contexts: new Map(weakestFirst.flatMap((config) => [...config.contexts])),
  };
}

/** "~/.kube/config" for a file in the home folder: what people know it by. */
export function shortPath(file: string, env: Surroundings["env"]): string {
  const home = homeIn(env);
  return home !== undefined && file.startsWith(home + path.sep) ? `~${file.slice(home.length)}` : file;
}

function homeIn(env: Surroundings["env"]): string | undefined {
  return env["HOME"] || env["USERPROFILE"] || undefined;
}

async function textOf(file: string, mustExist: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" && !mustExist) return undefined;
    if (code === "ENOENT") {
      throw new UserError(`Cannot read the kubeconfig ${file}: there is no such file`, {
        hint: "Correct --kubeconfig, or leave it out to use KUBECONFIG or ~/.kube/config",
        cause: error,
      });
    }
    throw new UserError(`Cannot read the kubeconfig ${file}: ${systemReason(error)}`, {
      hint: "Name a file that you may read with --kubeconfig or in KUBECONFIG",
      cause: error,
    });
  }
}
