import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type Candidate,
  isDevelopment,
  newestFirst,
  newestKnown,
  profileOf,
} from "../../src/support-matrix/candidate.js";
import { type Combination, combinations } from "../../src/support-matrix/combination.js";
import { type FluxApis, type FluxKind, fluxKinds } from "../../src/support-matrix/flux-apis.js";
import { isShown, verdictFor } from "../../src/support-matrix/verdict.js";
import { type FluxMinor, fluxMinors, servedByMinor } from "../cluster/flux-crds.js";
import { matrix } from "./data.js";

const columns: Record<string, (one: Combination) => boolean> = {
  "Kustomization from Git": ({ workload, source }) =>
    workload === "Kustomization" && source === "GitRepository",
  "… from OCI or Bucket": ({ workload, source }) =>
    workload === "Kustomization" && (source === "OCIRepository" || source === "Bucket"),
  "HelmRelease with `chart`": ({ reference }) => reference === "chart",
  "… with `chartRef`": ({ reference }) => reference === "chartRef",
};

/** Those that one gets by their name. */
const images = newestFirst(
  matrix.candidates.filter((one) => one.status === "established" && !isDevelopment(one)),
).filter((one) => newestKnown(matrix.candidates.filter(({ flamingo }) => flamingo === one.flamingo)) === one);

test("the README's table of FSA images and Flux is what the support matrix says", () => {
  const readme = readFileSync("README.md", "utf8");
  const block = /(<!-- made from support-matrix\.json -->\n\n)[\s\S]*?(?=\n\n[^|])/;
  const table = tableOf(fluxMinors.filter((minor) => minor === "0.41" || minor.startsWith("2.")).reverse());
  const wanted = readme.replace(block, `$1${table}`);
  if (process.env["UPDATE_GOLDEN"]) writeFileSync("README.md", wanted);
  expect(readFileSync("README.md", "utf8")).toBe(wanted);
  expect(readme).toMatch(block);
});

function tableOf(minors: readonly FluxMinor[]): string {
  const heads = ["Flux", ...Object.keys(columns)];
  return [
    `| ${heads.join(" | ")} |`,
    `| ${heads.map(() => "---").join(" | ")} |`,
    ...minors.map((minor) => `| ${[minor, ...cellsOf(minor)].join(" | ")} |`),
  ].join("\n");
}

function cellsOf(minor: FluxMinor): string[] {
  const apis = apisOf(minor);
  return Object.values(columns).map((isIn) => {
    const some = combinations.filter(
      (one) => isIn(one) && apis.served[one.source].length > 0 && apis.served[one.workload].length > 0,
    );
    if (some.length === 0 || (some[0]?.reference === "chartRef" && !apis.served.HelmRelease.includes("v2")))
      return "Flux has none";
    const whole = images.find((image) => some.every((one) => verdict(image, apis, one).shows === "shows"));
    if (whole) return whole.flamingo;
    const alone = images.find((image) => some.every((one) => isShown(verdict(image, apis, one))));
    return alone ? `${alone.flamingo}, not its objects` : "none";
  });
}

function verdict(image: Candidate, apis: FluxApis, combination: Combination) {
  return verdictFor(image, profileOf(matrix, image), apis, combination);
}

function apisOf(minor: FluxMinor): FluxApis {
  const served = servedByMinor(minor);
  const kinds = Object.keys(fluxKinds) as FluxKind[];
  return {
    served: Object.fromEntries(kinds.map((kind) => [kind, served[kind] ?? []])) as Record<FluxKind, string[]>,
  };
}
