import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { git, ks } from "../../builders/flux.js";
import { yaml } from "../../builders/kube.js";
import { flamingo } from "../../flamingo.js";
import { folderWith } from "../../folder.js";
import { buildTest } from "../../follow/build-test.js";
import { GitRepository, runGit } from "../../git-repository.js";

const source = git("apps/src");
const repository = (files: Record<string, string> = {}) =>
  GitRepository.with({
    "apps/source.yaml": yaml(source),
    "apps/web.yaml": yaml(ks("web", { path: "web" })),
    ...files,
  });

async function compared(cwd: string, flags: string) {
  const { exitCode, stdout, stderr } = await flamingo(`generate-app --all -f apps ${flags}`, { cwd });
  return { exitCode, stderr, lines: stdout.trimEnd().split("\n") };
}

describe("--diff-with-ref", () => {
  test("tells what goes, changes and comes", async () => {
    const files = repository({ "apps/old.yaml": yaml(ks("old")), "apps/same.yaml": yaml(ks("same")) });
    files.commit({
      "apps/old.yaml": undefined,
      "apps/web.yaml": yaml(ks("web", { path: "shop" })),
      "apps/new.yaml": yaml(ks("new", { path: "new" })),
    });
    expect(await compared(files.folder, "--diff-with-ref HEAD^1")).toEqual({
      exitCode: 4,
      stderr: "",
      lines: [
        "CHANGE   APPLICATION  WORKLOAD                   WHAT",
        "removed  apps-old-ks  Kustomization old in apps  . of https://git.example/r at main",
        "changed  apps-web-ks  Kustomization web in apps  spec.source.path: web → shop",
        "added    apps-new-ks  Kustomization new in apps  new of https://git.example/r at main",
      ],
    });
  });

  test("is content when nothing changes, and leaves nothing behind", async () => {
    const { folder } = repository();
    const isOurs = (name: string) => name.startsWith("flamingo-commit-");
    const before = readdirSync(tmpdir()).filter(isOurs);
    expect(await compared(folder, "--diff-with-ref main")).toEqual({
      exitCode: 0,
      stderr: "► No Application changes\n",
      lines: [""],
    });
    expect((await compared(folder, "--diff-with-ref main -o json")).lines).toEqual([
      "{",
      '  "items": []',
      "}",
    ]);
    expect(await compared(folder, "--diff-with-ref main -o markdown")).toEqual({
      exitCode: 0,
      stderr: "",
      lines: ["### Applications: no change"],
    });
    expect(readdirSync(tmpdir()).filter(isOurs)).toEqual(before);
  });

  test("compares what stands at a path, where one state has a link in its place", async () => {
    const files = GitRepository.with({
      "prod/all.yaml": yaml(source, ks("web", { path: "web" })),
      "staging/all.yaml": yaml(source, ks("web", { path: "other" })),
    });
    rmSync(join(files.folder, "prod"), { recursive: true });
    symlinkSync("staging", join(files.folder, "prod"));
    const line = "generate-app --all -f prod --diff-with-ref HEAD";
    const { exitCode, stdout } = await flamingo(line, { cwd: files.folder });
    expect(exitCode).toBe(4);
    expect(stdout).toContain("spec.source.path: web → other");
  });

  test("finds what all files held that are gone", async () => {
    const files = repository();
    files.commit({ "apps/source.yaml": undefined, "apps/web.yaml": undefined, "apps/none.yaml": "" });
    const { exitCode, lines } = await compared(files.folder, "--diff-with-ref HEAD^1");
    expect({ exitCode, lines }).toEqual({
      exitCode: 4,
      lines: [expect.anything(), expect.stringMatching(/^removed/)],
    });
  });

  test("takes no Application for gone that a file held which is broken beyond recognition by now", async () => {
    const files = repository({ "apps/a.yaml": yaml(ks("a")), "apps/chart.yaml": "{{ if }}: [" });
    files.commit({ "apps/a.yaml": "nothing: [" });
    const broken = await compared(files.folder, "--diff-with-ref HEAD^1");
    expect(broken.exitCode).toBe(1);
    expect(broken.stderr).toContain("✗ Cannot compare apps/a.yaml: in one state only it is broken\n");
    expect(broken.stderr).not.toContain("✗ Cannot compare apps/chart.yaml");
    expect(broken.lines.slice(1)).toEqual([expect.stringMatching(/^unknown +apps-a-ks /)]);
  });

  test("takes no Application for gone that a broken file may hold, here or there", async () => {
    const files = repository({ "apps/a.yaml": yaml(ks("a")) });
    files.commit({ "apps/a.yaml": `${yaml(ks("a"))}\n  : [` });
    const sentence = "apps/a.yaml: line ";
    const broken = await compared(files.folder, "--diff-with-ref HEAD^1");
    expect(broken.exitCode).toBe(1);
    expect(broken.stderr).toContain(`✗ Cannot read ${sentence}`);
    expect(broken.lines.slice(1)).toEqual([expect.stringMatching(/^unknown +apps-a-ks /)]);

    files.commit({ "apps/a.yaml": yaml(ks("b")) });
    const mended = await compared(files.folder, "--diff-with-ref HEAD^1 -o markdown");
    expect(mended.exitCode).toBe(1);
    expect(mended.stderr).toContain(`✗ Cannot compare with HEAD^1: cannot read ${sentence}`);
    expect(mended.lines.slice(0, 3)).toEqual([
      "### Applications: 1 unknown",
      "",
      "**1 thing could not be read**, so this may not be all: see the output of the job.",
    ]);
  });

  test("takes no Application for gone that cannot be made", async () => {
    const files = repository();
    files.commit({ "apps/source.yaml": undefined });
    const { exitCode, stderr, lines } = await compared(files.folder, "--diff-with-ref HEAD^1");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("GitRepository src in apps");
    expect(lines.slice(1)).toEqual([expect.stringMatching(/^unknown +apps-web-ks /)]);
  });

  test("refuses a commit that a shallow clone lacks", async () => {
    const origin = repository();
    origin.commit({});
    const clone = folderWith();
    runGit(["clone", "-q", "--depth=1", `file://${origin.folder}`, "."], clone);
    expect(await compared(clone, "--diff-with-ref HEAD^1")).toEqual({
      exitCode: 1,
      stderr:
        "✗ Cannot read commit HEAD^1: this shallow clone has no such commit\n" +
        "  hint: Clone more of the history: fetch-depth: 0 of actions/checkout, GIT_DEPTH: 0 on GitLab, or git fetch --unshallow\n",
      lines: [""],
    });
  });

  test("refuses what lies in another repository, which would be compared with itself", async () => {
    const [{ folder }, other] = [repository(), repository()];
    expect(await compared(folder, `-f ${other.folder}/apps --diff-with-ref main`)).toEqual({
      exitCode: 1,
      stderr: `✗ Cannot compare with main: ${other.folder}/apps is not in its repository\n  hint: Name files and folders of one repository with -f\n`,
      lines: [""],
    });
  });

  test("refuses what is in no repository, and submodules that are only here", async () => {
    const cwd = folderWith({ "apps/source.yaml": yaml(source) });
    expect((await compared(cwd, "--diff-with-ref main")).stderr).toBe(
      "✗ Cannot read commit main: apps is in no Git repository\n  hint: Compare with a folder: --diff-with DIR\n",
    );
    const files = repository();
    const hash = files.git("rev-parse", "HEAD");
    files.git("update-index", "--add", "--cacheinfo", `160000,${hash},apps/more`);
    files.git("commit", "-q", "-m", "submodule");
    mkdirSync(join(files.folder, "apps/more"));
    expect((await compared(files.folder, "--diff-with-ref HEAD")).exitCode).toBe(0);
    symlinkSync("../web.yaml", join(files.folder, "apps/more/a.yaml"));
    expect((await compared(files.folder, "--diff-with-ref HEAD")).stderr).toBe(
      "✗ Cannot compare with HEAD: the content of the submodule apps/more is only here\n" +
        "  hint: Compare with a checkout that has it, too: --diff-with DIR\n",
    );
  });
});

