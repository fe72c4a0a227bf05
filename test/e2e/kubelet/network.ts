import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type Leashed, startLeashed } from "../../cluster/leash.js";

/** A network namespace that is there as long as this runs. */
export interface Sandbox {
  /** of this machine; its namespaces are those of the sandbox */
  pid: number;
  /** in the network of the node: "198.18.7.2" */
  address: string;
  end(): Promise<void>;
}

/**
 * The network of a node: a bridge in a namespace of its own, this machine at one of its ports, pods at the others. When the
 * processes that hold the namespaces end, with us or before, the kernel takes bridge, cables and addresses away.
 */
export class NodeNetwork {
  /** of this machine in it, where pods reach the API server */
  readonly address: string;
  readonly #prefix: string;
  readonly #folder: string;
  readonly #node: Sandbox;
  #last = 1;

  private constructor(prefix: string, folder: string, node: Sandbox) {
    this.#prefix = prefix;
    this.#folder = folder;
    this.#node = node;
    this.address = node.address;
  }

  static async start(folder: string): Promise<NodeNetwork> {
    // of the addresses for benchmarks of networks (RFC 2544), which nobody has
    const number = randomInt(256);
    const prefix = `198.18.${number}`;
    const address = `${prefix}.1`;
    const node = await hold(folder, "node", address, makeNode, [String(process.pid), `flamingo${number}`]);
    return new NodeNetwork(prefix, folder, node);
  }

  /** One more pod at the bridge. */
  addPod(): Promise<Sandbox> {
    const address = this.newAddress();
    const name = `pod${this.#last}`;
    return hold(this.#folder, name, address, makePod, [String(this.#node.pid), name]);
  }

  /** One that nobody has, so that nobody answers. */
  newAddress(): string {
    return `${this.#prefix}.${++this.#last}`;
  }

  stop(): Promise<void> {
    return this.#node.end();
  }
}

/** Why pods cannot have a network of their own here, if they cannot. */
export async function whyNoNetwork(): Promise<string | undefined> {
  const tried = ["--net", "--mount", "--pid", "--uts", "--fork", "ip", "link", "add", "type", "bridge"];
  if (process.getuid?.() !== 0) return "only root may give a process a network of its own";
  return await promisify(execFile)("unshare", tried).then(
    () => undefined,
    (error: Error) => `no network of its own for a process: ${error.message}`,
  );
}

const makeNode = `
address=$2 machine=$3 cable=$4
ip link add bridge type bridge
ip link add uplink type veth peer name "$cable" netns "$machine"
ip link set uplink master bridge up
ip link set bridge up
nsenter --target "$machine" --net ip address add "$address/24" dev "$cable"
nsenter --target "$machine" --net ip link set "$cable" up
`;

const makePod = `
address=$2 node=$3 cable=$4
ip link set lo up
ip link add eth0 type veth peer name "$cable" netns "$node"
ip address add "$address/24" dev eth0
ip link set eth0 up
nsenter --target "$node" --net ip link set "$cable" master bridge up
`;

/** Runs a script in a new namespace and keeps that. */
async function hold(
  folder: string,
  name: string,
  address: string,
  script: string,
  more: string[],
): Promise<Sandbox> {
  const [pidFile, log] = [join(folder, `${name}.pid`), join(folder, `${name}.log`)];
  const whole = `set -e\n${script}\necho $$ >"$1.new"\nmv "$1.new" "$1"\nexec sleep infinity`;
  const args = ["--net", "sh", "-c", whole, "sh", pidFile, address, ...more];
  const process: Leashed = startLeashed("unshare", args, { folder: pidFile, log });
  while (!existsSync(pidFile)) {
    if (process.hasEnded()) throw new Error(`No network for ${name}: ${process.lastLines()}`);
    await sleep(10);
  }
  return { pid: Number(readFileSync(pidFile, "utf8")), address, end: () => process.end() };
}
