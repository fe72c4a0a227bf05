import fc from "fast-check";
import { loadAll } from "js-yaml";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { GeneratedApplication } from "../../../src/argo/application-for.js";
import { applicationFor } from "../../../src/argo/application-for.js";
import { UserError } from "../../../src/errors.js";
import type { HelmRelease } from "../../../src/flux/helm-release.js";
import type { Kustomization } from "../../../src/flux/kustomization.js";
import { type Location, locate } from "../../../src/flux/location.js";
import { type Workload, workloadFrom } from "../../../src/flux/workload.js";
import type { KubeObject } from "../../../src/kube/object.js";
import { labelValueProblem } from "../../../src/text/names.js";
import { renderYaml } from "../../../src/yaml.js";
import { flux } from "../../builders/flux.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo } from "../../flamingo.js";

// ─── what an API server would store ───

const treacherous = [
  ..."true null yes no y on ~ 1 0x1 1e3 e1 . .. 1.10 0o7 12:30 2026-01-02 - --- # : ? * & ! % @ ` | > { [ ' << =".split(
    " ",
  ),
  ...'a: b|a #b|- a|\n|\na|a\n|a\r\nb|\t|\u0085|\u2028|\uFEFFx|\u0007|😀| a |\\n|"q"|${X}|$${X}|{name}'.split(
    "|",
  ),
];
const text = fc.oneof(
  fc.constantFrom(...treacherous),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
);
const label = fc.oneof(
  fc.constantFrom("true", "null", "yes", "n", "123", "1e3", "0x10", "a-b"),
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/),
);
const name = fc.oneof(label, fc.stringMatching(/^[a-z0-9]{1,30}(\.[a-z0-9]{1,40}){1,4}$/));
const namespace = fc.constantFrom("apps", "true", "123", "flux-system");
const line = text.map((value) => value.replace(/[\n\r\u2028\u2029]/g, ""));
const secret = "s3cret";
const authority = fc.constantFrom(
  "git.example",
  "git.example:8443",
  `u:${secret}@git.example`,
  `${secret}@git.example`,
);
const url = (...schemes: string[]) =>
  fc
    .tuple(fc.constantFrom(...schemes), authority, fc.oneof(fc.constant("/org/r"), line, fc.constant("")))
    .map(
      ([scheme, host, rest]) =>
        `${scheme}://${scheme === "ssh" ? host.replace(/^s3cret@/, "git@") : host}${rest}`,
    );

/** A record; one in ten lacks some of its required fields. */
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(model: T, ...required: (keyof T & string)[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.record(model, { requiredKeys: required }) },
    { weight: 1, arbitrary: fc.record(model, { requiredKeys: [] }) },
  );
const credentials = {
  secretRef: fc.constant({ name: "s" }),
  provider: fc.constantFrom("generic", "aws", "azure", "gcp", "odd"),
};
const named = (...kinds: string[]) =>
  fc.record({ kind: fc.constantFrom(...kinds), name: fc.constant("src") });

const specs: Record<string, fc.Arbitrary<object>> = {
  GitRepository: some(
    {
      url: url("https", "http", "ssh"),
      ref: some({ branch: text, tag: text, semver: text, name: text, commit: text }),
      ...credentials,
    },
    "url",
  ),
  OCIRepository: some(
    { url: url("oci"), ref: some({ digest: text, semver: text, tag: text }), ...credentials },
    "url",
  ),
  HelmRepository: some(
    { url: url("https", "http", "oci"), type: fc.constantFrom("default", "oci"), ...credentials },
    "url",
  ),
  Bucket: some(
    { bucketName: text, endpoint: text, region: text, insecure: fc.boolean(), ...credentials },
    "bucketName",
    "endpoint",
  ),
  HelmChart: some(
    { chart: text, version: text, sourceRef: named("HelmRepository", "GitRepository", "Bucket") },
    "chart",
    "sourceRef",
  ),
  ExternalArtifact: fc.constant({ sourceRef: { kind: "ArtifactGenerator", name: "src" } }),
  ArtifactGenerator: some(
    {
      sources: named("GitRepository", "Bucket", "OCIRepository", "ExternalArtifact").map((source) => [
        { alias: "a", ...source },
      ]),
      artifacts: fc.constant([{ name: "src", copy: [{ from: "@a/x/**", to: "@artifact/" }] }]),
    },
    "sources",
    "artifacts",
  ),
};

