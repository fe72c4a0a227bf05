import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/errors.js";
import { DroppedConnectionError } from "../../../src/kube/failure.js";
import type { MessageSocket } from "../../../src/kube/port-forward/message-socket.js";
import { podStream } from "../../../src/kube/port-forward/pod-stream.js";

/** A WebSocket whose other end is the test. */
class Wire extends EventEmitter implements MessageSocket {
  readonly sent: Buffer[] = [];
  /** messages that have not left yet */
  readonly waiting: (() => void)[] = [];
  isSlow = false;
  isPaused = false;
  isTerminated = false;

  send(message: Buffer, done: (error?: Error | null) => void): void {
    this.sent.push(message);
    if (this.isSlow) this.waiting.push(() => done());
    else setImmediate(done);
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  terminate(): void {
    this.isTerminated = true;
  }

  /** The pod says this on a channel. */
  say(channel: number, text: string | Buffer): void {
    this.emit("message", Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
  }
}

const port = Buffer.of(0xeb, 0x18); // 6379

function connection(): { wire: Wire; stream: Duplex } {
  const wire = new Wire();
  const stream = podStream(wire, 6379, (text) => new UserError(`Cannot connect: ${text}`));
  wire.say(0, port);
  wire.say(1, port);
  return { wire, stream };
}

const closed = (stream: Duplex) =>
  new Promise<Error | undefined>((resolve) => {
    let failure: Error | undefined;
    stream.on("error", (error) => {
      failure = error;
    });
    stream.on("close", () => resolve(failure));
  });

async function textOf(stream: Duplex): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

describe("both ways", () => {
  test("bytes go in and come out", async () => {
    const { wire, stream } = connection();
    stream.write("PING\r\n");
    wire.say(0, "+PO");
    wire.say(0, "NG\r\n");
    wire.emit("close", 1000);
    expect(await textOf(stream)).toBe("+PONG\r\n");
    expect(wire.sent.map(String)).toEqual(["\0PING\r\n"]);
  });

  test("after the end of what is written, the answer can still be read", async () => {
    const { wire, stream } = connection();
    stream.end("GET / HTTP/1.0\r\n\r\n");
    await new Promise((resolve) => stream.once("finish", resolve));
    wire.say(0, "HTTP/1.0 200 OK");
    wire.emit("close", 1000);
    expect(await textOf(stream)).toBe("HTTP/1.0 200 OK");
  });

  test("a large write waits for each of its messages to leave", async () => {
    const { wire, stream } = connection();
    wire.isSlow = true;
    const written = new Promise((resolve) => stream.write(Buffer.alloc(200_000), resolve));
    for (let count = 1; count <= 4; count++) {
      expect(wire.sent).toHaveLength(count);
      wire.waiting.shift()?.();
    }
    await written;
    expect(wire.sent).toHaveLength(4);
  });

  test("who does not read makes the pod wait", async () => {
    const { wire, stream } = connection();
    stream.read(0);
    for (let count = 0; count < 10 && !wire.isPaused; count++) wire.say(0, Buffer.alloc(16_384));
    expect(wire.isPaused).toBe(true);
    stream.resume();
    await new Promise((resolve) => setImmediate(resolve));
    expect(wire.isPaused).toBe(false);
  });
});

describe("the end", () => {
  test("by the pod ends both ways", async () => {
    const { wire, stream } = connection();
    const end = closed(stream);
    stream.resume();
    wire.emit("close", 1000);
    expect(await end).toBeUndefined();
    expect(stream.writableEnded).toBe(true);
  });

  test("by us closes the connection", async () => {
    const { wire, stream } = connection();
    const end = closed(stream);
    stream.destroy();
    expect(await end).toBeUndefined();
    expect(wire.isTerminated).toBe(true);
    // what is on its way is nobody's any more
    wire.say(0, "late");
    wire.emit("close", 1006);
  });

  test.each<[string, (wire: Wire) => void, object]>([
    [
      "what the pod's side says of it",
      (wire) => wire.say(1, "refused"),
      { message: "Cannot connect: refused" },
    ],
    ["a connection that breaks off", (wire) => wire.emit("close", 1006), { name: "DroppedConnectionError" }],
    [
      "one that the other side gives up",
      (wire) => wire.emit("close", 1011),
      { name: "DroppedConnectionError" },
    ],
    ["an error", (wire) => wire.emit("error", new Error("reset")), { name: "DroppedConnectionError" }],
    ["another protocol", (wire) => wire.say(7, "?"), { name: "DroppedConnectionError" }],
  ])("with a failure: %s", async (_, happens, expected) => {
    const { wire, stream } = connection();
    const end = closed(stream);
    happens(wire);
    expect(await end).toMatchObject(expected);
    expect(wire.isTerminated).toBe(true);
  });

  test("what is written after it is a failure", async () => {
    const { wire, stream } = connection();
    wire.emit("close", 1000);
    stream.write("too late");
    expect(await closed(stream)).toBeInstanceOf(DroppedConnectionError);
  });
});
