import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { onTestFinished } from "vitest";
import type { KeyPair } from "../cluster/certificates.js";
import { type Leashed, startLeashed } from "../cluster/leash.js";
import { freePort } from "../e2e/ports.js";
import { folderWith } from "../folder.js";

/**
 * Whether tests that need `redis-server` must be skipped: says so on stderr when there is none, and throws under `CI`.
 *
 * @example describe.skipIf(isRedisMissing())("openRedisStore()", ...)
 */
export function isRedisMissing(): boolean {
  if (!spawnSync("redis-server", ["--version"]).error) return false;
  const message = "There is no redis-server: apt-get install redis-server";
  if (process.env["CI"]) throw new Error(message);
  process.stderr.write(`⚠ Tests are skipped. ${message}\n`);
  return true;
}

export interface RedisOptions {
  password?: string;
  /** its own certificate and the authority that signed it; then there is no other way in */
  tls?: KeyPair & { ca: string };
  /** further lines of its configuration */
  lines?: string[];
  sentinel?: boolean;
}

/** A redis of one test, which keeps nothing on disk. */
export class TestRedis {
  readonly port: number;
  readonly #folder: string;
  readonly #options: RedisOptions;
  #password: string | undefined;
  #process: Leashed | undefined;
  #log = "";

  constructor(port: number, options: RedisOptions) {
    this.port = port;
    this.#folder = folderWith();
    this.#options = options;
    this.#password = options.password;
  }

  async start(): Promise<void> {
    const config = join(this.#folder, "redis.conf");
    writeFileSync(config, `${this.#lines().join("\n")}\n`);
    this.#log = join(this.#folder, "redis.log");
    const args = [config, ...(this.#options.sentinel ? ["--sentinel"] : [])];
    // the folder is the test's: a redis that was killed finds its configuration there again
    this.#process = startLeashed("redis-server", args, { folder: "", log: this.#log });
    for (let tries = 0; tries < 200; tries++) {
      if (this.#process.hasEnded()) throw new Error(this.#process.lastLines());
      if (await this.#answers()) return;
      await sleep(25);
    }
    throw new Error(`redis-server does not answer: ${this.#process.lastLines()}`);
  }

  /** Ends it as a Pod that is killed; all that it held is gone. */
  async stop(): Promise<void> {
    await this.#process?.end();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Of those who connect from now on; who is in stays in. */
  async changePassword(password: string): Promise<void> {
    await this.client().config("SET", "requirepass", password);
    this.#password = password;
  }

  /** A client of the test, which has whatever password redis has at this time. */
  client(): Redis {
    const { tls } = this.#options;
    const client = new Redis({
      host: "127.0.0.1",
      port: this.port,
      ...(this.#password === undefined ? {} : { password: this.#password }),
      ...(tls ? { tls: { ca: tls.ca, servername: "redis.test" } } : {}),
      retryStrategy: null,
    });
    client.on("error", () => {});
    onTestFinished(() => client.disconnect());
    return client;
  }

  async #answers(): Promise<boolean> {
    const client = this.client();
    try {
      return (await client.ping()) === "PONG";
    } catch {
      return false;
    } finally {
      client.disconnect();
    }
  }

  #lines(): string[] {
    const { tls, lines = [] } = this.#options;
    for (const [name, text] of Object.entries(tls ?? {}))
      writeFileSync(join(this.#folder, `${name}.pem`), text);
    const port = tls
      ? [
          "port 0",
          `tls-port ${this.port}`,
          `tls-cert-file ${join(this.#folder, "cert.pem")}`,
          `tls-key-file ${join(this.#folder, "key.pem")}`,
          `tls-ca-cert-file ${join(this.#folder, "ca.pem")}`,
          "tls-auth-clients no",
        ]
      : [`port ${this.port}`];
    const password = this.#password === undefined ? [] : [`requirepass ${this.#password}`];
    return [
      ...port,
      "bind 127.0.0.1",
      'save ""',
      "appendonly no",
      ...password,
      `dir ${this.#folder}`,
      ...lines,
    ];
  }
}

export async function startRedis(options: RedisOptions = {}): Promise<TestRedis> {
  const redis = new TestRedis(await freePort(), options);
  onTestFinished(() => redis.stop());
  await redis.start();
  return redis;
}
