import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLeashed } from "../cluster/leash.js";
import { Program, type ProgramSpec } from "./program.js";

/** Where the programs of a rig are started together, and end together. */
export interface Room {
  /** gone after the rig, or after this process, however it ends */
  folder: string;
  /** one file a program, "NAME.log". In a folder of its own in `FLAMINGO_E2E_LOGS` where that is set, and then they stay. */
  logs: string;
  started: readonly Program[];
  /** Resolves when all of them are ready. */
  start(...specs: ProgramSpec[]): Promise<void>;
  /** what else is to end first */
  onStop(stop: () => Promise<unknown>): void;
  /** Ends everything and removes all files. Without it, everything ends with this process. */
  stop(): Promise<void>;
}

/** @param name how the folder of its logs begins */
export async function openRoom(name: string): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), "flamingo-e2e-"));
  // something that does nothing, but takes the folder along when we are gone and it is ended with us
  const sweeper = startLeashed("sleep", ["infinity"], { folder, log: "/dev/null" });
  const parent = process.env["FLAMINGO_E2E_LOGS"] ?? folder;
  mkdirSync(parent, { recursive: true });
  const logs = await mkdtemp(join(parent, `${name}-logs-`));
  const started: Program[] = [];
  const stops: (() => Promise<unknown>)[] = [];
  return {
    folder,
    logs,
    started,
    async start(...specs) {
      const programs = specs.map((spec) => new Program(spec, { rigFolder: folder, logs }));
      started.push(...programs);
      await Promise.all(programs.map((program) => program.start()));
    },
    onStop: (stop) => void stops.push(stop),
    async stop() {
      await Promise.all(stops.map((stopOne) => stopOne()));
      await Promise.all(started.map((program) => program.stop()));
      await sweeper.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