/** To a source of these kinds as a rule. */
const reference = (...kinds: string[]) =>
  fc.record(
    {
      kind: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...kinds) },
        { weight: 1, arbitrary: fc.constantFrom(...Object.keys(specs), "Nonsense") },
      ),
      name: fc.oneof(
        { weight: 19, arbitrary: fc.constant("src") },
        { weight: 1, arbitrary: fc.constant("gone") },
      ),
      namespace,
    },
    { requiredKeys: ["kind", "name"] },
  );
const contents = ["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"];
const chartSources = ["HelmRepository", "GitRepository", "Bucket"];
const chartRefs = ["OCIRepository", "HelmChart", "ExternalArtifact"];
const kubeConfig = fc.constant({ secretRef: { name: "kubeconfig" } });
const common = { suspend: fc.boolean(), targetNamespace: label, kubeConfig };

const workloads: fc.Arbitrary<TestObject> = fc.oneof(
  fc
    .tuple(
      name,
      namespace,
      fc.record(
        { sourceRef: reference(...contents), path: text, ...common },
        { requiredKeys: ["sourceRef"] },
      ),
    )
    .map(([called, where, spec]) => flux("Kustomization", called, spec, { namespace: where })),
  fc
    .tuple(
      name,
      namespace,
      fc.oneof(
        fc.record({
          chart: fc
            .record(
              { chart: text, version: text, sourceRef: reference(...chartSources) },
              { requiredKeys: ["chart", "sourceRef"] },
            )
            .map((spec) => ({ spec })),
        }),
        fc.record({ chartRef: reference(...chartRefs) }),
      ),
      some({ releaseName: text, ...common }),
    )
    .map(([called, where, chart, more]) =>
      flux("HelmRelease", called, { ...chart, ...more }, { namespace: where }),
    ),
);

/** One source of each kind in each namespace, called "src", most of them there. */
const sources: fc.Arbitrary<TestObject[]> = fc
  .tuple(
    ...["apps", "true", "123", "flux-system"].flatMap((where) =>
      Object.entries(specs).map(([kind, spec]) =>
        fc
          .tuple(spec, fc.integer({ min: 0, max: 9 }))
          .map(([made, luck]) =>
            luck === 0 ? [] : [flux(kind as Parameters<typeof flux>[0], "src", made, { namespace: where })],
          ),
      ),
    ),
  )
  .map((made) => made.flat());

const settings = fc.record({
  name,
  namespace: label,
  engine: fc.constantFrom("fsa" as const, "loopback" as const),
  project: name,
  server: fc.constantFrom("https://kubernetes.default.svc", "https://10.0.0.1:6443"),
  clusterName: text,
  labels: fc.dictionary(label, label, { maxKeys: 2 }),
  annotations: fc.dictionary(label, text, { maxKeys: 2 }),
  cascade: fc.boolean(),
});

// ─── what must hold ───

/** As the CRD and Argo CD's own checks want it: texts everywhere, a repoURL, a path or a chart, a revision. */
function expectSound(application: GeneratedApplication, workload: { namespace: string; name: string }): void {
  const { metadata, spec } = application;
  expect(Object.keys(application)).toEqual(["apiVersion", "kind", "metadata", "spec"]);
  expect(application).toMatchObject({ apiVersion: "argoproj.io/v1alpha1", kind: "Application" });
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    expect(typeof value, key).toBe("string");
    expect(labelValueProblem(value), `${key}=${value}`).toBeUndefined();
  }
  for (const [key, value] of Object.entries(metadata.annotations ?? {}))
    expect(typeof value, key).toBe("string");
  const { repoURL, path, chart, targetRevision, helm, ...others } = spec.source;
  expect(others).toEqual({});
  for (const value of [repoURL, path ?? chart, targetRevision]) expect(typeof value).toBe("string");
  expect(repoURL).not.toBe("");
  expect(path ?? chart).not.toBe("");
  expect(targetRevision).not.toBe("");
  expect([path, chart].filter((value) => value !== undefined)).toHaveLength(1);
  if (path !== undefined) expect(path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)/);
  if (helm) expect(helm.releaseName).not.toBe("");
  expect(spec.destination.namespace).toBe(workload.namespace);
  expect(recorded(application, "flamingo/workload-name")).toBe(workload.name);
  expect(JSON.stringify(application)).not.toContain(secret);
}

