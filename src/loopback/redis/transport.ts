/** Streams to redis, ready to be spoken on. */
import { connect, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { RedisAddress } from "./address.js";

/** Of a connection, and of whoever logs in on it. */
const answerWithinMs = 10_000;

export interface TlsSettings {
  insecure: boolean;
  /** PEM; without one, what Node trusts */
  ca?: string;
  cert?: string;
  key?: string;
}

export async function connectTo({ host, port }: RedisAddress): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
  await established(socket, "connect");
  return socket;
}

/** @param host the name that the certificate is to be made for */
export async function overTls(stream: Duplex, host: string, tls: TlsSettings): Promise<TLSSocket> {
  const { insecure, ...certificates } = tls;
  const socket = connectTls({
    socket: stream,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...certificates,
    rejectUnauthorized: !insecure,
  });
  try {
    await established(socket, "secureConnect");
  } catch (error) {
    stream.destroy();
    throw error;
  }
  return socket;
}

/** Whoever takes the stream need not wait for errors of it: an `error` that nobody listens to would end the process. */
async function established(socket: Socket | TLSSocket, event: "connect" | "secureConnect"): Promise<void> {
  socket.on("error", () => {});
  try {
    await heardFrom<void>(socket, (resolve) => socket.once(event, () => resolve()));
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** What `listen` hears, unless the stream ends or nothing comes for too long. */
export async function heardFrom<T>(
  stream: Duplex,
  listen: (resolve: (value: T) => void) => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const silent = Object.assign(new Error("no answer"), { code: "ETIMEDOUT" });
      timer = setTimeout(() => reject(silent), answerWithinMs);
      stream.once("error", reject);
      stream.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
      listen(resolve);
    });
  } finally {
    clearTimeout(timer);
  }
}
