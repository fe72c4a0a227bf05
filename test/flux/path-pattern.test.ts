import { expect, test } from "vitest";
import { artifactsMeant } from "../../src/flux/artifacts-meant.js";
import { mayMake, recipesFor } from "../../src/flux/path-pattern.js";
import type { ArtifactGenerator } from "../../src/flux/sources.js";
import { flux, ks } from "../builders/flux.js";

/** Makes an artifact of each folder apps/APP/envs/ENV. */
const generator: ArtifactGenerator = flux("ArtifactGenerator", "gen", {
  sources: [{ alias: "mono", kind: "GitRepository", name: "src" }],
  pathPattern: "@mono/apps/{app}/envs/{env}",
  artifacts: [
    {
      name: "{app}-{env}",
      copy: [
        { from: "@mono/apps/{app}/base/**", to: "@artifact/base/" },
        { from: "@mono/apps/{app}/envs/{env}/**", to: "@artifact/envs/{env}/" },
      ],
    },
  ],
});

/** "@mono/apps/auth/envs/dev/** → @artifact/envs/dev/", the last copy of each recipe. */
function copied(name: string, labels: Record<string, string>, path: string): string[] {
  return recipesFor(generator, { name, labels }, path).map(({ copy = [] }) => {
    const { from, to } = copy.at(-1) ?? {};
    return `${from} → ${to}`;
  });
}

test.each<[string, Record<string, string>, string, string[]]>([
  [
    "auth-dev",
    { app: "auth", env: "dev" },
    "envs/dev",
    ["@mono/apps/auth/envs/dev/** → @artifact/envs/dev/"],
  ],
  ["auth-dev", {}, ".", ["@mono/apps/auth/envs/dev/** → @artifact/envs/dev/"]],
  // spec.commonMetadata took the label
  ["auth-dev", { app: "shop", env: "dev" }, ".", ["@mono/apps/auth/envs/dev/** → @artifact/envs/dev/"]],
  ["my-app-dev", { app: "my-app", env: "dev" }, ".", ["@mono/apps/my-app/envs/dev/** → @artifact/envs/dev/"]],
  [
    "my-app-dev",
    {},
    ".",
    [
      "@mono/apps/my/envs/app-dev/** → @artifact/envs/app-dev/",
      "@mono/apps/my-app/envs/dev/** → @artifact/envs/dev/",
    ],
  ],
  ["auth-dev", {}, "envs/Dev/x", ["@mono/apps/auth/envs/Dev/** → @artifact/envs/Dev/"]],
  ["auth-dev", { app: "Auth", env: "Dev" }, ".", ["@mono/apps/Auth/envs/Dev/** → @artifact/envs/Dev/"]],
  ["auth", {}, ".", []],
  ["-dev", {}, ".", []],
])("%s with the labels %j, at %s", (name, labels, path, copies) =>
  expect(copied(name, labels, path)).toEqual(copies),
);

test("a name is looked at in so many ways at most, of all recipes together", () => {
  const artifacts = Array.from({ length: 1000 }, () => ({ name: "{a}{b}{c}{d}" }));
  const spec = { pathPattern: "@m/{a}/{b}/{c}/{d}", artifacts };
  expect(recipesFor({ ...generator, spec }, { name: "x".repeat(253) }, ".").length).toBeLessThan(2000);
  const none = { ...spec, artifacts: artifacts.map(({ name }) => ({ name: `${name}-` })) };
  const began = performance.now();
  expect(mayMake({ ...generator, spec: none }, "x".repeat(253))).toBe(false);
  expect(performance.now() - began).toBeLessThan(1000);
});

test.each<[string, string[], object | undefined, string[]]>([
  ["auth-dev", [], {}, []],
  [
    "auth-dev",
    ["fleet/apps/Auth/envs/dev", "fleet/apps/shop/envs/dev"],
    { labels: { app: "Auth", env: "dev" } },
    [],
  ],
  ["my-app-dev", ["apps/my-app/envs/dev"], { labels: { app: "my-app", env: "dev" } }, []],
  [
    "auth-dev",
    ["apps/Auth/envs/dev", "apps/auth/envs/dev"],
    undefined,
    [
      'Cannot tell what ExternalArtifact auth-dev in apps is made of: apps/Auth/envs/dev and apps/auth/envs/dev fit spec.pathPattern "@mono/apps/{app}/envs/{env}" of ArtifactGenerator gen',
    ],
  ],
  ["auth", [], undefined, []],
])("artifactsMeant() finds %s among the folders %j", (name, folders, metadata, problems) => {
  const app = ks("app", { sourceRef: { kind: "ExternalArtifact", name } });
  const meant = artifactsMeant([app, generator], new Set(folders));
  const sourceRef = {
    apiVersion: generator.apiVersion,
    kind: "ArtifactGenerator",
    name: "gen",
    namespace: "apps",
  };
  const artifact = flux("ExternalArtifact", name, { sourceRef }, metadata);
  expect(meant).toEqual({ derived: metadata ? [{ object: artifact, from: generator }] : [], problems });
});
