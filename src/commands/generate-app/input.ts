import type { UserError } from "../../errors.js";
import { kustomizeBuild } from "../../files/kustomize-build.js";
import { type FileSet, readFiles, readManifests } from "../../files/read-files.js";
import { classify, derive, problemIn } from "../../flux/file-rules.js";
import type { Reader } from "../../kube/kube.js";
import type { KubeObject } from "../../kube/object.js";
import type { Deps } from "../deps.js";
import { connectionFlags } from "../global-flags.js";
import type { Options, Request } from "./request.js";

/** Where workloads and sources are read, and what is to be said about it. */
export interface Input {
  reader: Reader;
  /** undefined for a cluster */
  fileOf(object: KubeObject): string | undefined;
  files: boolean;
  /** files: how to add what they do not hold */
  missingHint(what: string): string;
  problems: UserError[];
  /** lines for stderr */
  remarks: string[];
}

const rules = { classify, problemIn, derive };

/** @param namespace `-n`, for objects in files that have none */
export async function openInput(
  request: Request,
  options: Options,
  namespace: string,
  deps: Deps,
): Promise<Input> {
  const { input } = request;
  if (input.from === "cluster") {
    const reader = await deps.kube(connectionFlags(options));
    const nothing = { files: false, problems: [], remarks: [] };
    return { ...nothing, reader, fileOf: () => undefined, missingHint: (what) => `Apply ${what}` };
  }
  const set =
    input.from === "files"
      ? await readFiles(input.paths, namespace, rules, deps)
      : await readManifests(
          [{ name: `kustomize build ${input.folder}`, read: () => kustomizeBuild(input.folder, deps) }],
          namespace,
          rules,
          deps.signal,
        );
  return {
    reader: set.reader,
    fileOf: (object) => set.reader.fileOf(object),
    files: true,
    missingHint: (what) =>
      input.from === "files"
        ? `Name the file that holds ${what} with a further -f, or read what kustomize builds: -k DIR`
        : `Read the file that holds ${what}, too: kustomize build ${input.folder} | flamingo generate-app --all -f - -f FILE`,
    problems: set.problems,
    remarks: remarksOn(set),
  };
}

function remarksOn({ skipped, leftOut }: FileSet): string[] {
  const parts = [
    skipped.foreign > 0
      ? counted(skipped.foreign, "object of another kind", "objects of other kinds")
      : undefined,
    skipped.fragments > 0
      ? counted(skipped.fragments, "fragment (a patch)", "fragments (patches)")
      : undefined,
  ].filter((part) => part !== undefined);
  return [
    ...(parts.length > 0 ? [`Skipped ${parts.join(" and ")}`] : []),
    ...leftOut.map((link) => `Left out: ${link}`),
  ];
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
