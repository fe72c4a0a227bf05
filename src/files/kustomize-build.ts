import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../errors.js";
import { programPath } from "../program-path.js";
import { redact } from "../redact.js";

/**
 * What `kustomize build FOLDER` prints, by `kustomize` or else `kubectl kustomize` from the PATH.
 *
 * @throws UserError when neither is there, or with kustomize's own words when the build fails
 */
export async function kustomizeBuild(
  folder: string,
  deps: { cwd: string; env: Readonly<Record<string, string | undefined>>; signal: AbortSignal },
): Promise<string> {
  const info = await stat(resolve(deps.cwd, folder)).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw new UserError(`Cannot build ${redact(folder)}: it is no folder`, {
      hint: "-k takes a folder; -f reads files as they are",
    });
  }
  const { execa } = await import("execa");
  const run = async (program: string, args: string[]) =>
    execa(program, args, {
      cwd: deps.cwd,
      env: { ...deps.env },
      extendEnv: false,
      cancelSignal: deps.signal,
      stdin: "ignore",
      reject: false,
      stripFinalNewline: false,
      maxBuffer: 1_000_000_000,
    });
  for (const [program, verb] of [
    ["kustomize", "build"],
    ["kubectl", "kustomize"],
  ] as const) {
    const path = programPath(program, deps.env);
    if (path === undefined) continue;
    const result = await run(path, [verb, folder]);
    if (result.code === "ENOENT") continue;
    deps.signal.throwIfAborted();
    if (result.failed) {
      throw new UserError(
        `Cannot build ${folder}: ${program}: ${lastWords(result.stderr) || result.shortMessage}`,
        {
          hint: `See it for yourself: ${program} ${verb} ${folder}`,
        },
      );
    }
    return result.stdout;
  }
  throw new UserError(`Cannot build ${folder}: neither kustomize nor kubectl is on the PATH`, {
    hint: "Install one of them, or pipe what is built: kustomize build DIR | flamingo generate-app --all -f -",
  });
}

/** The last line, without the prefix of Kubernetes' log library. */
function lastWords(stderr: string): string {
  const [line = ""] = stderr.trim().split("\n").slice(-1);
  return line.replace(/^[EFIW]\d{4} \S+ +\d+ \S+\] /, "");
}
