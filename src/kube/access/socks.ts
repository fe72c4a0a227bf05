import { connect as connectTcp, type Socket } from "node:net";
import { hostOf } from "./proxy.js";
import { type Destination, TunnelError } from "./tunnel-error.js";

/**
 * A socket to `destination` through a SOCKS5 proxy (RFC 1928; RFC 1929 with user and password).
 *
 * @throws TunnelError
 */
export async function throughSocks(
  proxy: URL,
  destination: Destination,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connectTcp({ host: hostOf(proxy), port: Number(proxy.port || 1080), signal });
  try {
    await connected(socket);
    const hasUser = proxy.username !== "";
    socket.write(Buffer.from(hasUser ? [5, 2, 0, 2] : [5, 1, 0]));
    const [version, method] = await take(socket, 2);
    if (version !== 5) throw new TunnelError("it does not speak SOCKS5");
    if (method === 2 && hasUser) await signIn(socket, proxy);
    else if (method !== 0) throw new TunnelError("it wants a way to sign in that it was not given");
    await askFor(socket, destination);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof TunnelError ? error : new TunnelError((error as Error).message, error);
  }
}

async function signIn(socket: Socket, proxy: URL): Promise<void> {
  const user = Buffer.from(decodeURIComponent(proxy.username));
  const password = Buffer.from(decodeURIComponent(proxy.password));
  socket.write(
    Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]),
  );
  const [, status] = await take(socket, 2);
  if (status !== 0) throw new TunnelError("it refused user and password");
}

async function askFor(socket: Socket, { host, port }: Destination): Promise<void> {
  // a name even for an IP address: proxies read both, and it spares writing addresses in binary
  const name = Buffer.from(host);
  socket.write(
    Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]),
  );
  const [, reply, , kind, length] = await take(socket, 5);
  if (reply !== 0) throw new TunnelError(`it answered: ${socksReplies[reply ?? 0] ?? `error ${reply}`}`);
  // the address that it connects from: IPv4, IPv6 or a name, then a port; the first byte was taken above
  const rest = kind === 1 ? 3 : kind === 4 ? 15 : (length ?? 0);
  await take(socket, rest + 2);
}

const socksReplies: Record<number, string> = {
  1: "general failure",
  2: "not allowed by its rules",
  3: "network unreachable",
  4: "host unreachable",
  5: "connection refused",
  6: "TTL expired",
};

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
}

/** Exactly `count` bytes; what follows them stays in the socket. */
function take(socket: Socket, count: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const onEnd = () => settle(() => reject(new TunnelError("it closed the connection")));
    const onError = (error: Error) => settle(() => reject(error));
    const onReadable = () => {
      const bytes = socket.read(count) as Buffer | null;
      if (bytes !== null) settle(() => resolve(bytes));
    };
    const settle = (then: () => void) => {
      socket.off("readable", onReadable).off("end", onEnd).off("error", onError).off("close", onEnd);
      then();
    };
    socket.on("readable", onReadable).on("end", onEnd).on("error", onError).on("close", onEnd);
    onReadable();
  });
}