describe("--diff-with", () => {
  test("compares with another folder", async () => {
    const cwd = folderWith({
      "apps/all.yaml": yaml(source, ks("web"), ks("new")),
      "base/all.yaml": yaml(source, ks("web")),
    });
    const { exitCode, lines } = await compared(cwd, "--diff-with base -o json");
    const { items } = JSON.parse(lines.join("\n"));
    expect({ exitCode, items }).toMatchObject({
      exitCode: 4,
      items: [
        { change: "added", name: "apps-new-ks", before: null, after: { kind: "Application" }, fields: [] },
      ],
    });
  });

  test.each([
    ["apps", "it is the same"],
    ["apps/base", "one folder lies in the other"],
    [".", "one folder lies in the other"],
  ])("refuses %s", async (other, why) => {
    const cwd = folderWith({ "apps/base/all.yaml": yaml(source) });
    expect(await compared(cwd, `--diff-with ${other}`)).toEqual({
      exitCode: 1,
      stderr: `✗ Cannot compare with ${other}: ${why}\n  hint: Check the other state out beside this one, or name its commit: --diff-with-ref REF\n`,
      lines: [""],
    });
  });

  test("says which folder cannot be read", async () => {
    const cwd = folderWith({ "apps/all.yaml": yaml(source) });
    expect((await compared(cwd, "--diff-with gone")).stderr).toBe(
      "✗ Cannot compare with gone: cannot read gone: it does not exist\n",
    );
  });
});

