import { statSync } from "node:fs";
import { win32 } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What to start for the name of a program, in the PATH and nowhere else: Windows looks into the current folder first, where a
 * cloned repository may have brought one of that name. A path is left as it is, and so is everything where there is no Windows.
 *
 * @returns undefined when it is not there
 */
export function programPath(
  name: string,
  env: Env,
  {
    platform = process.platform,
    isFile = isFileAt,
  }: { platform?: string; isFile?(path: string): boolean } = {},
): string | undefined {
  if (platform !== "win32" || /[\\/:]/.test(name)) return name;
  const endings = listIn(env, "PATHEXT", ".COM;.EXE;.BAT;.CMD");
  const names = [...(name.includes(".") ? [name] : []), ...endings.map((ending) => name + ending)];
  return listIn(env, "PATH", "")
    .map((folder) => folder.replaceAll('"', ""))
    .filter((folder) => win32.isAbsolute(folder))
    .flatMap((folder) => names.map((file) => win32.join(folder, file)))
    .find(isFile);
}

/** Windows writes names of variables in any case. */
function listIn(env: Env, name: string, otherwise: string): string[] {
  const key = Object.keys(env).find((one) => one.toUpperCase() === name);
  return ((key && env[key]) || otherwise).split(";").filter((item) => item !== "");
}

function isFileAt(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
