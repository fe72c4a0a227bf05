import { mkdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { get as getByTls } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Leashed, startLeashed } from "../cluster/leash.js";

/** One program of the rig: how it is started, and how it is told that it is ready. */
export interface ProgramSpec {
  name: string;
  command: string;
  args: string[];
  /** asked at each start, since passwords change; nothing of our own environment but the PATH gets in */
  env?: () => Record<string, string>;
  isReady(): Promise<boolean>;
}

/** `ended` is by itself, `stopped` by a test. */
export type ProgramState = "running" | "stopped" | "ended";

const readyWithinMs = 120_000;

/** A program that tests can stop and start again. It keeps its files and its ports, and ends with this process. */
export class Program {
  readonly name: string;
  readonly #spec: ProgramSpec;
  readonly #folder: string;
  /** what it writes, over all of its starts */
  readonly #log: string;
  #running: Leashed | undefined;

  constructor(spec: ProgramSpec, { rigFolder, logs }: { rigFolder: string; logs: string }) {
    this.#spec = spec;
    this.name = spec.name;
    this.#log = join(logs, `${spec.name}.log`);
    this.#folder = join(rigFolder, spec.name);
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(this.#log, "");
  }

  get state(): ProgramState {
    if (!this.#running) return "stopped";
    return this.#running.hasEnded() ? "ended" : "running";
  }

  /** Resolves when it is ready; nothing happens when it runs. */
  async start(): Promise<void> {
    if (this.state === "running") return;
    const { command, args, env } = this.#spec;
    // goes with each end of the program, as a container's /tmp does; all else of it stays
    const temporary = join(this.#folder, "tmp");
    mkdirSync(temporary, { recursive: true });
    this.#running = startLeashed(command, args, {
      folder: temporary,
      log: this.#log,
      env: { PATH: process.env["PATH"] ?? "", HOME: this.#folder, TMPDIR: temporary, ...env?.() },
    });
    await this.#untilReady(this.#running);
  }

  /** At once and without a goodbye, like a node that goes down. */
  async stop(): Promise<void> {
    await this.#running?.end();
    this.#running = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async #untilReady(running: Leashed): Promise<void> {
    const deadline = Date.now() + readyWithinMs;
    while (!(await this.#spec.isReady())) {
      if (running.hasEnded())
        throw new Error(`${this.name} ended while it started. Its last words:\n${running.lastLines()}`);
      if (Date.now() > deadline)
        throw new Error(
          `${this.name} is not ready after ${readyWithinMs / 1000}s. Its last words:\n${running.lastLines()}`,
        );
      await sleep(50);
    }
  }
}

/**
 * Whether a health endpoint on loopback answers 200, whoever signed its certificate.
 *
 * @example isHealthy(`http://127.0.0.1:${port}/healthz`)
 */
export function isHealthy(url: string): Promise<boolean> {
  const send = url.startsWith("https:") ? getByTls : get;
  const options = { agent: false as const, timeout: 2_000, rejectUnauthorized: false };
  return new Promise((resolve) => {
    const request = send(url, options, (response) => {
      response.resume().once("end", () => resolve(response.statusCode === 200));
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}
