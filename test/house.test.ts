import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./built-package.js";
import { circlesAmong, foreignGroupsIn, house, type Import, importsIn, objectionTo } from "./house.js";

describe("src/", () => {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  const textOf = (path: string) => readFileSync(join(root, "src", path), "utf8");
  const imports = files.flatMap((path) => importsIn(path, textOf(path)));
  /** Those that index.ts knows are commands: a file or a folder each. */
  const commands = imports
    .filter(({ from, to }) => from === "commands/index.ts" && to !== "commands/command.ts")
    .map(({ to }) => to.slice("commands/".length).replace(/\/.*/, "/"));

  test("is read whole", () => {
    expect(imports.length).toBeGreaterThan(2 * files.length);
    expect(imports.filter(({ to }) => !files.includes(to))).toEqual([]);
    expect(commands).toContain("check/");
    expect(commands).toContain("version.ts");
  });

  test("is described as it is", () => {
    const text = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
    const rows = [...text.matchAll(/^\| `src\/([\w-]+\/)` \|.*\| (.*) \|$/gm)];
    const built = Object.entries(house).filter(([room]) => files.some((path) => path.startsWith(room)));
    expect(rows.map(([, room, places = ""]) => [room, places.replaceAll("`", "")])).toEqual(
      built.map(([room, places]) => [room, places.join(", ") || "nothing but the last row"]),
    );
  });

  test("leans downwards only", () => {
    const wrong = imports.flatMap((one) => objectionTo(one, commands) ?? []);
    expect(wrong).toEqual([]);
  });

  test("has no circles of files or folders", () => {
    expect(circlesAmong(imports)).toEqual([]);
  });

  test("has no kind of Flux or Argo CD in kube/", () => {
    const ofKube = files.filter((path) => path.startsWith("kube/"));
    expect(ofKube.flatMap((path) => foreignGroupsIn(textOf(path)))).toEqual([]);
  });
});

const remedy = "move what both need down into the lowest room that knows its words";

test.each<[from: string, to: string, types: boolean, because: string | undefined]>([
  ["report/x.ts", "argo/application.ts", false, undefined],
  ["report/x.ts", "argo/installed/role.ts", false, undefined],
  ["report/x.ts", "kube/object-id.ts", false, undefined],
  [
    "report/x.ts",
    "loopback/engine/y.ts",
    true,
    `report/ may lean on flux/, argo/, kube/field-set.ts; ${remedy}`,
  ],
  [
    "report/node/x.ts",
    "kube/cluster.ts",
    true,
    `report/ may lean on flux/, argo/, kube/field-set.ts; ${remedy}`,
  ],
  ["flux/x.ts", "kube/object.ts", true, undefined],
  ["flux/x.ts", "redact.ts", false, undefined],
  [
    "flux/x.ts",
    "argo/y.ts",
    false,
    `flux/ may lean on kube/object-id.ts, kube/kinds.ts, kube/label-selector.ts, kube/readiness.ts; ${remedy}`,
  ],
  ["survey/x.ts", "flux/installed/version.ts", false, undefined],
  [
    "survey/x.ts",
    "argo/application.ts",
    false,
    `survey/ may lean on flux/installed/, argo/installed/, kube/; ${remedy}`,
  ],
  ["files/x.ts", "kube/kube.ts", true, undefined],
  [
    "files/x.ts",
    "kube/kube.ts",
    false,
    `files/ may lean on kube/object-id.ts, kube/label-selector.ts, types of kube/; ${remedy}`,
  ],
  [
    "kube/watch/x.ts",
    "flux/workload.ts",
    true,
    `kube/ may lean on nothing but what every room uses; ${remedy}`,
  ],
  ["loopback/redis/x.ts", "survey/argo.ts", false, undefined],
  ["loopback/x.ts", "applications/names.ts", false, undefined],
  [
    "loopback/x.ts",
    "workloads/ref.ts",
    false,
    `loopback/ may lean on applications/names.ts, applications/remove.ts, all below; ${remedy}`,
  ],
  [
    "applications/x.ts",
    "commands/deps.ts",
    true,
    `nothing below commands/ imports from it: take it as a parameter, or ${remedy}`,
  ],
  [
    "commands/get.ts",
    "cli/stop.ts",
    false,
    `nothing below cli/ imports from it: take it as a parameter, or ${remedy}`,
  ],
  ["commands/index.ts", "commands/get.ts", false, undefined],
  ["commands/get.ts", "commands/deps.ts", false, undefined],
  ["commands/check/x.ts", "commands/check/y.ts", false, undefined],
  [
    "commands/check/x.ts",
    "commands/get.ts",
    false,
    `commands do not import each other; ${remedy}, or beside commands/command.ts`,
  ],
  [
    "commands/flag.ts",
    "commands/check/x.ts",
    true,
    `commands do not import each other; ${remedy}, or beside commands/command.ts`,
  ],
  ["output/x.ts", "yaml.ts", false, undefined],
  ["text/x.ts", "kube/object.ts", true, "what every room uses leans on no room: take it as a parameter"],
])("src/%s imports src/%s, types only: %s", (from, to, types, because) =>
  expect(objectionTo({ from, to, types }, ["check/", "get.ts"])).toBe(
    because && `src/${from} imports src/${to}: ${because}`,
  ),
);

