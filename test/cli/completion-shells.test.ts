import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtPackage, manifest, root } from "../built-package.js";
import { flamingo } from "../flamingo.js";
import { folderWith } from "../folder.js";
import { spawnProgram } from "../spawn.js";

const context = "arn:aws:eks:eu-1:1:cluster/dev";
const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: dev, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: me, user: {} }]
contexts: [{ name: "${context}", context: { cluster: dev, user: me } }]
`;

/** How each is started with nobody's settings, and loads what `flamingo completion` prints. */
const shells = {
  bash: { start: "bash --norc --noprofile -i", load: "source <(flamingo completion bash)" },
  zsh: {
    start: "zsh -f -i",
    load: "autoload -U compinit; compinit -D -u; source <(flamingo completion zsh)",
  },
};

/** A PATH with what npm puts there of the package, and a kubeconfig of one context. */
function surroundings(): Record<string, string> {
  const programs = Object.entries(manifest.bin).map(([name, file]) => [
    name,
    `#!/bin/sh\nexec "${process.execPath}" "${join(builtPackage(), file)}" "$@"\n`,
  ]);
  const folder = folderWith({ ...Object.fromEntries(programs), config: kubeconfig });
  for (const [name = ""] of programs) chmodSync(join(folder, name), 0o755);
  return {
    PATH: [folder, process.env["PATH"]].join(delimiter),
    HOME: folder,
    KUBECONFIG: join(folder, "config"),
  };
}

/** What the line has become after the tab key: it is printed by the shell that completed it. */
async function completed(shell: keyof typeof shells, typed: string): Promise<string> {
  const { start, load } = shells[shell];
  const { child, ended } = spawnProgram(
    "script",
    ["-qec", `cd "${root}" && ${start}`, "/dev/null"],
    surroundings(),
  );
  let shown = "";
  const shows = (text: string) =>
    expect.poll(() => shown, { timeout: 20_000, interval: 20 }).toMatch(new RegExp(`^${text}`, "m"));
  child.stdout.on("data", (text: string) => {
    shown += text;
  });
  child.stdin.write(`${load}; echo loa""ded\n`);
  await shows("loaded");
  // to the beginning of the line and to its end again
  child.stdin.write(`${typed}\t\x01echo go""t=\x05\n`);
  await shows("got=");
  child.stdin.write("exit\n");
  const { stdout } = await ended;
  // zsh takes back the slash behind a folder
  return /^got=(.*?)\/?\r?$/m.exec(stdout)?.[1] ?? "";
}

const lines: [typed: string, completed: string][] = [
  ["flamingo gen", "flamingo generate-app"],
  ["flamingo generate-app --eng", "flamingo generate-app --engine"],
  ["flamingo generate-app --engine l", "flamingo generate-app --engine loopback"],
  ["flamingo generate-app --engine=l", "flamingo generate-app --engine=loopback"],
  ["flamingo check --context ar", `flamingo check --context ${context}`],
  ["flamingo check --context=arn:aws:e", `flamingo check --context=${context}`],
  ["flamingo check --context arn:aws:eks:", `flamingo check --context ${context}`],
  ["flamingo generate-app --output-dir exam", "flamingo generate-app --output-dir examples"],
  ["flamingo generate-app -f CHANGE", "flamingo generate-app -f CHANGELOG.md"],
];

for (const shell of Object.keys(shells) as (keyof typeof shells)[]) {
  describe.skipIf(!isThere(shell) || !isThere("script"))(shell, () => {
    test.each(lines)("%s", async (typed, expected) => {
      expect(await completed(shell, typed)).toBe(expected);
    });
  });
}

describe.skipIf(!isThere("fish"))("fish", () => {
  test.each(lines)("%s", async (typed, expected) => {
    const script = `flamingo completion fish | source; complete -C '${typed}'`;
    const { stdout, stderr } = await spawnProgram(
      "fish",
      ["--no-config", "-c", `cd "${root}"; ${script}`],
      surroundings(),
    ).ended;
    const last = (line: string) => line.split(" ").at(-1);
    expect({
      stderr,
      words: stdout
        .trim()
        .split("\n")
        .map((line) => line.split("\t")[0]?.replace(/\/$/, "")),
    }).toEqual({
      stderr: "",
      words: [last(expected)],
    });
  });
});

describe.skipIf(!isThere("kubectl", ["version", "--client"]))("kubectl", () => {
  test("completes kubectl flamingo", async () => {
    const { exitCode, stdout } = await spawnProgram(
      "kubectl",
      ["__complete", "flamingo", "list-candidates", "-o", "w"],
      surroundings(),
    ).ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "wide\n:4\n" });
  });
});

test.each([
  ["bash", /^complete -F _flamingo flamingo$/m],
  ["zsh", /^#compdef flamingo\n/],
  ["fish", /^complete -c flamingo /m],
  ["powershell", /^Register-ArgumentCompleter -Native -CommandName flamingo /m],
])("completion %s prints a script", async (shell, pattern) => {
  const { exitCode, stdout, stderr } = await flamingo(`completion ${shell}`);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(pattern);
});

test("of another shell there is none", async () => {
  expect(await flamingo("completion tcsh")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: '✗ There is no completion for "tcsh"\n  hint: Choose bash, zsh, fish or powershell\n',
  });
});

function isThere(program: string, args = ["--version"]): boolean {
  const { status } = spawnSync(program, args, { stdio: "ignore" });
  if (status !== 0) process.stderr.write(`⚠ Tests of completion in ${program} are skipped: there is none\n`);
  return status === 0;
}
