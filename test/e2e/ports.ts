import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Linux hands out ports from 32768 by itself: one below is not taken by somebody's connection before we use it. */
const lowest = 20_000;
const highest = 32_767;

/** A port of 127.0.0.1 on which nobody listens. What this process was told once is not told again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest + 1);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

const given = new Set<number>();

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
