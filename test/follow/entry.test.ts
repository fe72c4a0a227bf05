import { describe, expect, test } from "vitest";
import { entriesIn, type Written } from "../../src/follow/entry.js";
import { flux, git, ks } from "../builders/flux.js";

const source = git("flux-system/flux-system");
const at = (file: string, name: string, path: string): Written => ({
  object: ks(`flux-system/${name}`, { path, sourceRef: { kind: "GitRepository", name: "flux-system" } }),
  file,
});
const inFile = (file: string, object: Written["object"]): Written => ({ file, object });
const sync = { kind: "GitRepository", url: "https://git.example/r", ref: "refs/heads/main", path: "prod" };
const instance = flux("FluxInstance", "flux-system/flux", { sync });
const apps = at("prod/apps.yaml", "apps", "./apps");
const web = at("apps/web.yaml", "web", "apps/web");
const gotk = at("prod/flux-system/gotk-sync.yaml", "flux-system", "./prod");

const found = (written: Written[], paths: string[] = []) =>
  entriesIn(written, paths).map(({ kustomization, path }) => `${kustomization.metadata.name} at ${path}`);

describe("Flux begins", () => {
  test.each<[string, Written[], string[]]>([
    ["where a FluxInstance says so", [inFile("flux.yaml", instance), apps, web], ["flux-system at prod"]],
    ["where flux bootstrap says so", [gotk, apps, web], ["flux-system at prod"]],
    [
      "in several clusters",
      [gotk, at("qa/gotk-sync.yaml", "flux-system", "qa")],
      ["flux-system at prod", "flux-system at qa"],
    ],
    [
      "else at what applies others and is applied by none",
      [apps, web, at("x.yaml", "lone", "y")],
      ["apps at apps"],
    ],
    [
      "else at all that are applied by none",
      [web, at("db/ks.yaml", "db", "db/app")],
      ["web at apps", "db at db"],
    ],
    ["nowhere", [inFile("s.yaml", source)], []],
  ])("%s", (_, written, entries) => expect(found(written)).toEqual(entries));

  test("where --entry says, with the Kustomization of that path", () => {
    expect(found([gotk, apps, web], ["./apps/", "elsewhere"])).toEqual([
      "apps at apps",
      "flux-system at elsewhere",
    ]);
    expect(() => found([apps, at("qa/apps.yaml", "all", "apps")], ["apps"])).toThrow(
      "Cannot tell how apps is applied: by Kustomization apps in flux-system in prod/apps.yaml or by Kustomization all in flux-system in qa/apps.yaml",
    );
  });
});

test("an entry knows its source", () => {
  expect(entriesIn([gotk, inFile("x.yaml", source)], [])).toMatchObject([{ source }]);
  expect(entriesIn([gotk], [])[0]?.source).toBeUndefined();
});
