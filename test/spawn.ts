import { type ChildProcessByStdio, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { builtPackage } from "./built-package.js";

export interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  ended: Promise<Ended>;
  /** Ends with the first text on stderr that has this in it. */
  says(text: string): Promise<void>;
  /** what came on stderr so far */
  text(): string;
}

/** `bin/flamingo.cjs`, built. */
export function binFile(): string {
  return join(builtPackage(), "bin", "flamingo.cjs");
}

/** The environment of a spawned process: nothing of the machine's but the PATH, and no cluster. */
export function bareEnv(env: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: tmpdir(),
    KUBECONFIG: "/nonexistent",
    TERM: "xterm",
    ...env,
  };
}

/** Starts flamingo as a process of its own, which does not outlive the test. */
export function spawnFlamingo(args: readonly string[], env: Record<string, string> = {}): Running {
  return spawnProgram(process.execPath, [binFile(), ...args], env);
}

export function spawnProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Running {
  const child = spawn(program, args, { env: bareEnv(env), stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => {});
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
  return {
    child,
    ended,
    text: () => stderr,
    async says(text) {
      while (!stderr.includes(text)) {
        if (child.exitCode !== null) throw new Error(`It ended without saying "${text}": ${stderr}`);
        await sleep(10);
      }
    },
  };
}
