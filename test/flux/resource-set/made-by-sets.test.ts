import { describe, expect, test } from "vitest";
import { isUsable } from "../../../src/flux/file-rules.js";
import { madeBySets } from "../../../src/flux/resource-set/made-by-sets.js";
import type { KubeObject } from "../../../src/kube/object.js";
import { flux } from "../../builders/flux.js";

const set = (spec: object, name = "apps") => flux("ResourceSet", `flux-system/${name}`, spec);

function provider(name: string, spec: object, labels: Record<string, string> = {}) {
  return flux("ResourceSetInputProvider", `flux-system/${name}`, spec, { labels });
}

const staticOf = (name: string, defaultValues: object, labels?: Record<string, string>) =>
  provider(name, { type: "Static", defaultValues }, labels);

/** A ConfigMap of this name, which stands for anything. */
const resource = (name: string, rest: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "apps" },
  ...rest,
});

const teams = [{ tenant: "a" }, { tenant: "b" }];

function namesOf(objects: readonly KubeObject[]): string[] {
  const { derived, problems, untold } = madeBySets(objects, isUsable);
  return [...derived.map(({ object }) => object.metadata.name), ...problems, ...untold];
}

const made = (...sets: KubeObject[]) => madeBySets(sets, isUsable).derived.map(({ object }) => object);

