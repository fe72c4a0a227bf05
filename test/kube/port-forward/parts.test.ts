import { describe, expect, test } from "vitest";
import type { Pod, Service, ServicePort } from "../../../src/kube/kinds.js";
import { ChannelReader, messagesOf } from "../../../src/kube/port-forward/channels.js";
import {
  isReady,
  namesOfPorts,
  portInPod,
  portOf,
  selectorOf,
  stateOf,
} from "../../../src/kube/port-forward/service-target.js";

describe("what goes into the pod", () => {
  test.each([
    ["nothing", "", []],
    ["a few bytes", "PING", ["\0PING"]],
  ])("%s", (_, bytes, messages) => expect([...messagesOf(Buffer.from(bytes))].map(String)).toEqual(messages));

  test("many bytes go in several messages, each on the data channel", () => {
    const bytes = Buffer.from(Array.from({ length: 150_000 }, (_, at) => at % 251));
    const messages = [...messagesOf(bytes)];
    expect(messages.map(({ length }) => length)).toEqual([65_537, 65_537, 18_929]);
    expect(messages.map(([channel]) => channel)).toEqual([0, 0, 0]);
    expect(Buffer.concat(messages.map((message) => message.subarray(1))).equals(bytes)).toBe(true);
  });
});

describe("what comes out of the pod", () => {
  const port = Buffer.of(0xeb, 0x18); // 6379
  const data = (bytes: string | Buffer) => Buffer.concat([Buffer.of(0), Buffer.from(bytes)]);
  const error = (bytes: string | Buffer) => Buffer.concat([Buffer.of(1), Buffer.from(bytes)]);

  test.each<[string, Buffer[], unknown[]]>([
    ["the port on each channel is no data", [data(port), error(port)], [undefined, undefined]],
    ["data", [data(port), data("+PONG")], [undefined, { type: "data", bytes: Buffer.from("+PONG") }]],
    ["data that looks like the port", [data(port), data(port)], [undefined, { type: "data", bytes: port }]],
    ["an error", [error(port), error("refused ✗")], [undefined, { type: "error", text: "refused ✗" }]],
    ["empty messages", [error(port), error(""), data(port), data("")], Array(4).fill(undefined)],
  ])("%s", (_, messages, expected) => {
    const reader = new ChannelReader(6379);
    expect(messages.map((message) => reader.read(message))).toEqual(expected);
  });

  test.each<[string, Buffer, string]>([
    ["another port", data(Buffer.of(0, 1)), "channel 0 does not begin with port 6379"],
    ["data at once", data("+PONG"), "channel 0 does not begin with port 6379"],
    ["nothing at once", error(""), "channel 1 does not begin with port 6379"],
    ["a channel of another port", Buffer.of(2, 0, 1), "unknown channel 2"],
    ["an empty message", Buffer.of(), "unknown channel undefined"],
  ])("not %s", (_, message, expected) =>
    expect(() => new ChannelReader(6379).read(message)).toThrow(expected),
  );
});

const service = (ports: ServicePort[], selector?: Record<string, string>): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "redis" },
  spec: { ports, ...(selector ? { selector } : {}) },
});
const pod = (more: Partial<Pod> = {}, metadata = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  ...more,
  metadata: { name: "redis-0", ...metadata },
});

test.each<[string | number, number | undefined]>([
  [6379, 6379],
  ["redis", 6379],
  [9121, 9121],
  [53, undefined],
  ["6379", undefined],
  ["dns", undefined],
])("portOf() %s", (wanted, port) => {
  const ports = [{ name: "redis", port: 6379 }, { port: 9121 }, { name: "dns", port: 53, protocol: "UDP" }];
  expect(portOf(service(ports), wanted)?.port).toBe(port);
  expect(namesOfPorts(service(ports))).toBe("6379 (redis), 9121");
});

test.each([
  [{ app: "redis", tier: "cache" }, "app=redis,tier=cache"],
  [{}, undefined],
  [undefined, undefined],
])("selectorOf() %o", (selector, text) => expect(selectorOf(service([], selector))).toBe(text));

test.each<[string, ServicePort, number | undefined]>([
  ["the same number", { port: 6379 }, 6379],
  ["another number", { port: 80, targetPort: 8080 }, 8080],
  ["a name", { port: 80, targetPort: "http" }, 8081],
  ["a name in a sidecar", { port: 80, targetPort: "proxy" }, 15_000],
  ["a name of a UDP port", { port: 80, targetPort: "dns" }, undefined],
  ["a name that nobody has", { port: 80, targetPort: "https" }, undefined],
])("portInPod() by %s", (_, port, number) => {
  const containers = [
    {},
    {
      ports: [
        { containerPort: 8081, name: "http" },
        { containerPort: 53, name: "dns", protocol: "UDP" },
      ],
    },
  ];
  const initContainers = [{ ports: [{ containerPort: 15_000, name: "proxy" }] }];
  expect(portInPod(port, pod({ spec: { containers, initContainers } }))).toBe(number);
});

const ready = (status: string) => [
  { type: "Initialized", status: "True" },
  { type: "Ready", status },
];

test.each<[Pod, boolean, string]>([
  [pod({ status: { phase: "Running", conditions: ready("True") } }), true, "Ready"],
  [pod({ status: { phase: "Running", conditions: ready("False") } }), false, "Running, not Ready"],
  [pod({ status: { phase: "Pending" } }), false, "Pending"],
  [pod({ status: { phase: "Failed", reason: "Evicted" } }), false, "Evicted"],
  [pod(), false, "Unknown"],
  [
    pod({ status: { phase: "Running", conditions: ready("True") } }, { deletionTimestamp: "2026-01-01" }),
    false,
    "being deleted",
  ],
])("a pod with %o", (one, isIt, state) => {
  expect([isReady(one), stateOf(one)]).toEqual([isIt, state]);
});
