import { describe, expect, test } from "vitest";
import { asTyped, programOf } from "../../src/cli/called-as.js";
import { flamingo } from "../flamingo.js";

test.each([
  ["/usr/local/bin/kubectl-flamingo", "kubectl flamingo"],
  ["/opt/flamingo/bin/kubectl-flamingo.cjs", "kubectl flamingo"],
  ["/usr/local/bin/flamingo", "flamingo"],
  ["/opt/kubectl-flamingo/bin/flamingo.cjs", "flamingo"],
  [undefined, "flamingo"],
])("programOf() of %s", (file, program) => expect(programOf(file)).toBe(program));

test.each([
  ["Run flamingo loopback", "Run kubectl flamingo loopback"],
  ["See 'flamingo generate-app --help'", "See 'kubectl flamingo generate-app --help'"],
  ["flamingo --help, flamingo COMMAND --help", "kubectl flamingo --help, kubectl flamingo COMMAND --help"],
  [
    "kustomize build DIR | flamingo gen-app --all -f -",
    "kustomize build DIR | kubectl flamingo gen-app --all -f -",
  ],
  ["kubectl flamingo check", "kubectl flamingo check"],
  // the name of the program, not a command line
  ["flamingo did not make it", "flamingo did not make it"],
  ["flamingo cannot list Nodes", "flamingo cannot list Nodes"],
  ["flamingo checks, flamingo version-like", "flamingo checks, flamingo version-like"],
  [
    "https://github.com/flux-subsystem-argo/flamingo check",
    "https://github.com/flux-subsystem-argo/flamingo check",
  ],
])("asTyped() of %s", (text, typed) => {
  expect(asTyped(text, "kubectl flamingo")).toBe(typed);
  expect(asTyped(text, "flamingo")).toBe(text);
});

describe("kubectl flamingo", () => {
  const file = "/usr/local/bin/kubectl-flamingo";

  test("says so in its help", async () => {
    const { stdout } = await flamingo("--help", { file });
    expect(stdout).toMatch(/^Usage: kubectl flamingo COMMAND \[flags\]\n/);
    expect(stdout).toMatch(
      /See 'kubectl flamingo COMMAND --help' for the flags and examples of a command\.\n$/,
    );
  });

  test("says so in the help of a command", async () => {
    const { stdout } = await flamingo("generate-app --help", { file });
    expect(stdout).toMatch(/^Usage: kubectl flamingo generate-app \[REF\.\.\.\] \[flags\]\n/);
    expect(stdout.match(/^ {2}\S*flamingo .*$/gm)).toBeNull();
    expect(stdout).toMatch(/^ {2}kubectl flamingo generate-app --all -A$/m);
  });

  test("says so in hints and steps", async () => {
    expect(await flamingo("no-such", { file })).toMatchObject({
      stderr: expect.stringContaining("kubectl flamingo --help"),
    });
    expect(await flamingo("check 1", { file })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("hint: See 'kubectl flamingo check --help'\n"),
    });
    const { stderr } = await flamingo("generate-app --all -f examples/podinfo", { file });
    expect(stderr).toContain("kubectl flamingo loopback must run to fill it");
  });
});
