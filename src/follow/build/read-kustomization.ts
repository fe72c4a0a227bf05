import { posix } from "node:path";
import { UserError } from "../../errors.js";
import { kustomizationFileNames } from "../../files/kustomize-build.js";
import { explainUnread } from "../../files/read-files.js";
import { readYaml } from "../../yaml.js";
import { type KustomizationFile, kustomizationFileFrom } from "./kustomization-file.js";
import { withoutAliases } from "./plain.js";
import type { SourceFiles } from "./source-files.js";

/** A kustomization file where it stands: what it names begins at its folder. */
export interface PlacedFile {
  /** relative to the source: "apps/web" */
  folder: string;
  name: string;
  content: KustomizationFile;
}

/**
 * The kustomization file of a folder of the source.
 *
 * @throws UserError when there are several, or when it cannot be read
 */
export function findKustomizationFile(folder: string, source: SourceFiles): PlacedFile | undefined {
  const [name, second] = namesIn(folder, source);
  if (name === undefined) return undefined;
  if (second !== undefined) {
    throw new UserError(`Cannot build ${folder}: it has both ${name} and ${second}`, {
      hint: "kustomize takes no folder with several kustomization files: remove one",
    });
  }
  const path = posix.join(folder, name);
  const [document] = documentsOf(path, source);
  const content = kustomizationFileFrom(document);
  if (!content) throw new UserError(`Cannot read ${path}: it is no map, or says a field twice`);
  return { folder, name, content };
}

/**
 * The documents of a file of the source.
 *
 * @throws UserError when it is no YAML that ends
 */
export function documentsOf(path: string, source: SourceFiles): unknown[] {
  const documents = withoutAliases(readFile(path, source));
  if (documents) return documents;
  throw new UserError(`Cannot read ${path}: its aliases go in circles, or mean too much`);
}

function readFile(path: string, source: SourceFiles): unknown[] {
  try {
    return readYaml(source.read(path));
  } catch (error) {
    throw explainUnread(path, error);
  }
}

/**
 * What Flux puts into the kustomization file of a folder that has none, relative to it: all YAML files below, and folders with
 * a kustomization file as a whole.
 *
 * @throws UserError where a link that Flux would not pack leads out of the source
 */
export function resourcesIn(folder: string, source: SourceFiles): string[] {
  const [link] = source.linksOutBelow(folder).filter(isManifest);
  if (link !== undefined) {
    throw new UserError(`Cannot build ${folder}: ${link} is a link that leads out of the source`, {
      hint: "Put the file itself there: Flux packs no links",
    });
  }
  const resources = source.below(folder).flatMap((path) => {
    const whole = foldersBetween(folder, path).find((one) => namesIn(one, source).length > 0);
    return whole ?? (isManifest(path) ? path : []);
  });
  return [...new Set(resources)].map((path) => `./${posix.relative(folder, path)}`).sort();
}

function namesIn(folder: string, source: SourceFiles): string[] {
  return kustomizationFileNames.filter((name) => source.hasFile(posix.join(folder, name)));
}

function isManifest(path: string): boolean {
  return /\.ya?ml$/.test(path);
}

/** The folders below one that a file is in, the outermost first. */
function foldersBetween(folder: string, path: string): string[] {
  const parts = posix.relative(folder, path).split("/").slice(0, -1);
  return parts.map((_, index) => posix.join(folder, ...parts.slice(0, index + 1)));
}