describe("madeBySets()", () => {
  test("ends with sets that make sets without an end, and with what makes too much", () => {
    const text = [
      "apiVersion: fluxcd.controlplane.io/v1",
      "kind: ResourceSet",
      "metadata:",
      "  name: << inputs.n >>x",
      "  namespace: apps",
      "spec:",
      "  inputs:",
      "  - n: << inputs.n >>x",
      "    t: << inputs.t | quote >>",
      "  resourcesTemplate: << inputs.t | quote >>",
      "",
    ].join("\n");
    const { untold } = madeBySets(
      [set({ inputs: [{ n: "a", t: text }], resourcesTemplate: text })],
      isUsable,
    );
    expect(untold).toEqual([expect.stringMatching(/: there are more than 1000 ResourceSets$/)]);
  });

  const tooMuch = "Cannot fill in the templates of ResourceSet apps in flux-system: they make too much";
  const nested: unknown[] = [];
  nested.push(nested);
  test.each<[string, spec: object]>([
    ["too many steps", { resourcesTemplate: "<< range 1000000000 >><< end >>" }],
    ["too deep a nest", { resourcesTemplate: `<< ${"(".repeat(20_000)} >>` }],
    ["a resource that holds itself", { resources: [resource("web", { data: nested })] }],
    ["too long for its inputs", { inputs: Array(20).fill({}), resourcesTemplate: `#${"x".repeat(600_000)}` }],
  ])("is an error of the set: %s", (_, spec) => {
    expect(namesOf([set(spec), set({ resources: [resource("beside")] }, "beside")])).toEqual([
      "beside",
      tooMuch,
    ]);
  });

  test("takes of what sets make only sets that an API server takes", () => {
    const inner = (spec: string) =>
      `apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: inner}\nspec: ${spec}`;
    expect(namesOf([set({ resourcesTemplate: inner("{inputs: 3, resourcesTemplate: 4}") })])).toEqual([
      "inner",
    ]);
    expect(namesOf([set({ resourcesTemplate: inner("3") })])).toEqual(["inner"]);
    const empty = inner(
      "{inputs: , inputsFrom: ~, resourcesTemplate: , resources: [{kind: A, apiVersion: v1, metadata: {name: a}}]}",
    );
    expect(namesOf([set({ resourcesTemplate: empty })])).toEqual(["inner", "a"]);
  });

  test("fills in what stands in texts, and makes of it what YAML says", () => {
    const inputs = [{ tenant: "a", app: { version: "6.7.x", replicas: 2 }, layer: { operation: "copy" } }];
    const spec = {
      semver: "<< inputs.app.version | quote >>",
      replicas: "<< inputs.app.replicas | int >>",
      layerSelector: "<< inputs.layer | toYaml | nindent 4 >>",
      text: "a: << inputs.tenant >>",
    };
    expect(made(set({ inputs, resources: [resource("web-<< inputs.tenant >>", { spec })] }))).toEqual([
      resource("web-a", {
        spec: { semver: "6.7.x", replicas: 2, layerSelector: { operation: "copy" }, text: "a: a" },
      }),
    ]);
  });

  test("resourcesTemplate is YAML as a whole", () => {
    const resourcesTemplate = [
      "---",
      "apiVersion: v1",
      "kind: ConfigMap",
      "metadata: {name: << inputs.tenant >>, namespace: apps}",
      "<<- range $part := inputs.parts >>",
      "---",
      "apiVersion: v1",
      "kind: ConfigMap",
      "metadata: {name: << inputs.tenant >>-<< $part >>, namespace: apps}",
      "<<- end >>",
    ].join("\n");
    const inputs = [{ tenant: "a", parts: ["x", "y"] }];
    expect(namesOf([set({ inputs, resourcesTemplate })])).toEqual(["a", "a-x", "a-y"]);
  });

  const byTenant = [resource("<< inputs.tenant >>")];
  const one = provider("prs", { type: "GitHubPullRequest" });
  test.each<[string, objects: KubeObject[], names: string[]]>([
    ["once without inputs", [set({ resources: [resource("web")] })], ["web"]],
    ["for each of its inputs", [set({ inputs: teams, resources: byTenant })], ["a", "b"]],
    [
      "each once, however many inputs there are, the first one",
      [set({ inputs: teams, resources: [resource("web"), ...byTenant], resourcesTemplate: "" })],
      ["web", "a", "b"],
    ],
    [
      "what all steps make",
      [set({ inputs: [{}], steps: [{ resources: [resource("one")] }, { resources: [resource("two")] }] })],
      ["one", "two"],
    ],
    [
      "nothing that is switched off",
      [
        set({
          inputs: teams,
          resources: [
            resource("x", {
              metadata: {
                name: "<< inputs.tenant >>",
                annotations: {
                  "fluxcd.controlplane.io/reconcile":
                    '<< if eq inputs.tenant "a" >>enabled<< else >>disabled<< end >>',
                },
              },
            }),
          ],
        }),
      ],
      ["a"],
    ],
    [
      "what another set makes",
      [
        set({
          resources: [set({ inputs: teams, resources: [resource('<< "<< inputs.tenant >>" >>')] }, "inner")],
        }),
      ],
      ["inner", "a", "b"],
    ],
    [
      "by a provider's name",
      [
        staticOf("c", { tenant: "c" }),
        set({ inputs: teams, inputsFrom: [{ name: "c" }], resources: byTenant }),
      ],
      ["a", "b", "c"],
    ],
    [
      "by providers' labels",
      [
        staticOf("c", { tenant: "c" }, { app: "web" }),
        staticOf("d", { tenant: "d" }, { app: "web" }),
        staticOf("e", { tenant: "e" }),
        set({ inputsFrom: [{ selector: { matchLabels: { app: "web" } } }], resources: byTenant }),
      ],
      ["c", "d"],
    ],
    [
      "each with each, under the names of who provides them",
      [
        staticOf("the-Zone", { zone: "z" }),
        set({
          inputs: teams,
          inputsFrom: [{ name: "the-Zone" }],
          inputStrategy: { name: "Permute" },
          resources: [resource("<< inputs.apps.tenant >>-<< inputs.the_zone.zone >>")],
        }),
      ],
      ["a-z", "b-z"],
    ],
    [
      "who provides them",
      [
        set({
          inputs: [{}],
          resources: [resource("<< inputs.provider.kind | lower >>-<< inputs.provider.name >>")],
        }),
      ],
      ["resourceset-apps"],
    ],
    [
      "no such input",
      [set({ inputs: teams, resources: [resource("<< inputs.team >>")] })],
      ['Cannot fill in the templates of ResourceSet apps in flux-system: map has no entry for key "team"'],
    ],
    [
      "no YAML",
      [set({ resourcesTemplate: "a: b: c" })],
      [expect.stringMatching(/^Cannot fill in the templates of ResourceSet apps in flux-system: /)],
    ],
    [
      "no object",
      [set({ resourcesTemplate: "a: b" })],
      [
        "Cannot fill in the templates of ResourceSet apps in flux-system: its template makes something without apiVersion, kind or metadata.name",
      ],
    ],
    [
      "too many permutations",
      [
        staticOf("c", {}),
        set({
          inputs: Array.from({ length: 10_001 }, () => ({})),
          inputsFrom: [{ name: "c" }],
          inputStrategy: { name: "Permute" },
        }),
      ],
      [
        "Cannot fill in the templates of ResourceSet apps in flux-system: its inputs have 10001 permutations, more than 10000",
      ],
    ],
    [
      "a function that is not known",
      [
        set({
          inputs: teams,
          resources: [...byTenant, resource("x", { data: { sum: "<< inputs.tenant | sha256sum >>" } })],
        }),
      ],
      [
        "Left out what ResourceSet apps in flux-system makes: its template uses sha256sum, which flamingo does not fill in",
      ],
    ],
    [
      "an id that the operator makes",
      [set({ inputs: [{ id: "mine" }], resources: [resource("<< inputs.id >>")] })],
      [
        "Left out what ResourceSet apps in flux-system makes: its template uses inputs.id, which only the cluster has",
      ],
    ],
    [
      "inputs that are somewhere else",
      [one, set({ inputsFrom: [{ name: "prs" }], resources: byTenant })],
      [
        "Left out what ResourceSet apps in flux-system makes: its inputs come from ResourceSetInputProvider prs in flux-system of the type GitHubPullRequest, and only the cluster has them",
      ],
    ],
    [
      "a provider that is not there",
      [set({ inputsFrom: [{ name: "prs" }], resources: byTenant })],
      [
        "Left out what ResourceSet apps in flux-system makes: its inputs come from a ResourceSetInputProvider prs, which is not there",
      ],
    ],
  ])("%s", (_, objects, names) => expect(namesOf(objects)).toEqual(names));

  test("Flux's in the set's namespace, where they name none", () => {
    const release = {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "web" },
    };
    expect(made(set({ resources: [release] }))[0]?.metadata.namespace).toBe("flux-system");
  });

  test("with common metadata", () => {
    const commonMetadata = { labels: { team: "x" } };
    expect(made(set({ resources: [resource("web")], commonMetadata }))[0]?.metadata.labels).toEqual({
      team: "x",
    });
  });
});
