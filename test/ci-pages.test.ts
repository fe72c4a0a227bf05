import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, onTestFailed } from "vitest";
import { git, ks } from "./builders/flux.js";
import { yaml } from "./builders/kube.js";
import { root } from "./built-package.js";
import { folderWith } from "./folder.js";
import { buildTest } from "./follow/build-test.js";
import type { BuildPrograms } from "./follow/programs.js";
import { GitRepository } from "./git-repository.js";
import { bareEnv, binFile } from "./spawn.js";

const [github, gitlab] = [
  ...readFileSync(join(root, "docs/ci.md"), "utf8").matchAll(/^```yaml\n(.*?)^```/gms),
].map(([, text = ""]) => load(text) as { applications: { script: string[] }; jobs: Jobs });

interface Jobs {
  applications: { steps: { name?: string; run?: string }[] };
}

const stepOfGitHub = (wanted: string) =>
  github?.jobs.applications.steps.find(({ name }) => name === wanted)?.run ?? "";
const scriptOfGitLab = () => gitlab?.applications.script.join("\n") ?? "";

const sourceRef = { kind: "GitRepository", name: "flux-system", namespace: "flux-system" };
const web = (path: string) => yaml(ks("flux-system/web", { path, sourceRef }));

/** The checkout of a pull request: a merge of its branch into "main". */
function pullRequest(changed: string): GitRepository {
  const config = yaml({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", namespace: "x" } });
  const repository = GitRepository.with({
    "prod/gotk-sync.yaml": yaml(
      git("flux-system/flux-system"),
      ks("flux-system/flux-system", { path: "prod", sourceRef }),
    ),
    "prod/web.yaml": web("apps/web"),
    "apps/web/config.yaml": config,
    "apps/shop/config.yaml": config,
  });
  repository.git("checkout", "-q", "-b", "change");
  repository.commit({ "prod/web.yaml": changed });
  repository.git("checkout", "-q", "main");
  repository.git("merge", "-q", "--no-ff", "-m", "merge", "change");
  return repository;
}

/** Runs a script of a pipeline with flamingo itself, and programs that only tell how they were called. */
function runScript(script: string, cwd: string, { kustomize }: BuildPrograms, env: Record<string, string>) {
  const calls = join(folderWith(), "calls");
  const programs = {
    flamingo: `exec "${process.execPath}" "${binFile()}" "$@"`,
    gh: `echo "gh $*" >>"${calls}"; case "$*" in *--paginate*) echo "$COMMENT_ID" ;; esac`,
    curl: `echo "curl $*" >>"${calls}"`,
  };
  const bin = folderWith();
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const file = join(bin, "script.sh");
  writeFileSync(file, script);
  const path = [bin, dirname(kustomize), process.env["PATH"]].join(delimiter);
  const run = spawnSync("bash", ["-e", file], {
    cwd,
    env: { ...bareEnv(env), PATH: path },
    encoding: "utf8",
  });
  onTestFailed(() => void process.stderr.write(run.stderr));
  return {
    exitCode: run.status,
    stderr: run.stderr,
    calls: existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [],
  };
}

const changes =
  "### Applications: 1 changed\n\n| Change | Application | Workload | What |\n| --- | --- | --- | --- |\n" +
  "| changed | `flux-system-web-ks` | Kustomization `flux-system/web` | `spec.source.path`: `apps/web` → `apps/shop` |\n";
const unreadable = yaml(ks("flux-system/x", { path: "nowhere", sourceRef }));

describe.each([
  { what: "a change", changed: web("apps/shop"), exitCode: 0, comment: changes },
  {
    what: "no change",
    changed: `# the same\n${web("apps/web")}`,
    exitCode: 0,
    comment: "### Applications: no change\n",
  },
  {
    what: "what cannot be read",
    changed: `${web("apps/web")}---\n${unreadable}`,
    exitCode: 1,
    comment: "**1 thing could not be read**",
  },
])("of a pull request with $what", ({ changed, exitCode, comment }) => {
  buildTest("GitHub's pipeline writes a summary and a comment, and changes that", async ({ programs }) => {
    const { folder } = pullRequest(changed);
    const temp = folderWith();
    const body = join(temp, "comment.md");
    const env = { RUNNER_TEMP: temp, GITHUB_STEP_SUMMARY: join(temp, "summary.md") };
    expect(runScript(stepOfGitHub("compare"), folder, programs, env).exitCode).toBe(exitCode);
    expect(readFileSync(body, "utf8")).toContain(comment);
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, "utf8")).toBe(readFileSync(body, "utf8"));

    const commenting = { RUNNER_TEMP: temp, COMMENTS: "repos/o/r/issues", NUMBER: "7" };
    const [listed, ...first] = runScript(stepOfGitHub("comment"), folder, programs, commenting).calls;
    // what it finds its own comment by
    expect(listed).toContain('startswith("### Applications: ")');
    expect(first).toEqual([`gh api -X POST repos/o/r/issues/7/comments -F body=@${body} --silent`]);
    const again = runScript(stepOfGitHub("comment"), folder, programs, { ...commenting, COMMENT_ID: "12" });
    expect(again.calls.slice(1)).toEqual([
      `gh api -X PATCH repos/o/r/issues/comments/12 -F body=@${body} --silent`,
    ]);
  });

  buildTest("GitLab's pipeline writes an artifact and a comment", async ({ programs }) => {
    const repository = pullRequest(changed);
    const base = repository.git("rev-parse", "HEAD^1");
    const env = {
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
      CI_API_V4_URL: "https://gitlab.example/api/v4",
      CI_PROJECT_ID: "3",
      CI_MERGE_REQUEST_IID: "7",
    };
    const silent = runScript(scriptOfGitLab(), repository.folder, programs, env);
    expect(silent).toMatchObject({ exitCode, calls: [] });
    expect(readFileSync(join(repository.folder, "comment.md"), "utf8")).toContain(comment);
    const { calls } = runScript(scriptOfGitLab(), repository.folder, programs, {
      ...env,
      COMMENT_TOKEN: "t",
    });
    const notes = "https://gitlab.example/api/v4/projects/3/merge_requests/7/notes";
    const said = `curl -fsS -H PRIVATE-TOKEN: t -F body=<comment.md -o /dev/null ${notes}`;
    expect(calls).toEqual(comment.includes("no change") ? [] : [said]);
  });
});

buildTest("GitHub's pipeline comments nothing where nothing was compared", async ({ programs }) => {
  const temp = folderWith({ "comment.md": "" });
  const env = { RUNNER_TEMP: temp, COMMENTS: "repos/o/r/issues", NUMBER: "7" };
  expect(runScript(stepOfGitHub("comment"), temp, programs, env)).toMatchObject({ exitCode: 0, calls: [] });
});
