import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Fault } from "../../src/support-matrix/checks.js";
import { parseMatrix } from "../../src/support-matrix/parse-matrix.js";

const sum = "0123456789abcdef".repeat(4);

/** A small matrix with one of everything. */
const small = () => ({
  imageRepository: "ghcr.io/a/b",
  platforms: ["linux/amd64"],
  profiles: { P01: { asksFor: { HelmRelease: "v2beta1" }, treeOwner: {}, creates: {}, can: ["createOci"] } },
  candidates: [
    {
      flamingo: "v2.8.4",
      argocd: "v2.8.4",
      image: "v2.8.4-fl.21-main-6c72e98c",
      repository: "ghcr.io/c/d",
      platforms: ["linux/arm64"],
      patchLevel: 21,
      date: "2023-09-19",
      channel: "stable",
      status: "established",
      confidence: "high",
      evidence: ["index"],
      flux: "v2.1.1",
      profile: "P01",
    },
  ],
  manifests: { "v2.8.4": { "install.yaml": sum, "crds/applicationset-crd.yaml": null } },
  testedKubernetes: { "2.8": { min: "1.24", max: "1.27" } },
  advisorySource: "somewhere",
  advisories: [
    {
      id: "GHSA-aaaa-bbbb-cccc",
      aliases: ["CVE-2024-1"],
      severity: null,
      summary: "x",
      affected: [
        { from: "0", fixed: "2.8.5" },
        { from: "3.0.0-0", limit: "4.0.0-0" },
      ],
    },
  ],
});

/** The same with something put at a path, or taken away. */
function broken(path: string, value?: unknown): unknown {
  const whole: unknown = small();
  const keys = path.split(" ");
  const last = keys.pop() ?? "";
  const holder = keys.reduce((at, key) => (at as Record<string, unknown>)[key], whole) as Record<
    string,
    unknown
  >;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return whole;
}

test("a whole one is taken, with what it says beyond", () => {
  expect(parseMatrix(small())).toEqual(small());
  expect(parseMatrix(broken("candidates 0 tomorrow", 1))).toEqual(small());
  expect(parseMatrix(broken("candidates", []))).toMatchObject({ candidates: [] });
  expect(parseMatrix(broken("candidates 0 profile", null))).toMatchObject({
    candidates: [{ profile: null }],
  });
});

test.each<[path: string, value: unknown, fault: string]>([
  ["candidates 0 profile", "P99", "candidates[0].profile: no profile P99"],
  ["candidates 0 profile", "toString", "candidates[0].profile: no profile toString"],
  ["candidates 0 profile", 1, "candidates[0].profile: 1 is no text"],
  ["candidates 0 profile", undefined, "candidates[0]: profile is missing"],
  ["candidates 0 flamingo", "2.8.4", 'candidates[0].flamingo: "2.8.4" is not a version such as v2.8.4'],
  ["candidates 0 argocd", undefined, "candidates[0]: argocd is missing"],
  ["candidates 0 image", "", 'candidates[0].image: "" is not a name'],
  ["candidates 0 patchLevel", -1, "candidates[0].patchLevel: -1 is no whole number"],
  ["candidates 0 patchLevel", 1.5, "candidates[0].patchLevel: 1.5 is no whole number"],
  ["candidates 0 date", "yesterday", 'candidates[0].date: "yesterday" is not a date such as 2023-09-19'],
  ["candidates 0 channel", "beta", 'candidates[0].channel: "beta" is none of stable, dev, unlisted'],
  ["candidates 0 evidence", [], "candidates[0].evidence: the list is empty"],
  ["candidates 0 evidence", ["index", 5], "candidates[0].evidence[1]: 5 is no text"],
  ["candidates 0 flux", 2, "candidates[0].flux: 2 is not a version such as v2.1.1"],
  [
    "candidates 0 platforms",
    ["amd64"],
    'candidates[0].platforms[0]: "amd64" is not a platform such as linux/amd64',
  ],
  ["candidates 1", "x", 'candidates[1]: "x" is no object'],
  [
    "candidates 1",
    small().candidates[0],
    "candidates[1].image: v2.8.4-fl.21-main-6c72e98c is that of candidates[0], too",
  ],
  ["candidates", {}, "candidates: {} is no list"],
  ["candidates", undefined, "candidates is missing"],
  [
    "profiles P01 asksFor HelmRelease",
    "2",
    'profiles.P01.asksFor.HelmRelease: "2" is not a version of an API such as v1beta2',
  ],
  [
    "profiles P01 can",
    ["fly"],
    /^profiles\.P01\.can\[0\]: "fly" is none of workloadNameLabel, / as unknown as string,
  ],
  ["profiles P01", null, "profiles.P01: null is no object"],
  [
    "manifests v2.8.4 install.yaml",
    "abc",
    'manifests["v2.8.4"]["install.yaml"]: "abc" is not a sha256 in hex',
  ],
  [
    "advisories 0 id",
    "CVE-2024-1",
    'advisories[0].id: "CVE-2024-1" is not an id such as GHSA-9766-5277-j5hr',
  ],
  [
    "advisories 0 severity",
    "bad",
    'advisories[0].severity: "bad" is none of critical, high, moderate, low, null',
  ],
  ["advisories 0 affected 0 fixed", undefined, "advisories[0].affected[0]: it needs either fixed or limit"],
  ["advisories 0 affected 0 limit", "3.0.0", "advisories[0].affected[0]: it needs either fixed or limit"],
  [
    "advisories 0 affected 0 from",
    "v1",
    'advisories[0].affected[0].from: "v1" is not a version such as 2.8.4, or 0',
  ],
  [
    "imageRepository",
    ["a".repeat(80)],
    /^imageRepository: \["a{55}\.\.\. is not a name$/ as unknown as string,
  ],
])("%s = %j", (path, value, fault) => {
  expect(() => parseMatrix(broken(path, value))).toThrow(Fault);
  expect(() => parseMatrix(broken(path, value))).toThrow(fault);
});

test.each([null, [], "text", 5, true])("%j is no matrix", (value) => {
  expect(() => parseMatrix(value)).toThrow(`${JSON.stringify(value)} is no object`);
});

const schema = JSON.parse(readFileSync("schemas/support-matrix.schema.json", "utf8"));
const validate = new Ajv({ strict: true, strictRequired: false }).compile(schema);

/** Every place of the small matrix: "candidates 0 date". */
function places(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const place = path === "" ? key : `${path} ${key}`;
    return [place, ...places(item, place)];
  });
}

test("refuses what the schema refuses, and nothing else but what a schema cannot say", () => {
  const values = fc.oneof(
    fc.constantFrom(
      undefined,
      null,
      "",
      "v2.8.4",
      "2.8.4",
      "v1",
      "P01",
      "linux/amd64",
      0,
      -1,
      1.5,
      true,
      [],
      {},
      sum,
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...places(small())), values, (path, value) => {
      const whole = JSON.parse(JSON.stringify(broken(path, value)));
      let fault: unknown;
      try {
        parseMatrix(whole);
      } catch (error) {
        fault = error;
      }
      const onlyOurs = fault instanceof Fault && /: no profile /.test(fault.message);
      expect(fault === undefined || onlyOurs, `${path} = ${JSON.stringify(value)}: ${String(fault)}`).toBe(
        validate(whole),
      );
    }),
    { numRuns: 2000 },
  );
});
