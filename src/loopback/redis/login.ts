import type { Duplex } from "node:stream";
import { heardFrom } from "./transport.js";

export interface Login {
  username?: string | undefined;
  password?: string | undefined;
}

/** Redis' own "no", which begins with a word for machines: "WRONGPASS invalid username-password pair or user is disabled." */
export class RedisRefusal extends Error {}

/**
 * Logs in on a fresh stream. Not left to the library, whose errors and whose output for `DEBUG=ioredis:*` hold the
 * arguments of commands.
 *
 * @throws RedisRefusal for a wrong password
 */
export async function logIn(stream: Duplex, { username, password }: Login): Promise<void> {
  if (!password) return;
  const words = ["AUTH", ...(username ? [username] : []), password];
  const reply = await answerTo(stream, words);
  if (reply.startsWith("+OK")) return;
  // a redis that needs no password: Argo CD's client does not mind either
  if (/no password is set|without any password configured/.test(reply)) return;
  throw new RedisRefusal(reply.replace(/^-/, "").trim());
}

/** The one line that redis answers with. */
async function answerTo(stream: Duplex, words: readonly string[]): Promise<string> {
  let text = "";
  let listener: ((chunk: Buffer) => void) | undefined;
  try {
    return await heardFrom<string>(stream, (resolve) => {
      listener = (chunk) => {
        text += chunk.toString("latin1");
        if (text.includes("\r\n")) resolve(text);
      };
      stream.on("data", listener);
      const bytes = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
      stream.write(`*${words.length}\r\n${bytes.join("")}`);
    });
  } finally {
    if (listener) stream.off("data", listener);
    stream.pause();
  }
}
