import { existsSync, readFileSync } from "node:fs";

/** What a process takes, as Linux counts it (proc(5)). */
export interface Memory {
  residentMiB: number;
  /** the most that it ever was */
  peakMiB: number;
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1024;
  return { residentMiB: mib("VmRSS"), peakMiB: mib("VmHWM") };
}

/** In user and kernel mode, of all its threads, so far. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // behind the name, which may have anything in it: the 14th and 15th field, in hundredths of a second
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A command line that becomes `command` after it has written its process id, which stays the same, to a file. */
export function tellingPid(file: string, command: string, args: readonly string[]) {
  return { command: "sh", args: ["-c", 'echo $$ >"$0"; exec "$@"', file, command, ...args] };
}

/** Undefined before it was written. */
export function pidIn(file: string): number | undefined {
  return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) || undefined : undefined;
}
