import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { Socket } from "node:net";

/** A program that does not outlive us. */
export interface Leashed {
  hasEnded(): boolean;
  /** Ends it at once (SIGKILL: whatever it holds is thrown away); resolves when it is gone. */
  end(): Promise<void>;
  /** Its exit code when it has ended, however it did: 128 and the number of the signal when one ended it. */
  ended: Promise<number>;
  /** What it wrote last, for an error message. */
  lastLines(count?: number): string;
}

/**
 * A shell stands between us and the program and reads from a pipe into which nobody writes. It closes when we end,
 * however we do (Ctrl-C, crash, SIGKILL): the program is killed, and the folder that nobody tidies up any more removed.
 * 137 is what a shell calls the end by SIGKILL.
 */
const holdTheLeash = `
folder=$1; shift
"$@" 3<&- &
program=$!
{ read -r line <&3; kill -9 $program; } 2>/dev/null &
watcher=$!
wait $program
code=$?
[ $code -eq 137 ] && rm -rf "$folder"
kill $watcher 2>/dev/null
exit $code
`;

/** Our ends of the pipes. A worker of vitest can outlive vitest: when that has gone, it lets go too. */
const held = new Set<Socket>();
process.once("disconnect", () => {
  for (const pipe of held) pipe.destroy();
});

/**
 * Starts a program whose output goes to `log`. `folder` is removed when the program is ended by us or with us. The
 * environment is ours unless one is given.
 */
export function startLeashed(
  command: string,
  args: string[],
  at: { folder: string; log: string; env?: Record<string, string> },
): Leashed {
  const log = openSync(at.log, "a");
  const shell = spawn("sh", ["-c", holdTheLeash, "sh", at.folder, command, ...args], {
    env: at.env ?? process.env,
    stdio: ["ignore", log, log, "pipe"],
    detached: true, // a Ctrl-C on the terminal is for us; the program goes when we go
  });
  closeSync(log);
  const pipe = shell.stdio[3] as Socket;
  shell.unref();
  pipe.unref();
  held.add(pipe);

  let hasEnded = false;
  const ended = new Promise<number>((resolve) => {
    shell.once("error", () => resolve(127));
    shell.once("exit", (code) => resolve(code ?? 137));
  }).then((code) => {
    hasEnded = true;
    held.delete(pipe);
    return code;
  });
  return {
    hasEnded: () => hasEnded,
    async end() {
      shell.ref();
      pipe.destroy();
      await ended;
    },
    ended,
    lastLines: (count = 15) => readFileSync(at.log, "utf8").trimEnd().split("\n").slice(-count).join("\n"),
  };
}
