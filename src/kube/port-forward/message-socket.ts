import type { RequestOptions } from "node:http";
import type { ExchangeLimits } from "../exchange.js";

/** Binary messages both ways, as a WebSocket has them. Types only. */
export interface MessageSocket {
  /** none before {@link resume} */
  on(event: "message", listener: (message: Buffer) => void): unknown;
  /** once, with the status code of RFC 6455, 7.4: 1000 for a normal end, 1006 when the connection broke off */
  on(event: "close", listener: (code: number) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  /** @param done when it has left this process */
  send(message: Buffer, done: (error?: Error | null) => void): void;
  /** no "message" until {@link resume}: the sender has to wait */
  pause(): void;
  resume(): void;
  /** at once */
  terminate(): void;
}

/**
 * Makes a WebSocket of a GET request, headers and agent included.
 *
 * @throws StatusError for an answer other than 101; what `exchange()` throws
 */
export type OpenSocket = (
  options: RequestOptions,
  how: ExchangeLimits & { protocol: string },
) => Promise<MessageSocket>;
