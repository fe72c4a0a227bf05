import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadAll } from "js-yaml";
import { describe, expect, onTestFinished, test } from "vitest";
import { root } from "../built-package.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import { startProxy } from "../cluster/proxy.js";
import { folderWith } from "../folder.js";
import { binFile, type Ended, spawnFlamingo, spawnProgram } from "../spawn.js";
import { isTerminalAtHand, spawnOnTerminal, type Terminal } from "../terminal.js";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const engineLine = "► Engine loopback: no cluster was looked at; flamingo loopback must run to fill it\n";

/** YAML of so many Kustomizations and their one source. */
function kustomizations(count: number, namespace = "web"): string {
  const one = (name: string) => `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: ${namespace} }
spec: { path: ./deploy, sourceRef: { kind: GitRepository, name: podinfo } }
`;
  const source = `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: podinfo, namespace: ${namespace} }
spec: { url: https://git.example/podinfo, ref: { branch: main } }
`;
  return (
    source +
    Array.from({ length: count }, (_, index) => one(`app-${String(index).padStart(5, "0")}`)).join("")
  );
}

/** A kubeconfig for a server that takes connections and never says a word. Answers its path and when it was asked. */
async function silentServer(): Promise<{ kubeconfig: string; asked: Promise<void> }> {
  let heard = () => {};
  const asked = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", heard);
    onTestFinished(() => void socket.destroy());
  });
  onTestFinished(() => void server.close());
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  return { kubeconfig: kubeconfigFor(`http://127.0.0.1:${port}`), asked };
}

function kubeconfigFor(server: string): string {
  const config = {
    clusters: [{ name: "test", cluster: { server } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "" } }],
    "current-context": "test",
  };
  return join(folderWith({ config: JSON.stringify(config) }), "config");
}

/** All workloads of a namespace, their Applications in the same one. */
function bulk(namespace: string, kubeconfig: string): string[] {
  return ["generate-app", "--all", "-n", namespace, "-N", namespace, "--kubeconfig", kubeconfig];
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  return { result: await work, ms: performance.now() - start };
}

describe("the bin file", () => {
  test.each([
    ["alone, without loading anything", ["--version"]],
    ["with other flags", ["--version", "--no-color"]],
    ["of a command", ["generate-app", "--version"]],
  ])("--version %s", async (_, args) => {
    expect(await spawnFlamingo(args).ended).toEqual({
      exitCode: 0,
      signal: null,
      stdout: `flamingo version ${version}\n`,
      stderr: "",
    });
  });

  test("a wrong flag is exit code 2", async () => {
    expect(await spawnFlamingo(["generate-app", "--exprt"]).ended).toEqual({
      exitCode: 2,
      signal: null,
      stdout: "",
      stderr: "✗ Unknown flag --exprt\n  hint: Did you mean --export?\n",
    });
  });

  test("knows when kubectl runs it as a plugin, by a link too", async () => {
    const plugin = join(folderWith(), "kubectl-flamingo");
    symlinkSync(join(dirname(binFile()), "kubectl-flamingo.cjs"), plugin);
    for (const file of [join(dirname(binFile()), "kubectl-flamingo.cjs"), plugin]) {
      expect(await spawnProgram(process.execPath, [file, "generate-app", "--frobnicate"]).ended).toEqual({
        exitCode: 2,
        signal: null,
        stdout: "",
        stderr: "✗ Unknown flag --frobnicate\n  hint: See 'kubectl flamingo generate-app --help'\n",
      });
    }
  });

  test("says that it is not built", async () => {
    const folder = folderWith();
    cpSync(binFile(), join(folder, "bin", "flamingo.cjs"));
    expect(
      await spawnProgram(process.execPath, [join(folder, "bin", "flamingo.cjs"), "--help"]).ended,
    ).toEqual({
      exitCode: 1,
      signal: null,
      stdout: "",
      stderr: "✗ flamingo is not built yet\n  hint: Build it with npm ci && npm run build\n",
    });
  });

  test("keeps results and remarks apart", async () => {
    const { child, ended } = spawnFlamingo(["generate-app", "--all", "-f", "-"]);
    child.stdin.end(kustomizations(3));
    const { exitCode, stdout, stderr } = await ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: engineLine });
    expect(loadAll(stdout)).toHaveLength(3);
  });

  test("an error leaves stdout empty", async () => {
    const { stdout, stderr, exitCode } = await spawnFlamingo(["generate-app", "ks/a", "-f", "/nowhere"])
      .ended;
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
    expect(stderr).toBe("✗ Cannot read /nowhere: it does not exist\n");
  });
});

