import type { ServerOptions } from "node:https";
import { createServer as createTcpServer, type Socket } from "node:net";
import nodeTls from "node:tls";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { UserError } from "../../../src/errors.js";
import { openTransport, type TransportDeps } from "../../../src/kube/access/open-transport.js";
import { withoutDoubles } from "../../../src/kube/access/tls-settings.js";
import type { ConnectionFlags } from "../../../src/kube/connection-flags.js";
import {
  type Authority,
  createAuthority,
  issueCertificate,
  type KeyPair,
} from "../../cluster/certificates.js";
import { spawnFlamingo } from "../../spawn.js";
import { ask, httpProxy, listen, recordingServer, socksProxy } from "./tls-server.js";
import { base64, kubeconfig, type Workplace, workplace } from "./workplace.js";

let authority: Authority;
let serverCertificate: KeyPair;
let ada: KeyPair;
let bob: KeyPair;
/** asks for a client certificate and lets others in too, as API servers do */
let tls: ServerOptions;

beforeAll(() => {
  authority = createAuthority();
  serverCertificate = issueCertificate(authority, { commonName: "api", hosts: ["localhost", "127.0.0.1"] });
  ada = issueCertificate(authority, { commonName: "ada" });
  bob = issueCertificate(authority, { commonName: "bob" });
  tls = { ...serverCertificate, ca: authority.cert, requestCert: true, rejectUnauthorized: false };
});

interface Setup {
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
  flags?: ConnectionFlags;
  deps?: Partial<TransportDeps>;
  here?: Workplace;
}

/** The transport that a kubeconfig with this cluster and user leads to; its CA is the tests' own. */
function open(
  url: string,
  { cluster = {}, user = {}, flags = {}, deps = {}, here = workplace() }: Setup = {},
) {
  const config = kubeconfig(
    { server: url, "certificate-authority-data": base64(authority.cert), ...cluster },
    user,
  );
  here.write(".kube/config", config);
  return openTransport(flags, here.deps(deps));
}

async function failureOf(work: Promise<unknown>): Promise<UserError> {
  return work.then(
    () => expect.unreachable("it did not fail"),
    (error) => error,
  );
}

const dataOf = ({ cert, key }: KeyPair) => ({
  "client-certificate-data": base64(cert),
  "client-key-data": base64(key),
});

