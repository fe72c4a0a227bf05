import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { UserError } from "../../../src/errors.js";
import { openTransport, type TransportDeps } from "../../../src/kube/access/open-transport.js";
import {
  type Authority,
  createAuthority,
  issueCertificate,
  type KeyPair,
} from "../../cluster/certificates.js";
import { ask, recordingServer } from "./tls-server.js";
import { base64, kubeconfig, type Workplace, workplace } from "./workplace.js";

const v1 = "client.authentication.k8s.io/v1";
const v1beta1 = "client.authentication.k8s.io/v1beta1";

let authority: Authority;
let serverCertificate: KeyPair;

beforeAll(() => {
  authority = createAuthority();
  serverCertificate = issueCertificate(authority, { commonName: "api", hosts: ["localhost"] });
});

/** A program that notes each of its runs and then does what `source` says. */
function plugin(here: Workplace, source: string): string {
  return here.writeProgram(
    "plugin",
    `const fs = require("node:fs");
     const runs = require("node:path").join(__dirname, "runs");
     fs.appendFileSync(runs, JSON.stringify({ env: process.env, args: process.argv.slice(2) }) + "\\n");
     const run = fs.readFileSync(runs, "utf8").trim().split("\\n").length;
     const answer = (status, more) =>
       console.log(JSON.stringify({ apiVersion: "${v1}", kind: "ExecCredential", status, ...more }));
     ${source}`,
  );
}

interface Run {
  env: Record<string, string>;
  args: string[];
}

