import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import type { CandidateRecord } from "../../src/support-matrix/candidate-record.js";
import type { TestCluster } from "../cluster/cluster.js";
import { fluxCrds, fluxMinor, ownClusterTest } from "../cluster/cluster.js";
import { flamingo, type Run } from "../flamingo.js";
import { folderWith } from "../folder.js";
import { golden } from "../golden.js";

const schema = JSON.parse(readFileSync("schemas/list-candidates.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema);

function items({ stdout }: Run): CandidateRecord[] {
  const answer = JSON.parse(stdout);
  expect(validate(answer) || validate.errors).toBe(true);
  return answer.items;
}

describe("without a cluster", () => {
  test.each([
    ["list-candidates", "default.txt"],
    ["list-candidates -o table", "default.txt"],
    ["list-candidate", "default.txt"],
    ["candidates", "default.txt"],
    ["candidate", "default.txt"],
    ["list-candidates --dev", "dev.txt"],
    ["list-candidates --all", "all.txt"],
    ["list-candidates --all --dev", "all.txt"],
    ["list-candidates -o wide", "wide.txt"],
    ["list-candidates -o name", "names.txt"],
    ["list-candidates 2.8 --all", "minor.txt"],
    ["list-candidates v2.8.4 -o json", "one.golden.json"],
    ["list-candidates v2.8.4 -o yaml", "one.yaml"],
    ["list-candidates --help", "help.txt"],
  ])("flamingo %s", async (line, name) => {
    const run = await flamingo(line);
    expect(run).toEqual({ exitCode: 0, stdout: golden(`list-candidates/${name}`, run.stdout), stderr: "" });
  });

  test.each([
    ["", 77],
    ["--dev", 91],
    ["--all", 229],
    ["v2.8.1", 3],
    ["v2.8.1 --all", 5],
    ["v2.8.1-dev", 4],
    ["2.8", 9],
    ["2.8 --dev", 16],
    ["latest", 1],
    // inferred, where there is nothing else
    ["v2.8.13", 2],
    ["v2.10.5-fl.23-main-5958964b", 1],
    ["'>=2.9 <2.10'", 7],
  ])("list-candidates %s has %i", async (line, count) => {
    const list = items(await flamingo(`list-candidates ${line} -o json`));
    expect(list).toHaveLength(count);
    expect(new Set(list.map(({ image }) => image)).size).toBe(count);
    expect(list.every(({ shows }) => shows === null)).toBe(true);
  });

  test("reads another matrix", async () => {
    const whole = JSON.parse(readFileSync("support-matrix.json", "utf8"));
    const own = { ...whole.candidates[200], repository: "ghcr.io/me/argocd", platforms: ["linux/arm64"] };
    const cwd = folderWith({
      "own.json": JSON.stringify({ ...whole, candidates: [own] }),
      "none.json": JSON.stringify({ ...whole, candidates: [] }),
      "broken.json": JSON.stringify({ ...whole, candidates: [{ ...own, profile: "P99" }] }),
    });
    const [only, ...others] = items(
      await flamingo("list-candidates --all --index own.json -o json", { cwd }),
    );
    expect(only).toMatchObject({ reference: `ghcr.io/me/argocd:${own.image}`, platforms: ["linux/arm64"] });
    expect(others).toEqual([]);
    expect(await flamingo("list-candidates --index none.json", { cwd })).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "► The support matrix has no such FSA image\n",
    });
    expect(await flamingo("list-candidates --index broken.json -o json", { cwd })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "✗ Cannot use the support matrix broken.json: candidates[0].profile: no profile P99\n  hint: schemas/support-matrix.schema.json in flamingo's package says what it must look like\n",
    });
  });

  test.each([
    [
      "v2.8.7",
      5,
      '✗ Cannot choose an FSA image for "v2.8.7": none has this version\n  hint: The nearest are v2.8.6 and v2.8.10: see flamingo list-candidates --all\n',
    ],
    [
      "'>=3'",
      5,
      '✗ Cannot choose an FSA image for ">=3": none is in this range\n  hint: The nearest is v2.10.5: see flamingo list-candidates --all\n',
    ],
    [
      "podinfo",
      2,
      '✗ "podinfo" is no version of Flamingo\n  hint: Write it as v2.8.4, as 2.8 for the newest of a minor, as latest, as a range (">=2.8 <2.10") or as an image\'s tag\n',
    ],
  ])("list-candidates %s", async (version, exitCode, stderr) => {
    expect(await flamingo(`list-candidates ${version}`)).toEqual({ exitCode, stdout: "", stderr });
  });

  test.each(["list-candidates 2.8 2.9", "list-candidates --output xml", "list-candidates --compatibel"])(
    "%s is a wrong line",
    async (line) => expect(await flamingo(line)).toMatchObject({ exitCode: 2, stdout: "" }),
  );

  test("--compatible needs a cluster", async () => {
    expect(await flamingo("list-candidates --compatible")).toMatchObject({ exitCode: 1, stdout: "" });
  });
});

const run = (cluster: TestCluster, line = "") =>
  flamingo(`list-candidates --compatible ${line}`, { kubeconfig: cluster.kubeconfig() });

describe.each(["0.41", "2.2", "2.3", "2.7", "2.9"] as const)("on Flux %s", (minor) => {
  const fluxTest = ownClusterTest((cluster) => cluster.installCrds(fluxMinor(minor)));

  fluxTest("--compatible says what each image shows, and what none does", async ({ cluster }) => {
    const { exitCode, stdout, stderr } = await run(cluster);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(golden(`list-candidates/flux-${minor}.txt`, stdout));
    expect(stderr).toBe(golden(`list-candidates/flux-${minor}.stderr.txt`, stderr));
    const list = items(await run(cluster, "v2.8.4 -o json"));
    const shows = `${JSON.stringify(list[0]?.shows ?? null, null, 2)}\n`;
    expect(shows).toBe(golden(`list-candidates/flux-${minor}.golden.json`, shows));
  });
});

const bareTest = ownClusterTest();

bareTest("a cluster without Flux has no answer", async ({ cluster }) => {
  expect(await run(cluster)).toEqual({
    exitCode: 6,
    stdout: "",
    stderr: `✗ Cannot tell what is compatible: ${cluster.connection.server} serves neither Kustomizations nor HelmReleases\n  hint: Install Flux first, choose another --context, or leave --compatible out\n`,
  });
});

const strangeTest = ownClusterTest((cluster) => cluster.installCrds(fluxCrds({ HelmRelease: ["v3"] })));

strangeTest("a Flux that no image shows anything of", async ({ cluster }) => {
  expect(await run(cluster)).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "► None of these FSA images shows anything of this cluster's Flux\n",
  });
});
