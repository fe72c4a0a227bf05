import { describe, expect, test } from "vitest";
import { charts, flux, hr, ks, src } from "../../builders/flux.js";
import { yaml } from "../../builders/kube.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo } from "../../flamingo.js";
import { folderWith } from "../../folder.js";
import { applicationsIn, namesIn, sourceIn } from "./applications.js";

function generate(flags: string, ...objects: TestObject[]) {
  return flamingo(`generate-app -f - ${flags}`, { stdin: yaml(...objects) });
}

describe("a ResourceSet stands for what its templates make", () => {
  const web = ks("<< inputs.tenant >>", { path: "./<< inputs.tenant >>" });
  const set = (template: object) =>
    flux("ResourceSet", "tenants", {
      inputs: [{ tenant: "a" }, { tenant: "b" }],
      resources: [template, src],
    });

  test("for each of its inputs", async () => {
    const run = await generate("--all", set(web));
    expect(run).toMatchObject({ exitCode: 0 });
    expect(namesIn(run.stdout)).toEqual(["apps-a-ks", "apps-b-ks"]);
  });

  test("what only the cluster tells is said", async () => {
    const run = await generate("--all", set(ks('<< env "TENANT" >>')), ks("web"), src);
    expect(namesIn(run.stdout)).toEqual(["apps-web-ks"]);
    expect(run.stderr).toContain(
      "Left out what ResourceSet tenants in apps makes: its template uses env, which flamingo does not fill in",
    );
  });

  test("what the operator fails with is an error", async () => {
    const run = await generate("--all", set(ks("<< inputs.team >>")), ks("web"), src);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      '✗ Cannot fill in the templates of ResourceSet tenants in apps: map has no entry for key "team"\n',
    );
  });
});