describe("Ctrl-C", () => {
  test.each([
    ["SIGINT", 130, "Interrupted"],
    ["SIGTERM", 143, "Terminated"],
  ] as const)("%s ends the wait for a server that never answers", async (signal, exitCode, sentence) => {
    const { kubeconfig, asked } = await silentServer();
    const { child, ended } = spawnFlamingo(["generate-app", "ks/a", "--kubeconfig", kubeconfig]);
    await asked;
    child.kill(signal);
    const { result, ms } = await timed(ended);
    expect(result).toEqual({
      exitCode,
      signal: null,
      stdout: "",
      stderr: `⚠ Stopped before anything was written\n✗ ${sentence}\n`,
    });
    expect(ms).toBeLessThan(2000);
  });

  test("needs no remark where nothing would have been written", async () => {
    const { kubeconfig, asked } = await silentServer();
    const { child, ended } = spawnFlamingo(["generate-app", "ks/a", "--export", "--kubeconfig", kubeconfig]);
    await asked;
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ exitCode: 130, stdout: "", stderr: "✗ Interrupted\n" });
  });

  test("ends the wait for stdin", async () => {
    const { child, ended } = spawnFlamingo(["generate-app", "--all", "-f", "-"]);
    child.stdin.write("---\n");
    await sleep(500);
    child.kill("SIGINT");
    const { result, ms } = await timed(ended);
    expect(result).toEqual({ exitCode: 130, signal: null, stdout: "", stderr: "✗ Interrupted\n" });
    expect(ms).toBeLessThan(2000);
  });

  test("ends what waits for a reader that has stopped reading", async () => {
    const path = join(folderWith({ "many.yaml": kustomizations(2000) }), "many.yaml");
    const { child, ended, says } = spawnFlamingo(["generate-app", "--all", "-f", path]);
    child.stdout.pause();
    await says(engineLine);
    await sleep(300);
    child.kill("SIGINT");
    const exited = new Promise((resolve) => child.once("exit", resolve));
    const { result, ms } = await timed(exited);
    expect(result).toBe(130);
    expect(ms).toBeLessThan(2000);
    child.stdout.resume();
    expect((await ended).stderr).toBe(`${engineLine}✗ Interrupted\n`);
  });

  test("a second time waits for nothing", async () => {
    // nobody reads what a slow command has written; the first Ctrl-C would wait for that for a second
    const path = join(folderWith({ "many.yaml": kustomizations(2000) }), "many.yaml");
    const { child, says } = spawnFlamingo(["generate-app", "--all", "-f", path]);
    child.stdout.pause();
    await says(engineLine);
    await sleep(300);
    child.kill("SIGINT");
    await sleep(50);
    child.kill("SIGTERM");
    const exited = new Promise((resolve) => child.once("exit", resolve));
    const { result, ms } = await timed(exited);
    expect(result).toBe(143);
    expect(ms).toBeLessThan(900);
  });

  /** A cluster of 60 Kustomizations behind a proxy that answers only so many writes. */
  async function halfApplied(cluster: TestCluster, namespace: string, answered: number) {
    await cluster.createNamespace(namespace);
    await cluster.load(kustomizations(60, namespace));
    let writes = 0;
    const proxy = await startProxy(cluster, ({ method }) =>
      method === "PATCH" && ++writes > answered ? "hang" : "pass",
    );
    onTestFinished(() => proxy.stop());
    const allHang = async () => {
      while (writes <= answered) await sleep(10);
      await sleep(300);
    };
    return { proxy, allHang };
  }

  clusterTest("in the middle of many writes tells which are done", async ({ cluster }) => {
    const namespace = "process-interrupt";
    const { proxy, allHang } = await halfApplied(cluster, namespace, 20);
    const line = bulk(namespace, proxy.kubeconfig());
    const { child, ended } = spawnFlamingo(line);
    await allHang();
    child.kill("SIGINT");
    const { result, ms } = await timed(ended);
    expect(ms).toBeLessThan(2000);
    expect(result.exitCode).toBe(130);
    expect(result.stderr).toMatch(
      /^► Engine .*\n► Applying 60 Applications\n⚠ Stopped after 20 of 60 Applications: 20 created; \d+ under way, which may be there or not\n✗ Interrupted\n$/,
    );
    const names = (await cluster.list("argoproj.io/v1alpha1", "Application", namespace)).map(
      ({ metadata }) => metadata.name,
    );
    expect(result.stdout.trim().split("\n")).toEqual(
      names.map((name) => `application.argoproj.io/${name} created`),
    );
    expect(names).toHaveLength(20);
  });

  clusterTest("leaves whole JSON behind", async ({ cluster }) => {
    const namespace = "process-interrupt-json";
    const { proxy, allHang } = await halfApplied(cluster, namespace, 5);
    const line = bulk(namespace, proxy.kubeconfig());
    const { child, ended } = spawnFlamingo([...line, "-o", "json"]);
    await allHang();
    child.kill("SIGTERM");
    const { exitCode, stdout } = await ended;
    expect(exitCode).toBe(143);
    expect((JSON.parse(stdout) as { items: unknown[] }).items).toHaveLength(5);
  });
});

