import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { platform } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { clusterTest } from "../../cluster/cluster.js";
import { spawnFlamingo } from "../../spawn.js";
import { installServer } from "./page.js";

const size = 100_000_000;
const chunk = 64 * 1024;

/** Bytes that repeat with a period that is no multiple of any buffer's size. */
const pattern = Buffer.from(Array.from({ length: 65_521 }, (_, index) => (index * 2_654_435_761) >>> 24));

function* bytes(): Generator<Buffer> {
  const twice = Buffer.concat([pattern, pattern, pattern]);
  for (let at = 0; at < size; at += chunk)
    yield twice.subarray(at % pattern.length, (at % pattern.length) + Math.min(chunk, size - at));
}

function hashOf(chunks: Iterable<Buffer>): string {
  const hash = createHash("sha256");
  for (const one of chunks) hash.update(one);
  return hash.digest("hex");
}

/** The most memory that a process has had, in megabytes. */
function peakOf(pid: number | undefined): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

clusterTest.skipIf(platform !== "linux")(
  "100 MB go through one connection byte for byte, to a slow reader too, and memory stays flat",
  { timeout: 120_000 },
  async ({ cluster }) => {
    const { namespace } = await installServer(cluster, "fwd-flat", {
      async onConnect({ socket }) {
        for (const one of bytes())
          await new Promise<unknown>((resolve) => socket.send(Buffer.concat([Buffer.of(0), one]), resolve));
      },
    });
    const args = ["port-fwd", "-N", namespace, "--port", "0", "--kubeconfig", cluster.kubeconfig()];
    const { child, says } = spawnFlamingo(args);
    const [address] = await Promise.all([
      new Promise<string>((resolve) => child.stdout.once("data", resolve)),
      says("✔"),
    ]);
    const before = peakOf(child.pid);
    const hash = createHash("sha256");
    let length = 0;
    for await (const part of connect(Number(/:(\d+)/.exec(address)?.[1]), "127.0.0.1")) {
      // now and then nobody reads for a while
      if (length % 25_000_000 > (length + part.length) % 25_000_000) await sleep(500);
      hash.update(part);
      length += part.length;
      if (length >= size) break;
    }
    expect(length).toBe(size);
    expect(hash.digest("hex")).toBe(hashOf(bytes()));
    expect(peakOf(child.pid) - before).toBeLessThan(60);
  },
);
