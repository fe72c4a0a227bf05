import { kustomizeBuild } from "../files/kustomize-build.js";
import { type FileDeps, type FileSet, readFiles, readManifests } from "../files/read-files.js";
import { deriveFromAll } from "../flux/derive-from-all.js";
import { classify, derive, mayMatter, problemIn } from "../flux/file-rules.js";
import { type FollowChoice, follow } from "../follow/follow.js";
import { andList } from "../text/and-list.js";
import { counted } from "../text/counted.js";
import { followedRemarks, missingInRepository, trailOf } from "./followed-remarks.js";
import type { FileChoice, Input, InputFiles } from "./input.js";

const rules = { classify, mayMatter, problemIn, derive, deriveFromAll };

/**
 * Reads files, or what kustomize builds.
 *
 * @param namespace of objects that have none
 */
export async function inputFromFiles(
  choice: FileChoice,
  namespace: string,
  deps: FileDeps & { env: Readonly<Record<string, string | undefined>> },
): Promise<Input> {
  if (choice.from === "follow") return inputFromRepository(choice, deps);
  const set =
    choice.from === "files"
      ? await readFiles(choice.paths, namespace, rules, deps)
      : await readManifests(
          [{ name: `kustomize build ${choice.folder}`, read: () => kustomizeBuild(choice.folder, deps) }],
          namespace,
          rules,
          deps.signal,
        );
  return inputOf(set, {
    guessed: guessedIn(set, namespace, choice),
    remarks: remarksOn(set),
    missingHint: (what) =>
      choice.from === "files"
        ? `Name the file that holds ${what} with a further -f, or read what kustomize builds: -k DIR`
        : `Read the file that holds ${what}, too: kustomize build ${choice.folder} | flamingo generate-app --all -f - -f FILE`,
  });
}

function inputOf(
  { reader, problems, unusable }: FileSet,
  told: Pick<InputFiles, "guessed" | "remarks" | "trail" | "missingHint">,
): Input {
  return { reader, files: { reader, problems, unusable, ...told } };
}

function guessedIn({ guessed }: FileSet, namespace: string, choice: FileChoice): InputFiles["guessed"] {
  const kinds = [...guessed].map(([kind, count]) => counted(count, kind, pluralOf(kind)));
  if (kinds.length === 0) return undefined;
  const isOne = [...guessed.values()].reduce((sum, count) => sum + count, 0) === 1;
  const read = choice.from === "kustomize" ? "what kustomize builds" : "these files";
  const isFolder = choice.from === "files" && choice.paths.length === 1 && choice.paths[0] !== "-";
  return {
    text: `${andList(kinds)} ${isOne ? "has" : "have"} no namespace in ${read}; ${namespace} is taken`,
    hint: `${isFolder ? "Have it told by the Kustomizations that apply them: --follow. Or name" : "Name"} it: -n NAMESPACE`,
  };
}

function pluralOf(kind: string): string {
  return kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

async function inputFromRepository(choice: FollowChoice, deps: Parameters<typeof follow>[2]): Promise<Input> {
  const followed = await follow(choice, rules, deps);
  return inputOf(followed, {
    guessed: undefined,
    remarks: [
      ...remarksOn({ ...followed, skipped: { ...followed.skipped, foreign: 0 } }),
      ...followedRemarks(followed),
    ],
    trail: trailOf(followed),
    missingHint: (what) => missingInRepository(what, followed),
  });
}

function remarksOn({ skipped, leftOut, untold }: FileSet): string[] {
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
    ...(skipped.outdated > 0
      ? [
          `Skipped ${counted(skipped.outdated, "object", "objects")} of Flux 1, which flamingo does not show: https://fluxcd.io/flux/migration/`,
        ]
      : []),
    ...leftOut.map((link) => `Left out: ${link}`),
    ...untold,
  ];
}
