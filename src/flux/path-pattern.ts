/**
 * `spec.pathPattern` of an ArtifactGenerator (source-watcher 2.2, Flux 2.9): one artifact for each folder of a source that fits.
 * What the pattern captures of the folder's path is lower-cased in the artifact's name and labels, but not in copies. Pure.
 */
import type { KubeObject } from "../kube/object.js";
import { labelValueProblem } from "../text/names.js";
import type { ArtifactGenerator, GeneratedArtifact } from "./sources.js";

/** What each `{name}` of a template stands for. */
type Captures = Readonly<Record<string, string>>;

/**
 * The recipes by which a generator may have made an artifact: that of its name; with a `pathPattern` each whose name fits, filled in.
 * The artifact's labels say what was captured; without them there may be several ways ("a-b-c" from "{app}-{env}").
 *
 * @param path a folder of the artifact as somebody wrote it, in upper case where the source's folders are
 */
export function recipesFor(
  { spec }: ArtifactGenerator,
  { name, labels = {} }: Pick<KubeObject["metadata"], "name" | "labels">,
  path: string,
): GeneratedArtifact[] {
  const recipes = spec?.artifacts ?? [];
  const names = capturesIn(spec?.pathPattern ?? "");
  if (names.length === 0) return recipes.filter((recipe) => recipe.name === name);
  const labelled = Object.fromEntries(names.map((capture) => [capture, labels[capture] ?? ""]));
  const effort = { left: mostSteps };
  return recipes.flatMap((recipe) => {
    const template = recipe.name ?? "";
    const ways =
      fill(template, labelled).toLowerCase() === name ? [labelled] : waysToFit(template, name, effort);
    return ways.map((captures) => filled(recipe, asSpelled(captures, recipe, path)));
  });
}

/** Whether an artifact of this name may be one that the generator makes by its `pathPattern`. */
export function mayMake({ spec }: ArtifactGenerator, name: string): boolean {
  if (capturesIn(spec?.pathPattern ?? "").length === 0) return false;
  const effort = { left: mostSteps };
  return (spec?.artifacts ?? []).some((recipe) => waysToFit(recipe.name ?? "", name, effort).length > 0);
}

/**
 * What the pattern captures of each folder from which the generator makes an artifact of this name, upper case and all.
 *
 * @param folders that may lie in the source, wherever that begins: "fleet/apps/Auth" fits "@repo/apps/{app}"
 */
export function capturesOf(
  { spec }: ArtifactGenerator,
  name: string,
  folders: Iterable<string>,
): ReadonlyMap<string, Captures> {
  const pattern = (spec?.pathPattern ?? "").replace(/^@[^/]*\//, "");
  const depth = pattern.split("/").length;
  const found = new Map<string, Captures>();
  for (const folder of folders) {
    const end = folder.split("/").slice(-depth).join("/");
    for (const captures of found.has(end) ? [] : waysToFit(pattern, end, { left: mostSteps })) {
      const isIt = spec?.artifacts?.some(
        (recipe) => fill(recipe.name ?? "", captures).toLowerCase() === name,
      );
      if (isIt) found.set(end, captures);
    }
  }
  return found;
}

function capturesIn(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}

function fill(template: string, captures: Captures): string {
  return template.replace(/\{(\w+)\}/g, (text, name) => captures[name] ?? text);
}

function filled(recipe: GeneratedArtifact, captures: Captures): GeneratedArtifact {
  const copy = recipe.copy?.map((one) => ({
    ...one,
    from: fill(one.from ?? "", captures),
    to: fill(one.to ?? "", captures),
  }));
  return { ...recipe, name: fill(recipe.name ?? "", captures), ...(copy && { copy }) };
}

/** Folders that are captures in upper case where `path` has them so. */
function asSpelled(captures: Captures, { copy = [] }: GeneratedArtifact, path: string): Captures {
  const spelled = { ...captures };
  const wanted = path.split("/");
  for (const { to = "" } of copy) {
    const folders = to.replace(/^@artifact\/+/, "").split("/");
    for (const [index, folder] of folders.entries()) {
      const said = wanted[index] ?? "";
      if (fill(folder, captures).toLowerCase() !== said.toLowerCase()) break;
      const capture = /^\{(\w+)\}$/.exec(folder)?.[1];
      if (capture !== undefined) spelled[capture] = said;
    }
  }
  return spelled;
}

/** All ways in which a name fits a template. @param effort is spent, and ends it */
function waysToFit(template: string, name: string, effort: { left: number }): Captures[] {
  const ways: Captures[] = [];
  const match = (parts: readonly string[], rest: string, captures: Captures): void => {
    if (--effort.left < 0) return;
    const [literal = "", capture, ...further] = parts;
    if (!rest.startsWith(literal)) return;
    const open = rest.slice(literal.length);
    if (capture === undefined) {
      if (open === "") ways.push(captures);
      return;
    }
    const known = captures[capture];
    for (let length = 1; length <= open.length; length++) {
      const value = open.slice(0, length);
      if (known !== undefined ? value !== known : labelValueProblem(value) !== undefined) continue;
      match(further, open.slice(length), { ...captures, [capture]: value });
    }
  };
  match(template.split(/\{(\w+)\}/), name, {});
  return ways;
}

/** For all recipes of a generator: tenants write them, as many as they like, and the names. */
const mostSteps = 2000;
