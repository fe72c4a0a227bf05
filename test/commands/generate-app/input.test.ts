import { chmodSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { charts, hr, ks, src } from "../../builders/flux.js";
import { yaml } from "../../builders/kube.js";
import { flamingo } from "../../flamingo.js";
import { folderWith } from "../../folder.js";
import { buildTest } from "../../follow/build-test.js";
import { applicationsIn, namesIn } from "./applications.js";

/** Runs with these programs, shell scripts, and no others but the shell's own on the PATH. */
function run(flags: string, programs: Record<string, string>, files: Record<string, string> = {}) {
  const bin = folderWith(
    Object.fromEntries(Object.entries(programs).map(([name, script]) => [name, `#!/bin/sh\n${script}\n`])),
  );
  for (const name of Object.keys(programs)) chmodSync(join(bin, name), 0o755);
  const cwd = folderWith({ "prod/kustomization.yaml": "resources: []\n", ...files });
  return flamingo(`generate-app ${flags}`, { cwd, env: { PATH: bin } });
}

const built = yaml(src, ks("app", { path: "./prod" }));
const engineLine = "► Engine loopback: no cluster was looked at; flamingo loopback must run to fill it\n";

/** A script that prints a text, if it is called with these words in the working folder. */
const prints = (text: string, words: string) =>
  `[ "$*" = "${words}" ] && [ -d prod ] || { echo "called with $*" >&2; exit 9; }\nwhile IFS= read -r line; do printf '%s\\n' "$line"; done <<'END'\n${text}END`;

describe("-k", () => {
  test("reads what kustomize builds", async () => {
    const result = await run("--all -k prod", {
      kustomize: prints(built, "build --load-restrictor=LoadRestrictionsNone prod"),
      kubectl: "exit 9",
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: engineLine });
    expect(applicationsIn(result.stdout)[0]?.spec.source.path).toBe("prod");
  });

  buildTest("takes files outside of the folder, as kustomize-controller does", async ({ programs }) => {
    const cwd = folderWith({
      "overlays/prod/kustomization.yaml": "resources: [../../base/web/ks.yaml]\n",
      "base/web/ks.yaml": built,
    });
    const result = await flamingo("generate-app --all -k overlays/prod -o json", {
      cwd,
      env: { PATH: dirname(programs.kustomize) },
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: engineLine });
    expect(namesIn(result.stdout)).toEqual(["apps-app-ks"]);
  });

  test("takes kubectl where kustomize is missing", async () => {
    const result = await run("ks/app -n apps -k prod -o json", {
      kubectl: prints(built, "kustomize --load-restrictor=LoadRestrictionsNone prod"),
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: engineLine });
    expect(namesIn(result.stdout)).toEqual(["app"]);
  });

  test("with neither, says how to go on", async () => {
    expect(await run("--all -k prod", {})).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(
        "✗ Cannot build prod: neither kustomize nor kubectl is on the PATH\n" +
          "  hint: Install one of them, or pipe what is built: kustomize build DIR | flamingo generate-app --all -f -\n",
      ),
    });
  });

  test("a folder without a kustomization file, for which Flux makes one", async () => {
    const result = await run("--all -k apps", { kustomize: "exit 9" }, { "apps/app.yaml": built });
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain(
      "✗ Cannot build apps: it has no kustomization file\n" +
        "  hint: Where Flux makes one of its own, the files are enough: -f apps\n",
    );
  });

  test("a build that fails is told in kustomize's words, and kubectl is not tried", async () => {
    const result = await run("--all -k prod", {
      kustomize:
        "echo '# Warning: old' >&2\necho 'Error: accumulating resources: no such file' >&2\necho 'a: 1'\nexit 1",
      kubectl: prints(built, "kustomize --load-restrictor=LoadRestrictionsNone prod"),
    });
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain(
      "✗ Cannot build prod: kustomize: Error: accumulating resources: no such file\n" +
        "  hint: See it for yourself: kustomize build --load-restrictor=LoadRestrictionsNone prod\n",
    );
  });

  test("a build that fails without a word", async () => {
    const result = await run("--all -k prod", { kustomize: "exit 3" });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("✗ Cannot build prod: kustomize: Command failed with exit code 3");
  });

  test("warnings of a build that works are not repeated", async () => {
    const result = await run("--all -k prod", {
      kustomize: `echo '# Warning' >&2\n${prints(built, "build --load-restrictor=LoadRestrictionsNone prod")}`,
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: engineLine });
  });

  test.each(["missing", "file.yaml"])("%s is no folder", async (path) => {
    expect(await run(`--all -k ${path}`, { kustomize: "exit 9" }, { "file.yaml": "" })).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(
        `✗ Cannot build ${path}: it is no folder\n  hint: -k takes a folder; -f reads files as they are\n`,
      ),
    });
  });

  test("a source that is not built with it: how to read both", async () => {
    const result = await run("--all -k prod", {
      kustomize: prints(yaml(ks("app")), "build --load-restrictor=LoadRestrictionsNone prod"),
    });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(
      "✗ Cannot generate an Application for Kustomization app in apps: GitRepository src in apps does not exist\n" +
        "  hint: Read the file that holds GitRepository src in apps, too: kustomize build prod | flamingo generate-app --all -f - -f FILE\n",
    );
  });

  test("no Flux in it", async () => {
    const result = await run("--all -k prod", {
      kustomize: prints("a: 1\n", "build --load-restrictor=LoadRestrictionsNone prod"),
    });
    expect(result).toEqual({
      exitCode: 0,
      stdout: "",
      stderr:
        "► Skipped 1 object of another kind\n► No Kustomizations and HelmReleases found in these files\n",
    });
  });

  test("--timeout stops a build that hangs", async () => {
    const start = performance.now();
    const result = await run("--all -k prod --timeout 300ms", { kustomize: "exec /bin/sleep 20" });
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(result.exitCode).toBe(3);
  });
});

