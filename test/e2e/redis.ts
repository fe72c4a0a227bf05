import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCluster } from "../cluster/test-cluster.js";
import { argocdNamespace } from "./argocd-programs.js";
import type { ProgramSpec } from "./program.js";
import { redisCommand } from "./redis-client.js";

/** The redis of Argo CD: keeps nothing on disk, wants a password. The password stands in a Secret, as in an install. */
export class RigRedis {
  readonly port: number;
  readonly spec: ProgramSpec;
  #password = newPassword();
  readonly #config: string;

  constructor(server: string, folder: string, port: number) {
    this.port = port;
    mkdirSync(folder, { recursive: true });
    this.#config = join(folder, "redis.conf");
    this.#writeConfig();
    this.spec = {
      name: "redis",
      command: server,
      args: [this.#config],
      isReady: () =>
        redisCommand(this.login, ["PING"]).then(
          (reply) => reply === "PONG",
          () => false,
        ),
    };
  }

  get login(): { port: number; password: string } {
    return { port: this.port, password: this.#password };
  }

  /** As an administrator does it: a new password in redis and in the Secret, and everybody logged out. */
  async changePassword(cluster: TestCluster): Promise<void> {
    const old = this.login;
    this.#password = newPassword();
    this.#writeConfig();
    await redisCommand(old, ["CONFIG", "SET", "requirepass", this.#password]);
    await this.writeSecret(cluster);
    await redisCommand(this.login, ["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
    await redisCommand(this.login, ["CLIENT", "KILL", "TYPE", "pubsub"]);
  }

  async writeSecret(cluster: TestCluster): Promise<void> {
    await cluster.apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "argocd-redis", namespace: argocdNamespace },
      type: "Opaque",
      data: { auth: Buffer.from(this.#password).toString("base64") },
    });
  }

  #writeConfig(): void {
    const lines = [`port ${this.port}`, "bind 127.0.0.1", `requirepass ${this.#password}`, 'save ""'];
    writeFileSync(this.#config, [...lines, "appendonly no", ""].join("\n"), { mode: 0o600 });
  }
}

function newPassword(): string {
  return randomBytes(12).toString("hex");
}