describe("what the templates of a ResourceSet make is looked at like files", () => {
  test.each([
    [flux("ResourceSet", "inner", { inputs: 3 }), "ResourceSet inner", "spec.inputs is no list"],
    [
      flux("ArtifactGenerator", "inner", { sources: 3, artifacts: 4 }),
      "ArtifactGenerator inner",
      "spec.sources is no list",
    ],
  ])("a wrong $kind", async (inner, name, why) => {
    const run = await generate("--all", flux("ResourceSet", "outer", { resources: [inner] }), ks("web"), src);
    expect(namesIn(run.stdout)).toEqual(["apps-web-ks"]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(`✗ Cannot use the ${name} in stdin: ${why}\n`);
  });
});

describe("a FluxInstance stands for the source that its sync makes", () => {
  const instance = (sync: object, namespace = "flux-system") =>
    flux("FluxInstance", "flux", { distribution: { version: "2.x" }, sync }, { namespace });
  const app = (kind: string, name: string, namespace = "flux-system") =>
    ks("app", { path: "./apps", sourceRef: { kind, name, namespace } });

  test("Git: a ref name; it is called like the namespace", async () => {
    const sync = { kind: "GitRepository", url: "https://git.example/fleet", ref: "refs/heads/main" };
    const run = await generate("--all", app("GitRepository", "flux-system"), instance(sync));
    expect(run.exitCode).toBe(0);
    expect(sourceIn(run.stdout)).toEqual({
      repoURL: "https://git.example/fleet",
      path: "apps",
      targetRevision: "refs/heads/main",
    });
  });

  test("and the Kustomization of its path, also where a chart makes it", async () => {
    const sync = {
      kind: "GitRepository",
      url: "https://git.example/fleet",
      ref: "refs/heads/main",
      path: "x",
    };
    const chartRef = { kind: "OCIRepository", name: "flux-instance" };
    const release = hr("flux-system/flux-instance", { chartRef, values: { instance: { sync } } });
    const charts = flux("OCIRepository", "flux-system/flux-instance", {
      url: "oci://reg.example/flux-instance",
    });
    const run = await generate("--all", app("GitRepository", "flux-system"), release, charts);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(namesIn(run.stdout)).toEqual([
      "apps-app-ks",
      "flux-system-flux-system-ks",
      "flux-system-flux-instance-hr",
    ]);
  });

  test("in another namespace it is called like that one, or as sync.name says", async () => {
    const sync = { kind: "GitRepository", url: "https://git.example/fleet", ref: "refs/heads/main" };
    expect(await generate("--all", app("GitRepository", "ops", "ops"), instance(sync, "ops"))).toMatchObject({
      exitCode: 0,
    });
    const named = { ...sync, name: "fleet" };
    expect(await generate("--all", app("GitRepository", "fleet"), instance(named))).toMatchObject({
      exitCode: 0,
    });
    const other = await generate("--all", app("GitRepository", "flux-system"), instance(named));
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain("GitRepository flux-system in flux-system does not exist");
  });

  test("without a namespace it is in -n", async () => {
    const sync = { kind: "GitRepository", url: "https://git.example/fleet", ref: "refs/heads/main" };
    const object = { ...instance(sync), metadata: { name: "flux" } };
    expect(await generate("--all -n ops", app("GitRepository", "ops", "ops"), object)).toMatchObject({
      exitCode: 0,
    });
  });

  test("OCI: a tag, and a pull secret that Argo CD does not have", async () => {
    const sync = { kind: "OCIRepository", url: "oci://reg.example/fleet", ref: "latest", pullSecret: "auth" };
    const run = await generate("--all", app("OCIRepository", "flux-system"), instance(sync));
    expect(sourceIn(run.stdout)).toEqual({
      repoURL: "oci://reg.example/fleet",
      path: "apps",
      targetRevision: "latest",
    });
    expect(run.stderr).toContain("Argo CD does not have the credentials of its source");
  });

  test("Bucket: url is the endpoint, ref the bucket", async () => {
    const sync = { kind: "Bucket", url: "minio.example", ref: "fleet" };
    const run = await generate("--all", app("Bucket", "flux-system"), instance(sync));
    expect(sourceIn(run.stdout)).toEqual({
      repoURL: "https://minio.example/fleet",
      path: "apps",
      targetRevision: "HEAD",
    });
  });

  test("a source that is written out comes before it, whichever is read first", async () => {
    const sync = { kind: "GitRepository", url: "https://git.example/fleet", ref: "refs/heads/main" };
    const written = flux(
      "GitRepository",
      "flux-system",
      { url: "https://live.example", ref: { tag: "v1" } },
      { namespace: "flux-system" },
    );
    for (const objects of [
      [instance(sync), written],
      [written, instance(sync)],
    ]) {
      const run = await generate("--all", app("GitRepository", "flux-system"), ...objects);
      expect(run.exitCode).toBe(0);
      expect(sourceIn(run.stdout)).toMatchObject({ repoURL: "https://live.example", targetRevision: "v1" });
    }
  });

  test("one without sync makes none", async () => {
    const run = await generate(
      "--all",
      app("GitRepository", "flux-system"),
      flux("FluxInstance", "flux", {}),
    );
    expect(run.exitCode).toBe(1);
    expect(run.stderr).not.toContain("Skipped");
  });

  test("a ref that YAML takes for a number", async () => {
    const sync = { kind: "OCIRepository", url: "oci://reg.example/fleet", ref: 1.1 };
    const run = await generate("--all", app("OCIRepository", "flux-system"), instance(sync));
    expect(run.stderr).toContain(
      "✗ Cannot use the FluxInstance flux in stdin: spec.sync.ref is 1.1, which YAML takes for a number: quote it\n",
    );
  });
});

describe("an ArtifactGenerator without ExternalArtifacts", () => {
  const generator = flux("ArtifactGenerator", "gen", {
    sources: [
      { alias: "repo", kind: "GitRepository", name: "src" },
      { alias: "other", kind: "OCIRepository", name: "oci", namespace: "elsewhere" },
    ],
    artifacts: [
      { name: "one", copy: [{ from: "@repo/apps/one/**", to: "@artifact/" }] },
      {
        name: "both",
        copy: [
          { from: "@repo/a/**", to: "@artifact/" },
          { from: "@other/b/**", to: "@artifact/" },
        ],
      },
      { name: "nested", copy: [{ from: "@deeper/x/**", to: "@artifact/" }] },
    ],
  });
  const app = (name: string, kind = "ks") =>
    kind === "ks"
      ? ks("app", { path: "./prod", sourceRef: { kind: "ExternalArtifact", name } })
      : hr("app", { chartRef: { kind: "ExternalArtifact", name } });

  test("a Kustomization and a HelmRelease are followed to its source", async () => {
    const git = { repoURL: "https://git.example/r", targetRevision: "main" };
    expect(sourceIn((await generate("--all", app("one"), generator, src)).stdout)).toEqual({
      ...git,
      path: "apps/one/prod",
    });
    expect(sourceIn((await generate("--all", app("one", "hr"), generator, src)).stdout)).toMatchObject({
      ...git,
      path: "apps/one",
    });
  });

  test("a pathPattern: the artifact's name says from which folder, the files in which case", async () => {
    const byPattern = (to: string) =>
      flux("ArtifactGenerator", "gen", {
        sources: [{ alias: "mono", kind: "GitRepository", name: "src" }],
        pathPattern: "@mono/apps/{app}/envs/{env}",
        artifacts: [{ name: "{app}-{env}", copy: [{ from: "@mono/apps/{app}/envs/{env}/**", to }] }],
      });
    const nested = byPattern("@artifact/envs/{env}/");
    const dev = ks("auth", {
      path: "./envs/dev",
      sourceRef: { kind: "ExternalArtifact", name: "auth-dev" },
    });
    expect(sourceIn((await generate("--all", dev, nested, src)).stdout)).toEqual({
      repoURL: "https://git.example/r",
      path: "apps/auth/envs/dev",
      targetRevision: "main",
    });

    const cwd = folderWith({ "flux.yaml": yaml(dev, nested, src), "apps/Auth/envs/dev/web/web.yaml": "" });
    expect(sourceIn((await flamingo("generate-app --all -f .", { cwd })).stdout).path).toBe(
      "apps/Auth/envs/dev",
    );

    const either = ks("auth", { path: ".", sourceRef: { kind: "ExternalArtifact", name: "a-b-c" } });
    expect((await generate("--all", either, byPattern("@artifact/"), src)).stderr).toContain(
      'ExternalArtifact a-b-c in apps: it has no single source: by spec.pathPattern "@mono/apps/{app}/envs/{env}" of ArtifactGenerator gen in apps it may be @mono/apps/a/envs/b-c and @mono/apps/a-b/envs/c\n',
    );
  });

  test("a Kustomization of a chart", async () => {
    const ofChart = flux("ArtifactGenerator", "gen", {
      sources: [{ alias: "chart", kind: "HelmChart", name: "web" }],
      artifacts: [{ name: "one", copy: [{ from: "@chart/**", to: "@artifact/" }] }],
    });
    const run = await generate(
      "ks/app -n apps",
      ks("app", { sourceRef: { kind: "ExternalArtifact", name: "one" } }),
      ofChart,
    );
    expect(run.stderr).toContain(
      '✗ Cannot generate an Application for Kustomization app in apps: the source "chart" of ArtifactGenerator gen in apps has the kind "HelmChart"\n' +
        "  hint: Flamingo knows GitRepository, OCIRepository, Bucket and ExternalArtifact there\n",
    );
  });

  test("several sources are no single answer", async () => {
    const run = await generate("ks/app -n apps", app("both"), generator, src);
    expect(run).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(
        "✗ Cannot generate an Application for Kustomization app in apps: ExternalArtifact both in apps: it has no single source: its content comes from several sources (repo, other)\n",
      ),
    });
  });

  test("an artifact that nothing makes", async () => {
    const run = await generate("ks/app -n apps", app("none"), generator, src);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("ExternalArtifact none in apps does not exist");
  });

  test("generators of one name in two namespaces are no circle", async () => {
    const outer = flux(
      "ArtifactGenerator",
      "gen",
      {
        sources: [{ alias: "inner", kind: "ExternalArtifact", name: "one", namespace: "apps" }],
        artifacts: [{ name: "outer", copy: [{ from: "@inner/**", to: "@artifact/" }] }],
      },
      { namespace: "web" },
    );
    const top = ks("app", {
      path: "x",
      sourceRef: { kind: "ExternalArtifact", name: "outer", namespace: "web" },
    });
    expect(sourceIn((await generate("--all", top, outer, generator, src)).stdout).path).toBe("apps/one/x");
  });

  test("generators that copy from each other", async () => {
    const circle = flux("ArtifactGenerator", "gen", {
      sources: [{ alias: "me", kind: "ExternalArtifact", name: "one" }],
      artifacts: [{ name: "one", copy: [{ from: "@me/**", to: "@artifact/" }] }],
    });
    const run = await generate("ks/app -n apps", app("one"), circle);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("its ArtifactGenerators copy from each other in a circle");
  });
});

