import type { ApplicationWish } from "../../applications/plan.js";
import { applicationNameProblem, checkTemplate, defaultNameTemplate } from "../../argo/name-template.js";
import { usageError } from "../../errors.js";
import { whyItMustStay } from "../../flux/departure.js";
import { idOfSource, sourceKinds } from "../../flux/sources.js";
import { isToolkitKind } from "../../flux/workload.js";
import { keyOf } from "../../kube/object-id.js";
import { annotation, inClusterName, inClusterServer, label } from "../../names.js";
import { labelKeyProblem, labelValueProblem } from "../../text/names.js";
import type { FileChoice } from "../../workloads/input.js";
import type { ComparedFiles, OtherState } from "../../workloads/other-state.js";
import { parseWorkloadRef, refOnThisCluster, type WorkloadRef } from "../../workloads/ref.js";
import { onlyRef, type Selection } from "../../workloads/selection.js";
import type { CommandOptions } from "../command.js";
import { projectFrom } from "../project-flags.js";
import { filterFrom, firstGiven } from "../workload-flags.js";
import type { flags } from "./flags.js";

export type Options = CommandOptions<typeof flags>;

/** What becomes of the Applications. */
export type Action =
  | { do: "print"; format: "json" | "yaml" }
  | { do: "write"; folder: string }
  | { do: "diff" }
  | ({ do: "compare" } & Comparison)
  | { do: "apply"; dryRun: "client" | "server" | undefined; format: "json" | "yaml" | undefined };

/** Two states of files. */
export interface Comparison {
  other: OtherState;
  files: ComparedFiles;
  format: "table" | "json" | "yaml" | "markdown";
}

/** A command line that makes sense, with nothing left to guess. */
export interface Request extends ApplicationWish {
  input: { from: "cluster" } | FileChoice;
  selection: Selection;
  action: Action;
  /** the Argo CD of a cluster is looked at to choose the engine */
  looksAtArgo: boolean;
}

/** @throws UserError with exit code 2 that says which flags or words do not go together */
export function requestFrom(options: Options, args: readonly string[]): Request {
  const input = inputFrom(options);
  const selection = selectionFrom(options, args);
  refuseForOperator(options, selection);
  const naming = namingFrom(options, selection);
  const action = actionFrom(options, input);
  const writes = action.do === "apply" || action.do === "diff";
  const server = serverFrom(options.server);
  const clusterName = clusterNameFor(server, options.context);
  return {
    input,
    selection,
    action,
    looksAtArgo: input.from === "cluster" || writes || options.context !== undefined,
    naming: { ...naming, clusterName },
    engine: options.engine ?? "auto",
    force: options.force ?? false,
    writes,
    server,
    clusterName,
    project: projectFrom(options),
    labels: keysAndValues("--label", options.label, labelValueProblem),
    annotations: keysAndValues("--annotation", options.annotation, () => undefined),
    cascade: options.cascade === "flux",
  };
}

/** What the Flux Operator reconciles no FSA image knows, and a FluxInstance never goes with its Application. */
function refuseForOperator({ engine, cascade }: Options, selection: Selection): void {
  const kinds = "refs" in selection ? selection.refs.map(({ kind }) => kind) : selection.kinds;
  const operated = kinds.find((kind) => !isToolkitKind(kind));
  if (operated && engine === "fsa")
    throw usageError(
      `--engine fsa does not go with ${operated}s, which no FSA image shows`,
      "Leave --engine out, or take --engine loopback",
    );
  const kept = kinds.find((kind) => whyItMustStay({ kind }));
  if (kept && cascade === "flux")
    throw usageError(
      `--cascade=flux does not go with ${kept}s: ${whyItMustStay({ kind: kept })}`,
      "Leave --cascade out",
    );
}

function inputFrom(options: Options): Request["input"] {
  const { filename, kustomize } = options;
  if (filename && kustomize !== undefined)
    throw usageError("-f and -k do not go together", "Give one of them");
  if (filename?.includes("")) throw usageError("-f is empty", "Name a file, a folder or - for stdin");
  if (kustomize === "") throw usageError("-k is empty", "Name a folder");
  if (options.follow) return followFrom(options);
  const lonely = firstFollowFlag(options);
  if (lonely) throw usageError(`${lonely} goes with --follow`, "Add --follow, or leave it out");
  if (filename) return { from: "files", paths: filename };
  return kustomize === undefined ? { from: "cluster" } : { from: "kustomize", folder: kustomize };
}

function firstFollowFlag({ entry, source, allowRemote }: Options): string | undefined {
  const given = { "--entry": entry, "--source": source, "--allow-remote": allowRemote };
  return Object.entries(given).find(([, value]) => value !== undefined)?.[0];
}

function followFrom({ filename = [], entry = [], source = [], allowRemote }: Options): Request["input"] {
  const [folder, second] = filename;
  if (folder === undefined || folder === "-" || second !== undefined)
    throw usageError("--follow goes with one -f", "Name a folder of the repository: -f DIR --follow");
  if (entry.includes("")) throw usageError("--entry is empty", "Name a path of the repository");
  return {
    from: "follow",
    folder,
    entries: entry,
    sources: new Map(source.map(mappedSource)),
    allowRemote: allowRemote ?? false,
  };
}

function mappedSource(text: string): [key: string, folder: string] {
  const [, kind = "", namespace = "", name = "", folder = ""] =
    /^([^/=]+)\/([^/=]+)\/([^/=]+)=(.+)$/s.exec(text) ?? [];
  const known = sourceKinds[kind];
  if (known && folder) return [keyOf(idOfSource({ kind, namespace, name })), folder];
  throw usageError(
    `--source ${JSON.stringify(text)} is not KIND/NAMESPACE/NAME=DIR`,
    "Write --source GitRepository/flux-system/apps=../apps",
  );
}

