import { pathMatcher } from "../../text/path-pattern.js";

/** One `.sourceignore` file of a source. */
export interface IgnoreFile {
  /** where it stands, relative to the source: "" or "apps/web" */
  folder: string;
  text: string;
}

/** Left out of every Git source. */
const versionControl = [".git/", ".gitignore", ".gitmodules", ".gitattributes"];

/** Left out beside those, unless the source says anything itself. */
const defaults = [
  ..."*.jpg *.jpeg *.gif *.png *.wmv *.flv *.tar.gz *.zip".split(" "),
  ...".github/ .circleci/ .travis.yml .gitlab-ci.yml appveyor.yml .drone.yml cloudbuild.yaml".split(" "),
  ..."codeship-services.yml codeship-steps.yml **/.goreleaser.yml **/.sops.yaml **/.flux.yaml".split(" "),
];

/**
 * Whether source-controller leaves a file out of a source (fluxcd/pkg sourceignore 0.18): the last pattern that fits decides,
 * those of `.sourceignore` after the built-in ones, `spec.ignore` last. Paths are relative to the source: "apps/web/a.yaml".
 *
 * @param files those of folders after those of the folders around them
 * @param ignore the source's `spec.ignore`
 */
export function ignoreRules(
  files: readonly IgnoreFile[],
  ignore: string | undefined,
): (path: string) => boolean {
  const own = [
    ...files.flatMap(({ folder, text }) => patternsIn(text, folder)),
    ...patternsIn(ignore ?? "", ""),
  ];
  const patterns = [
    ...versionControl.map((line) => patternIn(line, "")),
    ...(own.length > 0 ? own : defaults.map((line) => patternIn(line, ""))),
  ].reverse();
  return (path) => {
    const parts = path.split("/");
    return patterns.find(({ fits }) => fits(parts))?.excludes ?? false;
  };
}

interface Pattern {
  excludes: boolean;
  fits(path: readonly string[]): boolean;
}

function patternsIn(text: string, folder: string): Pattern[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#") && line.trim() !== "")
    .map((line) => patternIn(line, folder));
}

function patternIn(line: string, folder: string): Pattern {
  const excludes = !line.startsWith("!");
  let pattern = excludes ? line : line.slice(1);
  if (!pattern.endsWith("\\ ")) pattern = pattern.replace(/ +$/, "");
  const foldersOnly = pattern.endsWith("/");
  if (foldersOnly) pattern = pattern.slice(0, -1);
  const inside = folder === "" ? [] : folder.split("/");
  const matches = pattern.includes("/")
    ? placeMatcher(pattern.split("/"), foldersOnly)
    : nameMatcher(pattern, foldersOnly);
  return {
    excludes,
    fits: (path) =>
      path.length > inside.length &&
      inside.every((part, index) => part === path[index]) &&
      matches(path.slice(inside.length)),
  };
}

/** The name of the file or of any folder that it is in. */
function nameMatcher(pattern: string, foldersOnly: boolean): Pattern["fits"] {
  const matches = pathMatcher(pattern);
  return (path) => {
    const first = path.findIndex(matches);
    return first !== -1 && !(foldersOnly && first === path.length - 1);
  };
}

/** From the folder of the pattern on, where `**` stands for any number of folders; what lies deeper fits, too. */
function placeMatcher(pattern: readonly string[], foldersOnly: boolean): Pattern["fits"] {
  const parts = pattern.map((part) => ({ part, matches: pathMatcher(part) }));
  return (path) => {
    let at = 0;
    let matched = false;
    let anywhere = false;
    for (const [index, { part, matches }] of parts.entries()) {
      if (part === "") anywhere = false;
      else if (part === "**") {
        if (index === parts.length - 1) break;
        anywhere = true;
      } else {
        if (part.includes("**") || at >= path.length) return false;
        const found = path.findIndex((name, place) => place >= at && matches(name));
        matched = found !== -1 && (anywhere || found === at);
        if (!matched && !anywhere) return false;
        at = matched ? found + 1 : path.length;
        anywhere = false;
      }
    }
    return matched && !(foldersOnly && at === path.length);
  };
}
