/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Flux */
import { describe, expect, test } from "vitest";
import { sameForAll } from "../../src/applications/engines.js";
import { type ApplicationWish, type Planned, planApplications } from "../../src/applications/plan.js";
import { type Target, unseenTarget } from "../../src/applications/target.js";
import type { Application } from "../../src/argo/application.js";
import { readArgoImage } from "../../src/argo/image.js";
import { UserError } from "../../src/errors.js";
import { type Workload, workloadFrom } from "../../src/flux/workload.js";
import { inClusterName, inClusterServer } from "../../src/names.js";
import type { Located } from "../../src/workloads/locate.js";
import * as flux from "../builders/flux.js";

const ks = (at: string, file?: string) => workloadFrom(flux.ks(at), file);
const located = (workload: Workload): Located => ({ workload, location: flux.location(), unresolved: [] });

const byTemplate = (template: string) => ({ naming: { template, clusterName: inClusterName } });
const wish: ApplicationWish = {
  ...byTemplate("{namespace}-{name}-{kind}"),
  engine: "auto",
  force: false,
  writes: true,
  server: inClusterServer,
  clusterName: inClusterName,
  project: { name: "default" },
  labels: {},
  annotations: {},
  cascade: false,
};
const unseen = unseenTarget("argocd", wish);
const fsa: Target = { ...unseen, engines: sameForAll({ engine: "fsa", because: "an FSA image runs" }) };
const runs = (image: string): Target => ({
  ...fsa,
  argo: { found: "image", image: readArgoImage(image), namespace: "argocd" },
});

function plan(
  workloads: readonly Workload[],
  wished: Partial<ApplicationWish> = {},
  target = unseen,
): Planned[] {
  return [...planApplications(workloads.map(located), { ...wish, ...wished }, target)];
}

/** "NAME: ENGINE, PROJECT" of each, or "NAME: WHY NOT". */
function outline(planned: readonly Planned[]): string[] {
  return planned.map((one) =>
    "failure" in one
      ? `${one.name}: ${one.failure.message.replace("Cannot generate an Application for ", "✗ ")}`
      : `${one.name}: ${one.engine}, ${one.application.spec.project}`,
  );
}

/** A target where there is the Application that would be made for this workload, with these changes. */
function there(workload: Workload, changes: { engine?: "fsa"; labels?: Record<string, string> } = {}) {
  const [made] = plan([workload], {}, changes.engine ? fsa : unseen);
  if (!made || "failure" in made) throw new Error("it cannot be made");
  const { application, name } = made;
  const labels = { ...application.metadata.labels, ...changes.labels };
  const changed: Application = { ...application, metadata: { ...application.metadata, labels } };
  return { ...unseen, existing: new Map([[name, changed]]) };
}

const web = ks("apps/web");
const lowerCase =
  "it must consist of lower-case letters, digits, '-' and '.', and start and end with a letter or digit";

