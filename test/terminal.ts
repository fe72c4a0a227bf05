import { spawnSync } from "node:child_process";
import { binFile, type Running, spawnProgram } from "./spawn.js";

export interface Terminal {
  env?: Record<string, string>;
  columns?: number;
  /** of the shell: ">/dev/null" */
  redirect?: string;
}

/** Starts flamingo on a terminal, by util-linux's `script`: its stdout is all that the terminal gets, its stdin the keys. */
export function spawnOnTerminal(
  args: readonly string[],
  { env = {}, columns = 80, redirect = "" }: Terminal = {},
): Running {
  const words = [process.execPath, binFile(), ...args].map((word) => `'${word}'`).join(" ");
  const command = `stty cols ${columns} rows 24; exec ${words} ${redirect}`;
  return spawnProgram("script", ["-qec", command, "/dev/null"], env);
}

/** Says so where there is none. */
export function isTerminalAtHand(): boolean {
  const { stdout } = spawnSync("script", ["--version"], { encoding: "utf8" });
  if (stdout?.includes("util-linux")) return true;
  process.stderr.write("⚠ Tests on a terminal are skipped: there is no `script` of util-linux\n");
  return false;
}
