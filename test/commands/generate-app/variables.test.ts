/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Flux */
import { describe, expect, test } from "vitest";
import { charts, flux, git, hr, ks, src } from "../../builders/flux.js";
import { yaml } from "../../builders/kube.js";
import { flamingo } from "../../flamingo.js";
import { folderWith } from "../../folder.js";
import { applicationsIn, namesIn, sourceIn } from "./applications.js";

/** `--all` of app.yaml and src.yaml. */
function all(app: object[], source: object[], flags = "") {
  const cwd = folderWith({ "app.yaml": yaml(...app), "src.yaml": yaml(...source) });
  return flamingo(`generate-app --all -f . ${flags}`, { cwd });
}

const unresolved = (workload: string, variable: string, file: string) =>
  `⚠ ${workload}: ${variable} in ${file} is not resolved; the text is kept as it stands\n`;

describe("variables that Flux would put in", () => {
  test("in a path, a URL and a branch: the text is kept, the warning names variable and file", async () => {
    const run = await all(
      [ks("app", { path: "./clusters/${CLUSTER}/apps" })],
      [git("src", { url: "https://${HOST:=git.example}/r", ref: { branch: "${BRANCH}" } })],
    );
    expect(run.exitCode).toBe(0);
    expect(sourceIn(run.stdout)).toEqual({
      repoURL: "https://${HOST:=git.example}/r",
      path: "clusters/${CLUSTER}/apps",
      targetRevision: "${BRANCH}",
    });
    expect(run.stderr.split("\n").slice(1).join("\n")).toBe(
      unresolved("Kustomization app in apps", "${CLUSTER}", "app.yaml") +
        unresolved("Kustomization app in apps", "${HOST:=git.example}", "src.yaml") +
        unresolved("Kustomization app in apps", "${BRANCH}", "src.yaml"),
    );
  });

  test("in names and namespaces: references match as they are written", async () => {
    const where = { namespace: "${NS}" };
    const run = await all(
      [ks("${NAME:=web}", { sourceRef: { kind: "GitRepository", name: "${NAME:=web}" } }, where)],
      [flux("GitRepository", "${NAME:=web}", { url: "https://git.example/r" }, where)],
    );
    expect(run.exitCode).toBe(0);
    const [application] = applicationsIn(run.stdout);
    expect(application?.metadata.name).toBe("${NS}-${NAME:=web}-ks");
    expect(application?.spec.destination.namespace).toBe("${NS}");
    expect(application?.metadata.labels).not.toHaveProperty(["flamingo/workload-name"]);
    expect(application?.metadata.annotations).toMatchObject({
      "flamingo/workload-name": "${NAME:=web}",
      "flamingo/destination-namespace": "${NS}",
    });
    expect(run.stderr).toContain(unresolved("Kustomization ${NAME:=web} in ${NS}", "${NS}", "app.yaml"));
    expect(run.stderr).toContain(
      unresolved("Kustomization ${NAME:=web} in ${NS}", "${NAME:=web}", "app.yaml"),
    );
  });

  test("in a HelmRelease: chart, version, release name, target namespace", async () => {
    const sourceRef = { kind: "HelmRepository", name: "charts" };
    const run = await all(
      [
        hr("app", {
          chart: { spec: { chart: "${CHART}", version: "${VERSION}", sourceRef } },
          releaseName: "${RELEASE}",
          targetNamespace: "${TARGET}",
        }),
      ],
      [charts],
    );
    expect(sourceIn(run.stdout)).toMatchObject({
      chart: "${CHART}",
      targetRevision: "${VERSION}",
      helm: { releaseName: "${RELEASE}" },
    });
    for (const variable of ["${CHART}", "${VERSION}", "${RELEASE}", "${TARGET}"]) {
      expect(run.stderr).toContain(unresolved("HelmRelease app in apps", variable, "app.yaml"));
    }
  });

  test("of many workloads with one source: one line", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const run = await all(
      names.map((name) => ks(name)),
      [git("src", { ref: { tag: "${TAG}" } })],
    );
    expect(run.stderr).toContain(
      "⚠ Kustomization a in apps, Kustomization b in apps and 3 more: ${TAG} in src.yaml is not resolved; the text is kept as it stands\n",
    );
    expect(run.stderr.match(/TAG/g)).toHaveLength(1);
  });

  test("$${X} is an escape and $X is none of Flux's", async () => {
    const run = await all([ks("app", { path: "./$${X}/$Y" })], [src]);
    expect(sourceIn(run.stdout).path).toBe("$${X}/$Y");
    expect(run.stderr).not.toContain("⚠");
  });

  test("elsewhere they are nobody's business", async () => {
    const run = await all(
      [ks("app", { interval: "${INTERVAL}", postBuild: { substitute: { a: "${B}" } } })],
      [src],
    );
    expect(run.stderr).not.toContain("⚠");
  });

  test("--output-dir has no file name for them", async () => {
    const run = await all([ks("${NAME}"), ks("web")], [src], "--output-dir out");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      '✗ Cannot write the Application "apps-${NAME}-ks" to a file: its name is no file name\n' +
        "  hint: Resolve its variables first, or print it with --export\n",
    );
    expect(run.stderr).toContain("✔ Wrote 1 Application to out: 1 created\n");
  });
});

