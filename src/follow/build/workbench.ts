import {
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { UserError } from "../../errors.js";
import { runKustomize } from "../../files/kustomize-build.js";
import { explainUnread } from "../../files/read-files.js";
import type { Kustomization } from "../../flux/kustomization.js";
import { pathInSource } from "../../flux/path.js";
import type { KubeObject } from "../../kube/object.js";
import { redact } from "../../redact.js";
import { remembered } from "../../remembered.js";
import { readYaml } from "../../yaml.js";
import { environmentOf } from "./environment.js";
import { type Gathered, gatherFor } from "./gather.js";
import { generatedFile, takenFile, withSpec } from "./kustomization-file.js";
import { mentionIn } from "./mention.js";
import { findKustomizationFile, type PlacedFile, resourcesIn } from "./read-kustomization.js";
import { SourceFiles, type SourceTree } from "./source-files.js";

export interface WorkbenchOptions {
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  /** whether kustomize may fetch what kustomization files name; it gets git's settings and credentials then */
  allowRemote: boolean;
}

/**
 * Where paths of Kustomizations are built as kustomize-controller builds them: each in a temporary folder of its own, which holds
 * what the build reads and nothing else. Trees are only read, each listed once. Builds do not disturb each other.
 */
export class Workbench {
  readonly #folder: string;
  readonly #options: WorkbenchOptions;
  readonly #sourceOf = remembered(
    ({ folder, ignore }: SourceTree) => JSON.stringify([folder, ignore]),
    (tree) => SourceFiles.in(tree),
  );

  private constructor(folder: string, options: WorkbenchOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  static open(options: WorkbenchOptions): Workbench {
    return new Workbench(mkdtempSync(join(realpathSync(tmpdir()), "flamingo-build-")), options);
  }

  /**
   * What kustomize prints for the path of a Kustomization in the tree of its source: before variables are substituted.
   *
   * @throws UserError when the path is not there, when something is named that is not in the source or may not be fetched, and
   * with kustomize's own words when it fails
   */
  async build(tree: SourceTree, { spec }: Pick<Kustomization, "spec">): Promise<KubeObject[]> {
    const source = await this.#sourceOf(tree);
    const file = fileFor(pathInSource(spec?.path), spec, source);
    const gathered = gatherFor(file, source, this.#options);
    const folder = mkdtempSync(join(this.#folder, "source-"));
    layOut(gathered, source, folder);
    return this.#run(file.folder, folder);
  }

  /** Removes all that was built in. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #run(path: string, cwd: string): Promise<KubeObject[]> {
    const { env, signal, allowRemote } = this.#options;
    const run = await runKustomize(path, { cwd, env: environmentOf(env, allowRemote), signal });
    if (run.stdout !== undefined) return readYaml(run.stdout) as KubeObject[];
    const failure = run.failure.replaceAll(`${cwd}/`, "").replace(/^Error: /, "");
    throw new UserError(`Cannot build ${path}: kustomize: ${failure}`);
  }
}

/** The kustomization file of a path, as Flux writes it before it builds. */
function fileFor(path: string, spec: Kustomization["spec"], source: SourceFiles): PlacedFile {
  if (!source.hasFolder(path)) throw new UserError(`Cannot build ${path}: it is no folder of the source`);
  const remote = spec?.components?.find((component) => mentionIn(component, path).is === "remote");
  if (remote)
    throw new UserError(
      `Cannot build ${path}: the component ${redact(remote)} is remote, which Flux refuses`,
    );
  const hasFolder = (folder: string) => source.hasFolder(posix.join(path, folder));
  const found = findKustomizationFile(path, source);
  const content = found ? takenFile(found.content) : generatedFile(resourcesIn(path, source));
  return {
    folder: path,
    name: found?.name ?? "kustomization.yaml",
    content: withSpec(content, spec, hasFolder),
  };
}

/** At once: for hundreds of small files, what is waited for costs more than what is done. */
function layOut({ copied, written }: Gathered, source: SourceFiles, folder: string): void {
  const paths = [...copied, ...written.keys()].map((path) => join(folder, path));
  for (const one of new Set(paths.map(dirname))) mkdirSync(one, { recursive: true });
  for (const path of copied) {
    try {
      copyFileSync(source.onDisk(path), join(folder, path), constants.COPYFILE_FICLONE);
    } catch (error) {
      throw explainUnread(path, error);
    }
  }
  for (const [path, text] of written) writeFileSync(join(folder, path), text);
}
