import { describe, expect, test } from "vitest";
import {
  describeAddress,
  isLoopback,
  parseRedisFlag,
  serviceNamed,
} from "../../src/loopback/redis/address.js";

describe("parseRedisFlag()", () => {
  test.each([
    ["argocd-redis:6379", { host: "argocd-redis", port: 6379 }],
    ["127.0.0.1:16379", { host: "127.0.0.1", port: 16_379 }],
    ["redis.example.com", { host: "redis.example.com", port: 6379 }],
    ["[::1]:6380", { host: "::1", port: 6380 }],
  ])("reads %s", (text, address) => expect(parseRedisFlag(text)).toEqual(address));

  test.each([
    ["redis://:geheim@redis:6379", "--redis takes no user name and no password"],
    [":geheim@redis:6379", "--redis takes no user name and no password"],
    ["geheim@redis", "--redis takes no user name and no password"],
    ["rediss://geheim:6379", "--redis takes an address without a scheme"],
    ["geheim:0", "--redis takes HOST:PORT"],
    ["geheim:70000", "--redis takes HOST:PORT"],
    ["geheim:", "--redis takes HOST:PORT"],
    [" ", "--redis takes HOST:PORT"],
  ])("refuses %j and does not repeat it", (text, message) => {
    const hint = "Write it as --redis HOST:PORT; password and TLS are read from where Argo CD has them";
    expect(() => parseRedisFlag(text)).toThrow(expect.objectContaining({ message, hint, exitCode: 2 }));
  });
});

test.each([
  ["argocd-redis", { namespace: "argocd", service: "argocd-redis", isCertain: true }],
  ["redis.data", { namespace: "data", service: "redis", isCertain: false }],
  ["redis.data.svc", { namespace: "data", service: "redis", isCertain: true }],
  ["redis.data.svc.cluster.local.", { namespace: "data", service: "redis", isCertain: true }],
  ["redis.example.com", undefined],
  ["10.0.0.7", undefined],
  ["::1", undefined],
])("serviceNamed() takes %s for a Service", (host, service) => {
  expect(serviceNamed(host, "argocd")).toEqual(service);
});

test.each([
  [{ host: "argocd-redis.argocd", port: 6379 }, "argocd-redis.argocd"],
  [{ host: "redis.example.com", port: 6380 }, "redis.example.com:6380"],
  [{ host: "fd00::1", port: 6380 }, "[fd00::1]:6380"],
])("describeAddress() of %j", (address, text) => expect(describeAddress(address)).toBe(text));

test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["::1", true],
  ["127.example.com", false],
  ["redis", false],
])("isLoopback(%s)", (host, expected) => expect(isLoopback(host)).toBe(expected));
