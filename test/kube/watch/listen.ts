import { expect, onTestFinished } from "vitest";
import type { WatchEvent } from "../../../src/kube/kube.js";
import type { KubeObject } from "../../../src/kube/object.js";

export interface Listener<T extends KubeObject> {
  /** each event in a line: "set default/a", "gone default/a", "synced", "unavailable: Cannot …", "available" */
  lines: string[];
  /** what is there by all that was told, by key */
  objects: Map<string, T>;
  /** resolves when the watch has ended by itself; rejects with what it threw */
  ended: Promise<void>;
  /** From now on lines start again from nothing. */
  forget(): void;
}

/** Listens to a watch until the test is over. Make the watch with the signal that it is handed. */
export function listenTo<T extends KubeObject>(
  start: (signal: AbortSignal) => AsyncIterable<WatchEvent<T>>,
): Listener<T> {
  const stop = new AbortController();
  const listener: Listener<T> = {
    lines: [],
    objects: new Map(),
    ended: Promise.resolve(),
    forget() {
      listener.lines.length = 0;
    },
  };
  const listen = async () => {
    for await (const event of start(stop.signal)) {
      listener.lines.push(lineOf(event));
      if (event.type === "set") listener.objects.set(event.key, event.object);
      if (event.type === "gone") listener.objects.delete(event.key);
    }
  };
  listener.ended = listen();
  // heard of by the test that awaits it
  listener.ended.catch(() => {});
  onTestFinished(() => stop.abort());
  return listener;
}

/** Waits until what is read is as expected; longer than it takes on a busy machine. */
export function soon<T>(read: () => T) {
  return expect.poll(read, { timeout: 15_000, interval: 20 });
}

function lineOf(event: WatchEvent<KubeObject>): string {
  if ("key" in event) return `${event.type} ${event.key}`;
  return event.type === "unavailable" ? `unavailable: ${event.error.message}` : event.type;
}