clusterTest(
  "a reader who goes away in the middle of many writes is told as a failure",
  async ({ cluster }) => {
    const namespace = "process-closed";
    await cluster.createNamespace(namespace);
    await cluster.load(kustomizations(60, namespace));
    const proxy = await startProxy(cluster, ({ method }) => (method === "PATCH" ? { delayMs: 100 } : "pass"));
    onTestFinished(() => proxy.stop());
    const { child, ended } = spawnFlamingo(bulk(namespace, proxy.kubeconfig()));
    child.stdout?.once("data", () => child.stdout?.destroy());
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/⚠ Stopped after \d+ of 60 Applications: .*\n✗ stdout is closed\n$/);

    const dry = spawnFlamingo([...bulk(namespace, proxy.kubeconfig()), "--dry-run"]);
    dry.child.stdout?.once("data", () => dry.child.stdout?.destroy());
    expect(await dry.ended).toMatchObject({ exitCode: 0, stderr: expect.not.stringMatching(/⚠|✗/) });
  },
);

describe("what is stuck does not keep the process", () => {
  test("a handle that nobody closes", async () => {
    const preload = join(
      folderWith({ "stuck.cjs": 'require("node:net").createServer().listen(0)' }),
      "stuck.cjs",
    );
    const { ended } = spawnFlamingo(["generate-app", "--help"], { NODE_OPTIONS: `--require ${preload}` });
    const { result, ms } = await timed(ended);
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ms).toBeLessThan(5000);
  });

  test("a server that never answers, at the deadline", async () => {
    const { kubeconfig } = await silentServer();
    const line = ["generate-app", "ks/a", "--export", "--timeout", "1s", "--kubeconfig", kubeconfig];
    const { result, ms } = await timed(spawnFlamingo(line).ended);
    expect(result).toMatchObject({ exitCode: 3, stdout: "" });
    expect(result.stderr).toMatch(
      /^✗ Cannot read Kustomization a in flux-system: the time of --timeout is over, and http:.* had not answered in full\n {2}hint: Give it more time with --timeout\n$/,
    );
    expect(ms).toBeLessThan(3000);
  });

  test("stdin that never ends, at the deadline", async () => {
    const { result, ms } = await timed(
      spawnFlamingo(["generate-app", "--all", "-f", "-", "--timeout", "1s"]).ended,
    );
    expect(result).toEqual({
      exitCode: 3,
      signal: null,
      stdout: "",
      stderr: "✗ Cannot finish: the time of --timeout is over\n  hint: Give it more time with --timeout\n",
    });
    expect(ms).toBeLessThan(3000);
  });

  // a name server of our own, which needs a mount namespace
  const mayMount = spawnSync("unshare", ["-m", "true"]).status === 0;
  test.skipIf(!mayMount)("a DNS lookup, when somebody interrupts (root on Linux only)", async () => {
    const folder = folderWith({
      "resolv.conf": "nameserver 127.0.0.153\noptions timeout:10 attempts:3\n",
      "silent.cjs": `require("node:dgram").createSocket("udp4").on("message", () => process.stderr.write("asked\\n")).bind(53, "127.0.0.153")`,
      "run.sh": `mount --bind "$1/resolv.conf" /etc/resolv.conf || exit 99
"$2" "$1/silent.cjs" & silent=$!
"$2" "$3" generate-app ks/a --export --kubeconfig "$4" & echo "pid $!" >&2
wait $!
code=$?
kill $silent
exit $code`,
    });
    const kubeconfig = kubeconfigFor("http://api.example:8080");
    const args = [join(folder, "run.sh"), folder, process.execPath, binFile(), kubeconfig];
    const { ended, says, text } = spawnProgram("unshare", ["-m", "sh", ...args]);
    await says("asked");
    process.kill(Number(/^pid (\d+)$/m.exec(text())?.[1]), "SIGINT");
    const { result, ms } = await timed(ended);
    expect(result.exitCode).toBe(130);
    expect(result.stderr).toContain("✗ Interrupted\n");
    expect(ms).toBeLessThan(2000);
  });
});

