import { expect, test } from "vitest";
import { proxyFor } from "../../../src/kube/access/proxy.js";

const proxied = { HTTPS_PROXY: "http://secure:1", HTTP_PROXY: "http://plain:2" };

/** Rows of golang.org/x/net http/httpproxy `proxy_test.go`, and what its code does beside them. */
test.each<[string, Record<string, string>, string | undefined]>([
  ["https://api", proxied, "http://secure:1/"],
  ["http://api", proxied, "http://plain:2/"],
  ["https://api", { HTTP_PROXY: "http://plain:2" }, undefined],
  ["https://api", { https_proxy: "http://small:3" }, "http://small:3/"],
  ["https://api", { HTTPS_PROXY: "", https_proxy: "http://small:3" }, "http://small:3/"],
  ["https://api", { ...proxied, https_proxy: "http://small:3" }, "http://secure:1/"],
  ["https://api", { ALL_PROXY: "http://all:4" }, undefined],
  ["https://api", {}, undefined],
  ["https://api", { HTTPS_PROXY: "proxy.corp:3128" }, "http://proxy.corp:3128/"],
  ["https://api", { HTTPS_PROXY: "10.0.0.1:3128" }, "http://10.0.0.1:3128/"],
  ["https://api", { HTTPS_PROXY: "socks5://me:pw@proxy" }, "socks5://me:pw@proxy"],
  ["https://api", { HTTPS_PROXY: "http://not an address" }, undefined],
  ["https://localhost", proxied, undefined],
  ["https://localhost:6443", proxied, undefined],
  ["https://127.0.0.1", proxied, undefined],
  ["https://127.1.2.3:6443", proxied, undefined],
  ["https://[::1]:6443", proxied, undefined],
  ["https://localhost.example", proxied, "http://secure:1/"],
])("proxyFor(%s) with %o is %s", (url, env, expected) => {
  expect(proxyFor(new URL(url), env)?.href).toBe(expected);
});

test.each<[string, string, boolean]>([
  ["*", "https://anything", true],
  ["a, *", "https://10.0.0.1", true],
  ["example.com", "https://example.com", true],
  ["example.com", "https://api.example.com:6443", true],
  ["example.com", "https://badexample.com", false],
  [".example.com", "https://api.example.com", true],
  [".example.com", "https://example.com", false],
  ["*.example.com", "https://api.example.com", true],
  ["*.example.com", "https://example.com", false],
  ["EXAMPLE.com", "https://Api.Example.com", true],
  [" other , example.com ", "https://example.com", true],
  ["example.com:6443", "https://example.com:6443", true],
  ["example.com:6443", "https://example.com", false],
  ["example.com:443", "https://example.com", true],
  ["example.com:80", "http://example.com", true],
  [":6443", "https://example.com:6443", false],
  ["", "https://example.com", false],
  ["10.1.2.3", "https://10.1.2.3:6443", true],
  ["10.1.2.3:6443", "https://10.1.2.3:6443", true],
  ["10.1.2.3:1", "https://10.1.2.3:6443", false],
  ["10.1.2.3", "https://api10.1.2.3.example", false],
  ["10.0.0.0/8", "https://10.1.2.3", true],
  ["10.0.0.0/8", "https://11.1.2.3", false],
  ["10.0.0.0/99", "https://10.1.2.3", false],
  ["10.0.0.0/8", "https://ten.example", false],
  ["fd00::/8", "https://[fd00::7]:6443", true],
  ["fd00::7", "https://[fd00::7]:6443", true],
  ["[fd00::7]:6443", "https://[fd00::7]:6443", true],
  ["[fd00::7]:1", "https://[fd00::7]:6443", false],
  ["10.0.0.0/8", "https://[::ffff:10.1.2.3]", true],
  ["bücher.example", "https://api.bücher.example", true],
  ["my_host.example", "https://my_host.example", true],
])("NO_PROXY=%j covers %s: %s", (noProxy, url, covered) => {
  for (const variable of ["NO_PROXY", "no_proxy"]) {
    const proxy = proxyFor(new URL(url), { ...proxied, [variable]: noProxy });
    expect(proxy === undefined).toBe(covered);
  }
});
