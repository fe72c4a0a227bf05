import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parseMatrix } from "../../src/support-matrix/parse-matrix.js";
import { compareVersions } from "../../src/support-matrix/versions.js";
import { dataFolder, dataMissing, facts, matrix } from "./data.js";

const text = readFileSync("support-matrix.json", "utf8");
const schema = JSON.parse(readFileSync("schemas/support-matrix.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema);

function countBy<T>(items: readonly T[], key: (item: T) => string | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[String(key(item))] = (counts[String(key(item))] ?? 0) + 1;
  return counts;
}

describe("support-matrix.json", () => {
  test("is as its schema says", () => expect(validate(matrix) || validate.errors).toBe(true));

  test("is taken as it is by the reader of other matrices", () => {
    const { $schema: _, ...whole } = JSON.parse(text);
    expect(parseMatrix(JSON.parse(text))).toEqual(whole);
  });

  test("has a line for each image, profile, release and advisory", () => {
    const lines = new Set(text.split("\n").map((line) => line.trim().replace(/,$/, "")));
    for (const list of [matrix.candidates, matrix.advisories])
      for (const item of list) expect(lines).toContain(JSON.stringify(item));
    expect(text.length).toBeLessThan(200_000);
  });

  test("is in the order in which the images were built", () => {
    const pairs = matrix.candidates.slice(1).map((one, index) => [matrix.candidates[index], one] as const);
    for (const [before, after] of pairs) {
      const order =
        compareVersions(before?.argocd ?? "", after.argocd) || (before?.date ?? "").localeCompare(after.date);
      expect(order, after.image).toBeLessThanOrEqual(0);
    }
  });

  test("has the manifests of every Argo CD that an image is made of", () => {
    const missing = matrix.candidates.filter(({ argocd }) => !matrix.manifests[argocd]?.["install.yaml"]);
    expect(missing).toEqual([]);
  });

  test("has no ApplicationSet CRD for Argo CD 2.2 and 2.3, which had none", () => {
    const without = Object.entries(matrix.manifests).filter(([, files]) =>
      Object.values(files).includes(null),
    );
    expect(new Set(without.map(([tag]) => tag.slice(0, 5)))).toEqual(new Set(["v2.2.", "v2.3."]));
    for (const [, files] of without)
      expect(Object.keys(files).filter((file) => files[file] === null)).toEqual([
        "crds/applicationset-crd.yaml",
      ]);
  });

  test("uses every profile, and names none that is not there", () => {
    const used = new Set(matrix.candidates.flatMap(({ profile }) => profile ?? []));
    expect([...used].sort()).toEqual(Object.keys(matrix.profiles).sort());
  });
});

describe.skipIf(dataMissing)("the data", () => {
  const images = dataMissing ? [] : facts().images;
  const possible = images.filter(({ status }) => status === "established" || status === "inferred");

  test("makes the very file", () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/build-support-matrix.mjs", dataFolder, "-"],
      { encoding: "utf8" },
    );
    expect({ same: stdout === text, stderr }).toEqual({ same: true, stderr: "" });
  });

  test("has the same images, but for the impossible one", () => {
    expect(possible).toHaveLength(images.length - 1);
    expect(matrix.candidates.map(({ image }) => image)).toEqual(possible.map(({ image }) => image));
    expect(matrix.candidates.map(({ image }) => image)).not.toContain("v2.2.16-fl.3-main-2bba0ae6");
    expect(countBy(matrix.candidates, ({ status }) => status)).toEqual({ established: 91, inferred: 138 });
  });

  test.each(["status", "channel", "argocd", "profile"] as const)("sums up to the same by %s", (key) => {
    const ours = countBy(matrix.candidates, (one) => one[key] ?? undefined);
    expect(ours).toEqual(countBy(possible, (one) => one[key]));
  });

  test("counts as many images of each profile", () => {
    for (const [name, { images: count }] of Object.entries(facts().profiles))
      expect(
        matrix.candidates.filter(({ profile }) => profile === name),
        name,
      ).toHaveLength(count);
  });

  const rowsOf = (name: string) => {
    const [, ...rows] = readFileSync(join(dataFolder, name), "utf8").trimEnd().split("\n");
    return rows.map((row) => row.split("\t").slice(0, 3).join("\t"));
  };

  test("has the same sums of manifests", () => {
    const rows = ["argo-cd-manifest-sha256.tsv", "argo-cd-stock-sha256.tsv"].flatMap(rowsOf);
    const ours = Object.entries(matrix.manifests).flatMap(([tag, files]) =>
      Object.entries(files).map(([file, sha256]) => [tag, file, sha256 ?? "absent"].join("\t")),
    );
    expect(ours.sort()).toEqual([...new Set(rows)].sort());
  });

  test("has the same Kubernetes that each Argo CD was tested with", () => {
    const ours = Object.entries(matrix.testedKubernetes ?? {}).map(([minor, { min, max }]) =>
      [minor, min, max].join("\t"),
    );
    expect(ours).toEqual(rowsOf("argo-cd-kubernetes-range.tsv"));
  });

  test("has an advisory for each entry, known by any of its names, and the one that its note adds", () => {
    const { vulns } = JSON.parse(readFileSync(join(dataFolder, "argocd-vulns.json"), "utf8")) as {
      vulns: { id: string; aliases: string[] }[];
    };
    const names = (of: { id: string; aliases: string[] }[]) =>
      of.flatMap(({ id, aliases }) => [id, ...aliases]).sort();
    expect(matrix.advisories).toHaveLength(vulns.length + 1);
    expect(names(matrix.advisories)).toEqual(
      [...names(vulns), "CVE-2024-22424", "GHSA-92mw-q256-5vwg"].sort(),
    );
  });
});
