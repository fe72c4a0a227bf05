import type { Duplex } from "node:stream";
import type { RedisAddress } from "./address.js";
import { clientOn } from "./client.js";
import { explainRedis } from "./explain.js";
import type { Login } from "./login.js";
import type { Sentinels } from "./settings.js";
import { connectTo, overTls, type TlsSettings } from "./transport.js";

/** The way to one redis, with TLS where it is wanted. */
export function connectOver(
  open: () => Promise<Duplex>,
  host: string,
  tls: TlsSettings | undefined,
): () => Promise<Duplex> {
  return async () => {
    const stream = await open();
    return tls ? overTls(stream, host, tls) : stream;
  };
}

/** The way to the master that the first Sentinel names who answers. */
export function connectToMaster(
  { sentinels, master }: Sentinels,
  { login, tls }: { login: Login; tls: TlsSettings | undefined },
): () => Promise<Duplex> {
  const to = (address: RedisAddress) => connectOver(() => connectTo(address), address.host, tls);
  return async () => {
    const failures: string[] = [];
    for (const sentinel of sentinels) {
      try {
        return await to(await masterBehind(await to(sentinel)(), login, master))();
      } catch (error) {
        failures.push(`${sentinel.host}: ${explainRedis(error, undefined).why}`);
      }
    }
    throw new Error(`no Sentinel leads to the master ${JSON.stringify(master)} (${failures.join("; ")})`);
  };
}

async function masterBehind(stream: Duplex, login: Login, master: string): Promise<RedisAddress> {
  const sentinel = await clientOn(stream, login, { db: 0 });
  try {
    const answer = await sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", master);
    if (!Array.isArray(answer)) throw new Error("it knows no such master");
    const [host, port] = answer as [string, string];
    return { host, port: Number(port) };
  } finally {
    sentinel.disconnect();
  }
}
