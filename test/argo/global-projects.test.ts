import { expect, test } from "vitest";
import type { AppProject } from "../../src/argo/app-project.js";
import { type GlobalProject, globalProjectsOf, withGlobalProjects } from "../../src/argo/global-projects.js";
import { argoSettingsFrom } from "../../src/argo/settings.js";
import { appProject } from "../builders/argo.js";

const prod: GlobalProject = { projectName: "prod", labelSelector: { matchLabels: { stage: "prod" } } };
const all: GlobalProject = { projectName: "all" };

test.each<[string, string, Record<string, string>, GlobalProject[], string[]]>([
  ["none", "shop", {}, [], []],
  ["those whose labels it has", "shop", { stage: "prod" }, [prod, all], ["prod", "all"]],
  ["not those whose labels it has not", "shop", { stage: "test" }, [prod], []],
  ["not itself", "all", {}, [all], []],
])("globalProjectsOf() names %s", (_, name, labels, settings, names) => {
  const project = appProject(name);
  expect(globalProjectsOf({ ...project, metadata: { ...project.metadata, labels } }, settings)).toEqual(
    names,
  );
});

const secret = { group: "", kind: "Secret" };
type Spec = NonNullable<AppProject["spec"]>;

const own: Spec = { destinations: [{ namespace: "shop", server: "*" }], sourceRepos: ["a"] };
const merged = (spec: Spec, ...others: (Spec | undefined)[]) => {
  const settings = others.map((_, index) => ({ projectName: `g${index}` }));
  const projects = new Map(
    others.flatMap((one, index) =>
      one ? [[`g${index}`, { ...appProject(`g${index}`), spec: one }] as const] : [],
    ),
  );
  return withGlobalProjects({ ...appProject("shop"), spec }, projects, settings).spec;
};

test.each<[string, AppProject["spec"], AppProject["spec"]]>([
  ["as it is without others", merged(own), own],
  [
    "its lists before those of others",
    merged(
      own,
      { sourceRepos: ["b"] },
      { sourceRepos: ["!c"], destinations: [{ namespace: "*", name: "x" }] },
    ),
    {
      destinations: [...(own.destinations ?? []), { namespace: "*", name: "x" }],
      sourceRepos: ["a", "b", "!c"],
    },
  ],
  [
    "what others forbid",
    merged(own, { namespaceResourceBlacklist: [secret], syncWindows: [{ kind: "deny" }] }),
    { ...own, namespaceResourceBlacklist: [secret], syncWindows: [{ kind: "deny" }] },
  ],
  ["a list that is not there as it is", merged(own, { namespaceResourceWhitelist: [] }), own],
  ["nothing after one that does not exist", merged(own, undefined, { sourceRepos: ["b"] }), own],
])("withGlobalProjects() has %s", (_, spec, expected) => {
  expect(spec).toEqual(expected);
});

test("settings of global projects are read, or refused", () => {
  const read = (globalProjects: string) =>
    argoSettingsFrom("argocd", { globalProjects }, undefined).globalProjects;
  expect(read("- projectName: prod\n  labelSelector:\n    matchLabels: { stage: prod }\n")).toEqual([prod]);
  for (const text of [
    "- labelSelector: {}",
    "- projectName: a\n  labelSelector: { matchExpressions: [{ key: a }] }",
  ])
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        message:
          "Cannot read globalProjects of the ConfigMap argocd-cm: an item has no projectName, or a labelSelector that is none",
        hint: "Argo CD's documentation of global projects shows its form",
      }),
    );
});
