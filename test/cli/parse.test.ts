import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.js";
import { parseCommandLine } from "../../src/cli/parse.js";
import { commands } from "../../src/commands/index.js";
import { flamingo, type Surroundings, words } from "../flamingo.js";
import { golden } from "../golden.js";

/** What a line means, without running it. */
async function parsed(line: string): Promise<{ options: Record<string, unknown>; args: readonly string[] }> {
  const invocation = await parseCommandLine(words(line), "flamingo");
  if ("text" in invocation) throw new Error(`${line} asks for a text`);
  return { options: invocation.options, args: invocation.args };
}

const options = async (line: string) => (await parsed(`generate-app ${line}`)).options;

/** What a wrong line says: exit code 2, nothing on stdout, one sentence and one hint. */
async function wrong(line: string, around?: Surroundings): Promise<string[]> {
  const { exitCode, stdout, stderr } = await flamingo(line, around);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  const [, sentence = "", hint = ""] = /^✗ (.*)\n {2}hint: (.*)\n$/.exec(stderr) ?? [];
  if (!sentence) throw new Error(`no sentence with a hint: ${stderr}`);
  expect(hint.charAt(0)).toBe(hint.charAt(0).toUpperCase());
  expect(`${sentence}${hint}`).not.toMatch(/\.$/);
  return [sentence, hint];
}

const podinfo = `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: podinfo }
spec: { path: ./deploy, sourceRef: { kind: GitRepository, name: podinfo } }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: podinfo }
spec: { url: https://git.example/podinfo, ref: { branch: main } }
`;