function recorded({ metadata }: GeneratedApplication, key: string): string | undefined {
  return metadata.labels?.[key] ?? metadata.annotations?.[key];
}

function locateAmong(workload: Workload, objects: readonly KubeObject[]): Location | UserError {
  try {
    const location = locate(workload, ({ ref: { kind, name, namespace } }) => {
      const source = objects.find(
        (object) =>
          object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace,
      );
      return source ?? { missing: "" };
    });
    if ("needs" in location) throw new Error("nothing is unknown");
    return location;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

test("whatever a cluster holds, an Application is sound and reads back as it was, or it is an error that says why", () => {
  const seen = { applications: 0, errors: 0 };
  fc.assert(
    fc.property(workloads, sources, settings, (object, objects, chosen) => {
      const workload = workloadFrom(object as unknown as Kustomization | HelmRelease);
      const location = locateAmong(workload, objects as unknown as KubeObject[]);
      if (location instanceof UserError) {
        seen.errors++;
        expect(location.message).toMatch(/^Cannot generate an Application for (Kustomization|HelmRelease) /);
        expect(location.message).not.toContain(secret);
        return;
      }
      seen.applications++;
      const application = applicationFor(workload, location, chosen);
      expectSound(application, workload);
      expect(application.metadata.name).toBe(chosen.name);
      const yaml = renderYaml(application);
      expect(loadAll(yaml)).toEqual([application]);
      expect(parse(yaml, { version: "1.1" })).toEqual(application);
      expect(parse(yaml, { version: "1.2" })).toEqual(application);
      expect(JSON.parse(JSON.stringify(application))).toEqual(application);
    }),
    { numRuns: 1500 },
  );
  // both halves of the property are worth something
  expect(seen.applications).toBeGreaterThan(300);
  expect(seen.errors).toBeGreaterThan(300);
});

// characters that no YAML stream may hold as they are (YAML 1.2, c-printable); both writers would leave them so
const unprintable = /[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;

function escaped(text: string): string {
  return text.replace(unprintable, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function yamlOf(objects: TestObject[]): string {
  const plain = objects.map((object) => `---\n${stringify(object)}`).join("");
  if (plain.search(unprintable) === -1) return plain;
  const quoted = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" } as const;
  return escaped(objects.map((object) => `---\n${stringify(object, quoted)}`).join(""));
}

test("whatever files hold, each workload has its Application or an error that names it", async () => {
  const format = fc.constantFrom("yaml", "json");
  const input = fc.constantFrom<(objects: TestObject[]) => string>(
    yamlOf,
    (objects) => yamlOf(objects).replaceAll("\n", "\r\n"),
    (objects) => escaped(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, "\t")),
  );
  const engine = fc.constantFrom("fsa", "loopback");
  await fc.assert(
    fc.asyncProperty(
      fc.array(workloads, { minLength: 1, maxLength: 4 }),
      sources,
      input,
      format,
      engine,
      async (some, objects, write, output, how) => {
        const run = await flamingo(["generate-app", "--all", "-f", "-", "--engine", how, "-o", output], {
          stdin: write([...some, ...objects]),
        });
        expect([0, 1], run.stderr).toContain(run.exitCode);
        expect(run.stdout + run.stderr).not.toContain(secret);
        const applications = (
          output === "json" ? JSON.parse(run.stdout).items : loadAll(run.stdout)
        ) as GeneratedApplication[];
        for (const object of some as unknown as KubeObject[]) {
          const { name, namespace = "" } = object.metadata;
          const shown = applications.filter(
            (application) =>
              recorded(application, "flamingo/workload-name") === name &&
              recorded(application, "flamingo/workload-type") === object.kind &&
              application.spec.destination.namespace === namespace,
          );
          const failed = run.stderr
            .split("\n")
            .some((each) => each.startsWith("✗") && each.includes(`${object.kind} ${name} in ${namespace}`));
          expect(shown.length === 1 || failed, run.stderr).toBe(true);
          for (const application of shown) expectSound(application, { name, namespace });
        }
        expect(run.exitCode === 1).toBe(run.stderr.includes("✗"));
      },
    ),
    { numRuns: 300 },
  );
});
