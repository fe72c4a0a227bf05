import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Leashed, startLeashed } from "../../test/cluster/leash.js";
import { eventLoopFile, longestOf, type Stall, stallsIn } from "./stalls.js";
import { cpuSecondsOf, type Memory, memoryOf, pidIn, tellingPid } from "./usage.js";

const mainFile = fileURLToPath(new URL("../../dist/main.cjs", import.meta.url));

/** `flamingo loopback` as a process of its own, as it was built last. */
export class RunningFlamingo {
  readonly #leash: Leashed;
  readonly #log: string;
  readonly #pidFile: string;
  readonly #stalls: string;
  readonly #begun = performance.now();
  #askedStalls = 0;

  /**
   * @param folder of its own, gone when it ends
   * @param more further flags
   */
  constructor(folder: string, kubeconfig: string, redisPort: number, ...more: string[]) {
    this.#log = join(folder, "log");
    this.#pidFile = join(folder, "pid");
    this.#stalls = join(folder, "event-loop");
    const places = ["--redis", `127.0.0.1:${redisPort}`, "--listen", "127.0.0.1:0"];
    const flags = [...places, "-o", "json", "--verbose", ...more];
    const { command, args } = tellingPid(this.#pidFile, process.execPath, [
      ...["--require", eventLoopFile],
      ...[mainFile, "loopback", ...flags],
    ]);
    this.#leash = startLeashed(command, args, {
      folder,
      log: this.#log,
      env: { PATH: process.env["PATH"] ?? "", KUBECONFIG: kubeconfig, BENCH_EVENT_LOOP: this.#stalls },
    });
  }

  /** Waits until it says this. Answers the seconds since it was started. */
  async says(text: string): Promise<number> {
    while (!this.said().includes(text)) {
      if (this.#leash.hasEnded()) throw new Error(`flamingo has ended: ${this.#leash.lastLines()}`);
      await sleep(50);
    }
    return (performance.now() - this.#begun) / 1000;
  }

  /** All that it has written so far. */
  said(): string {
    return readFileSync(this.#log, "utf8");
  }

  /** Its requests to the API server that write, so far: "PATCH /apis/…". */
  writes(): string[] {
    return [...this.said().matchAll(/^ {2}((?:POST|PUT|PATCH|DELETE) \S+)/gm)].map(
      ([, request = ""]) => request,
    );
  }

  /** One of its counters: "writes_total{what=\"status\"}" */
  async metric(name: string): Promise<number> {
    const url = /http:\/\/\S+/.exec(this.said())?.[0];
    const text = await (await fetch(`${url}/metrics`)).text();
    const line = text.split("\n").find((one) => one.startsWith(`flamingo_loopback_${name} `));
    return Number(line?.split(" ")[1]);
  }

  /** Since this was asked last. */
  longestStall(): Stall {
    const stalls = stallsIn(this.#stalls);
    const news = stalls.slice(this.#askedStalls);
    this.#askedStalls = stalls.length;
    return longestOf(news);
  }

  memory(): Memory {
    return memoryOf(this.#pid);
  }

  cpuSeconds(): number {
    return cpuSecondsOf(this.#pid);
  }

  async stop(): Promise<void> {
    await this.#leash.end();
  }

  get #pid(): number {
    const pid = pidIn(this.#pidFile);
    if (pid === undefined) throw new Error("flamingo has not begun yet");
    return pid;
  }
}