describe("the server's certificate", () => {
  test("a private CA, as data, as a file, as a flag; data is stronger", async () => {
    const api = await recordingServer(tls);
    const here = workplace();
    here.write(".kube/ca.crt", authority.cert);
    here.write("ca.crt", authority.cert);
    const file = { "certificate-authority-data": "", "certificate-authority": "ca.crt" };
    expect(await ask(await open(api.url))).toBe(200);
    expect(await ask(await open(api.url, { here, cluster: file }))).toBe(200);
    expect(await ask(await open(api.url, { cluster: { "certificate-authority": "gone" } }))).toBe(200);
    const other = { "certificate-authority-data": base64(createAuthority().cert) };
    const flags = { certificateAuthority: "ca.crt" };
    expect(await ask(await open(api.url, { here, cluster: other, flags }))).toBe(200);
  });

  test("of an authority that is not known", async () => {
    const api = await recordingServer(tls);
    const transport = await open(api.url, { cluster: { "certificate-authority-data": "" } });
    await expect(ask(transport)).rejects.toMatchObject({
      code: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/),
    });
    const careless = await open(api.url, { flags: { insecureSkipTlsVerify: true } });
    expect(await ask(careless)).toBe(200);
  });

  describe("without a CA", () => {
    const cluster = { "certificate-authority-data": "" };

    /** Answers, from now on, what is read of Node's and the operating system's authorities. */
    function authoritiesAre(certificates: Record<"default" | "system", string[]>): string[] {
      const read: string[] = [];
      const original = Object.getOwnPropertyDescriptor(nodeTls, "getCACertificates");
      Object.defineProperty(nodeTls, "getCACertificates", {
        configurable: true,
        value: (kind: keyof typeof certificates) => {
          read.push(kind);
          return certificates[kind];
        },
      });
      onTestFinished(() => {
        if (original) Object.defineProperty(nodeTls, "getCACertificates", original);
        else Reflect.deleteProperty(nodeTls, "getCACertificates");
      });
      return read;
    }

    test("those of the operating system count, where Node can read them (22.15 and newer)", async () => {
      const api = await recordingServer(tls);
      authoritiesAre({ default: [createAuthority().cert], system: [authority.cert] });
      expect(await ask(await open(api.url, { cluster }))).toBe(200);
    });

    test("they are read with the first connection, once", async () => {
      const api = await recordingServer(tls);
      const read = authoritiesAre({ default: [], system: [authority.cert] });
      const transport = await open(api.url, { cluster, user: dataOf(ada) });
      expect(read).toEqual([]);
      for (const by of ["agent", "streamAgent"] as const) await ask(transport, "/version", by);
      expect(read).toEqual(["default", "system"]);
      expect(new Set(api.visits.map(({ connection }) => connection)).size).toBe(2);
    });

    test("with insecure-skip-tls-verify they are not read at all, but for a proxy that is reached by https", async () => {
      const api = await recordingServer(tls);
      const read = authoritiesAre({ default: [], system: [authority.cert] });
      const careless = { ...cluster, "insecure-skip-tls-verify": true };
      expect(await ask(await open(api.url, { cluster: careless, user: dataOf(ada) }))).toBe(200);
      expect(read).toEqual([]);
      const proxy = await httpProxy({ tls: serverCertificate });
      const throughProxy = { ...careless, "proxy-url": `https://localhost:${proxy.port}` };
      expect(await ask(await open(api.url, { cluster: throughProxy }))).toBe(200);
      expect(read).toEqual(["default", "system"]);
    });

    test("those in NODE_EXTRA_CA_CERTS count, on every version of Node", async () => {
      const api = await recordingServer(tls);
      const here = workplace();
      const config = here.write("config", kubeconfig({ server: api.url }));
      const line = ["generate-app", "ks/podinfo", "--export", "--kubeconfig", config];
      const untrusted = await spawnFlamingo(line).ended;
      expect(untrusted.stderr).toContain("certificate");
      expect(api.visits).toEqual([]);
      await spawnFlamingo(line, { NODE_EXTRA_CA_CERTS: here.write("ca.crt", authority.cert) }).ended;
      expect(api.visits).not.toEqual([]);
    });
  });

  test("for another name: tls-server-name says which", async () => {
    const named = issueCertificate(authority, { commonName: "api", hosts: ["kubernetes"] });
    const api = await recordingServer({ ...tls, ...named });
    await expect(ask(await open(api.url))).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(await ask(await open(api.url, { cluster: { "tls-server-name": "kubernetes" } }))).toBe(200);
    expect(await ask(await open(api.url, { flags: { tlsServerName: "kubernetes" } }))).toBe(200);
    expect(api.visits.map((visit) => visit.servername)).toEqual(["kubernetes", "kubernetes"]);
  });

  test("a server without a certificate of its own host, by address", async () => {
    const api = await recordingServer(tls);
    expect(await ask(await open(`https://127.0.0.1:${api.port}`))).toBe(200);
  });

  test("insecure-skip-tls-verify and a CA exclude each other, as in kubectl", async () => {
    const error = await failureOf(open("https://api", { cluster: { "insecure-skip-tls-verify": true } }));
    expect(error).toMatchObject({
      message:
        "Cannot connect to context dev (~/.kube/config): insecure-skip-tls-verify and a certificate-authority exclude each other",
      hint: "Take one of them out of the kubeconfig or the command line",
    });
  });
});

