import type { Duplex } from "node:stream";
import type { Redis } from "ioredis";
import { type Login, logIn } from "./login.js";

export interface ClientOptions {
  db: number;
  /** how long each command may take; 10 s when not given */
  answerWithinMs?: number | undefined;
}

/**
 * A client on this one stream: when that is over, so is the client. Whoever wants another connects anew, with what settings
 * and password are then.
 */
export async function clientOn(stream: Duplex, login: Login, options: ClientOptions): Promise<Redis> {
  const { db, answerWithinMs = 10_000 } = options;
  stream.on("error", () => {});
  try {
    await logIn(stream, login);
    const client = await newClient(stream, answerWithinMs);
    // what it has to say is said to whoever sent the command
    client.on("error", () => {});
    await client.connect();
    // the library's own `db` goes on in database 0 where there is no such
    if (db !== 0) await client.select(db);
    return client;
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

async function newClient(stream: Duplex, commandTimeout: number): Promise<Redis> {
  const { AbstractConnector, Redis } = await import("ioredis");
  class GivenStream extends AbstractConnector {
    constructor() {
      super(0);
    }
    override connect() {
      this.connecting = true;
      // any Duplex will do, as long as it is not asked for what only sockets have (see `noDelay`, `keepAlive`)
      this.stream = stream as NonNullable<typeof this.stream>;
      return Promise.resolve(this.stream);
    }
  }
  const client = new Redis({
    Connector: GivenStream,
    lazyConnect: true,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
    noDelay: false,
    commandTimeout,
  });
  client.options.keepAlive = undefined;
  return client;
}