describe("help", () => {
  test.each(["", "--help", "-h", "help", "--verbose", "-n flux-system", "--help=true", "--"])(
    "flamingo %s",
    async (line) => {
      const run = await flamingo(line);
      expect(run).toEqual({ exitCode: 0, stdout: golden("cli/help.txt", run.stdout), stderr: "" });
    },
  );

  test.each([
    "generate-app --help",
    "generate-app -h",
    "gen-app --help",
    "help generate-app",
    "help gen-app",
    "--help generate-app",
    "-n web generate-app --help",
    "generate-app ks/podinfo --all -h",
  ])("flamingo %s", async (line) => {
    const run = await flamingo(line);
    expect(run).toEqual({ exitCode: 0, stdout: golden("cli/generate-app.txt", run.stdout), stderr: "" });
  });

  test("is set for a narrow terminal", async () => {
    const help = await parseCommandLine(["generate-app", "--help"], "flamingo", 80);
    const text = "text" in help ? help.text : "";
    const [flags = ""] = text.split("\nExamples:");
    expect(Math.max(...flags.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test("has no line that begins or ends with a space too many", async () => {
    const { stdout } = await flamingo("generate-app --help");
    expect(stdout.split("\n").filter((line) => /\s$/.test(line))).toEqual([]);
  });
});

test.each(["--version", "generate-app --version", "--version --no-color"])("flamingo %s", async (line) => {
  expect(await flamingo(line)).toEqual({ exitCode: 0, stdout: "flamingo version dev\n", stderr: "" });
});

describe("every command", async () => {
  const folder = mkdtempSync(join(tmpdir(), "flamingo-cli-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const examples = await Promise.all(
    commands.map(async ({ name, load }) =>
      (await load()).examples.map(([line, meaning]) => ({ name, line, meaning })),
    ),
  );

  test.each(examples.flat())("has an example that is right: $line", async ({ name, line, meaning }) => {
    expect(line).toMatch(new RegExp(`^flamingo ${name}( |$)`));
    expect(meaning).toMatch(/^[^A-Z].*[^.]$/);
    const argv = words(line).slice(1);
    expect(await parseCommandLine(argv, "flamingo")).toHaveProperty("command");
    // here is neither a cluster nor a file, but that is found out only after the line was understood
    expect([0, 1]).toContain((await flamingo(argv, { cwd: folder })).exitCode);
  });

  test.each(commands)("$name has flags that do not get into each other's way", async ({ load }) => {
    const { flags } = await load();
    const names = Object.values(flags).flatMap(({ usage }) => usage.match(/(?<![\w-])--?[\w-]+/g) ?? []);
    expect(names.length).toBeGreaterThanOrEqual(Object.keys(flags).length);
    expect(new Set(names).size).toBe(names.length);
    for (const { description } of Object.values(flags))
      expect(description).toMatch(/^([a-z]|AppProject).*[^.]$/);
  });
});

describe("a wrong command line", () => {
  const seeHelp = "See 'flamingo generate-app --help'";
  test.each([
    ["generate-ap ks/x", 'Unknown command "generate-ap"', "Did you mean generate-app?"],
    ["gne-app", 'Unknown command "gne-app"', "Did you mean gen-app?"],
    ["frobnicate", 'Unknown command "frobnicate"', "See 'flamingo --help'"],
    ["help frobnicate", 'Unknown command "frobnicate"', "See 'flamingo --help'"],
    ["frobnicate --help", 'Unknown command "frobnicate"', "See 'flamingo --help'"],
    ["-n web frobnicate", 'Unknown command "frobnicate"', "See 'flamingo --help'"],
    ["ks/podinfo generate-app", 'Unknown command "ks/podinfo"', "See 'flamingo --help'"],
    ["--exprt", "Unknown flag --exprt", "See 'flamingo --help'"],
    ["--timeuot 5m", "Unknown flag --timeuot", "Did you mean --timeout?"],
    ["--timeout soon", '--timeout "soon" is no duration', "Write it as Go does: 90s, 5m, 1h30m"],
    ["generate-app --exprt ks/x", "Unknown flag --exprt", "Did you mean --export?"],
    ["--exprt generate-app ks/x", "Unknown flag --exprt", "Did you mean --export?"],
    ["generate-app --al", "Unknown flag --al", "Did you mean --as or --all?"],
    ["generate-app --nothing-like-it", "Unknown flag --nothing-like-it", seeHelp],
    ["generate-app -Z", "Unknown flag -Z", seeHelp],
    ["generate-app -AZ --all", "Unknown flag -Z", seeHelp],
    ["generate-app -n", "-n needs a value", "Write it as -n <namespace>"],
    ["generate-app --engine", "--engine needs a value", "Write it as --engine <auto|fsa|loopback>"],
    ["generate-app -An", "-n needs a value", seeHelp],
    ["generate-app --all=maybe", '--all "maybe" is neither true nor false', "Write --all, or --all=false"],
    ["generate-app --engine fast", '--engine "fast" is not known', "Choose auto, fsa or loopback"],
    ["generate-app -o name", '--output "name" is not known', "Choose json, yaml, table or markdown"],
    ["generate-app -oname", '--output "name" is not known', "Choose json, yaml, table or markdown"],
    ["generate-app --dry-run=all", '--dry-run "all" is not known', "Choose client or server"],
    ["generate-app --dry-run=", '--dry-run "" is not known', "Choose client or server"],
    ["generate-app --cascade=all", '--cascade "all" is not known', "Choose none or flux"],
    ["generate-app --kind Pod --all", '--kind "Pod" is no Flux workload', "Choose ks, hr, rset or fi"],
    ["generate-app --timeout abc", '--timeout "abc" is no duration', "Write it as Go does: 90s, 5m, 1h30m"],
    ["generate-app --timeout=-5s", '--timeout "-5s" is no duration', "Write it as Go does: 90s, 5m, 1h30m"],
    [
      "generate-app --request-timeout 5x",
      '--request-timeout "5x" is no duration',
      "Write it as Go does: 90s, 5m, 1h30m",
    ],
  ])("flamingo %s", async (line, sentence, hint) => {
    expect(await wrong(line)).toEqual([sentence, hint]);
  });

  const rule =
    "it must consist of lower-case letters, digits and '-', and start and end with a letter or digit";
  test.each([
    ["-n Web", `--namespace "Web" is no namespace: ${rule}`],
    ["-N a.b", `--app-ns "a.b" is no namespace: ${rule}`],
    ["--namespace=", `--namespace "" is no namespace: ${rule}`],
    ["--argocd-namespace -x", `--argocd-namespace "-x" is no namespace: ${rule}`],
    [
      `-n ${"a".repeat(64)}`,
      `--namespace "${"a".repeat(64)}" is no namespace: it has 64 characters, at most 63 are allowed`,
    ],
  ])("names the rule that a namespace breaks: %s", async (flags, sentence) => {
    expect(await wrong(`generate-app ks/x ${flags}`)).toEqual([sentence, seeHelp]);
  });

  const names = "Name them as ks/NAME or hr/NAME, or take all of a namespace with --all";
  const one = "Give one of them";
  test.each([
    ["", "No workload is named", names],
    ["podinfo", '"podinfo" does not say which kind it is', /^Write ks\/podinfo for/],
    ["pod/x", '"pod/x" names the kind "pod", which is no Flux workload', /^Kinds are ks/],
    ["--all ks/x", "--all and ks/x do not go together", "Leave one of them out"],
    ["-A ks/x", "-A goes with --all", "Add --all, or name the workloads as ks/NAME or hr/NAME"],
    ["-l a=b ks/x", "-l goes with --all", "Add --all, or name the workloads as ks/NAME or hr/NAME"],
    ["--kind ks", "--kind goes with --all", "Add --all, or name the workloads as ks/NAME or hr/NAME"],
    ["--all -l a=b=c", '-l "a=b=c" is no label selector', "Write it as kubectl does: team=web,tier!=db"],
    ["--all -f a -k b", "-f and -k do not go together", one],
    ["ks/x --export --diff", "--export and --diff do not go together", one],
    ["ks/x --export --dry-run", "--export and --dry-run do not go together", one],
    ["ks/x --output-dir a --diff", "--diff and --output-dir do not go together", one],
    ["ks/x --diff -o json", "-o does not go with --diff", "Leave it out"],
    ["ks/x --output-dir a -o json", "-o does not go with --output-dir", "Leave it out"],
    ["ks/x --output-dir=", "--output-dir is empty", "Name a folder"],
    ["ks/x --app-name a --name-template {name}", "--app-name and --name-template do not go together", one],
    ["ks/x hr/x --app-name a", "--app-name goes with a single workload", "Use --name-template for several"],
    ["--all --app-name a", "--app-name goes with a single workload", "Use --name-template for several"],
    ["ks/x --app-name A", /^--app-name "A" is no name: it must consist of lower-case letters/, seeHelp],
    [
      "ks/x --project a --project-template {name}",
      "--project and --project-template do not go together",
      one,
    ],
    ["ks/x --project _", /^--project "_" is no name: it must consist of/, seeHelp],
    ["ks/x --server prod", '--server "prod" is no URL of a cluster', /^It is the Application's destination/],
    ["ks/x --label team", '--label "team" is not KEY=VALUE', "Write --label team=web"],
    ["ks/x --label =web", '--label "=web" is not KEY=VALUE', "Write --label team=web"],
    ["ks/x --label team=a/b", /^--label "team=a\/b" is not allowed: it must consist of/, seeHelp],
    [
      "ks/x --label app.kubernetes.io/managed-by=me",
      "--label app.kubernetes.io/managed-by is not allowed: flamingo sets it itself",
      seeHelp,
    ],
    ["ks/x --annotation a b", '"b" does not say which kind it is', /^Write ks\/b/],
    [
      "--all --name-template {names}",
      '--name-template "{names}" has {names}, which stands for nothing',
      "There are {namespace}, {name}, {kind}, {cluster}",
    ],
    ["--all --name-template app", '--name-template "app" gives every workload the same text', /^Use /],
  ])("flamingo generate-app %s", async (line, sentence, hint) => {
    const [said, hinted] = await wrong(`generate-app ${line}`);
    expect(said).toMatch(sentence instanceof RegExp ? sentence : exactly(sentence));
    expect(hinted).toMatch(hint instanceof RegExp ? hint : exactly(hint));
  });

  test.each(["generate-app --tokn=s3cret", "generate-app --toke s3cret", "--tokn=s3cret generate-app ks/x"])(
    "does not repeat what may be a secret: %s",
    async (line) => {
      expect((await wrong(line)).join()).not.toContain("s3cret");
    },
  );
});

describe("flags", () => {
  test.each([
    ["generate-app ks/x -n web --export", "-n web --export generate-app ks/x"],
    ["generate-app ks/x -n web --export", "-n web generate-app --export ks/x"],
    ["generate-app ks/x -n web --export", "--export --namespace=web gen-app ks/x"],
    ["generate-app ks/x -o json -n web", "-o json generate-app ks/x -n=web"],
    ["generate-app ks/x -n generate-app", "-n generate-app generate-app ks/x"],
    ["generate-app ks/x --as-group a --as-group b", "--as-group a generate-app --as-group b ks/x"],
    ["generate-app --all -A -n web", "generate-app --all -An web"],
    ["generate-app --all -A -n web", "generate-app --all -Anweb"],
  ])("%s is %s", async (usual, unusual) => {
    expect(await parsed(unusual)).toEqual(await parsed(usual));
  });

  test.each([
    ["-o json", { output: "json" }],
    ["-ojson", { output: "json" }],
    ["-o=json", { output: "json" }],
    ["--output json", { output: "json" }],
    ["--output=json", { output: "json" }],
    ["-l=team=web", { selector: "team=web" }],
    ["-lteam=web", { selector: "team=web" }],
    ["--selector=team=web,tier!=db", { selector: "team=web,tier!=db" }],
    ["--label a=b=c", { label: ["a=b=c"] }],
    ["--label a=1 --label=b=2", { label: ["a=1", "b=2"] }],
    ["-f a -fb -f=c --filename d -f -", { filename: ["a", "b", "c", "d", "-"] }],
    ["-f a,b", { filename: ["a,b"] }],
    ["--app-name a --app-name b", { appName: "b" }],
    ["--app-name=", { appName: "" }],
    ["--app-name --export", { appName: "--export" }],
    ["--export", { export: true }],
    ["--export=true", { export: true }],
    ["--export=T --diff=1", { export: true, diff: true }],
    ["--export=false", {}],
    ["--export --export=false", {}],
    ["--export=0 --export", { export: true }],
    ["-A=true", { allNamespaces: true }],
    ["-A --all-namespaces=false", {}],
    ["--all -A", { all: true, allNamespaces: true }],
    ["--dry-run", { dryRun: "client" }],
    ["--dry-run=server", { dryRun: "server" }],
    ["--dry-run=server --dry-run", { dryRun: "client" }],
    ["--no-color", { noColor: true }],
    ["--no-color=false", {}],
    ["--insecure-skip-tls-verify", { insecureSkipTlsVerify: true }],
    ["--timeout 90s", { timeout: 90_000 }],
    ["--timeout 1h30m", { timeout: 5_400_000 }],
    ["--timeout 1.5s", { timeout: 1500 }],
    ["--timeout 5", { timeout: 5000 }],
    ["--timeout 0", { timeout: 0 }],
    ["--timeout 1ns", { timeout: 1 }],
    ["--request-timeout 600h", { requestTimeout: 2 ** 31 - 1 }],
    [
      "--cache-dir /tmp --kube-api-qps 5 --kube-api-burst=10",
      { cacheDir: "/tmp", kubeApiQps: "5", kubeApiBurst: "10" },
    ],
  ])("%s", async (line, wanted) => {
    expect(await options(line)).toEqual(wanted);
  });

  test.each(["ks", "KS", "kustomization", "Kustomizations", "kustomizations.kustomize.toolkit.fluxcd.io"])(
    "--kind %s",
    async (word) => expect(await options(`--kind ${word}`)).toEqual({ kind: "Kustomization" }),
  );

  test.each(["hr", "HelmRelease", "helmreleases", "helmreleases.helm.toolkit.fluxcd.io"])(
    "--kind %s",
    async (word) => expect(await options(`--kind=${word}`)).toEqual({ kind: "HelmRelease" }),
  );

  test("a bare --dry-run leaves the next word alone", async () => {
    expect(await parsed("generate-app --dry-run ks/x")).toEqual({
      options: { dryRun: "client" },
      args: ["ks/x"],
    });
    expect((await parsed("generate-app ks/x --dry-run server")).args).toEqual(["ks/x", "server"]);
  });

  test("what follows -- is no flag", async () => {
    expect(await parsed("generate-app --export -- ks/x --diff -n")).toEqual({
      options: { export: true },
      args: ["ks/x", "--diff", "-n"],
    });
    expect((await parsed("generate-app ks/a -- --")).args).toEqual(["ks/a", "--"]);
  });

  test("REFs and flags in any order", async () => {
    expect(await parsed("generate-app ks/a -n web hr/b --export ks/c")).toEqual({
      options: { namespace: "web", export: true },
      args: ["ks/a", "hr/b", "ks/c"],
    });
  });

  test("those that are only accepted are not in the help", async () => {
    const { stdout } = await flamingo("generate-app --help");
    expect(stdout).not.toMatch(/cache-dir|kube-api-/);
    const run = await flamingo(
      "generate-app --all -f - --cache-dir /nowhere --kube-api-qps=1 --kube-api-burst 2",
      {
        stdin: podinfo,
      },
    );
    expect(run.exitCode).toBe(0);
  });
});

describe("namespaces", () => {
  async function namespaces(line: string, env: Record<string, string>) {
    const run = await flamingo(`generate-app --all -f - ${line}`, { stdin: podinfo, env });
    expect(run.exitCode).toBe(0);
    const [, app] = /^ {2}namespace: (.*)$/m.exec(run.stdout) ?? [];
    const [, flux] = /^ {4}namespace: (.*)$/m.exec(run.stdout) ?? [];
    // that one is guessed is another matter
    const warnings = run.stderr.split("\n").filter((line) => /^⚠ (?!.* have no namespace)/.test(line));
    return { app, flux, warnings };
  }

  test.each([
    ["", {}, "flux-system", "argocd"],
    ["", { FLUX_SYSTEM_NAMESPACE: "flux", FLAMINGO_APP_NAMESPACE: "apps" }, "flux", "apps"],
    ["-n web -N show", { FLUX_SYSTEM_NAMESPACE: "flux", FLAMINGO_APP_NAMESPACE: "apps" }, "web", "show"],
    ["", { FLUX_SYSTEM_NAMESPACE: "", FLAMINGO_APP_NAMESPACE: "" }, "flux-system", "argocd"],
  ])("%s with %o", async (line, env, flux, app) => {
    expect(await namespaces(line, env as Record<string, string>)).toEqual({ flux, app, warnings: [] });
  });

  test("a bad variable is a warning, and the default counts", async () => {
    const rule =
      "it must consist of lower-case letters, digits and '-', and start and end with a letter or digit";
    expect(await namespaces("", { FLUX_SYSTEM_NAMESPACE: "Flux", FLAMINGO_APP_NAMESPACE: "a_b" })).toEqual({
      flux: "flux-system",
      app: "argocd",
      warnings: [
        `⚠ FLUX_SYSTEM_NAMESPACE="Flux" is ignored, since it is no namespace: ${rule}; FLAMINGO_APP_NAMESPACE="a_b" is ignored, since it is no namespace: ${rule}`,
      ],
    });
    expect((await namespaces("-n web", { FLUX_SYSTEM_NAMESPACE: "Flux" })).warnings).toEqual([]);
  });
});

test("a bug says where to report it, with exit code 70", async () => {
  let stderr = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      stderr += chunk;
      done();
    },
  });
  const screen = { stream, isTTY: false, columns: undefined };
  const exitCode = await main(["generate-app", "--all", "-f", "clusters"], {
    stdout: screen,
    stderr: screen,
    stdin: Readable.from([]),
    env: {},
    get cwd(): never {
      throw new TypeError("injected");
    },
    file: "",
    signal: new AbortController().signal,
    now: () => new Date(0),
  });
  expect(exitCode).toBe(70);
  const [sentence, ...lines] = stderr.trimEnd().split("\n");
  expect(sentence).toMatch(/^✗ This is a bug of flamingo dev \(Node \d+\.\d+\.\d+\): TypeError: injected$/);
  expect(lines.pop()).toBe(
    "  hint: Please report it with the command line at https://github.com/flux-subsystem-argo/flamingo/issues",
  );
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(/^ {4}at /);
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}

/** Up to a comment, a pipe or a file. */
const linesIn = (text: string) =>
  [...text.matchAll(/^\$ (flamingo [^#|>\n]*)/gm)].map(([, line = ""]) => line.trim());

describe.each(["README.md", "docs/ci.md", "docs/install.md"])("%s", (path) => {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  test.each(linesIn(text))("has a command line that is right: %s", async (line) =>
    expect(await parseCommandLine(words(line).slice(1), "flamingo")).toBeDefined(),
  );
});