describe("who we are", () => {
  test.each<[string, () => Record<string, unknown>, ConnectionFlags, string | undefined, string | undefined]>(
    [
      ["nobody", () => ({}), {}, undefined, undefined],
      ["a token", () => ({ token: "T" }), {}, "Bearer T", undefined],
      ["a password", () => ({ username: "ada", password: "pw" }), {}, "Basic YWRhOnB3", undefined],
      ["a certificate", () => dataOf(ada), {}, undefined, "ada"],
      ["a certificate and a token", () => ({ ...dataOf(ada), token: "T" }), {}, "Bearer T", "ada"],
      [
        "--token instead of a password",
        () => ({ username: "ada", password: "pw" }),
        { token: "F" },
        "Bearer F",
        undefined,
      ],
      ["--token instead of a certificate", () => dataOf(ada), { token: "F" }, "Bearer F", undefined],
      [
        "--token instead of a tokenFile",
        () => ({ tokenFile: "gone" }),
        { token: "F" },
        "Bearer F",
        undefined,
      ],
      [
        "token while tokenFile is missing",
        () => ({ tokenFile: "gone", token: "T" }),
        {},
        "Bearer T",
        undefined,
      ],
      ["token instead of exec", () => ({ exec: plugin("false"), token: "T" }), {}, "Bearer T", undefined],
      [
        "certificate instead of exec",
        () => ({ exec: plugin("false"), ...dataOf(ada) }),
        {},
        undefined,
        "ada",
      ],
      [
        "token instead of a provider that is gone",
        () => ({ "auth-provider": { name: "gcp" }, token: "T" }),
        {},
        "Bearer T",
        undefined,
      ],
    ],
  )("%s", async (_, user, flags, authorization, client) => {
    const api = await recordingServer(tls);
    expect(await ask(await open(api.url, { user: user(), flags }))).toBe(200);
    expect(api.visits[0]?.headers["authorization"]?.[0]).toBe(authorization);
    expect(api.visits[0]?.client).toBe(client);
  });

  test("certificate and key in files; data is stronger; flags are strongest", async () => {
    const api = await recordingServer({ ...tls, rejectUnauthorized: true });
    const here = workplace();
    here.write(".kube/ada.crt", ada.cert);
    here.write(".kube/ada.key", ada.key);
    here.write("bob.crt", bob.cert);
    here.write("bob.key", bob.key);
    const files = { "client-certificate": "ada.crt", "client-key": "ada.key" };
    await ask(await open(api.url, { here, user: files }));
    await ask(await open(api.url, { here, user: { ...files, ...dataOf(bob) } }));
    const flags = { clientCertificate: "bob.crt", clientKey: "bob.key" };
    await ask(await open(api.url, { here, user: { ...files, ...dataOf(ada) }, flags }));
    expect(api.visits.map((visit) => visit.client)).toEqual(["ada", "bob", "bob"]);
  });

  test("a tokenFile is read again for each request, and beats token", async () => {
    const api = await recordingServer(tls);
    const here = workplace();
    here.write(".kube/token", "first\n");
    const transport = await open(api.url, { here, user: { tokenFile: "token", token: "static" } });
    await ask(transport);
    expect(transport.renew()).toBe(false);
    here.write(".kube/token", "second\n");
    expect(transport.renew()).toBe(true);
    await ask(transport);
    expect(api.visits.map(({ headers }) => headers["authorization"])).toEqual([
      ["Bearer first"],
      ["Bearer second"],
    ]);
    expect([...transport.secrets]).toEqual(["static", "first", "second"]);
  });

  test("the service account of a pod", async () => {
    const api = await recordingServer(tls);
    const here = workplace();
    for (const [name, content] of [
      ["token", "pod"],
      ["ca.crt", authority.cert],
    ])
      here.write(`account/${name}`, content);
    const env = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(api.port) };
    const transport = await openTransport(
      {},
      here.deps({ env, serviceAccountDirectory: `${here.folder}/account` }),
    );
    await ask(transport);
    here.write("account/token", "rotated");
    await ask(transport);
    expect(api.visits.map(({ headers }) => headers["authorization"])).toEqual([
      ["Bearer pod"],
      ["Bearer rotated"],
    ]);
  });

  test("impersonation: each group in a header of its own", async () => {
    const api = await recordingServer(tls);
    const user = {
      token: "T",
      as: "ada",
      "as-uid": "7",
      "as-groups": ["g", "h"],
      "as-user-extra": { "Sc ope/x": ["1", "2"] },
    };
    await ask(await open(api.url, { user }));
    expect(api.visits[0]?.headers).toMatchObject({
      authorization: ["Bearer T"],
      "impersonate-user": ["ada"],
      "impersonate-uid": ["7"],
      "impersonate-group": ["g", "h"],
      "impersonate-extra-sc%20ope%2fx": ["1", "2"],
    });
  });

  test("over http only impersonation is sent, as in kubectl", async () => {
    const api = await recordingServer(undefined);
    const user = { token: "T", ...dataOf(ada), as: "ada" };
    const transport = await open(api.url, { user });
    expect(await ask(transport)).toBe(200);
    expect(api.visits[0]?.headers).toMatchObject({ "impersonate-user": ["ada"] });
    expect(api.visits[0]?.headers["authorization"]).toBeUndefined();
    expect((await open(api.url.replace("http://", ""))).server.href).toBe(`${api.url}/`);
  });

  test("user and password in the server's address", async () => {
    const api = await recordingServer(tls);
    const transport = await open(api.url.replace("//", "//me:p%40w@").concat("/base?a=1#b"), {
      user: { token: "T" },
    });
    expect(transport.server.href).toBe(`${api.url}/base`);
    await ask(transport);
    expect(api.visits[0]?.headers["authorization"]).toEqual([`Basic ${base64("me:p@w")}`]);
    expect(transport.secrets).toContain("p@w");
  });

  test("secrets: tokens, passwords, and what they look like in a header", async () => {
    const password = await open("https://api", { user: { username: "ada", password: "pw" } });
    await password.headers();
    expect([...password.secrets]).toEqual(["pw", base64("ada:pw")]);
    const proxied = await open("https://api", { cluster: { "proxy-url": "http://me:hidden@proxy" } });
    expect([...proxied.secrets]).toEqual(["hidden"]);
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    [
      "two ways at once",
      { token: "T", username: "ada" },
      "the user has both a token and a password",
      "Take one of them out",
    ],
    [
      "exec and auth-provider",
      { exec: plugin("x"), "auth-provider": { name: "oidc" } },
      "the user has both an exec plugin and an auth-provider",
      "Take one",
    ],
    [
      "gcp",
      { "auth-provider": { name: "gcp" } },
      "the auth-provider gcp does not exist any more",
      "gke-gcloud-auth-plugin",
    ],
    [
      "azure",
      { "auth-provider": { name: "azure" } },
      "the auth-provider azure does not exist any more",
      "kubelogin",
    ],
    [
      "others",
      { "auth-provider": { name: "openstack" } },
      "the auth-provider openstack does not exist any more",
      "exec plugin",
    ],
    [
      "a token on two lines",
      { token: "one\ntwo" },
      "the token has a space, a line break or a letter that no token has",
      "on one line",
    ],
  ])("cannot be: %s", async (_, user, why, hint) => {
    const error = await failureOf(open("https://api", { user }));
    expect(error.message).toBe(`Cannot get credentials for context dev (~/.kube/config): ${why}`);
    expect(error.hint).toContain(hint);
    expect(error.exitCode).toBe(1);
  });

  test("a tokenFile that is missing or empty", async () => {
    const here = workplace();
    const transport = await open("https://api", { here, user: { tokenFile: "token" } });
    const doing = "Cannot get credentials for context dev (~/.kube/config)";
    const missing = await failureOf(transport.headers());
    expect(missing.message).toBe(
      `${doing}: cannot read the token file ${here.folder}/.kube/token: there is no such file`,
    );
    here.write(".kube/token", "\n");
    expect((await failureOf(transport.headers())).message).toBe(
      `${doing}: the token file ${here.folder}/.kube/token is empty`,
    );
  });
});

