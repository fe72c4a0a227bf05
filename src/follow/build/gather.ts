import { posix } from "node:path";
import { UserError } from "../../errors.js";
import { kustomizationFileNames } from "../../files/kustomize-build.js";
import { redact } from "../../redact.js";
import { mentionIn } from "./mention.js";
import { contentIn, plain } from "./plain.js";
import { documentsOf, findKustomizationFile, type PlacedFile } from "./read-kustomization.js";
import { filesNamedInPlugin, pluginFields, type Reference, referencesIn } from "./references.js";
import type { SourceFiles } from "./source-files.js";

/** What one build reads: nothing else is there when kustomize runs. Paths are relative to the source. */
export interface Gathered {
  /** files of the source as they are */
  copied: ReadonlySet<string>;
  /** files that name others, in the words in which that was checked */
  written: ReadonlyMap<string, string>;
}

/**
 * Everything that kustomize reads to build a folder. Whoever can write a pull request can write a kustomization file, so
 * all of it has to lie in the source, and kustomize gets to see no word that was not understood here.
 *
 * @param top the folder's kustomization file
 * @throws UserError where something is named that is not in the source, or that is remote and may not be fetched
 */
export function gatherFor(top: PlacedFile, source: SourceFiles, options: { allowRemote: boolean }): Gathered {
  const gathering = new Gathering(top.folder, source, options.allowRemote);
  gathering.follow(top);
  return gathering;
}

class Gathering implements Gathered {
  readonly copied = new Set<string>();
  readonly written = new Map<string, string>();
  readonly #followed = new Set<string>();
  readonly #built: string;
  readonly #source: SourceFiles;
  readonly #allowRemote: boolean;

  constructor(built: string, source: SourceFiles, allowRemote: boolean) {
    this.#built = built;
    this.#source = source;
    this.#allowRemote = allowRemote;
  }

  follow(file: PlacedFile): void {
    if (this.#followed.has(file.folder)) return;
    this.#followed.add(file.folder);
    if (file.content["helmCharts"] || file.content["helmChartInflationGenerator"]) {
      throw this.#refusal(file, "inflates Helm charts, which Flux does not do", "Make them HelmReleases");
    }
    this.written.set(pathOf(file), JSON.stringify(this.#withPlainPlugins(file)));
    for (const reference of referencesIn(file.content)) this.#followReference(reference, file);
  }

  #followReference({ text, as }: Reference, file: PlacedFile): void {
    const content = as === "patch" || as === "plugin" ? contentIn(text) : undefined;
    const path = content && as === "plugin" ? undefined : this.#inside(text, file, content !== undefined);
    if (content && as === "plugin") this.#followPlugin(content, file);
    if (path === undefined || content) return;
    if (as !== "folder" && this.#source.hasFile(path)) this.#followFile(path, as, file);
    else if ((as === "folder" || as === "resource" || as === "plugin") && this.#source.hasFolder(path))
      this.#followFolder(path, as, file);
    else throw this.#refusal(file, `names ${redact(text)}, ${this.#source.whyNot(path)}`);
  }

  #followFile(path: string, as: Reference["as"], file: PlacedFile): void {
    if (as !== "plugin") this.copied.add(path);
    else if (kustomizationFileNames.includes(posix.basename(path))) {
      throw this.#refusal(file, `names ${path} as a plugin`);
    } else {
      const documents = documentsOf(path, this.#source);
      this.written.set(path, plain(documents));
      this.#followPlugin(documents, file);
    }
  }

  /** Files that a plugin names are looked for where the file stands that uses it. */
  #followPlugin(documents: readonly unknown[], user: PlacedFile): void {
    for (const text of filesNamedInPlugin(documents)) {
      const path = this.#inside(text, user, contentIn(text) !== undefined);
      // the same fields name places in an object, too
      if (path !== undefined && this.#source.hasFile(path)) this.copied.add(path);
    }
  }

  #followFolder(folder: string, as: Reference["as"], file: PlacedFile): void {
    const inner = findKustomizationFile(folder, this.#source);
    if (!inner) throw this.#refusal(file, `names ${folder}, a folder without a kustomization file`);
    if (as === "plugin") this.#followPluginFolder(inner, file);
    else this.follow(inner);
  }

  /** kustomize builds the plugins first. What they read in the end is known only where nothing changes them. */
  #followPluginFolder(file: PlacedFile, user: PlacedFile): void {
    const { apiVersion, kind, metadata, resources, ...others } = file.content;
    const [other] = Object.keys(others);
    if (other !== undefined) throw this.#refusal(file, `has ${other}, but plugins are read only as they are`);
    this.written.set(pathOf(file), JSON.stringify({ apiVersion, kind, metadata, resources }));
    for (const { text } of referencesIn({ resources })) {
      const path = this.#inside(text, file, false);
      if (path === undefined || !this.#source.hasFile(path))
        throw this.#refusal(file, `names the plugin ${redact(text)}, which is no file of the source`);
      this.#followFile(path, "plugin", user);
    }
  }

  /**
   * Where a text leads in the source; undefined where kustomize may fetch it.
   *
   * @param isContent it is only a path if it is not taken for the content itself
   */
  #inside(text: string, file: PlacedFile, isContent: boolean): string | undefined {
    const mention = mentionIn(text, file.folder);
    if (mention.is === "inside") return mention.path;
    const [shown = ""] = redact(text).split("\n");
    if (mention.is === "outside") throw this.#refusal(file, `names ${shown}, which is outside of the source`);
    if (isContent || this.#allowRemote) return undefined;
    throw this.#refusal(file, `names ${shown}, which is remote`, remoteHint);
  }

  /** Plugins that stand in the file itself as JSON, too, as kustomize reads the file again to find out what they are. */
  #withPlainPlugins(file: PlacedFile): Record<string, unknown> {
    const fields = Object.entries(file.content).map(([field, value]) => {
      if (!pluginFields.has(field) || !Array.isArray(value)) return [field, value];
      return [field, value.map((text) => (typeof text === "string" ? this.#plainPlugin(text, file) : text))];
    });
    return Object.fromEntries(fields);
  }

  #plainPlugin(text: string, file: PlacedFile): string {
    const content = contentIn(text);
    if (content) return plain(content);
    // what is a path here must not be an object there
    if (/[\n{]|:\s/.test(text)) throw this.#refusal(file, "has a plugin that cannot be read");
    return text;
  }

  #refusal(file: PlacedFile, why: string, hint?: string): UserError {
    return new UserError(`Cannot build ${this.#built}: ${pathOf(file)} ${why}`, { hint });
  }
}

const remoteHint = "Pass --allow-remote to let kustomize fetch what kustomization files name";

function pathOf({ folder, name }: PlacedFile): string {
  return posix.join(folder, name);
}