describe("planApplications() gives each workload its Application", () => {
  test.each<[string, Workload[], Partial<ApplicationWish>, Target, string[]]>([
    ["by a template", [web, ks("infra/base")], {}, unseen, ["apps-web-ks", "infra-base-ks"]],
    ["by its name", [web], { naming: { appName: "shop" } }, unseen, ["shop"]],
  ])("named %s", (_, workloads, wished, target, names) =>
    expect(plan(workloads, wished, target).map(({ name }) => name)).toEqual(names),
  );

  test.each<[string, Partial<ApplicationWish>, Target, string]>([
    ["of the engine that was chosen", {}, unseen, "loopback, default"],
    ["of the other", {}, fsa, "fsa, default"],
    ["of the engine that it has", {}, { ...there(web), engines: fsa.engines }, "loopback, default"],
    ["of the other that it has", {}, there(web, { engine: "fsa" }), "fsa, default"],
    [
      "of the engine that is asked for, by force",
      { engine: "loopback", force: true },
      there(web, { engine: "fsa" }),
      "loopback, default",
    ],
    [
      "of the engine that is asked for, in print",
      { engine: "loopback", writes: false },
      there(web, { engine: "fsa" }),
      "loopback, default",
    ],
    ["in a project", { project: { name: "shop" } }, unseen, "loopback, shop"],
    ["in a project by a template", { project: { template: "{namespace}" } }, unseen, "loopback, apps"],
  ])("%s", (_, wished, target, expected) =>
    expect(outline(plan([web], wished, target))).toEqual([`apps-web-ks: ${expected}`]),
  );

  test("with what was asked for", () => {
    const [planned] = plan([web], {
      server: "https://leaf.example",
      clusterName: "leaf",
      labels: { team: "web" },
      annotations: { note: "x" },
      cascade: true,
    });
    expect(planned).toMatchObject({
      application: {
        metadata: {
          namespace: "argocd",
          labels: { team: "web", "flamingo/cluster-name": "leaf" },
          annotations: { note: "x", "flamingo/cascade": "flux" },
        },
        spec: { destination: { server: "https://leaf.example", namespace: "apps" } },
      },
    });
  });
});