describe("credentials in URLs", () => {
  const clear: [url: string, clean: string][] = [
    ["https://user:s3cret@git.example/r", "https://git.example/r"],
    ["https://s3cret@git.example/r", "https://git.example/r"],
    ["https://user:s3cret@x@git.example/r", "https://git.example/r"],
    ["HTTPS://user:s3cret@git.example/r", "HTTPS://git.example/r"],
    ["http://:s3cret@git.example:8080/@org/r", "http://git.example:8080/@org/r"],
    ["https://user:s3cret pw@git.example/r", "https://git.example/r"],
    ["https://user:s3cret?#@git.example/r", "https://git.example/r"],
    ["https://user:s3/cret@git.example/r", "https://git.example/r"],
    ["ssh://git:s3cret@git.example/r", "ssh://git@git.example/r"],
    ["https://${USER}:${TOKEN:=s3cret}@git.example/r", "https://git.example/r"],
    ["${URL:=https://u:s3cret@git.example/r}", "${URL:=https://git.example/r}"],
  ];
  test.each(clear)("%s is written as %s, with a warning", async (url, clean) => {
    const run = await all([ks("app")], [git("src", { url })]);
    expect(run.exitCode).toBe(0);
    expect(sourceIn(run.stdout).repoURL).toBe(clean);
    expect(run.stdout + run.stderr).not.toMatch(/s3|cret/);
    expect(run.stderr).toContain(
      "⚠ Kustomization app in apps: the URL of its source holds credentials, which are left out of the Application\n",
    );
  });

  test.each([
    "https://git.example/@org/r",
    "https://git.example:8443/a:b/@org",
    "ssh://git@git.example:22/r",
    "https://${HOST}:${PORT}/r",
    "https://[2001:db8::1]:8443/r@x",
  ])("%s has none", async (url) => {
    const run = await all([ks("app")], [git("src", { url })]);
    expect(sourceIn(run.stdout).repoURL).toBe(url);
    expect(run.stderr).not.toContain("credentials, which are left out");
  });

  test.each([
    [
      "HelmRepository, oci",
      flux("HelmRepository", "charts", { type: "oci", url: "oci://u:s3cret@reg.example/c/" }),
      "reg.example/c",
    ],
    [
      "HelmRepository",
      flux("HelmRepository", "charts", { url: "https://u:s3cret@charts.example/" }),
      "https://charts.example/",
    ],
  ])("of a %s", async (_, source, repoURL) => {
    const run = await all([hr("app")], [source]);
    expect(sourceIn(run.stdout).repoURL).toBe(repoURL);
    expect(run.stdout + run.stderr).not.toContain("s3cret");
  });

  test("of a Bucket", async () => {
    const bucket = flux("Bucket", "src", { bucketName: "b", endpoint: "u:s3cret@minio.example" });
    const run = await all([ks("app", { sourceRef: { kind: "Bucket", name: "src" } })], [bucket]);
    expect(sourceIn(run.stdout).repoURL).toBe("https://minio.example/b");
    expect(run.stdout + run.stderr).not.toContain("s3cret");
  });

  test("in errors about the URL", async () => {
    const app = hr("app", { chartRef: { kind: "OCIRepository", name: "src" } });
    const run = await all([app], [flux("OCIRepository", "src", { url: "oci://u:s3cret@reg.example" })]);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(
      '✗ Cannot generate an Application for HelmRelease app in apps: OCIRepository src in apps: spec.url "oci://reg.example" names no chart\n',
    );
  });

  test("in Flux's own words about a failure", async () => {
    const status = {
      observedGeneration: 1,
      conditions: [
        { type: "Ready", status: "False", message: "cannot clone 'https://u:s3cret@git.example/r'" },
      ],
    };
    const run = await all([{ ...ks("app"), status }], [src]);
    expect(run.stderr).toContain("so will the Application be shown: cannot clone 'https://git.example/r'\n");
  });
});

test("names of one workload and its namespace may both be variables without colliding", async () => {
  const run = await all([ks("${A}"), ks("${B}")], [src]);
  expect(namesIn(run.stdout)).toEqual(["apps-${A}-ks", "apps-${B}-ks"]);
});