function selectionFrom(options: Options, args: readonly string[]): Selection {
  if (!options.all) {
    const lonely = firstGiven(options);
    if (lonely)
      throw usageError(`${lonely} goes with --all`, "Add --all, or name the workloads as ks/NAME or hr/NAME");
    if (args.length === 0) {
      throw usageError(
        "No workload is named",
        "Name them as ks/NAME or hr/NAME, or take all of a namespace with --all",
      );
    }
    return { refs: distinct(args.map(parseWorkloadRef)).map(refOnThisCluster) };
  }
  if (args.length > 0)
    throw usageError(`--all and ${args.join(" ")} do not go together`, "Leave one of them out");
  return filterFrom(options);
}

function distinct(refs: WorkloadRef[]): WorkloadRef[] {
  return [...new Map(refs.map((ref) => [JSON.stringify(ref), ref])).values()];
}

function namingFrom(
  { appName, nameTemplate }: Options,
  selection: Selection,
): { appName: string } | { template: string } {
  const only = onlyRef(selection);
  if (appName !== undefined) {
    if (nameTemplate !== undefined)
      throw usageError("--app-name and --name-template do not go together", "Give one of them");
    if (!only) throw usageError("--app-name goes with a single workload", "Use --name-template for several");
    const problem = applicationNameProblem(appName);
    if (problem) throw usageError(`--app-name ${JSON.stringify(appName)} is no name: ${problem}`);
    return { appName };
  }
  if (nameTemplate !== undefined) return { template: checkTemplate("--name-template", nameTemplate) };
  return only ? { appName: only.name } : { template: defaultNameTemplate };
}

function actionFrom(options: Options, input: Request["input"]): Action {
  const { diff, diffWith, diffWithRef, dryRun, outputDir, output } = options;
  const asked = [
    options.export ? "--export" : undefined,
    diff ? "--diff" : undefined,
    diffWith === undefined ? undefined : "--diff-with",
    diffWithRef === undefined ? undefined : "--diff-with-ref",
    outputDir === undefined ? undefined : "--output-dir",
    dryRun === undefined ? undefined : "--dry-run",
  ].filter((flag) => flag !== undefined);
  if (asked.length > 1) throw usageError(`${asked.join(" and ")} do not go together`, "Give one of them");
  if (output && (diff || outputDir !== undefined))
    throw usageError(`-o does not go with ${asked.join()}`, "Leave it out");
  if (diffWith !== undefined) return comparison({ is: "folder", name: diffWith }, options, input);
  if (diffWithRef !== undefined) return comparison({ is: "commit", name: diffWithRef }, options, input);
  if (output === "table" || output === "markdown")
    throw usageError(`-o ${output} goes with --diff-with and --diff-with-ref`, "Choose json or yaml");
  if (outputDir === "") throw usageError("--output-dir is empty", "Name a folder");
  if (outputDir !== undefined) return { do: "write", folder: outputDir };
  if (diff) return { do: "diff" };
  if (options.export || (input.from !== "cluster" && dryRun !== "server"))
    return { do: "print", format: output ?? "yaml" };
  return { do: "apply", dryRun, format: output };
}

function comparison(other: OtherState, { all, output }: Options, input: Request["input"]): Action {
  const flag = other.is === "folder" ? "--diff-with" : "--diff-with-ref";
  if (other.name === "") throw usageError(`${flag} is empty`, `Name a ${other.is}`);
  if (!all) throw usageError(`${flag} goes with --all`, "Add --all: each state has workloads of its own");
  const isRead = input.from === "follow" || (input.from === "files" && !input.paths.includes("-"));
  if (!isRead) throw usageError(`${flag} goes with -f`, "Name a folder: -f DIR, or -f DIR --follow");
  if (other.is === "folder" && input.from === "files" && input.paths.length > 1)
    throw usageError("--diff-with goes with one -f", "Name the folder that holds the others");
  return { do: "compare", other, files: input, format: output ?? "table" };
}

function serverFrom(server: string | undefined): string {
  if (server === undefined) return inClusterServer;
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return server;
  throw usageError(
    `--server ${JSON.stringify(server)} is no URL of a cluster`,
    "It is the Application's destination, such as https://10.0.0.1:6443; the API server to ask is --api-server",
  );
}

/** Argo CD's name of a leaf cluster is in its cluster Secret; until that is read, the words that the user has for it. */
function clusterNameFor(server: string, context: string | undefined): string {
  if (server === inClusterServer) return inClusterName;
  return context ?? new URL(server).hostname;
}

const ours = new Set<string>([...Object.values(label), ...Object.values(annotation)]);

function keysAndValues(
  flag: string,
  texts: readonly string[] | undefined,
  valueProblem: (value: string) => string | undefined,
): Record<string, string> {
  const pairs = (texts ?? []).map((text) => {
    const cut = text.indexOf("=");
    if (cut < 1)
      throw usageError(`${flag} ${JSON.stringify(text)} is not KEY=VALUE`, `Write ${flag} team=web`);
    const key = text.slice(0, cut);
    const value = text.slice(cut + 1);
    const problem = labelKeyProblem(key) ?? valueProblem(value);
    if (problem) throw usageError(`${flag} ${JSON.stringify(text)} is not allowed: ${problem}`);
    if (ours.has(key)) throw usageError(`${flag} ${key} is not allowed: flamingo sets it itself`);
    return [key, value] as const;
  });
  return Object.fromEntries(pairs);
}