test("a file in no room is shown the house", () =>
  expect(objectionTo({ from: "helpers/x.ts", to: "flux/y.ts", types: false }, [])).toBe(
    "src/helpers/x.ts imports src/flux/y.ts: its folder is no room of the house: give it a row in test/house.ts, or put the file where its words are known",
  ));

test.each<[imports: string, circles: string[]]>([
  ["flux/a.ts flux/b.ts, flux/b.ts flux/c.ts, flux/a.ts flux/c.ts", []],
  [
    "flux/a.ts flux/b.ts, flux/b.ts flux/c.ts, flux/c.ts flux/a.ts",
    ["src/flux/a.ts, src/flux/b.ts, src/flux/c.ts"],
  ],
  ["flux/a.ts argo/b.ts, argo/c.ts flux/d.ts", ["src/flux/, src/argo/"]],
  ["kube/a.ts kube/watch/b.ts, kube/watch/c.ts kube/d.ts", []],
  ["kube/a.ts kube/watch/b.ts, kube/watch/c.ts kube/a.ts", ["src/kube/a.ts, src/kube/watch/"]],
  [
    "kube/watch/a.ts kube/access/b.ts, kube/access/c.ts kube/watch/d.ts",
    ["src/kube/watch/, src/kube/access/"],
  ],
])("circles among %s", (pairs, circles) => {
  const imports = pairs.split(", ").map((pair): Import => {
    const [from = "", to = ""] = pair.split(" ");
    return { from, to, types: true };
  });
  const found = circlesAmong(imports);
  expect(found.map((sentence) => sentence.replace(/ lean on each other: .*/, ""))).toEqual(circles);
  for (const sentence of found) expect(sentence).toContain(` imports src/${imports.at(-1)?.to}`);
});

test("importsIn() reads every way to import a file of ours", () => {
  const text = `
import { readFileSync } from "node:fs";
import { a } from "./a.js";
import type { B } from "../b.js";
import {
  type C,
  type D as E,
} from "../../kube/c.js";
import { d, type F } from "./d.js";
export { e } from "./e.js";
import * as f from "./f.js";
const { g } = await import("./g.js");
`;
  expect(importsIn("flux/installed/x.ts", text)).toEqual(
    [
      { to: "flux/installed/a.ts", types: false },
      { to: "flux/b.ts", types: true },
      { to: "kube/c.ts", types: true },
      { to: "flux/installed/d.ts", types: false },
      { to: "flux/installed/e.ts", types: false },
      { to: "flux/installed/f.ts", types: false },
      { to: "flux/installed/g.ts", types: false },
    ].map((one) => ({ from: "flux/installed/x.ts", ...one })),
  );
});

test("foreignGroupsIn() finds a kind of Flux", () => {
  expect(foreignGroupsIn('const group = "kustomize.toolkit.fluxcd.io"; // not "argoproj"')).toEqual([
    '"kustomize.toolkit.fluxcd.io"',
  ]);
});
