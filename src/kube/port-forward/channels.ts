/**
 * The messages of `v4.channel.k8s.io` on a pod's `portforward`, for one port: the first byte says the channel. The kubelet begins
 * each channel with the number of the port, two bytes, the lower one first
 * (`k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go`). Pure.
 */

const dataChannel = 0;
const errorChannel = 1;

export type PodMessage = { type: "data"; bytes: Buffer } | { type: "error"; text: string };

/** How much goes into one message. */
const messageSize = 64 * 1024;

/** The messages that carry these bytes into the pod. */
export function* messagesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += messageSize) {
    yield Buffer.concat([Buffer.of(dataChannel), bytes.subarray(at, at + messageSize)]);
  }
}

/** Reads what comes out of the pod, message by message. */
export class ChannelReader {
  readonly #port: number;
  readonly #begun = new Set<number>();

  constructor(port: number) {
    this.#port = port;
  }

  /**
   * What a message carries; undefined for one that carries nothing.
   *
   * @throws Error for what belongs to another protocol, or another port
   */
  read(message: Buffer): PodMessage | undefined {
    const [channel] = message;
    if (channel !== dataChannel && channel !== errorChannel) throw new Error(`unknown channel ${channel}`);
    const bytes = message.subarray(1);
    if (!this.#begun.has(channel)) {
      this.#begin(channel, bytes);
      return undefined;
    }
    if (bytes.length === 0) return undefined;
    return channel === dataChannel
      ? { type: "data", bytes }
      : { type: "error", text: bytes.toString("utf8") };
  }

  #begin(channel: number, bytes: Buffer): void {
    const port = bytes.length === 2 ? bytes.readUInt16LE() : undefined;
    if (port !== this.#port) throw new Error(`channel ${channel} does not begin with port ${this.#port}`);
    this.#begun.add(channel);
  }
}
