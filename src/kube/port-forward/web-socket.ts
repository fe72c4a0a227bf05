import type { ClientRequest, IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { readAnswer } from "../answer.js";
import { namedDrop, wholeOf } from "../exchange.js";
import { ForeignAnswerError, RequestTimeoutError } from "../failure.js";
import type { MessageSocket, OpenSocket } from "./message-socket.js";

/** `ws`, over the agent of the request. Nothing comes of it before `resume()`. */
export const openWebSocket: OpenSocket = (options, { protocol, timeoutMs, signal }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const { headers, agent } = options;
    const socket = new WebSocket(addressOf(options), [protocol], {
      ...(headers ? { headers: headers as Record<string, string> } : {}),
      ...(agent ? { agent } : {}),
      // what goes through is mostly TLS or compressed already
      perMessageDeflate: false,
    });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    const giveUp = (error: unknown) => {
      settle();
      reject(error);
      socket.terminate();
    };
    const onAbort = () => giveUp(signal.reason);
    const onTimeout = () => giveUp(new RequestTimeoutError(timeoutMs));
    const timer = timeoutMs > 0 ? setTimeout(onTimeout, timeoutMs) : undefined;
    signal.addEventListener("abort", onAbort, { once: true });
    // stays for good: to give it up makes an error, too
    socket.on("error", (error) => giveUp(namedFailure(error)));
    socket.on("unexpected-response", (_: ClientRequest, response: IncomingMessage) => {
      const other = new ForeignAnswerError("no WebSocket", `HTTP ${response.statusCode}`);
      wholeOf(response)
        .then(readAnswer)
        .then(() => giveUp(other), giveUp);
    });
    socket.on("open", () => {
      settle();
      // the first messages may have come with the answer itself, and nobody listens yet
      socket.pause();
      resolve(socket as MessageSocket);
    });
  });

function addressOf({ protocol, hostname, host, port, path }: Parameters<OpenSocket>[0]): string {
  const name = hostname ?? host ?? "";
  const address = name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
  return `${protocol === "http:" ? "ws" : "wss"}://${address}${port ? `:${port}` : ""}${path}`;
}

/** Node's errors have a code; what has none is what `ws` says of an answer that begins no WebSocket. */
function namedFailure(error: NodeJS.ErrnoException): Error {
  if (error instanceof Error && error.code === undefined && error.name === "Error") {
    return new ForeignAnswerError("no WebSocket", error.message);
  }
  return namedDrop(error, false);
}
