import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { dropNulls } from "../drop-nulls.js";
import { errorAbout, systemReason, UserError } from "../errors.js";
import type { KubeObject } from "../kube/object.js";
import { isTemplate, readYaml, YamlError } from "../yaml.js";
import { FileReader } from "./file-reader.js";
import { findFiles } from "./find-files.js";

/** What to make of the objects that files hold; asked by the file reader, which knows no kind itself. */
export interface FileRules {
  /** whether an object is of a kind that matters, was one long ago, or looks like one but is a patch */
  classify(object: KubeObject): "wanted" | "foreign" | "outdated" | "fragment";
  /** whether a text that cannot be read may hold a wanted object */
  mayMatter(text: string): boolean;
  /** what is wrong with a wanted object, as the end of a sentence; fields without a value are gone by then */
  problemIn(object: KubeObject): string | undefined;
  /** further objects that it stands for, such as those a controller makes of it */
  derive(object: KubeObject): KubeObject[];
  /** further objects that only all of them together tell of, with the folders that were read */
  deriveFromAll(objects: readonly KubeObject[], folders: ReadonlySet<string>): DerivedFromAll;
}

export interface DerivedFromAll {
  /** each with what it follows from */
  derived: { object: KubeObject; from: KubeObject }[];
  /** what cannot be told, as sentences */
  problems: string[];
  /** what only a cluster tells, as sentences */
  untold: string[];
}

export interface FileSet {
  reader: FileReader;
  /** broken files and objects; what was sound beside them is in the reader */
  problems: UserError[];
  /** files that are broken and hold nothing that is wanted */
  unusable: UserError[];
  /** how many of which kind had no namespace, and were given one */
  guessed: Map<string, number>;
  skipped: Skipped;
  leftOut: string[];
  /** what only a cluster tells of them, as sentences */
  untold: string[];
}

interface Skipped {
  foreign: number;
  outdated: number;
  fragments: number;
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
  /** it stands beside others, and may be about something else */
  isFile?: boolean;
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
    const read = (file: string) => ({ name: file, read: () => readText(file, deps.cwd), isFile: true });
    manifests.push(...found.files.map(read));
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
  const set = emptySet();
  for (const { name, read, isFile } of manifests) {
    signal.throwIfAborted();
    let text: string | undefined;
    try {
      text = await read();
      for (const document of readYaml(text)) addDocument(document, name, namespace, rules, set);
    } catch (error) {
      // stopped while it was read: no fault of the file
      if (signal.aborted) throw error;
      const matters = !isFile || text === undefined || rules.mayMatter(text);
      if (error instanceof YamlError && !matters) set.unusable.push(unusable(name, error));
      else set.problems.push(explainUnread(name, error));
    }
  }
  deriveFromAll(
    manifests.map(({ name }) => name),
    rules,
    set,
  );
  return set;
}

/**
 * Takes objects that are at hand, such as what Flux makes of files.
 *
 * @param objects each with what errors call its file
 * @param files that they come from
 */
export function collectObjects(
  objects: Iterable<{ object: KubeObject; from: string }>,
  rules: FileRules,
  files: readonly string[],
): FileSet {
  const set = emptySet();
  for (const { object, from } of objects) addDocument(object, from, "", rules, set);
  deriveFromAll(files, rules, set);
  return set;
}

function emptySet(): FileSet {
  const skipped = { foreign: 0, outdated: 0, fragments: 0 };
  return {
    reader: new FileReader(),
    problems: [],
    unusable: [],
    guessed: new Map(),
    skipped,
    leftOut: [],
    untold: [],
  };
}

function deriveFromAll(files: readonly string[], rules: FileRules, set: FileSet): void {
  const { reader, problems, untold } = set;
  const folders = new Set<string>();
  for (const file of files) {
    for (let above = dirname(file); !folders.has(above); above = dirname(above)) folders.add(above);
  }
  const all = rules.deriveFromAll([...reader.objects()], folders);
  for (const { object, from } of all.derived) {
    if (rules.classify(object) !== "wanted") continue;
    addObject(object, reader.fileOf(from) ?? "", from.metadata.namespace ?? "", rules, set, true);
  }
  problems.push(...all.problems.map((problem) => new UserError(problem)));
  untold.push(...all.untold);
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
  else set.skipped[verdict === "fragment" ? "fragments" : verdict]++;
}

function addObject(
  object: KubeObject,
  file: string,
  namespace: string,
  rules: FileRules,
  set: FileSet,
  isDerived = false,
): void {
  dropNulls(object);
  const problem = rules.problemIn(object);
  if (problem) {
    const name: unknown = object.metadata?.name;
    const which = typeof name === "string" && name !== "" ? `the ${object.kind} ${name}` : `a ${object.kind}`;
    set.problems.push(errorAbout(`${which} in ${file}`, (subjects) => `Cannot use ${subjects}: ${problem}`));
    return;
  }
  if (!object.metadata.namespace) {
    object.metadata.namespace = namespace;
    set.guessed.set(object.kind, (set.guessed.get(object.kind) ?? 0) + 1);
  }
  set.reader.add(object, file, isDerived);
  for (const derived of rules.derive(object)) set.reader.add(derived, file, true);
}

function isObject(document: unknown): document is KubeObject {
  if (typeof document !== "object" || document === null) return false;
  const { apiVersion, kind } = document as Partial<KubeObject>;
  return typeof apiVersion === "string" && typeof kind === "string";
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

function unusable(subject: string, { message: cause, line, column }: YamlError): UserError {
  return new UserError(
    `Left out ${subject}, which is not about Flux: line ${line}, column ${column}: ${cause}`,
    {
      alike: {
        cause,
        subject,
        sentence: (subjects) => `Left out ${subjects}, which are not about Flux: ${cause}`,
      },
    },
  );
}

/** Why a file could not be read, as an error about it; what is no fault of the file is thrown. */
export function explainUnread(file: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof YamlError) {
    const { message: cause, line, column } = error;
    const sentence = (subjects: string) => `Cannot read ${subjects}: ${cause}`;
    return new UserError(`Cannot read ${file}: line ${line}, column ${column}: ${cause}`, {
      hint:
        cause === isTemplate
          ? "Read what it is rendered to: helm template CHART | flamingo generate-app --all -f -"
          : undefined,
      alike: { cause, subject: file, sentence },
    });
  }
  if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  return new UserError(`Cannot read ${file}: ${systemReason(error)}`, { cause: error });
}
