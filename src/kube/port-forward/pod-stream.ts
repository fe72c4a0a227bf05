import { Duplex } from "node:stream";
import { DroppedConnectionError } from "../failure.js";
import { ChannelReader, messagesOf } from "./channels.js";
import type { MessageSocket } from "./message-socket.js";

/** As WebSockets call an end that the other side meant. */
const normalEnds = [1000, 1001, 1005];

/**
 * A connection to a port of a pod, like a TCP socket. To end the writing half tells the pod nothing, since the protocol has no word for
 * that: what it still sends can be read.
 *
 * @param explain what the pod's side says on its error channel, as an error
 */
export function podStream(socket: MessageSocket, port: number, explain: (text: string) => Error): Duplex {
  const reader = new ChannelReader(port);
  let isOpen = true;

  const stream = new Duplex({
    // when the pod has ended, nobody reads what is written
    allowHalfOpen: false,
    read: () => socket.resume(),
    write(bytes: Buffer, _encoding, done) {
      if (!isOpen) return done(new DroppedConnectionError(true));
      sendAll(socket, messagesOf(bytes), done);
    },
    destroy(error, done) {
      isOpen = false;
      socket.terminate();
      done(error);
    },
  });

  socket.on("message", (message) => {
    if (stream.destroyed) return;
    try {
      const found = reader.read(message);
      if (found?.type === "data" && !stream.push(found.bytes)) socket.pause();
      if (found?.type === "error") stream.destroy(explain(found.text));
    } catch (error) {
      stream.destroy(new DroppedConnectionError(true, error));
    }
  });
  socket.on("error", (error) => stream.destroy(new DroppedConnectionError(true, error)));
  socket.on("close", (code) => {
    isOpen = false;
    if (normalEnds.includes(code)) stream.push(null);
    else stream.destroy(new DroppedConnectionError(true));
  });
  socket.resume();
  return stream;
}

/** One after the other, so that no more waits in memory than was written. */
function sendAll(
  socket: MessageSocket,
  messages: Iterator<Buffer>,
  done: (error?: Error | null) => void,
): void {
  const next = messages.next();
  if (next.done) done();
  else socket.send(next.value, (error) => (error ? done(error) : sendAll(socket, messages, done)));
}
