/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Flux */
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { charts, git, hr, ks, src } from "../../builders/flux.js";
import { yaml } from "../../builders/kube.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo } from "../../flamingo.js";

/** What is printed, read by several programs that know nothing of each other; they must agree. */
async function read(flags: string | string[], ...objects: TestObject[]) {
  const words = typeof flags === "string" ? flags.split(" ") : flags;
  const stdin = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const run = await flamingo(["generate-app", "-f", "-", ...words], { stdin });
  const json = await flamingo(["generate-app", "-f", "-", ...words, "-o", "json"], { stdin });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout.match(/^---$/gm)).toHaveLength(1);
  const application = load(run.stdout);
  expect(parse(run.stdout, { version: "1.1" })).toEqual(application);
  expect(parse(run.stdout, { version: "1.2" })).toEqual(application);
  expect(JSON.parse(json.stdout)).toEqual({ items: [application] });
  return application as Printed;
}

interface Printed {
  metadata: { name: string; labels: Record<string, string>; annotations: Record<string, string> };
  spec: {
    project: string;
    source: {
      repoURL: string;
      path?: string;
      chart?: string;
      targetRevision: string;
      helm?: { releaseName: string };
    };
    destination: { namespace: string; server: string };
  };
}

/** Names that an API server would store, but YAML would read as something else. */
const names = [
  "true",
  "null",
  "yes",
  "no",
  "on",
  "off",
  "y",
  "n",
  "123",
  "0123",
  "0x10",
  "1e3",
  "1.5",
  "0.1.2",
  "0b1",
  "0o7",
  "2026-01-02",
  "12e03",
  "a--b",
  "x.y.z",
];

describe.each(names)("the name %s stays what it is", (name) => {
  test("of a workload and its source", async () => {
    const source = { ...src, metadata: { name, namespace: "apps" } };
    const app = ks(name, { sourceRef: { kind: "GitRepository", name } });
    const application = await read(`ks/${name} -n apps`, app, source);
    expect(application.metadata.name).toBe(name);
    expect(application.metadata.labels["flamingo/workload-name"]).toBe(name);
  });

  test("as --app-name, --project, --label and --annotation", async () => {
    const flags = ["ks/app", "-n", "apps", "--app-name", name, "--project", name, "--label", `l=${name}`];
    const application = await read([...flags, "--annotation", `a=${name}`], ks("app"), src);
    expect(application.metadata).toMatchObject({ name, labels: { l: name }, annotations: { a: name } });
    expect(application.spec.project).toBe(name);
  });

  test("of a release", async () => {
    const application = await read("hr/app -n apps", hr("app", { releaseName: name }), charts);
    expect(application.spec.source.helm?.releaseName).toBe(name);
  });
});

test.each(["true", "123", "1e3", "0x10", "null", "a-b-c", "a".repeat(63)])(
  "a namespace %s",
  async (namespace) => {
    const application = await read(
      `ks/app -n ${namespace}`,
      ks("app", {}, { namespace }),
      git("src", {}, { namespace }),
    );
    expect(application.spec.destination.namespace).toBe(namespace);
    expect(application.metadata.labels["flamingo/destination-namespace"]).toBe(namespace);
  },
);

/** Texts that fields without a pattern may hold. */
const texts = [
  ...names,
  ..."~ - ? : = << .inf *x &x !x @x %x `x | > { [ } ] # #x x: {{x}} 1_000 12:30 +1 ---".split(" "),
  "a: b",
  "a #b",
  "- a",
  "it's",
  'say "no"',
  "back\\slash",
  "\\n",
  "😀",
  "ünïcode",
  "a b",
  "a\nb",
  "\na",
  "a\n\n",
  "a\tb",
  "a\r\nb",
  "--- a",
  "\u0007",
  "\u0085",
  "\u2028",
  "\uFEFFx",
  "$${X}",
  "x".repeat(253),
  `${"long ".repeat(40)}text`,
  "constructor",
  "__proto__",
];

describe.each(texts)("the text %j stays what it is", (text) => {
  test("as branch, path and namespace of a file", async () => {
    const app = ks("app", { path: `./${text}` });
    const application = await read("ks/app -n apps", app, git("src", { ref: { branch: text } }));
    expect(application.spec.source).toEqual({
      repoURL: "https://git.example/r",
      path: text,
      targetRevision: text,
    });
  });

  test("as chart and version", async () => {
    const sourceRef = { kind: "HelmRepository", name: "charts" };
    const app = hr("app", { chart: { spec: { chart: text, version: text, sourceRef } } });
    expect((await read("hr/app -n apps", app, charts)).spec.source).toMatchObject({
      chart: text,
      targetRevision: text,
    });
  });

  test("in a URL", async () => {
    const url = `https://git.example/${text}`;
    expect((await read("ks/app -n apps", ks("app"), git("src", { url }))).spec.source.repoURL).toBe(url);
  });

  test("as a namespace that no API server would store", async () => {
    const objects = [ks("app", {}, { namespace: text }), git("src", {}, { namespace: text })];
    const application = await read("--all --name-template {name}", ...objects);
    expect(application.spec.destination.namespace).toBe(text);
  });

  test("as the value of --annotation", async () => {
    const application = await read(["ks/app", "-n", "apps", "--annotation", `a=${text}`], ks("app"), src);
    expect(application.metadata.annotations["a"]).toBe(text);
  });
});

