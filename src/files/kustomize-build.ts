import { readdir, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../errors.js";
import { programPath } from "../program-path.js";
import { redact } from "../redact.js";

export interface KustomizeDeps {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** What a run of kustomize ended with. */
export interface KustomizeRun {
  /** the command line without the folder: "kubectl kustomize --load-restrictor=LoadRestrictionsNone" */
  command: string;
  /** undefined when the build failed */
  stdout: string | undefined;
  /** the last that kustomize said, which is why it failed */
  failure: string;
}

/** As kustomize-controller builds: files may lie outside of the folder. */
const noRestrictions = "--load-restrictor=LoadRestrictionsNone";

/** How a kustomization file may be called. */
export const kustomizationFileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/**
 * What `kustomize build FOLDER` prints, by `kustomize` or else `kubectl kustomize` from the PATH.
 *
 * @throws UserError when neither is there, or with kustomize's own words when the build fails
 */
export async function kustomizeBuild(folder: string, deps: KustomizeDeps): Promise<string> {
  const info = await stat(resolve(deps.cwd, folder)).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw new UserError(`Cannot build ${redact(folder)}: it is no folder`, {
      hint: "-k takes a folder; -f reads files as they are",
    });
  }
  const names = await readdir(resolve(deps.cwd, folder)).catch(() => undefined);
  if (names && !names.some((name) => kustomizationFileNames.includes(name))) {
    throw new UserError(`Cannot build ${redact(folder)}: it has no kustomization file`, {
      hint: `Where Flux makes one of its own, the files are enough: -f ${folder}`,
    });
  }
  const { command, stdout, failure } = await runKustomize(folder, deps);
  if (stdout !== undefined) return stdout;
  throw new UserError(`Cannot build ${folder}: ${command.split(" ")[0]}: ${failure}`, {
    hint: `See it for yourself: ${command} ${folder}`,
  });
}

/**
 * Has a folder built, by `kustomize` or else `kubectl kustomize` from the PATH.
 *
 * @throws UserError when neither is there
 */
export async function runKustomize(folder: string, deps: KustomizeDeps): Promise<KustomizeRun> {
  const { execa } = await import("execa");
  for (const [program, verb] of [
    ["kustomize", "build"],
    ["kubectl", "kustomize"],
  ] as const) {
    const path = programPath(program, deps.env);
    if (path === undefined) continue;
    const result = await execa(path, [verb, noRestrictions, folder], {
      cwd: deps.cwd,
      env: { ...deps.env },
      extendEnv: false,
      cancelSignal: deps.signal,
      stdin: "ignore",
      reject: false,
      stripFinalNewline: false,
      maxBuffer: 1_000_000_000,
    });
    if (result.code === "ENOENT") continue;
    deps.signal.throwIfAborted();
    return {
      command: `${program} ${verb} ${noRestrictions}`,
      stdout: result.failed ? undefined : result.stdout,
      failure: lastWords(result.stderr) || (result.shortMessage ?? ""),
    };
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
