import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** A program as a tool of a Go module that is kept in the repository. */
export interface GoProgram {
  /** the folder with go.mod and go.sum */
  moduleFolder: string;
  /** "k8s.io/kubernetes/cmd/kube-apiserver" */
  package: string;
  /** what the linker sets, by variable: `{ "k8s.io/component-base/version.gitVersion": "v1.37.2" }` */
  variables: Readonly<Record<string, string>>;
}

/** A program is not there and can't be made, as one line that says what to do. */
export class NoPrograms extends Error {}

/** Where programs for tests are kept: "~/.cache/flamingo-test". */
export function programCache(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "flamingo-test");
}

/** The version of a module that a go.mod requires, such as "v1.37.2". */
export function moduleVersion(moduleFolder: string, module: string): string {
  const goMod = join(moduleFolder, "go.mod");
  const version = new RegExp(`^\\s*(?:require )?${module} (v\\S+)`, "m").exec(
    readFileSync(goMod, "utf8"),
  )?.[1];
  if (!version) throw new Error(`${goMod} does not require ${module}`);
  return version;
}

/** What `-ldflags` gets: no debug information, and the variables. A variable that does not exist is ignored. */
export function linkerFlags({ variables }: GoProgram): string {
  const set = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ["-s", "-w", ...set].join(" ");
}

/**
 * Builds a program, minutes the first time. It appears at `target` in one move, so that a run at the same time never
 * sees half of it.
 *
 * @param onStart called when Go runs
 * @throws NoPrograms when Go is missing or fails; `instead` says how else the program is to be had
 */
export async function goBuild(
  program: GoProgram,
  target: string,
  { onStart = () => {}, instead }: { onStart?: () => void; instead: string },
): Promise<void> {
  const temporary = `${target}.${process.pid}.building`;
  await mkdir(dirname(target), { recursive: true });
  // debug information, which the linker would drop, takes an eighth of the time
  const compilerFlags = "-gcflags=all=-dwarf=false";
  const args = ["build", "-trimpath", compilerFlags, "-ldflags", linkerFlags(program), "-o", temporary];
  try {
    await go([...args, program.package], program.moduleFolder, onStart, instead);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * What the program in the folder of a module prints. Go builds it the first time, and keeps it itself.
 *
 * @throws NoPrograms when Go is missing or fails
 */
export function goRun(moduleFolder: string, stdin: string): Promise<string> {
  const instead = `the program in ${moduleFolder} is run by Go (https://go.dev/dl)`;
  return go(["run", "."], moduleFolder, () => {}, instead, stdin);
}

/**
 * The folder with the files of a module that a go.mod requires, such as "…/pkg/mod/github.com/argoproj/argo-cd/v3@v3.6.1", or of any
 * that is named with its version: "github.com/fluxcd/flagger@v1.36.1". Those of a module that was cleaned away are fetched again.
 *
 * @throws NoPrograms when Go is missing or fails
 */
export async function moduleSource(moduleFolder: string, module: string): Promise<string> {
  const instead = `the files of ${module} are those of its Go module (https://go.dev/dl)`;
  const answer = await go(["mod", "download", "-json", module], moduleFolder, () => {}, instead);
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

/** What it prints. */
async function go(
  args: string[],
  cwd: string,
  onStart: () => void,
  instead: string,
  stdin = "",
): Promise<string> {
  // a Go older than a module wants gets that one, as a module, and runs it
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOTOOLCHAIN: "auto" };
  const child = spawn("go", args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {}).end(stdin);
  child.once("spawn", onStart);
  let [printed, said] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const stop = () => child.kill();
  process.once("exit", stop);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new NoPrograms(`Go is missing: ${instead}`) : error);
    });
    child.once("close", resolve);
  }).finally(() => process.off("exit", stop));
  if (code !== 0) {
    const why = said.trim().split("\n").slice(-3).join("; ");
    throw new NoPrograms(`go ${args[0]} failed (${why}): ${instead}`);
  }
  return printed;
}