describe("what is not in the files", () => {
  test("a missing source is named, with a hint; the others are done", async () => {
    const lost = ks("lost", { sourceRef: { kind: "OCIRepository", name: "gone", namespace: "infra" } });
    const run = await generate("--all", lost, ks("app"), src);
    expect(run.exitCode).toBe(1);
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
    expect(run.stderr).toContain(
      "✗ Cannot generate an Application for Kustomization lost in apps: OCIRepository gone in infra does not exist\n" +
        "  hint: Name the file that holds OCIRepository gone in infra with a further -f, or read what kustomize builds: -k DIR\n",
    );
  });

  test("the only one: nothing on stdout", async () => {
    expect(await generate("ks/app -n apps", ks("app"))).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "► Engine loopback: no cluster was looked at; flamingo loopback must run to fill it\n" +
        "✗ Cannot generate an Application for Kustomization app in apps: GitRepository src in apps does not exist\n" +
        "  hint: Name the file that holds GitRepository src in apps with a further -f, or read what kustomize builds: -k DIR\n",
    });
  });

  test("a REF in none of them", async () => {
    expect(await generate("hr/app -n apps", ks("app"), src)).toEqual({
      exitCode: 5,
      stdout: "",
      stderr:
        "✗ HelmRelease app not found in apps\n" +
        "  hint: Name the file that holds it with a further -f, or read what kustomize builds: -k DIR\n",
    });
  });

  test("a REF in another namespace", async () => {
    expect(await generate("ks/app", ks("app"), ks("app", {}, { namespace: "web" }), src)).toEqual({
      exitCode: 5,
      stdout: "",
      stderr: "✗ Kustomization app not found in flux-system; it is in apps, web\n  hint: Add -n apps\n",
    });
  });

  test("one of several REFs: the others are done", async () => {
    const run = await generate("ks/app hr/nope ks/nope -n apps", ks("app"), hr("web"), src, charts);
    expect(run.exitCode).toBe(1);
    expect(namesIn(run.stdout)).toEqual(["apps-app-ks"]);
    expect(run.stderr).toContain("✗ HelmRelease nope not found in apps\n");
    expect(run.stderr).toContain("✗ Kustomization nope not found in apps\n");
  });

  test.each([
    ["ks", "Kustomization"],
    ["hr", "HelmRelease"],
  ])("no workload at all of --kind %s", async (word, kind) => {
    expect(await generate(`--all --kind ${word}`, src)).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: `► No ${kind}s found in these files\n`,
    });
  });

  test("no workload at all, as JSON", async () => {
    expect(await generate("--all -o json", src)).toEqual({
      exitCode: 0,
      stdout: '{\n  "items": []\n}\n',
      stderr: "► No Kustomizations and HelmReleases found in these files\n",
    });
  });
});

