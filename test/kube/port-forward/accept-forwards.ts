import type { Server } from "node:https";
import { type WebSocket, WebSocketServer } from "ws";

/** What a pod does at the other end of a connection. */
export interface PodSide {
  say(bytes: string | Buffer): void;
  fail(text: string): void;
  /** as a program does that has ended */
  end(): void;
  /** as a node does that has gone */
  cut(): void;
  socket: WebSocket;
}

/**
 * Has a server answer port-forwards by `v4.channel.k8s.io`, as a kubelet does.
 *
 * @param onConnect is told of each connection, to "/portForward/NAMESPACE/POD?port=PORT"; what it answers is handed the bytes that come in
 */
export function acceptForwards(
  server: Server,
  onConnect: (pod: PodSide, url: string) => (bytes: Buffer) => void,
): WebSocketServer {
  const sockets = new WebSocketServer({ server, handleProtocols: () => "v4.channel.k8s.io" });
  sockets.on("connection", (socket, { url = "" }) => {
    const port = Buffer.alloc(2);
    port.writeUInt16LE(Number(new URL(url, "https://kubelet").searchParams.get("port")));
    const send = (channel: number, bytes: string | Buffer) =>
      socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(bytes)]));
    for (const channel of [0, 1]) send(channel, port);
    const onBytes = onConnect(
      {
        say: (bytes) => send(0, bytes),
        fail: (text) => send(1, text),
        end: () => socket.close(1000),
        cut: () => socket.terminate(),
        socket,
      },
      url,
    );
    socket.on("message", (message: Buffer) => onBytes(message.subarray(1)));
  });
  return sockets;
}
