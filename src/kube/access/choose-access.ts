import { UserError } from "../../errors.js";
import { andFirst } from "../../text/and-list.js";
import type { ConnectionFlags } from "../connection-flags.js";
import { type Access, withFlags, withoutUser } from "./access.js";
import { type Surroundings, shortPath } from "./kubeconfig.js";
import type { Kubeconfig } from "./kubeconfig-types.js";

/**
 * What the flags and the kubeconfig say together; undefined when neither names a cluster (the moment for an in-cluster
 * account). A name that is in no file is an error even where kubectl goes on with localhost:8080 or without a user.
 *
 * @throws UserError whose hint lists the names that there are
 */
export function chooseAccess(
  config: Kubeconfig,
  flags: ConnectionFlags,
  surroundings: Surroundings,
): Access | undefined {
  const contextName = flags.context ?? config.currentContext ?? nameless(config.contexts);
  const context = contextName === undefined ? undefined : entry("context", contextName, config.contexts);
  const clusterName = flags.cluster ?? context?.cluster ?? nameless(config.clusters);
  const userName = flags.user ?? context?.user ?? nameless(config.users);
  const found = {
    cluster: clusterName === undefined ? {} : entry("cluster", clusterName, config.clusters),
    user: userName === undefined ? {} : entry("user", userName, config.users),
  };
  const server = flags.apiServer ?? found.cluster.server;
  if (server === undefined && contextName === undefined && clusterName === undefined) return undefined;
  if (server === undefined) throw noServer(contextName, clusterName);
  const named = contextName === undefined ? `server ${withoutUser(server)}` : titled("context", contextName);
  const where = context === undefined ? "" : ` (${shortPath(context.file, surroundings.env)})`;
  const chosen = { cluster: { ...found.cluster, server }, user: found.user };
  return withFlags(
    { ...chosen, namespace: context?.namespace, description: named + where },
    flags,
    surroundings,
  );
}

/** To kubectl an entry without a name is the one that is meant where no name stands. */
function nameless(entries: ReadonlyMap<string, unknown>): string | undefined {
  return entries.has("") ? "" : undefined;
}

function titled(kind: string, name: string): string {
  return name === "" ? `${kind} without a name` : `${kind} ${name}`;
}

function entry<T>(kind: "context" | "cluster" | "user", name: string, entries: ReadonlyMap<string, T>): T {
  const found = entries.get(name);
  if (found !== undefined) return found;
  throw new UserError(`Cannot choose a cluster: there is no ${kind} ${name} in the kubeconfig`, {
    hint: `${listed(kind, [...entries.keys()])}; see kubectl config get-${kind}s`,
  });
}

/** "There are the contexts dev and prod" */
function listed(kind: string, names: string[]): string {
  if (names.length === 0) return `There is no ${kind} at all`;
  const shown = andFirst(
    names.sort((a, b) => a.localeCompare(b)),
    20,
  );
  return names.length === 1 ? `There is only ${shown}` : `There are the ${kind}s ${shown}`;
}

function noServer(context = "", cluster: string | undefined): UserError {
  const why =
    cluster === undefined
      ? `${titled("context", context)} names no cluster`
      : `${titled("cluster", cluster)} has no server`;
  return new UserError(`Cannot choose a cluster: ${why}`, {
    hint: "Correct the kubeconfig (kubectl config view), or add --api-server",
  });
}

/** @param files where a kubeconfig was looked for, as the reader knows them */
export function nothingChosen(config: Kubeconfig, files: string[]): UserError {
  if (config.contexts.size > 0) {
    return new UserError("Cannot choose a cluster: the kubeconfig has no current-context", {
      hint: `Add --context NAME: ${listed("context", [...config.contexts.keys()])}; see kubectl config get-contexts`,
    });
  }
  const state = files.length > 1 ? "are missing or empty" : "is missing or empty";
  const why = files.length === 0 ? "neither KUBECONFIG nor HOME is set" : `${files.join(", ")} ${state}`;
  return new UserError(`Cannot choose a cluster: ${why}, and flamingo does not run in a cluster`, {
    hint: "Set KUBECONFIG, or add --kubeconfig FILE or --api-server URL",
  });
}