describe("planApplications() says why there is none", () => {
  const foreign = there(web, { labels: { "app.kubernetes.io/managed-by": "Helm" } });
  const ofAnother = there(web, { labels: { "flamingo/workload-name": "other" } });
  test.each<[string, Workload[], Partial<ApplicationWish>, Target, string[], string | undefined]>([
    [
      "neither of two that want the same name, and others all the same",
      [ks("a/b-c"), web, ks("a-b/c")],
      {},
      unseen,
      [
        "a-b-c-ks: ✗ Kustomization b-c in a: its name a-b-c-ks would be that of Kustomization c in a-b, too",
        "apps-web-ks: loopback, default",
        "a-b-c-ks: ✗ Kustomization c in a-b: its name a-b-c-ks would be that of Kustomization b-c in a, too",
      ],
      "Choose other names with --name-template, such as '{namespace}.{name}.{kind}'",
    ],
    [
      "no more than three are named",
      "abcde".split("").map((namespace) => ks(`${namespace}/x`)),
      byTemplate("{name}"),
      unseen,
      ["b, c, d", "a, c, d", "a, b, d", "a, b, c", "a, b, c"].map(
        (others, index) =>
          `x: ✗ Kustomization x in ${"abcde"[index]}: its name x would be that of ${others.replace(/\w/g, "Kustomization x in $&")}, too`,
      ),
      "Choose other names with --name-template, such as '{namespace}.{name}.{kind}'",
    ],
    [
      "what is no name",
      [ks("apps/Web")],
      {},
      unseen,
      [`apps-Web-ks: ✗ Kustomization Web in apps: "apps-Web-ks" is no name for it: ${lowerCase}`],
      "Choose other names with --name-template, such as '{name}-{kind}'",
    ],
    [
      "what is no name of a project",
      [ks("Apps/web")],
      { ...byTemplate("{name}"), project: { template: "{namespace}" } },
      unseen,
      [`web: ✗ Kustomization web in Apps: "Apps" is no name of an AppProject: ${lowerCase}`],
      "Choose another --project-template, or a --project",
    ],
    [
      "an Application of somebody else",
      [web],
      {},
      foreign,
      [
        "apps-web-ks: Cannot overwrite the Application apps-web-ks in argocd with one for Kustomization web in apps: flamingo did not make it",
      ],
      "Choose another --app-name or --name-template, or add --force to overwrite it",
    ],
    [
      "an Application that shows something else",
      [web],
      {},
      ofAnother,
      [
        "apps-web-ks: Cannot overwrite the Application apps-web-ks in argocd with one for Kustomization web in apps: it shows Kustomization other in apps",
      ],
      "Choose another --app-name or --name-template, or add --force to overwrite it",
    ],
    ["but by force", [web], { force: true }, foreign, ["apps-web-ks: loopback, default"], undefined],
    ["and in print", [web], { writes: false }, ofAnother, ["apps-web-ks: loopback, default"], undefined],
    [
      "another engine than it has",
      [web],
      { engine: "loopback" },
      there(web, { engine: "fsa" }),
      ["apps-web-ks: Cannot change the engine of the Application apps-web-ks in argocd from fsa to loopback"],
      "Leave --engine out to keep fsa, or add --force",
    ],
    [
      "no engine that works",
      [web],
      {},
      {
        ...unseen,
        engines: sameForAll({
          engine: undefined,
          cannot: "choose an engine",
          because: "it is too old",
          hint: "Upgrade",
        }),
      },
      ["apps-web-ks: Cannot choose an engine for Kustomization web in apps: it is too old"],
      "Upgrade",
    ],
    [
      "an FSA image that looks for the workload by the Application's name",
      [web],
      {},
      runs("fsa/argocd:v2.7.17-fl.15-main-f762c2ac"),
      [
        "apps-web-ks: Cannot generate the Application apps-web-ks for Kustomization web in apps: the FSA image fsa/argocd:v2.7.17-fl.15-main-f762c2ac does not read the label flamingo/workload-name, so it would look for a Kustomization named apps-web-ks",
      ],
      "Name them like the workloads: --name-template '{name}'",
    ],
    [
      "which finds one of the same name",
      [web],
      { naming: { appName: "web" } },
      runs("fsa/argocd:v2.7.17-fl.15-main-f762c2ac"),
      ["web: fsa, default"],
      undefined,
    ],
    [
      "a newer one by its label",
      [web],
      {},
      runs("fsa/argocd:v2.10.2-fl.23-main-d2c9a8cb"),
      ["apps-web-ks: fsa, default"],
      undefined,
    ],
  ])("%s", (_, workloads, wished, target, expected, hint) => {
    const planned = plan(workloads, wished, target);
    expect(outline(planned)).toEqual(expected);
    for (const one of planned) if ("failure" in one) expect(one.failure.hint).toBe(hint);
  });

  test.each<[Partial<ApplicationWish>, Target, string]>([
    [{}, foreign, "Cannot overwrite the Applications a, b and 9 more in argocd: flamingo did not make it"],
    [
      { engine: "loopback" },
      there(web, { engine: "fsa" }),
      "Cannot change the engine of the Applications a, b and 9 more in argocd from fsa to loopback",
    ],
    [
      byTemplate("{name}_x"),
      unseen,
      `Cannot generate an Application for a, b and 9 more: "web_x" is no name for it: ${lowerCase}`,
    ],
  ])("of many with one reason: %#", (wished, target, sentence) => {
    const [planned] = plan([web], wished, target);
    expect(planned && "failure" in planned && planned.failure.alike?.sentence("a, b and 9 more")).toBe(
      sentence,
    );
  });

  test("one whose content is not found keeps its reason, and its name from others", () => {
    const failure = new UserError("Cannot find it");
    const lost: Located = { workload: ks("a/b-c"), failure };
    const planned = [...planApplications([lost, located(ks("a-b/c"))], wish, unseen)];
    expect(planned[0]).toMatchObject({ name: "a-b-c-ks", failure });
    expect(outline(planned)[1]).toContain("would be that of Kustomization b-c in a, too");
  });
});

describe("variables in files", () => {
  test("may stand in names", () => {
    const workload = ks("${ns}/web", "web.yaml");
    expect(outline(plan([workload]))).toEqual(["${ns}-web-ks: loopback, default"]);
  });

  test("are told", () => {
    const unresolved = [{ variable: "${branch}", file: "src.yaml" }];
    const [planned] = [...planApplications([{ ...located(web), unresolved }], wish, unseen)];
    expect(planned).toMatchObject({
      warnings: [{ text: "${branch} in src.yaml is not resolved; the text is kept as it stands" }],
    });
  });
});
