import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { join, type LocalPort, listenOn } from "../../../src/kube/port-forward/local-port.js";

async function listen(
  hosts: readonly string[],
  port = 0,
  onConnection: (socket: Socket) => void = (socket) => socket.end("hello"),
): Promise<LocalPort> {
  const local = await listenOn(hosts, port, onConnection);
  onTestFinished(() => local.close());
  return local;
}

async function heardAt(host: string, port: number): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of connect(port, host).setEncoding("utf8")) chunks.push(chunk);
  return chunks.join("");
}

/** Somebody else's port, or 0 for any. */
async function taken(host: string, port = 0): Promise<number> {
  const server = createServer();
  server.listen({ host, port, ipv6Only: true });
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe("listenOn()", () => {
  test.each([[["localhost"]], [["127.0.0.1", "::1"]], [["::1"]], [["0.0.0.0", "::"]]])(
    "%o",
    async (hosts) => {
      const { number } = await listen(hosts);
      expect(await heardAt("::1", number)).toBe("hello");
      if (hosts[0] !== "::1") expect(await heardAt("127.0.0.1", number)).toBe("hello");
      else await expect(heardAt("127.0.0.1", number)).rejects.toThrow("ECONNREFUSED");
    },
  );

  test.each([
    [["localhost", "127.0.0.1"]],
    [["0.0.0.0", "localhost"]],
    [["localhost", "::"]],
    [["::0", "127.0.0.1", "::", "::1", "127.0.0.1"]],
  ])("%o, each once", async (hosts) => {
    const { number, close } = await listen(hosts);
    for (const host of ["127.0.0.1", "::1"]) expect(await heardAt(host, number)).toBe("hello");
    close();
    expect((await listen(hosts, number)).number).toBe(number);
  });

  test("gives up after some ports", async () => {
    const twice = ["::1", "0:0:0:0:0:0:0:1"];
    await expect(listen(twice)).rejects.toMatchObject({
      message: "Cannot listen on port 0 of ::1, 0:0:0:0:0:0:0:1: the port is in use",
      hint: "Choose another --address",
    });
  });

  test.each(["127.0.0.1", "::1"])("a port in use at %s, and one that is free", async (host) => {
    const port = await taken(host);
    const failure = await listen(["localhost"], port).catch((error) => error);
    expect(failure).toMatchObject({
      message: `Cannot listen on port ${port} of localhost: the port is in use`,
      exitCode: 1,
    });
    const [, free] = /^Take one that is free: --port (\d+)$/.exec(failure.hint) ?? [];
    expect(await heardAt("127.0.0.1", (await listen(["localhost"], Number(free))).number)).toBe("hello");
  });

  test("an address that the machine has not", async () => {
    await expect(listen(["127.0.0.1", "192.0.2.1"], 0)).rejects.toMatchObject({
      message: "Cannot listen on port 0 of 127.0.0.1, 192.0.2.1: this machine has no such address",
      hint: "Choose another --address",
    });
  });

  test("ends connections with itself", async () => {
    const local = await listen(["127.0.0.1"], 0, () => {});
    const socket = connect(local.number, "127.0.0.1");
    await once(socket, "connect");
    local.close();
    await once(socket.resume(), "close");
    await expect(heardAt("127.0.0.1", local.number)).rejects.toThrow("ECONNREFUSED");
  });
});

describe("join()", () => {
  /** A client of a port that leads into the stream. */
  async function joined(stream: PassThrough): Promise<Socket> {
    const local = await listen(["127.0.0.1"], 0, (socket) => join(socket, stream));
    const client = connect({ port: local.number, host: "127.0.0.1", allowHalfOpen: true });
    await once(client, "connect");
    return client;
  }

  test("lets who has said all hear the answer", async () => {
    const client = await joined(new PassThrough());
    client.end("question and answer");
    const [answer] = await once(client, "data");
    expect(String(answer)).toBe("question and answer");
    await once(client.resume(), "end");
  });

  test("ends one with the other", async () => {
    const stream = new PassThrough();
    const client = await joined(stream);
    client.destroy();
    await once(stream, "close");
  });

  test("says that it broke off", async () => {
    const stream = new PassThrough();
    stream.on("error", () => {});
    const client = await joined(stream);
    stream.destroy(new Error("the pod is gone"));
    const [error] = await once(client, "error");
    expect(error).toMatchObject({ code: "ECONNRESET" });
  });
});
