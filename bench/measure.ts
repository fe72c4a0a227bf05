import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { temporary } from "./workplace.js";

/** A command line of Node, measured as a whole process. */
export interface Program {
  /** what stands behind `node` */
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

const binFile = fileURLToPath(new URL("../bin/flamingo.cjs", import.meta.url));
const peakMemory = fileURLToPath(new URL("programs/peak-memory.cjs", import.meta.url));

/** `bin/flamingo.cjs` as it was built last. */
export function flamingo(commandLine: string, kubeconfig = "/nonexistent"): Program {
  return { args: [binFile, ...commandLine.split(" ")], env: { KUBECONFIG: kubeconfig } };
}

export interface Comparison {
  /** time of the program / time of the baseline, the median of all pairs */
  ratio: number;
  programMs: number;
  baselineMs: number;
}

/**
 * Runs both in turns, so that whatever else the machine does meets both alike. A first pair warms up and does not count.
 *
 * @param before gives each run the same start; not measured
 */
export async function compare(
  program: Program,
  baseline: Program,
  pairs: number,
  before: () => Promise<void> = () => Promise.resolve(),
): Promise<Comparison> {
  const measured: Omit<Comparison, "ratio">[] = [];
  const timeOf = async (one: Program) => {
    await before();
    return (await run(one)).ms;
  };
  for (let pair = 0; pair <= pairs; pair++) {
    measured.push({ programMs: await timeOf(program), baselineMs: await timeOf(baseline) });
  }
  const counted = measured.slice(1);
  return {
    ratio: median(counted.map(({ programMs, baselineMs }) => programMs / baselineMs)),
    programMs: median(counted.map(({ programMs }) => programMs)),
    baselineMs: median(counted.map(({ baselineMs }) => baselineMs)),
  };
}

/** The most memory that a process holds, in MiB: the median of three runs. */
export async function peakMiB({ args, env }: Program): Promise<number> {
  const peaks: number[] = [];
  while (peaks.length < 3) {
    const { said } = await run({ args: ["--require", peakMemory, ...args], ...(env ? { env } : {}) });
    peaks.push(Number(said) / 1024);
  }
  return median(peaks);
}

/** Runs a program once, and keeps what it prints on stdout. */
export async function printTo(file: string, program: Program): Promise<void> {
  const stdout = openSync(file, "w");
  await run(program, stdout);
  closeSync(stdout);
}

interface Run {
  ms: number;
  /** what it wrote on file descriptor 3 */
  said: string;
}

/** @throws Error with its stderr when it ends with another exit code than 0 */
async function run({ args, env }: Program, stdout: number | "ignore" = "ignore"): Promise<Run> {
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    // nothing of vitest's or the machine's own: NODE_EXTRA_CA_CERTS alone would cost every process some milliseconds. Node
    // 22.8 and newer keep in the HOME what they compile of flamingo, so that a first run, which is not counted, warms up
    env: { PATH: process.env["PATH"], HOME: temporary("."), ...env },
    stdio: ["ignore", stdout, "pipe", "pipe"],
  });
  const said = textOf(child.stdio[3] as Readable);
  const stderr = textOf(child.stderr as Readable);
  const [code] = (await once(child, "exit")) as [number | null];
  const ms = performance.now() - start;
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}: ${await stderr}`);
  return { ms, said: await said };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [lower = Number.NaN, upper = Number.NaN] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (lower + upper) / 2;
}
