import type { UserError } from "../errors.js";
import type { FileReader } from "../files/file-reader.js";
import type { FollowChoice } from "../follow/follow.js";
import type { Reader } from "../kube/kube.js";
import type { Kind } from "../kube/object.js";
import { resourceName } from "../kube/resource.js";
import type { Trail } from "./followed-remarks.js";

/** Where workloads and their sources are read. */
export interface Input {
  reader: Reader;
  /** undefined for a cluster */
  files?: InputFiles;
}

/** Files in the place of a cluster: what they tell beside their objects. */
export interface InputFiles {
  reader: FileReader;
  /** broken files and objects; what was sound beside them is in the reader */
  problems: UserError[];
  /** files that are broken and not about Flux */
  unusable: UserError[];
  /** objects without a namespace, which were given one: a sentence, and what tells the right one */
  guessed: { text: string; hint: string } | undefined;
  /** what was left out, a line each */
  remarks: string[];
  /** with `--follow` */
  trail?: Trail;
  /** how to add what they do not hold: a hint */
  missingHint(what: string): string;
}

/** What is read in the place of a cluster. */
export type FileChoice =
  | { from: "files"; paths: string[] }
  | { from: "kustomize"; folder: string }
  | ({ from: "follow" } & FollowChoice);

/** What to do about an object that is not there. */
export function missingHint({ files }: Input, kind: Kind, what: string): string {
  return files?.missingHint(what) ?? `See what there is: kubectl get ${resourceName(kind)} -A`;
}