describe("-f, one or several", () => {
  test("a file, a folder and stdin together", async () => {
    const cwd = folderWith({ "app.yaml": yaml(ks("file")), "more/app.json": JSON.stringify(ks("folder")) });
    const result = await flamingo("generate-app --all -f - -f app.yaml -f more", {
      cwd,
      stdin: yaml(src, ks("stdin")),
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: engineLine });
    expect(namesIn(result.stdout)).toEqual(["apps-stdin-ks", "apps-file-ks", "apps-folder-ks"]);
  });

  test("a file by two names counts once", async () => {
    const cwd = folderWith({ "a/app.yaml": yaml(src, ks("app")) });
    const result = await flamingo("generate-app --all -f a -f a/app.yaml -f ./a/app.yaml", { cwd });
    expect(result).toMatchObject({ exitCode: 0, stderr: engineLine });
    expect(namesIn(result.stdout)).toEqual(["apps-app-ks"]);
  });

  test("a path that does not exist: nothing is done", async () => {
    const cwd = folderWith({ "app.yaml": yaml(src, ks("app")) });
    expect(await flamingo("generate-app --all -f app.yaml -f gone", { cwd })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "✗ Cannot read gone: it does not exist\n",
    });
  });

  test("a URL: its password is not repeated", async () => {
    const result = await flamingo("generate-app --all -f https://u:s3cret@git.example/a.yaml", {
      cwd: folderWith(),
    });
    expect(result).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "✗ Cannot read https://git.example/a.yaml: it does not exist\n" +
        "  hint: Download it first: -f takes files, folders and - for stdin\n",
    });
  });

  test.each([
    ["an empty folder", {}],
    ["a folder without YAML", { "README.md": "x", "main.tf": "y" }],
    ["a file with comments only", { "a.yaml": "# nothing\n" }],
  ])("%s", async (_, files) => {
    expect(await flamingo("generate-app --all -f .", { cwd: folderWith(files) })).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "► No Kustomizations and HelmReleases found in these files\n",
    });
  });

  test("empty stdin, twice", async () => {
    const result = await flamingo("generate-app --all -f - -f -", { stdin: "" });
    expect(result).toMatchObject({ exitCode: 0, stdout: "" });
  });

  test("links out of the folder are told", async () => {
    const outside = folderWith({ "app.yaml": yaml(src, ks("secret")) });
    const cwd = folderWith({ "app.yaml": yaml(src, ks("app")) });
    symlinkSync(outside, join(cwd, "out"));
    const result = await flamingo("generate-app --all -f .", { cwd });
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: `► Left out: out is a link that leads out of the folder\n${engineLine}`,
    });
    expect(namesIn(result.stdout)).toEqual(["apps-app-ks"]);
  });

  test.each([
    [["-f", ""], "-f is empty"],
    [["-f", "a", "-f", ""], "-f is empty"],
    [["-k", ""], "-k is empty"],
    [["-k", "a", "-f", "b"], "-f and -k do not go together"],
  ])("%j is a wrong command line", async (flags, message) => {
    const result = await flamingo(["generate-app", "--all", ...flags], { cwd: folderWith() });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain(`✗ ${message}\n`);
  });
});

describe("objects without a namespace", () => {
  const lone = (name: string, kind: typeof hr | typeof ks = hr) => {
    const object = kind(name);
    return { ...object, metadata: { name } };
  };
  const said = async (flags: string, ...objects: object[]) => {
    const cwd = folderWith({ "apps/x.yaml": yaml(...objects, charts, src) });
    return (await flamingo(`generate-app --all ${flags}`, { cwd, stdin: yaml(...objects) })).stderr;
  };

  test("are counted where one is guessed, with the way to the right one", async () => {
    expect(await said("-f apps", lone("a"))).toContain(
      "⚠ 1 HelmRelease has no namespace in these files; flux-system is taken\n" +
        "  hint: Have it told by the Kustomizations that apply them: --follow. Or name it: -n NAMESPACE\n",
    );
    expect(await said("-f -", lone("a"), lone("b"), lone("c", ks))).toContain(
      "⚠ 2 HelmReleases and 1 Kustomization have no namespace in these files; flux-system is taken\n" +
        "  hint: Name it: -n NAMESPACE\n",
    );
  });

  test("are not mentioned where it is named", async () => {
    expect(await said("-f apps -n apps", lone("a"))).not.toContain("no namespace");
    expect(await said("-f apps", hr("a"))).not.toContain("no namespace");
  });
});