test("what is thrown where nobody waits for it is a bug, too", async () => {
  const bug = 'process.nextTick(() => setTimeout(() => Promise.reject(new TypeError("injected")), 100))';
  const preload = join(folderWith({ "bug.cjs": bug }), "bug.cjs");
  const { child, ended } = spawnFlamingo(["generate-app", "--all", "-f", "-"], {
    NODE_OPTIONS: `--require ${preload}`,
  });
  const { exitCode, stderr } = await ended;
  child.stdin.end();
  expect(exitCode).toBe(70);
  expect(stderr).toMatch(/^✗ This is a bug of flamingo \S+ \(Node \S+\): TypeError: injected\n {4}at /);
  expect(stderr).toMatch(/\n {2}hint: Please report it with the command line at https:\/\/\S+\n$/);
});

describe("a pipe", () => {
  test("that is closed early ends it quietly", async () => {
    const path = join(folderWith({ "many.yaml": kustomizations(10_000) }), "many.yaml");
    const { child, ended } = spawnFlamingo(["generate-app", "--all", "-f", path]);
    child.stdout.once("data", () => child.stdout.destroy());
    const { result } = await timed(ended);
    expect({ ...result, stdout: "" }).toEqual({ exitCode: 0, signal: null, stdout: "", stderr: engineLine });
  });

  test("that is closed at once ends it quietly", async () => {
    const { child, ended } = spawnFlamingo(["generate-app", "--help"]);
    child.stdout.destroy();
    expect(await ended).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("for stderr that is closed does no harm", async () => {
    const { child, ended } = spawnFlamingo(["generate-app", "--nothing"]);
    child.stderr.destroy();
    expect((await ended).exitCode).toBe(2);
  });

  test("that is slow gets everything", async () => {
    const path = join(folderWith({ "many.yaml": kustomizations(2000) }), "many.yaml");
    const line = ["generate-app", "--all", "-f", path];
    const { child, ended } = spawnFlamingo(line);
    let over = false;
    child.once("close", () => {
      over = true;
    });
    child.stdout.pause();
    await sleep(300);
    while (!over) {
      child.stdout.resume();
      await sleep(1);
      child.stdout.pause();
      await sleep(2);
      // the end of the stream is only seen by one who reads
      if (child.exitCode !== null) break;
    }
    child.stdout.resume();
    const slow = await ended;
    const file = join(folderWith(), "out.yaml");
    const command = `"$0" "$@" > "$OUT" 2>/dev/null`;
    await spawnProgram("sh", ["-c", command, process.execPath, binFile(), ...line], { OUT: file }).ended;
    const whole = readFileSync(file, "utf8");
    expect(whole.length).toBeGreaterThan(1_000_000);
    expect(slow.exitCode).toBe(0);
    expect(slow.stdout === whole).toBe(true);
  });

  test.skipIf(process.platform !== "linux")(
    "to a full disk is a failure, for a short text, too",
    async () => {
      const command = '"$0" "$@" > /dev/full';
      const args = [process.execPath, binFile(), "generate-app", "--help"];
      expect(await spawnProgram("sh", ["-c", command, ...args]).ended).toMatchObject({
        exitCode: 1,
        stderr:
          "✗ Cannot write to stdout: ENOSPC: no space left on device, write\n  hint: Look at where it leads to\n",
      });
    },
  );

  test.skipIf(process.platform !== "linux")("to a full disk is a failure", async () => {
    const path = join(folderWith({ "a.yaml": kustomizations(1) }), "a.yaml");
    const command = '"$0" "$@" > /dev/full';
    const args = [process.execPath, binFile(), "generate-app", "--all", "-f", path];
    expect(await spawnProgram("sh", ["-c", command, ...args]).ended).toMatchObject({
      exitCode: 1,
      stderr: `${engineLine}✗ Cannot write to stdout: ENOSPC: no space left on device, write\n  hint: Look at where it leads to\n`,
    });
  });
});

describe.skipIf(!isTerminalAtHand())("on a terminal (of util-linux's script)", () => {
  /** Everything that a terminal would get, of stdout and stderr. */
  const onTerminal = (args: readonly string[], terminal?: Terminal): Promise<Ended> =>
    spawnOnTerminal(args, terminal).ended;

  const failure = ["generate-app", "--exprt"];
  const plain = "✗ Unknown flag --exprt\r\n  hint: Did you mean --export?\r\n";
  const coloured = plain.replace("✗", "\x1b[31m✗\x1b[39m");

  test("the symbols have colour", async () => {
    expect(await onTerminal(failure)).toMatchObject({ exitCode: 2, stdout: coloured });
  });

  test("so they have when only stdout leads elsewhere", async () => {
    expect((await onTerminal(failure, { redirect: ">/dev/null" })).stdout).toBe(coloured);
  });

  test.each([{ NO_COLOR: "1" }, { TERM: "dumb" }, { CI: "true" }, { NO_COLOR: "1", FORCE_COLOR: "1" }])(
    "not with %o",
    async (env) => {
      expect((await onTerminal(failure, { env: env as Record<string, string> })).stdout).toBe(plain);
    },
  );

  test.each([["--no-color"], ["--no-color=true"]])("not with %s", async (flag) => {
    expect((await onTerminal([...failure, flag])).stdout).toBe(plain);
  });

  test("an empty NO_COLOR counts as none", async () => {
    expect((await onTerminal(failure, { env: { NO_COLOR: "" } })).stdout).toBe(coloured);
  });

  test("what is no terminal has no colour, whatever FORCE_COLOR says", async () => {
    const { stderr } = await spawnFlamingo(failure, { FORCE_COLOR: "1" }).ended;
    expect(stderr).toBe("✗ Unknown flag --exprt\n  hint: Did you mean --export?\n");
  });

  test("help fits into it", async () => {
    const { stdout } = await onTerminal(["generate-app", "--help"], { columns: 72 });
    const [flags = ""] = stdout.split("Examples:");
    expect(Math.max(...flags.split("\r\n").map(({ length }) => length))).toBeLessThanOrEqual(72);
  });

  clusterTest.for([
    [80, {}, true],
    [0, {}, false],
    [80, { NO_COLOR: "1" }, false],
    [80, { CI: "1" }, false],
    [80, { TERM: "dumb" }, false],
  ] as const)("%i columns with %o: progress %s", async ([columns, env, shown], { cluster }) => {
    const namespace = await cluster.createNamespace("process-progress");
    await cluster.load(kustomizations(3, namespace));
    const line = bulk(namespace, cluster.kubeconfig());
    const { exitCode, stdout } = await onTerminal(line, { columns, env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /application\.argoproj\.io\/process-progress-app-00002-ks (created|unchanged)\r\n/,
    );
    if (shown) expect(stdout).toContain("\r\x1b[2K◎ applied 2/3");
    else expect(stdout).not.toMatch(/\[2K|applied \d\/3/);
    // nothing is left standing of it
    const lines = stdout.split("\r\n").map((line) => line.split("\r\x1b[2K").at(-1));
    expect(lines.filter((line) => line?.includes("◎"))).toEqual([]);
  });
});

clusterTest("Node has nothing to warn of, however many requests there are", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("process-warnings");
  await cluster.load(kustomizations(40, namespace));
  const line = bulk(namespace, cluster.kubeconfig());
  const first = await spawnFlamingo(line, { NODE_OPTIONS: "--trace-warnings" }).ended;
  expect(first.stderr).toMatch(
    /^► Engine loopback: .*\n► Applying 40 Applications\n✔ Applied 40 of 40 Applications: 40 created\n$/,
  );
  const diff = await spawnFlamingo([...line, "--diff"]).ended;
  expect(diff).toMatchObject({ exitCode: 0, stdout: "" });
  expect(diff.stderr).toMatch(/^► Engine loopback: .*\n$/);
});
