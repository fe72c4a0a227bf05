import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Kustomization } from "../../../src/flux/kustomization.js";
import { readYaml } from "../../../src/yaml.js";
import { folderWith } from "../../folder.js";
import type { BuildPrograms } from "../programs.js";

/** Files by path, with what they hold. */
export type Files = Readonly<Record<string, string>>;

/** What kustomize-controller's library builds of a path of these files, sorted; "fails" when it does not. */
export async function fluxBuild(
  { fluxBuild: program }: BuildPrograms,
  files: Files,
  spec: Kustomization["spec"],
  ignore = "",
): Promise<unknown[] | "fails"> {
  const run = promisify(execFile)(program, [folderWith(files), spec?.path ?? ".", ignore]);
  run.child.stdin?.end(JSON.stringify({ spec }));
  const built = await run.catch((error: { code: number; stderr: string }) => {
    if (error.code !== 1) throw error;
    return undefined;
  });
  return built ? sorted(readYaml(built.stdout)) : "fails";
}

/** Order means nothing to who applies them. */
export function sorted(objects: readonly unknown[]): unknown[] {
  return objects
    .filter((object) => object !== null && object !== undefined)
    .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}
