import { expect, test } from "vitest";
import { changesBetween, type State } from "../../../src/applications/changes.js";
import type { GeneratedApplication } from "../../../src/argo/application-for.js";
import { changesAsMarkdown } from "../../../src/commands/generate-app/changes-view.js";
import { generated } from "../../builders/argo.js";
import { hr, ks, location } from "../../builders/flux.js";

const state = (...applications: GeneratedApplication[]): State => ({
  applications,
  failed: new Set(),
  incomplete: false,
});

test("changesAsMarkdown() shows what goes, changes and comes", () => {
  const before = state(generated(ks("old")), generated(hr("web")));
  const after = state(
    generated(hr("web"), { project: "shop" }, location({ revision: "v2" })),
    generated(ks("new"), {}, location({ path: "apps/new" })),
  );
  expect(changesAsMarkdown(changesBetween(before, after), 0)).toBe(
    "### Applications: 1 removed, 1 changed, 1 added\n\n" +
      "| Change | Application | Workload | What |\n| --- | --- | --- | --- |\n" +
      "| removed | `old` | Kustomization `apps/old` | `.` of `https://git.example/r` at `main` |\n" +
      "| changed | `web` | HelmRelease `apps/web` | `spec.project`: `default` → `shop`<br>`spec.source.targetRevision`: `main` → `v2` |\n" +
      "| added | `new` | Kustomization `apps/new` | `apps/new` of `https://git.example/r` at `main` |\n",
  );
});

test("changesAsMarkdown() lets no text of a repository be anything but text", () => {
  const hostile = "` | @team\n\n# x <img src=//evil.example> [a](https://evil.example)</code>";
  const application = generated(
    ks(`apps/${hostile.replaceAll("/", "")}`),
    { name: hostile },
    location({ url: `https://git.example/${hostile}`, path: hostile, revision: hostile }),
  );
  const text = changesAsMarkdown(changesBetween(state(), state(application)), 0);
  const [row = ""] = text.trimEnd().split("\n").slice(-1);
  expect(text.trimEnd().split("\n")).toHaveLength(5);
  expect(row.match(/\|/g)).toHaveLength(5);
  // within <code>, letters, digits, spaces and references to characters
  expect(row.replace(/<code>(?:[A-Za-z0-9 ]|&#\d+;)*<\/code>/g, "X")).toBe(
    "| added | X | Kustomization X | X of X at X |",
  );
});

test("changesAsMarkdown() fits into a comment, and counts what does not", () => {
  const many = Array.from({ length: 2000 }, (_, index) => generated(ks(`web-${index}`)));
  const text = changesAsMarkdown(changesBetween(state(), state(...many)), 3);
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(text.length).toBeGreaterThan(65_000);
  const rows = text.match(/^\| added/gm)?.length ?? 0;
  expect(text).toContain("**3 things could not be read**");
  expect(text.endsWith(`\n\n${2000 - rows} more have no room here: see the output of the job.\n`)).toBe(true);
});

test("changesAsMarkdown() has room for others beside a change of many fields", () => {
  const labels = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`label-${index}`, "`".repeat(63)]),
  );
  const before = state(generated(ks("many")), generated(ks("web")));
  const after = state(generated(ks("many"), { labels }), generated(ks("web"), { project: "shop" }));
  const [many = "", web = ""] = changesAsMarkdown(changesBetween(before, after), 0)
    .trimEnd()
    .split("\n")
    .slice(-2);
  expect(many).toMatch(/^\| changed \| `many` .*<br>and \d+ more \|$/);
  expect(web).toMatch(/^\| changed \| `web` .*`spec.project`: `default` → `shop` \|$/);
});