describe("choosing from files", () => {
  const objects = [
    ks("a", {}, { labels: { team: "web", tier: "1" } }),
    ks("b", {}, { namespace: "other", labels: { team: "db" } }),
    hr("c", {}, { labels: { team: "web" } }),
    ks("d"),
    src,
    flux("GitRepository", "src", { url: "https://git.example/r" }, { namespace: "other" }),
    charts,
  ];

  test.each([
    ["--all", ["apps-a-ks", "other-b-ks", "apps-d-ks", "apps-c-hr"]],
    ["--all -n other", ["apps-a-ks", "other-b-ks", "apps-d-ks", "apps-c-hr"]],
    ["--all -A", ["apps-a-ks", "other-b-ks", "apps-d-ks", "apps-c-hr"]],
    ["--all --kind hr", ["apps-c-hr"]],
    ["--all --kind ks", ["apps-a-ks", "other-b-ks", "apps-d-ks"]],
    ["--all -l team=web", ["apps-a-ks", "apps-c-hr"]],
    ["--all -l team=web --kind ks", ["apps-a-ks"]],
    ["--all -l team!=web", ["other-b-ks", "apps-d-ks"]],
    ["--all -l 'team in (web, db),!tier'", ["other-b-ks", "apps-c-hr"]],
    ["--all -l 'team notin (web)'", ["other-b-ks", "apps-d-ks"]],
    ["--all -l team", ["apps-a-ks", "other-b-ks", "apps-c-hr"]],
    ["--all -l 'constructor'", []],
    ["--all --name-template '{name}'", ["a", "b", "d", "c"]],
    ["ks/a -n apps", ["a"]],
    ["Kustomization/a HELMRELEASE/c -n apps", ["apps-a-ks", "apps-c-hr"]],
    ["ks/a --app-name mine -n apps", ["mine"]],
  ])("%s", async (flags, names) => {
    const run = await generate(flags, ...objects);
    expect(run.exitCode).toBe(0);
    expect(namesIn(run.stdout)).toEqual(names);
  });

  test("-n gives a namespace to objects without one, and to their references", async () => {
    const plain = (object: TestObject, more = {}) => ({ ...object, metadata: { name: "src", ...more } });
    const stdin = yaml(
      plain(src),
      plain(ks("src"), { namespace: "" }),
      ks("app", { sourceRef: { kind: "GitRepository", name: "src", namespace: "dev-1" } }),
    );
    const run = await flamingo("generate-app --all -f - -n dev-1", { stdin });
    expect(run.exitCode).toBe(0);
    expect(
      applicationsIn(run.stdout).map(({ metadata, spec }) => [metadata.name, spec.destination.namespace]),
    ).toEqual([
      ["dev-1-src-ks", "dev-1"],
      ["apps-app-ks", "apps"],
    ]);
    const without = await flamingo("generate-app --all -f -", {
      stdin,
      env: { FLUX_SYSTEM_NAMESPACE: "from-env" },
    });
    expect(namesIn(without.stdout)).toEqual(["from-env-src-ks"]);
  });

  test("two names that collide: neither is written, the others are, a template is suggested", async () => {
    const run = await generate("--all --name-template '{name}'", ks("x"), hr("x"), ks("y"), src, charts);
    expect(run.exitCode).toBe(1);
    expect(namesIn(run.stdout)).toEqual(["y"]);
    expect(run.stderr).toContain(
      "✗ Cannot generate an Application for Kustomization x in apps: its name x would be that of HelmRelease x in apps, too\n" +
        "  hint: Choose other names with --name-template, such as '{namespace}.{name}.{kind}'\n",
    );
    expect(run.stderr).toContain(
      "✗ Cannot generate an Application for HelmRelease x in apps: its name x would be",
    );
  });

  test("--server decides the destination", async () => {
    const run = await generate("ks/d -n apps --server https://10.0.0.1:6443", ...objects);
    expect(applicationsIn(run.stdout)[0]?.spec.destination).toEqual({
      server: "https://10.0.0.1:6443",
      namespace: "apps",
    });
  });
});
