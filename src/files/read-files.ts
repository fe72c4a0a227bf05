import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { systemReason, UserError } from "../errors.js";
import type { KubeObject } from "../kube/object.js";
import { readYaml, YamlError } from "../yaml.js";
import { FileReader } from "./file-reader.js";
import { findFiles } from "./find-files.js";

/** What to make of the objects that files hold; asked by the file reader, which knows no kind itself. */
export interface FileRules {
  /** whether an object is of a kind that matters, or looks like one but is a patch */
  classify(object: KubeObject): "wanted" | "foreign" | "fragment";
  /** what is wrong with a wanted object, as the end of a sentence; fields without a value are gone by then */
  problemIn(object: KubeObject): string | undefined;
  /** further objects that it stands for, such as those a controller makes of it */
  derive(object: KubeObject): KubeObject[];
  /** further objects that only all of them together tell of, with the folders that were read; what cannot be told, as sentences */
  deriveFromAll(
    objects: readonly KubeObject[],
    folders: ReadonlySet<string>,
  ): { derived: { object: KubeObject; from: KubeObject }[]; problems: string[] };
}

export interface FileSet {
  reader: FileReader;
  /** broken files and objects; what was sound beside them is in the reader */
  problems: UserError[];
  skipped: { foreign: number; fragments: number };
  leftOut: string[];
}

/** What files are read with: where relative paths begin, and what "-" means. */
export interface FileDeps {
  cwd: string;
  stdin: Readable & { isTTY?: boolean };
  signal: AbortSignal;
}

/** A text with the name that errors give it. */
interface Manifest {
  name: string;
  read(): Promise<string>;
}

/**
 * Reads everything that `-f` names. A broken file is a problem of its own and stops no other.
 *
 * @param namespace for objects that have none
 */
export async function readFiles(
  paths: readonly string[],
  namespace: string,
  rules: FileRules,
  deps: FileDeps,
): Promise<FileSet> {
  const manifests: Manifest[] = [];
  const leftOut: string[] = [];
  const problems: UserError[] = [];
  for (const path of paths) {
    if (path === "-") {
      manifests.push({ name: "stdin", read: () => readStdin(deps) });
      continue;
    }
    const found = await findFiles(path, deps.cwd);
    leftOut.push(...found.leftOut);
    problems.push(...found.problems);
    manifests.push(...found.files.map((file) => ({ name: file, read: () => readText(file, deps.cwd) })));
  }
  const set = await readManifests(manifests, namespace, rules, deps.signal);
  return { ...set, problems: [...problems, ...set.problems], leftOut };
}

/** Reads texts that are at hand, as `kustomize build` prints them. */
export async function readManifests(
  manifests: readonly Manifest[],
  namespace: string,
  rules: FileRules,
  signal: AbortSignal,
): Promise<FileSet> {
  const set: FileSet = {
    reader: new FileReader(),
    problems: [],
    skipped: { foreign: 0, fragments: 0 },
    leftOut: [],
  };
  for (const { name, read } of manifests) {
    signal.throwIfAborted();
    try {
      for (const document of readYaml(await read())) addDocument(document, name, namespace, rules, set);
    } catch (error) {
      // stopped while it was read: no fault of the file
      if (signal.aborted) throw error;
      set.problems.push(explainUnread(name, error));
    }
  }
  deriveFromAll(rules, new Set(manifests.map(({ name }) => dirname(name))), set);
  return set;
}

function deriveFromAll(
  rules: FileRules,
  folders: ReadonlySet<string>,
  { reader, problems }: Pick<FileSet, "reader" | "problems">,
): void {
  const all = rules.deriveFromAll([...reader.objects()], folders);
  for (const { object, from } of all.derived) reader.add(object, reader.fileOf(from) ?? "", true);
  problems.push(...all.problems.map((problem) => new UserError(problem)));
}

function addDocument(
  document: unknown,
  file: string,
  namespace: string,
  rules: FileRules,
  set: FileSet,
  lists: readonly unknown[] = [],
): void {
  if (document === null || document === undefined) return;
  // an alias may make a list an item of itself
  if (!isObject(document) || lists.includes(document)) {
    set.skipped.foreign++;
    return;
  }
  const { items } = document as { items?: unknown };
  if (document.kind.endsWith("List") && Array.isArray(items)) {
    for (const item of items) addDocument(item, file, namespace, rules, set, [...lists, document]);
    return;
  }
  const verdict = rules.classify(document);
  if (verdict === "wanted") addObject(document, file, namespace, rules, set);
  else set.skipped[verdict === "foreign" ? "foreign" : "fragments"]++;
}

function addObject(
  object: KubeObject,
  file: string,
  namespace: string,
  rules: FileRules,
  set: FileSet,
): void {
  dropNulls(object);
  const problem = rules.problemIn(object);
  if (problem) {
    const name: unknown = object.metadata?.name;
    const which = typeof name === "string" && name !== "" ? `the ${object.kind} ${name}` : `a ${object.kind}`;
    set.problems.push(new UserError(`Cannot use ${which} in ${file}: ${problem}`));
    return;
  }
  object.metadata.namespace ||= namespace;
  set.reader.add(object, file);
  for (const derived of rules.derive(object)) set.reader.add(derived, file, true);
}

function isObject(document: unknown): document is KubeObject {
  if (typeof document !== "object" || document === null) return false;
  const { apiVersion, kind } = document as Partial<KubeObject>;
  return typeof apiVersion === "string" && typeof kind === "string";
}

/** Fields whose value is null, as the API server does it: `ref:` with nothing below it is no ref. */
function dropNulls(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (field === null && !Array.isArray(value)) delete fields[key];
    else if (typeof field === "object") dropNulls(field, seen);
  }
}

async function readStdin({ stdin, signal }: Pick<FileDeps, "stdin" | "signal">): Promise<string> {
  return decode("stdin", await buffer(addAbortSignal(signal, stdin)));
}

async function readText(file: string, cwd: string): Promise<string> {
  return decode(file, await readFile(resolve(cwd, file)));
}

/** By its byte order mark, as Go's YAML reads it: what PowerShell 5 writes is UTF-16. */
function decode(file: string, bytes: Buffer): string {
  const mark = bytes.toString("latin1", 0, 2);
  const encoding = mark === "\xFF\xFE" ? "utf-16le" : mark === "\xFE\xFF" ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`Cannot read ${file}: it is no UTF-8 text`);
  }
}

/** Why a file could not be read, as an error about it; what is no fault of the file is thrown. */
export function explainUnread(file: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof YamlError) {
    return new UserError(`Cannot read ${file}: line ${error.line}, column ${error.column}: ${error.message}`);
  }
  if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  return new UserError(`Cannot read ${file}: ${systemReason(error)}`, { cause: error });
}
