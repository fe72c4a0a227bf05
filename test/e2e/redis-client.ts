import { connect } from "node:net";

/** What redis answers: texts that it speaks itself are strings, what was stored are bytes. */
export type Reply = string | number | Buffer | null | Reply[];

/**
 * Sends one command over a connection of its own, after logging in, and answers what redis does.
 *
 * @throws Error with redis' own words, such as "WRONGPASS invalid username-password pair or user is disabled."
 */
export function redisCommand(
  { port, password }: { port: number; password: string },
  words: readonly (string | Buffer)[],
): Promise<Reply> {
  const socket = connect(port, "127.0.0.1");
  return new Promise<Reply>((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.setTimeout(10_000, () => reject(new Error("redis did not answer within 10s")));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("redis closed the connection")));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      const login = parseReply(received, 0);
      const answer = login && parseReply(received, login.end);
      const failed = [login, answer].find((reply) => reply?.value instanceof Error);
      if (failed) reject(failed.value);
      else if (answer) resolve(answer.value as Reply);
    });
    socket.write(Buffer.concat([encode(["AUTH", password]), encode(words)]));
  }).finally(() => socket.destroy());
}

/** As the protocol has it (RESP2): an array of byte strings. */
function encode(words: readonly (string | Buffer)[]): Buffer {
  const parts = words.map((word) => {
    const bytes = Buffer.from(word as string);
    return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n")]);
  });
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts]);
}

interface Parsed {
  value: Reply | Error;
  /** where the next reply begins */
  end: number;
}

/** The reply that begins at `start`, or undefined while a part of it is still on its way. */
function parseReply(bytes: Buffer, start: number): Parsed | undefined {
  const lineEnd = bytes.indexOf("\r\n", start);
  if (lineEnd < 0) return undefined;
  const type = String.fromCharCode(bytes[start] ?? 0);
  const line = bytes.toString("utf8", start + 1, lineEnd);
  const end = lineEnd + 2;
  if (type === "+") return { value: line, end };
  if (type === "-") return { value: new Error(line), end };
  if (type === ":") return { value: Number(line), end };
  const length = Number(line);
  if (length < 0) return { value: null, end };
  if (type === "$") {
    if (bytes.length < end + length + 2) return undefined;
    return { value: Buffer.from(bytes.subarray(end, end + length)), end: end + length + 2 };
  }
  return parseArray(bytes, end, length);
}

function parseArray(bytes: Buffer, start: number, length: number): Parsed | undefined {
  const items: Reply[] = [];
  let end = start;
  while (items.length < length) {
    const item = parseReply(bytes, end);
    if (!item || item.value instanceof Error) return item;
    items.push(item.value);
    end = item.end;
  }
  return { value: items, end };
}
