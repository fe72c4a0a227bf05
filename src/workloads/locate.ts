import { UserError } from "../errors.js";
import { Contradiction } from "../files/file-reader.js";
import { type Location, locate, type NeededSource } from "../flux/location.js";
import { cannotGenerate } from "../flux/location-errors.js";
import { variablesInSource, variablesInWorkload } from "../flux/variables.js";
import type { Workload } from "../flux/workload.js";
import type { Input, InputFiles } from "./input.js";
import type { Selection } from "./selection.js";
import { SourceCatalog } from "./source-catalog.js";

/** A workload with the place of its content, or why that is not known. */
export type Located =
  | { workload: Workload; location: Location; unresolved: readonly UnresolvedVariable[] }
  | { workload: Workload; failure: UserError };

/** A variable in files: Flux puts its value in later. */
export interface UnresolvedVariable {
  variable: string;
  file: string | undefined;
}

/**
 * Finds out where the content of each workload lies, in rounds: sources that point to further ones (a HelmChart, an
 * ExternalArtifact) take another one.
 *
 * @param selection how the workloads were chosen
 */
export async function locateAll(
  workloads: readonly Workload[],
  selection: Selection,
  input: Input,
): Promise<Located[]> {
  const sources = new SourceCatalog(input, selection);
  const located = new Map<Workload, Located>();
  let open = workloads;
  while (open.length > 0) {
    const unread: NeededSource[] = [];
    open = open.filter((workload) => {
      const result = locateFrom(sources, workload, input.files);
      if ("needs" in result) unread.push(result.needs);
      else located.set(workload, result);
      return "needs" in result;
    });
    await sources.read(unread);
  }
  return workloads.flatMap((workload) => located.get(workload) ?? []);
}

/** The same for each of thousands. */
const none: readonly UnresolvedVariable[] = [];

function locateFrom(
  sources: SourceCatalog,
  workload: Workload,
  files: InputFiles | undefined,
): Located | { needs: NeededSource } {
  try {
    const location = locate(workload, (needed) => sources.get(needed));
    if ("needs" in location) return location;
    return { workload, location, unresolved: files ? variablesIn(workload, location, files) : none };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { workload, failure: error instanceof Contradiction ? ofWorkload(error, workload) : error };
  }
}

function ofWorkload({ clause, hint }: Contradiction, workload: Workload): UserError {
  return cannotGenerate(workload, clause, hint);
}

function variablesIn(
  workload: Workload,
  { sources }: Location,
  { reader }: InputFiles,
): UnresolvedVariable[] {
  return [
    ...variablesInWorkload(workload).map((variable) => ({ variable, file: workload.file })),
    ...sources.flatMap((source) =>
      variablesInSource(source).map((variable) => ({ variable, file: reader.fileOf(source) })),
    ),
  ];
}