function runsIn(here: Workplace): Run[] {
  const file = `${here.folder}/runs`;
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

interface Setup {
  exec?: Record<string, unknown>;
  cluster?: Record<string, unknown>;
  deps?: Partial<TransportDeps>;
  url?: string;
}

/** The transport of a user who signs in with the program in `here`. */
function open(
  here: Workplace,
  { exec = {}, cluster = {}, deps = {}, url = "https://api.example" }: Setup = {},
) {
  const user = { exec: { command: "./plugin", apiVersion: v1, interactiveMode: "IfAvailable", ...exec } };
  const ca = { "certificate-authority-data": base64(authority.cert) };
  here.write("config", kubeconfig({ server: url, ...ca, ...cluster }, user));
  const { env, ...parts } = deps;
  return openTransport({ kubeconfig: "config" }, here.deps({ env: { ...env }, ...parts }));
}

async function failureOf(work: Promise<unknown>): Promise<UserError> {
  return work.then(
    () => expect.unreachable("it did not fail"),
    (error) => error,
  );
}

describe("running it", () => {
  test("its token goes into the header; arguments and environment reach it", async () => {
    const here = workplace();
    plugin(here, `answer({ token: process.env.MORE + process.env.OWN })`);
    const exec = {
      args: ["get-token", "--cluster=a b"],
      env: [
        { name: "MORE", value: "m" },
        { name: "EMPTY", value: "" },
      ],
    };
    const transport = await open(here, { exec, deps: { env: { OWN: "o" } } });
    expect(runsIn(here)).toEqual([]);
    expect(await transport.headers()).toEqual({ Authorization: "Bearer mo" });
    expect(transport.secrets).toContain("mo");
    expect(runsIn(here)).toMatchObject([
      { args: ["get-token", "--cluster=a b"], env: { EMPTY: "", HOME: here.folder } },
    ]);
  });

  test.each([v1, v1beta1])("KUBERNETES_EXEC_INFO in %s", async (apiVersion) => {
    const here = workplace();
    plugin(here, `answer({ token: "T" }, { apiVersion: "${apiVersion}" })`);
    await (await open(here, { exec: { apiVersion } })).headers();
    expect(JSON.parse(runsIn(here)[0]?.env["KUBERNETES_EXEC_INFO"] ?? "")).toEqual({
      apiVersion,
      kind: "ExecCredential",
      spec: { interactive: false },
    });
  });

  test("with provideClusterInfo it is told about the cluster, a CA in a file as data", async () => {
    const here = workplace();
    plugin(here, `answer({ token: "T" })`);
    here.write("ca.crt", authority.cert);
    const cluster = {
      "certificate-authority-data": "",
      "certificate-authority": "ca.crt",
      "tls-server-name": "api",
      "proxy-url": "http://proxy:3128",
      "disable-compression": true,
      extensions: [{ name: "client.authentication.k8s.io/exec", extension: { audience: "x" } }],
    };
    await (await open(here, { exec: { provideClusterInfo: true }, cluster })).headers();
    expect(JSON.parse(runsIn(here)[0]?.env["KUBERNETES_EXEC_INFO"] ?? "").spec.cluster).toEqual({
      server: "https://api.example",
      "certificate-authority-data": base64(authority.cert),
      "tls-server-name": "api",
      "proxy-url": "http://proxy:3128",
      "disable-compression": true,
      config: { audience: "x" },
    });
  });

  test("a name is looked up in the PATH", async () => {
    const here = workplace();
    here.writeProgram(
      "bin/my-login",
      `console.log('{"apiVersion":"${v1}","kind":"ExecCredential","status":{"token":"P"}}')`,
    );
    const env = { PATH: `${here.folder}/bin` };
    const transport = await open(here, { exec: { command: "my-login" }, deps: { env } });
    expect(await transport.headers()).toEqual({ Authorization: "Bearer P" });
  });

  test.each([
    ["Never", true, false],
    ["IfAvailable", false, false],
    ["IfAvailable", true, true],
    ["Always", true, true],
  ])("interactiveMode %s, a terminal: %s", async (interactiveMode, isTTY, interactive) => {
    const here = workplace();
    plugin(here, `answer({ token: "T" })`);
    await (await open(here, { exec: { interactiveMode }, deps: { stdin: { isTTY } } })).headers();
    expect(JSON.parse(runsIn(here)[0]?.env["KUBERNETES_EXEC_INFO"] ?? "").spec.interactive).toBe(interactive);
  });

  test("standard input is empty where it may not ask", async () => {
    const here = workplace();
    plugin(here, `answer({ token: "read" + fs.readFileSync(0, "utf8").length })`);
    expect(await (await open(here)).headers()).toEqual({ Authorization: "Bearer read0" });
  });
});

describe("how long its answer holds", () => {
  test("parallel requests wait for one run; without a time it holds for ever", async () => {
    const here = workplace();
    plugin(here, `setTimeout(() => answer({ token: "T" + run }), 50)`);
    const transport = await open(here);
    const all = await Promise.all([transport.headers(), transport.headers(), transport.headers()]);
    expect([...all, await transport.headers()]).toEqual(Array(4).fill({ Authorization: "Bearer T1" }));
    expect(runsIn(here)).toHaveLength(1);
  });

  test("until expirationTimestamp", async () => {
    const here = workplace();
    plugin(here, `answer({ token: "T" + run, expirationTimestamp: "2026-11-21T13:00:00Z" })`);
    let time = "2026-11-21T12:00:00Z";
    const transport = await open(here, { deps: { now: () => new Date(time) } });
    const tokens = [];
    for (time of ["2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z", "2026-11-21T13:00:01Z"])
      tokens.push(await transport.headers());
    expect(tokens.map((headers) => headers["Authorization"])).toEqual([
      "Bearer T1",
      "Bearer T1",
      "Bearer T2",
    ]);
    expect([...transport.secrets]).toEqual(["T1", "T2"]);
  });

  test("until a 401", async () => {
    const here = workplace();
    plugin(here, `answer({ token: "T" + run })`);
    const transport = await open(here);
    await transport.headers();
    expect(transport.renew()).toBe(true);
    expect(await transport.headers()).toEqual({ Authorization: "Bearer T2" });
  });

  test("a failure is not kept", async () => {
    const here = workplace();
    plugin(here, `if (run === 1) process.exit(1); answer({ token: "T" + run })`);
    const transport = await open(here);
    await failureOf(transport.headers());
    expect(await transport.headers()).toEqual({ Authorization: "Bearer T2" });
  });
});

describe("client certificates", () => {
  test("are shown to the server, and the next one after a 401 too", async () => {
    const here = workplace();
    for (const name of ["ada", "bob"])
      here.write(`${name}.json`, issueCertificate(authority, { commonName: name }));
    plugin(
      here,
      `const { cert, key } = JSON.parse(fs.readFileSync(__dirname + (run === 1 ? "/ada.json" : "/bob.json")));
       answer({ clientCertificateData: cert, clientKeyData: key });`,
    );
    const tls = { ...serverCertificate, ca: authority.cert, requestCert: true };
    const api = await recordingServer(tls, ({ client }) => ({ status: client === "ada" ? 401 : 200 }));
    const transport = await open(here, { url: api.url });
    expect([await ask(transport), transport.renew(), await ask(transport), await ask(transport)]).toEqual([
      401,
      true,
      200,
      200,
    ]);
    expect(new Set(api.visits.map((visit) => visit.connection)).size).toBe(2);
    await ask(transport, "/version", "streamAgent");
    expect(api.visits.map((visit) => visit.client)).toEqual(["ada", "bob", "bob", "bob"]);
    transport.close();
  });

  test("that do not work", async () => {
    const here = workplace();
    plugin(here, `answer({ clientCertificateData: "s3cret", clientKeyData: "s3cret" })`);
    const { message } = await failureOf((await open(here)).headers());
    expect(message).toContain(
      "Cannot use what the exec plugin answered for context dev (~/config): the client certificate cannot be used: ",
    );
    expect(message).not.toContain("s3cret");
  });
});

describe("what goes wrong", () => {
  const context = "context dev (~/config)";

  test.each<[string, string, string]>([
    ["it fails", "process.exit(3)", "it ended with exit code 3"],
    ["it is killed", "process.kill(process.pid, 'SIGKILL')", "it ended by SIGKILL"],
    ["no JSON", "console.log('token: s3cret')", "what it printed is not a JSON object"],
    ["nothing", "", "what it printed is not a JSON object"],
    [
      "another kind",
      `answer({ token: "s3cret" }, { kind: "Pod" })`,
      "what it printed is not an ExecCredential",
    ],
    [
      "another version",
      `answer({ token: "s3cret" }, { apiVersion: "${v1beta1}" })`,
      `it answered in another apiVersion than ${v1}, which the kubeconfig asks for`,
    ],
    ["no status", "answer()", "its answer has no status"],
    ["an empty status", "answer({})", "its answer has neither a token nor a client certificate"],
    [
      "half a pair",
      `answer({ clientKeyData: "s3cret" })`,
      "its answer has a client certificate without its key, or a key without its certificate",
    ],
  ])("%s", async (_, source, why) => {
    const here = workplace();
    plugin(here, source);
    const error = await failureOf((await open(here)).headers());
    expect(error.message).toBe(`Cannot get credentials for ${context} from ${here.folder}/plugin: ${why}`);
    expect(error.hint).toBe(
      why.startsWith("it ended")
        ? "What it said is printed above; sign in again with the tool that it belongs to"
        : "Run it by itself to see what it prints; it may need an update",
    );
    expect(JSON.stringify([error.message, error.hint, error.cause])).not.toContain("s3cret");
    expect(error.exitCode).toBe(1);
  });

  test("it is not installed: the hint is the kubeconfig's, without its control characters", async () => {
    const here = workplace();
    const exec = {
      command: "no-such-login",
      installHint: "Get it:\n\u001b[31mbrew install\u0007 it\u001b[0m\n",
    };
    const error = await failureOf((await open(here, { exec })).headers());
    expect(error.message).toBe(
      `Cannot get credentials for ${context} from no-such-login: this program is not installed or not in the PATH`,
    );
    expect(error.hint).toBe("Get it:\nbrew install it");
  });

  test("it may not be executed", async () => {
    const here = workplace();
    here.write("plugin", "");
    const error = await failureOf((await open(here)).headers());
    expect(error.message).toBe(
      `Cannot get credentials for ${context} from ${here.folder}/plugin: this file may not be executed`,
    );
  });

  test("it has to ask, and there is no terminal", async () => {
    const here = workplace();
    plugin(here, `answer({ token: "T" })`);
    const error = await failureOf((await open(here, { exec: { interactiveMode: "Always" } })).headers());
    expect(error.message).toContain("it has to ask something, and standard input is not a terminal");
    expect(runsIn(here)).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      "v1alpha1",
      { apiVersion: "client.authentication.k8s.io/v1alpha1" },
      "its apiVersion client.authentication.k8s.io/v1alpha1 is not supported",
    ],
    ["no apiVersion", { apiVersion: "" }, 'its apiVersion "" is not supported'],
    ["no command", { command: "" }, "the exec section of the user has no command"],
    [
      "v1 without interactiveMode",
      { interactiveMode: "" },
      "the exec section of the user has no interactiveMode",
    ],
    [
      "an unknown interactiveMode",
      { interactiveMode: "Maybe" },
      "its interactiveMode Maybe is none of Never, IfAvailable and Always",
    ],
  ])("%s is told before it runs", async (_, exec, why) => {
    const error = await failureOf(open(workplace(), { exec }));
    expect(error.message).toContain(why);
    expect(error.hint).toBe(
      why.endsWith("is not supported")
        ? "Update the plugin and write the kubeconfig again, so that it says client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1"
        : "Correct the user's exec section in the kubeconfig",
    );
  });

  test("v1beta1 needs no interactiveMode", async () => {
    const here = workplace();
    plugin(here, `answer({ token: "T" }, { apiVersion: "${v1beta1}" })`);
    const transport = await open(here, { exec: { apiVersion: v1beta1, interactiveMode: null } });
    expect(await transport.headers()).toEqual({ Authorization: "Bearer T" });
  });

  test("Ctrl-C ends it, even when it ignores that", async () => {
    const here = workplace();
    plugin(
      here,
      `process.on("SIGTERM", () => fs.writeFileSync(__dirname + "/asked", "")); fs.writeFileSync(__dirname + "/pid", String(process.pid)); setInterval(() => {}, 1000)`,
    );
    const ending = new AbortController();
    const transport = await open(here, { deps: { signal: ending.signal } });
    const headers = transport.headers();
    await expect.poll(() => existsSync(`${here.folder}/pid`)).toBe(true);
    const reason = new Error("interrupted");
    ending.abort(reason);
    await expect(headers).rejects.toBe(reason);
    expect(isRunning(Number(readFileSync(`${here.folder}/pid`, "utf8")))).toBe(false);
  }, 15_000);

  test("Ctrl-C does not wait for what it has started", async () => {
    const here = workplace();
    plugin(
      here,
      `const child = require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit" });
       fs.writeFileSync(__dirname + "/pid", String(child.pid));
       setInterval(() => {}, 1000);`,
    );
    const ending = new AbortController();
    const headers = (await open(here, { deps: { signal: ending.signal } })).headers();
    await expect.poll(() => existsSync(`${here.folder}/pid`)).toBe(true);
    onTestFinished(() => {
      process.kill(Number(readFileSync(`${here.folder}/pid`, "utf8")));
    });
    ending.abort(new Error("interrupted"));
    await expect(headers).rejects.toThrow("interrupted");
  }, 10_000);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
