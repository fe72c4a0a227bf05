import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { expect } from "vitest";
import { charts, git, hr, ks } from "../builders/flux.js";
import { yaml } from "../builders/kube.js";
import type { TestObject } from "../cluster/crds.js";
import { applicationsIn } from "../commands/generate-app/applications.js";
import { flamingo } from "../flamingo.js";
import { folderWith } from "../folder.js";
import { findOrBuildKustomize } from "../follow/programs.js";
import { e2eTest, type Rig } from "./e2e.js";
import { run } from "./run.js";

/** Two ways to write a repository, each with what Flux makes of it by itself. */
const repositories: Record<string, (namespace: string) => Record<string, string>> = {
  overlays: (namespace) => ({
    "clusters/prod/kustomization.yaml": yaml({
      resources: ["flux-system/gotk-sync.yaml", "settings.yaml", "apps.yaml"],
      patches: [{ target: { kind: "Kustomization" }, patch: yaml(withVariables) }],
      configMapGenerator: [
        { name: "more", namespace, literals: ["TIER=gold"], options: { disableNameSuffixHash: true } },
      ],
    }),
    "clusters/prod/settings.yaml": yaml({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace },
      data: { TENANT: "shop", CHART: "web", EMPTY: "" },
    }),
    "clusters/prod/apps.yaml": yaml(
      at(namespace, "apps", {
        path: "./apps/${TIER:=silver}",
        targetNamespace: `${namespace}-\${TENANT}`,
        components: ["../../components/labels", "../../components/missing"],
        ignoreMissingComponents: true,
        patches: [
          {
            target: { kind: "HelmRelease", name: "web" },
            patch: '- {"op": "replace", "path": "/spec/chart/spec/version", "value": "2.x"}',
          },
        ],
      }),
    ),
    "apps/gold/kustomization.yaml": yaml({ resources: ["../base", "inner.yaml"], nameSuffix: "-gold" }),
    "apps/gold/inner.yaml": yaml(
      at(namespace, "inner", {
        path: "./inner",
        namePrefix: "pre-",
        targetNamespace: `${namespace}-shop`,
        postBuild: { substitute: { CHART: "web" } },
      }),
    ),
    "apps/base/kustomization.yaml": yaml({ resources: ["release.yaml", "charts.yaml"] }),
    "apps/base/release.yaml": yaml(release("web", { chart: "${CHART}", version: "1.x" }, "charts-gold")),
    "apps/base/charts.yaml": yaml(without(charts)),
    "components/labels/kustomization.yaml": yaml({
      apiVersion: "kustomize.config.k8s.io/v1alpha1",
      kind: "Component",
      labels: [{ pairs: { team: "shop" } }],
    }),
    "inner/a/release.yaml": yaml(
      release("first", { chart: "${CHART/w/W}", version: "${EMPTY:-3.x}" }, "pre-charts"),
    ),
    "inner/a/charts.yaml": yaml(without(charts)),
    "inner/b/kustomization.yaml": yaml({
      resources: ["release.yaml"],
      commonAnnotations: { by: "kustomize" },
    }),
    "inner/b/release.yaml": yaml(release("second", { chart: "plain", version: "1.x" }, "pre-charts")),
    "inner/b/not-taken.yaml": yaml(release("not-taken", { chart: "plain", version: "1.x" })),
  }),
  plain: (namespace) => ({
    ".sourceignore": "ignored/\n",
    "clusters/prod/apps.yaml": yaml(
      at(namespace, "apps", { path: "apps" }),
      within(namespace, at(namespace, "off", { path: "./apps" }), off),
      at(namespace, "once", { path: "./once", targetNamespace: `${namespace}-shop` }),
    ),
    "apps/a.yml": yaml(
      within(namespace, release("a", { chart: "a", version: "1.x" })),
      within(namespace, charts),
      within(namespace, release("left-alone", { chart: "a", version: "1.x" }), off),
    ),
    "apps/ignored/b.yaml": yaml(within(namespace, release("ignored", { chart: "b", version: "1.x" }))),
    "apps/deep/er/c.yaml": yaml(
      within(namespace, release("c", { chart: "charts/c", version: "*", sourceRef: content(namespace) })),
    ),
    "once/d.yaml": yaml(release("d", { chart: "d", version: "$${NOT_A_VARIABLE}" }), without(charts)),
  }),
};

e2eTest.for(Object.entries(repositories))(
  "of %s, followed, gives what it gives once Flux has applied it",
  async ([name, filesIn], { rig }) => {
    const namespace = `follow-${name}`;
    await rig.createNamespace(namespace);
    await rig.createNamespace(`${namespace}-shop`);
    const repository = await rig.repository(namespace);
    const sync: TestObject[] = [
      git(`${namespace}/content`, { url: repository.url }),
      at(namespace, "entry", { path: "./clusters/prod" }),
    ];
    await repository.commit({
      ...filesIn(namespace),
      "clusters/prod/flux-system/gotk-sync.yaml": yaml(...sync),
    });
    for (const object of sync) await rig.cluster.apply(object);

    const followed = await fromFiles(repository.url);
    expect(followed).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("⚠") });
    const applications = applicationsIn(followed.stdout);
    expect(applications.length).toBeGreaterThan(4);
    await expect.poll(() => fromCluster(rig, namespace), { timeout: 120_000 }).toEqual(byName(applications));
  },
);

/** What is generated from a clone, which is where a pipeline has it. */
async function fromFiles(url: string) {
  const { kustomize } = await findOrBuildKustomize();
  const cwd = folderWith();
  execFileSync("git", ["clone", "--quiet", url, "."], { cwd });
  const PATH = `${dirname(kustomize)}:${process.env["PATH"]}`;
  return flamingo("generate-app --all -f . --follow --engine loopback -o json", { cwd, env: { PATH } });
}

async function fromCluster(rig: Rig, namespace: string) {
  const { stdout } = await run(rig, "generate-app --all -A --export --engine loopback -o json");
  return byName(applicationsIn(stdout).filter(({ metadata }) => metadata.name.startsWith(namespace)));
}

function byName<T extends { metadata: { name: string } }>(objects: readonly T[]): T[] {
  return objects.toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
}

/** So the entry, too, has its variables from ConfigMaps that it applies itself: from its second turn on. */
const withVariables = {
  kind: "Kustomization",
  metadata: { name: "any" },
  spec: {
    postBuild: {
      substituteFrom: [
        { kind: "ConfigMap", name: "settings", optional: true },
        { kind: "ConfigMap", name: "more", optional: true },
      ],
    },
  },
};

const off = { annotations: { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" } };

const content = (namespace: string) => ({ kind: "GitRepository", name: "content", namespace });

function at(namespace: string, name: string, spec: object): TestObject {
  return ks(`${namespace}/${name}`, { interval: "1m", sourceRef: content(namespace), ...spec });
}

/** Without a namespace. @param from the HelmRepository beside it, as it is called in the end */
function release(name: string, chart: object, from = "charts"): TestObject {
  const sourceRef = { kind: "HelmRepository", name: from };
  return without(hr(name, { chart: { spec: { sourceRef, ...chart } } }));
}

function without(object: TestObject): TestObject {
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function within(namespace: string, object: TestObject, more: object = {}): TestObject {
  return { ...object, metadata: { ...object.metadata, namespace, ...more } };
}