function plugin(command: string) {
  return { command, apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never" };
}

describe("certificates that cannot be used", () => {
  const doing = "Cannot connect to context dev (~/.kube/config)";

  test.each<[string, () => Setup, string, string]>([
    [
      "a CA that is missing",
      () => ({ cluster: { "certificate-authority-data": "", "certificate-authority": "/gone/ca.crt" } }),
      "cannot read the certificate-authority /gone/ca.crt: there is no such file",
      "relative to that file",
    ],
    [
      "a CA flag that is missing",
      () => ({ flags: { certificateAuthority: "/gone/ca.crt" } }),
      "cannot read the certificate-authority /gone/ca.crt: there is no such file",
      "relative to that file",
    ],
    [
      "a CA that is garbage",
      () => ({ cluster: { "certificate-authority-data": base64("hello") } }),
      "the certificate-authority-data of the kubeconfig is not a certificate in PEM form",
      "BEGIN CERTIFICATE",
    ],
    [
      "a certificate that is a folder",
      () => ({ user: { "client-certificate": "/", "client-key": "/" } }),
      "cannot read the client-certificate /: it is a folder",
      "path",
    ],
    [
      "a certificate that is garbage",
      () => ({ user: { ...dataOf(ada), "client-certificate-data": base64("hello") } }),
      "the client-certificate-data of the kubeconfig is not a certificate in PEM form",
      "BEGIN CERTIFICATE",
    ],
    [
      "a certificate without a key",
      () => ({ user: { "client-certificate-data": base64(ada.cert) } }),
      "the user has a client-certificate without a client-key",
      "--client-key",
    ],
    [
      "a key of another certificate",
      () => ({ user: { ...dataOf(ada), "client-key-data": base64(bob.key) } }),
      "the client certificate cannot be used: the key belongs to another certificate",
      "again",
    ],
  ])("%s", async (_, setup, why, hint) => {
    const error = await failureOf(open("https://api", setup()));
    expect(error.message).toBe(`${doing}: ${why}`);
    expect(error.hint).toContain(hint);
  });

  test("a key that is garbage is not shown", async () => {
    const error = await failureOf(
      open("https://api", { user: { ...dataOf(ada), "client-key-data": base64("s3cret") } }),
    );
    expect(error.message).toContain(`${doing}: the client certificate cannot be used: `);
    expect(error.message).not.toContain("s3cret");
  });
});

describe("the way there", () => {
  test("one connection is kept and used again", async () => {
    const api = await recordingServer(tls);
    const transport = await open(api.url);
    for (const path of ["/a", "/b", "/c"]) await ask(transport, path);
    expect(new Set(api.visits.map((visit) => visit.connection)).size).toBe(1);
    transport.close();
  });

  test("not more than 16 connections, of which the later ones resume a TLS session", async () => {
    const api = await recordingServer(tls);
    const transport = await open(api.url);
    await ask(transport);
    await Promise.all(Array.from({ length: 60 }, () => ask(transport)));
    expect(new Set(api.visits.map((visit) => visit.connection)).size).toBe(16);
    expect(api.visits.some((visit) => visit.isResumed)).toBe(true);
    transport.close();
  });

  test("as many connections as there are requests that stay open", async () => {
    const api = await recordingServer(tls);
    const transport = await open(api.url, { user: dataOf(ada) });
    await Promise.all(Array.from({ length: 20 }, () => ask(transport, "/version", "streamAgent")));
    expect(new Set(api.visits.map((visit) => visit.connection)).size).toBe(20);
    expect(new Set(api.visits.map((visit) => visit.client))).toEqual(new Set(["ada"]));
    transport.close();
  });

  test("requests that stay open take the same proxy", async () => {
    const api = await recordingServer(tls);
    const proxy = await httpProxy();
    const transport = await open(api.url, { cluster: { "proxy-url": `http://127.0.0.1:${proxy.port}` } });
    await ask(transport, "/version", "streamAgent");
    expect(proxy.seen).toEqual([`CONNECT localhost:${api.port}`]);
    transport.close();
  });

  test.each(["HTTPS_PROXY", "https_proxy"])("through the HTTP proxy in %s", async (variable) => {
    const api = await recordingServer(tls);
    const proxy = await httpProxy();
    const env = { [variable]: `http://me:pw@127.0.0.1:${proxy.port}` };
    const transport = await open(`https://api.example:${api.port}`, {
      deps: { env },
      cluster: { "tls-server-name": "localhost" },
      user: dataOf(ada),
    });
    await ask(transport);
    await ask(transport);
    expect(proxy.seen).toEqual([`CONNECT api.example:${api.port} me:pw`]);
    expect(api.visits.map((visit) => visit.client)).toEqual(["ada", "ada"]);
    transport.close();
  });

  test("proxy-url is stronger than HTTPS_PROXY, NO_PROXY and loopback", async () => {
    const api = await recordingServer(tls);
    const proxy = await httpProxy();
    const cluster = { "proxy-url": `http://127.0.0.1:${proxy.port}` };
    await ask(
      await open(api.url, { cluster, deps: { env: { HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "*" } } }),
    );
    expect(proxy.seen).toEqual([`CONNECT localhost:${api.port}`]);
  });

  test("loopback addresses are reached directly", async () => {
    const api = await recordingServer(tls);
    expect(await ask(await open(api.url, { deps: { env: { HTTPS_PROXY: "http://127.0.0.1:1" } } }))).toBe(
      200,
    );
  });

  test("through an HTTPS proxy, with a certificate of the cluster's CA", async () => {
    const api = await recordingServer(tls);
    const proxy = await httpProxy({ tls: serverCertificate });
    const cluster = { "proxy-url": `https://localhost:${proxy.port}` };
    expect(await ask(await open(api.url, { cluster }))).toBe(200);
    expect(proxy.seen).toHaveLength(1);
  });

  test("an http server through a proxy", async () => {
    const api = await recordingServer(undefined);
    const proxy = await httpProxy();
    expect(
      await ask(await open(api.url, { cluster: { "proxy-url": `http://127.0.0.1:${proxy.port}` } })),
    ).toBe(200);
    expect(proxy.seen).toHaveLength(1);
  });

  test.each(["socks5", "socks5h"])("through a %s proxy, which resolves the name", async (scheme) => {
    const api = await recordingServer(tls);
    const proxy = await socksProxy();
    const cluster = { "proxy-url": `${scheme}://127.0.0.1:${proxy.port}`, "tls-server-name": "localhost" };
    const transport = await open(`https://api.example:${api.port}`, { cluster });
    await ask(transport);
    await ask(transport);
    expect(proxy.seen).toEqual([`SOCKS api.example:${api.port}`]);
    transport.close();
  });

  test("through a SOCKS5 proxy with a password", async () => {
    const api = await recordingServer(tls);
    const proxy = await socksProxy({ password: "pw" });
    await ask(await open(api.url, { cluster: { "proxy-url": `socks5://me:pw@127.0.0.1:${proxy.port}` } }));
    expect(proxy.seen).toEqual([`SOCKS localhost:${api.port} me:pw`]);
  });

  test.each<[string, () => Promise<string>, string]>([
    [
      "refuses",
      async () => `http://127.0.0.1:${(await httpProxy({ status: 407 })).port}`,
      "it answered 407 Denied",
    ],
    ["is not there", async () => "http://127.0.0.1:1", "connect ECONNREFUSED 127.0.0.1:1"],
    [
      "is a SOCKS proxy that wants a password",
      async () => `socks5://127.0.0.1:${(await socksProxy({ password: "pw" })).port}`,
      "it wants a way to sign in that it was not given",
    ],
    [
      "is a SOCKS proxy with another password",
      async () => `socks5://me:no@127.0.0.1:${(await socksProxy({ password: "pw" })).port}`,
      "it refused user and password",
    ],
    [
      "is a SOCKS proxy that may not",
      async () => `socks5://127.0.0.1:${(await socksProxy({ reply: 2 })).port}`,
      "it answered: not allowed by its rules",
    ],
    [
      "speaks something else",
      async () =>
        `socks5://127.0.0.1:${await listen(createTcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n")))}`,
      "it does not speak SOCKS5",
    ],
    [
      "hangs up",
      async () => `socks5://127.0.0.1:${await listen(createTcpServer((socket) => socket.end()))}`,
      "it closed the connection",
    ],
  ])("a proxy that %s", async (_, address, why) => {
    const url = await address();
    const error = await failureOf(
      open("https://api.example", { cluster: { "proxy-url": url } }).then((transport) => ask(transport)),
    );
    expect(error.message).toBe(
      `Cannot connect to api.example:443 through the proxy ${url.replace(/\/\/.*@/, "//")}: ${why}`,
    );
    expect(error.hint).toBe("It is the proxy-url of the cluster in the kubeconfig");
  });

  test.each(["http", "socks5"])("a %s proxy that is silent does not keep the process", async (scheme) => {
    const sockets: Socket[] = [];
    const port = await listen(createTcpServer((socket) => sockets.push(socket.resume())));
    const transport = await open("https://api.example", {
      cluster: { "proxy-url": `${scheme}://127.0.0.1:${port}` },
    });
    const asked = ask(transport).catch(() => "failed");
    await expect.poll(() => sockets.length).toBe(1);
    transport.close();
    expect(await asked).toBe("failed");
    await expect.poll(() => sockets[0]?.closed).toBe(true);
  });

  test.each([
    ["proxy-url", { cluster: { "proxy-url": "ftp://proxy" } }],
    ["proxy-url", { cluster: { "proxy-url": "proxy:3128" } }],
    ["HTTPS_PROXY", { deps: { env: { HTTPS_PROXY: "ftp://proxy" } } }],
  ])("a proxy in %s that is none: %o", async (place, setup) => {
    const error = await failureOf(open("https://api.example", setup));
    expect(error.message).toBe(
      `Cannot connect to context dev (~/.kube/config): the proxy in ${place} is not http, https or socks5`,
    );
  });

  test("a server that is no address", async () => {
    const error = await failureOf(open("ftp://me:pw@api"));
    expect(error.message).toBe(
      "Cannot connect to context dev (~/.kube/config): its server ftp://api is no http or https address",
    );
  });
});

test("the same certificate in lines of another length is a double", () => {
  const [one, two] = [authority.cert, ada.cert];
  const body = one.trim().split("\n").slice(1, -1).join("");
  const asNodeHasIt = `-----BEGIN CERTIFICATE-----\n${body.replace(/.{72}/g, "$&\n")}\n-----END CERTIFICATE-----`;
  expect(withoutDoubles([asNodeHasIt, one, two, one])).toHaveLength(2);
});

test.each<[boolean | undefined, boolean | undefined, boolean]>([
  [undefined, undefined, false],
  [true, undefined, true],
  [undefined, true, true],
  [true, false, false],
])("disable-compression: %s in the kubeconfig, %s by flag is %s", async (inFile, flag, disabled) => {
  const transport = await open("https://127.0.0.1:6443", {
    cluster: inFile === undefined ? {} : { "disable-compression": inFile },
    flags: flag === undefined ? {} : { disableCompression: flag },
  });
  expect(transport.disableCompression).toBe(disabled);
});