describe("with --follow", () => {
  const sourceRef = { kind: "GitRepository", name: "flux-system", namespace: "flux-system" };
  const cluster = {
    "prod/flux-system/gotk-sync.yaml": yaml(
      git("flux-system/flux-system"),
      ks("flux-system/flux-system", { path: "prod", sourceRef }),
    ),
    "prod/web.yaml": yaml(ks("flux-system/web", { path: "./apps/web", targetNamespace: "shop", sourceRef })),
    "apps/web/api.yaml": yaml(ks("web/api", { path: "work", sourceRef })),
    "charts/other.yaml": yaml(ks("charts/other", { path: "work", sourceRef })),
    "work/settings.yaml": yaml({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x", namespace: "x" },
    }),
  };
  const followed = async (cwd: string, kustomize: string, flags: string) => {
    const env = { PATH: `${dirname(kustomize)}:${process.env["PATH"]}` };
    const run = await flamingo(`generate-app --all -f . --follow ${flags}`, { cwd, env });
    const rows = run.stdout.trimEnd().split("\n").slice(1);
    return { ...run, rows: rows.map((row) => row.split(/ +/).slice(0, 2).join(" ")) };
  };

  buildTest("compares what Flux makes of both", async ({ programs }) => {
    const files = GitRepository.with(cluster);
    files.commit({
      "prod/web.yaml": yaml(ks("flux-system/web", { path: "./apps/web", targetNamespace: "web", sourceRef })),
    });
    const { exitCode, rows } = await followed(files.folder, programs.kustomize, "--diff-with-ref HEAD^1");
    expect({ exitCode, rows }).toEqual({ exitCode: 4, rows: ["removed shop-api-ks", "added web-api-ks"] });

    const base = folderWith(cluster);
    const same = await followed(files.folder, programs.kustomize, `--diff-with ${base}`);
    expect(same.rows).toEqual(["removed shop-api-ks", "added web-api-ks"]);
  });

  buildTest("takes nothing for gone that is below what cannot be built", async ({ programs }) => {
    const files = GitRepository.with(cluster);
    files.commit({ "apps/web/kustomization.yaml": "resources: [nowhere.yaml]\n" });
    const broken = await followed(files.folder, programs.kustomize, "--diff-with-ref HEAD^1");
    expect(broken.exitCode).toBe(1);
    expect(broken.rows).toEqual(["unknown shop-api-ks"]);
    files.commit({ "apps/web/kustomization.yaml": undefined });
    const mended = await followed(files.folder, programs.kustomize, "--diff-with-ref HEAD^1");
    expect(mended.rows).toEqual(["unknown shop-api-ks"]);
    expect(mended.stderr).toContain(
      "✗ Cannot compare with HEAD^1: cannot follow Kustomization web in flux-system: cannot build apps/web:",
    );
  });

  buildTest("takes nothing for gone whose content is elsewhere in one of them", async ({ programs }) => {
    const files = GitRepository.with(cluster);
    const other = git("flux-system/other", { url: "https://git.example/other" });
    const moved = ks("flux-system/web", {
      path: "./apps/web",
      sourceRef: { kind: "GitRepository", name: "other" },
    });
    files.commit({ "prod/web.yaml": yaml(other, moved) });
    const away = await followed(files.folder, programs.kustomize, "--diff-with-ref HEAD^1");
    expect(away.exitCode).toBe(1);
    expect(away.rows).toEqual(["unknown shop-api-ks", "changed flux-system-web-ks"]);
    expect(away.stderr).toContain(
      "✗ Cannot tell what Kustomization web in flux-system applies: its content is elsewhere\n" +
        "  hint: Say where the content of its source lies: --source KIND/NAMESPACE/NAME=DIR\n",
    );
    files.commit({ "prod/web.yaml": cluster["prod/web.yaml"] });
    const back = await followed(files.folder, programs.kustomize, "--diff-with-ref HEAD^1");
    expect(back.rows).toEqual(["unknown shop-api-ks", "changed flux-system-web-ks"]);
    expect(back.stderr).toContain("✗ Cannot compare with HEAD^1: cannot tell what Kustomization web");
  });

  buildTest("maps sources into the other state, too", async ({ programs }) => {
    const chartsRef = { kind: "OCIRepository", name: "charts" };
    const files = GitRepository.with({
      ...cluster,
      "prod/charts.yaml": yaml(ks("flux-system/charts", { path: ".", sourceRef: chartsRef })),
    });
    files.commit({
      "charts/other.yaml": undefined,
      "charts/new.yaml": yaml(ks("charts/new", { path: "work", sourceRef })),
    });
    const flags = "--diff-with-ref HEAD^1 --source OCIRepository/flux-system/charts=charts";
    const { rows, stderr } = await followed(files.folder, programs.kustomize, flags);
    expect(stderr).not.toContain("shown, but not followed");
    expect(rows).toEqual(["removed charts-other-ks", "added charts-new-ks"]);
  });
});

test.each([
  [
    "--diff-with base --diff-with-ref main",
    "--diff-with and --diff-with-ref do not go together",
    "Give one of them",
  ],
  ["--diff-with base --export", "--export and --diff-with do not go together", "Give one of them"],
  ["--diff-with-ref=", "--diff-with-ref is empty", "Name a commit"],
  ["-o markdown", "-o markdown goes with --diff-with and --diff-with-ref", "Choose json or yaml"],
  ["--diff-with base -f other", "--diff-with goes with one -f", "Name the folder that holds the others"],
  ["--diff-with base -f -", "--diff-with goes with -f", "Name a folder: -f DIR, or -f DIR --follow"],
])("%s is no command line", async (flags, message, hint) => {
  const { exitCode, stderr } = await compared(folderWith(), flags);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `✗ ${message}\n  hint: ${hint}\n` });
});

test.each([
  ["--all -k apps --diff-with base", "--diff-with goes with -f"],
  ["ks/web -f apps --diff-with base", "--diff-with goes with --all"],
])("generate-app %s is no command line", async (line, message) => {
  const { exitCode, stderr } = await flamingo(`generate-app ${line}`);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(`✗ ${message}\n`) });
});
