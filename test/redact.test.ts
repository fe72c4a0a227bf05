import { expect, test } from "vitest";
import { redact, redactUrl, stripCredentials } from "../src/redact.js";

test.each<[text: string, clean: string]>([
  ["no address", "no address"],
  ["https://host:6443/api: mail bob@corp.example", "https://host:6443/api: mail bob@corp.example"],
  ["https://host: EOF, ask bob@corp.example", "https://host: EOF, ask bob@corp.example"],
  ["https://[::1]:6443/api: ask bob@corp.example", "https://[::1]:6443/api: ask bob@corp.example"],
  ["https://token@host/x", "https://host/x"],
  ["clone 'https://user:pw@host/x': refused", "clone 'https://host/x': refused"],
  ["https://user:p/ss@host", "https://host"],
  ["https://user:p/s?s#x@host:8443/x: EOF", "https://host:8443/x: EOF"],
  ["get https://user:a pass word@host/x: refused", "get https://host/x: refused"],
  ["https://user:p@ss@host/x", "https://host/x"],
  ["https://user:p@/ss@host/x", "https://host/x"],
  ["https://user:1234@host/x", "https://host/x"],
  ["https://user:12/34@host/x", "https://user:12/34@host/x"],
  ["oci://user:pw@ghcr.io/x@sha256:0123", "oci://ghcr.io/x@sha256:0123"],
  ["https://a:b@one/x and https://c:d/e@two/y", "https://one/x and https://two/y"],
  ["https://user:p/w@[::1]:80/x", "https://[::1]:80/x"],
])("redact() makes of %s", (text, clean) => expect(redact(text)).toBe(clean));

test("secrets are hidden, but not each letter of a text that is one, too", () => {
  expect(redact("password hunter22 is wrong", ["hunter22"])).toBe("password *** is wrong");
  expect(redact("a password is wrong: https://u:a@host", ["a", ""])).toBe(
    "a password is wrong: https://host",
  );
});

test("a long text costs no more than it is long", () => {
  const begun = performance.now();
  for (const part of ["//a:b", "//a:b@", "@", "@a", "//", "//a:b @ "]) redact(`@${part.repeat(100_000)}`);
  expect(performance.now() - begun).toBeLessThan(2000);
});

test("a long address costs no more than it is long", () => {
  const begun = performance.now();
  for (const url of ["a".repeat(100_000), `ssh://h/${"a".repeat(100_000)}`]) stripCredentials(`${url}@`);
  expect(performance.now() - begun).toBeLessThan(2000);
});

test("redactUrl()", () =>
  expect(redactUrl("https://user:p/ss@127.0.0.1:6443/")).toBe("https://127.0.0.1:6443"));