describe("names that no Application can have are refused, with what to do", () => {
  const bad = ["a: b", "A", "😀", 'say "no"', "a\nb", "it's", "-a", "a_b", "a/b"];

  test.each(bad)("the workload %j, alone and among others", async (name) => {
    const stdin = JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [ks("odd", {}, { name }), ks("good"), src],
    });
    const run = await flamingo("generate-app --all -f - --name-template {name}", { stdin });
    expect(run.exitCode).toBe(1);
    expect((load(run.stdout) as Printed).metadata.name).toBe("good");
    expect(run.stderr).toContain(`${JSON.stringify(name)} is no name for it: it `);
    expect(run.stderr).toContain(
      "  hint: Choose other names with --name-template, such as '{name}-{kind}'\n",
    );
  });
});

describe("names that are too long are cut, with a hash of the whole", () => {
  const name = "appcatalog-acme-operations-platform-test-long";
  const inTenant = { name: "charts", namespace: "flux-giant-tenant" };

  test.each(["--all", `hr/${name} -n flux-giant-tenant --name-template {namespace}-{name}-{kind}`])(
    "%s",
    async (flags) => {
      const objects = [hr(`flux-giant-tenant/${name}`), { ...charts, metadata: inTenant }];
      expect((await read(flags, ...objects)).metadata.name).toBe(
        "flux-giant-tenant-appcatalog-acme-operations-platf-8e6bd118e823",
      );
    },
  );

  test("that of one alone, too; what is no label is an annotation", async () => {
    const name = "x".repeat(64);
    const { metadata } = await read(`ks/${name} -n apps`, ks(name), src);
    expect(metadata.name).toBe(`${"x".repeat(50)}-7ce100971f64`);
    expect(metadata.labels).not.toHaveProperty(["flamingo/workload-name"]);
    expect(metadata.annotations["flamingo/workload-name"]).toBe(name);
  });

  test("not while it has a variable", async () => {
    const name = `\${CLUSTER_ENVIRONMENT:=production}-${"x".repeat(40)}`;
    expect((await read("--all --name-template {name}", ks(name), src)).metadata.name).toBe(name);
  });
});

describe("names that are typed are checked first", () => {
  test.each([
    [["ks/a: b"], '"a: b" is no name of a Kustomization'],
    [["ks/"], '"ks/" has no name'],
    [["ks/😀"], '"😀" is no name of a Kustomization'],
    [["podinfo"], '"podinfo" does not say which kind it is'],
    [["constructor/a"], '"constructor/a" names the kind "constructor", which is no Flux workload'],
    [["__proto__/a"], '"__proto__/a" names the kind "__proto__", which is no Flux workload'],
    [["ks/a", "--app-name", "A"], '--app-name "A" is no name'],
    [["ks/a", "--app-name", ""], '--app-name "" is no name'],
    [["ks/a", "-n", "a.b"], '--namespace "a.b" is no namespace'],
    [["ks/a", "-N", "a: b"], '--app-ns "a: b" is no namespace'],
    [["ks/a", "--project", "a b"], '--project "a b" is no name'],
    [["ks/a", "--label", "a=b c"], '--label "a=b c" is not allowed'],
    [["ks/a", "--label", "=b"], '--label "=b" is not KEY=VALUE'],
    [
      ["ks/a", "--label", "flamingo/workload-name=x"],
      "--label flamingo/workload-name is not allowed: flamingo sets it itself",
    ],
    [["--all", "--name-template", "x"], '--name-template "x" gives every workload the same text'],
    [["--all", "--name-template", "{nam}"], '--name-template "{nam}" has {nam}, which stands for nothing'],
    [
      ["--all", "--name-template", "{constructor}"],
      '--name-template "{constructor}" has {constructor}, which stands for nothing',
    ],
    [["--all", "-l", "a b"], '-l "a b" is no label selector'],
  ])("%j", async (words, message) => {
    const run = await flamingo(["generate-app", "-f", "-", ...words], { stdin: yaml(ks("a"), src) });
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain(`✗ ${message}`);
  });
});
