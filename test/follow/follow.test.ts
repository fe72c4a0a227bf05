import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect } from "vitest";
import { flux, git, hr, ks, rset } from "../builders/flux.js";
import { yaml } from "../builders/kube.js";
import { applicationsIn } from "../commands/generate-app/applications.js";
import { flamingo } from "../flamingo.js";
import { folderWith } from "../folder.js";
import { buildTest } from "./build-test.js";
import type { BuildPrograms } from "./programs.js";

const sourceRef = { kind: "GitRepository", name: "flux-system", namespace: "flux-system" };
const source = git("flux-system/flux-system");
const entry = (path: string) => ks("flux-system/flux-system", { path, sourceRef });
const without = <T extends { metadata: object }>(object: T): T => {
  const { namespace: _, ...metadata } = object.metadata as { namespace?: string };
  return { ...object, metadata };
};
const release = hr("web", {
  chart: {
    spec: { chart: "web", sourceRef: { kind: "HelmRepository", name: "charts", namespace: "flux-system" } },
  },
});
const charts = {
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "HelmRepository",
  metadata: { name: "charts", namespace: "flux-system" },
  spec: { url: "https://charts.example" },
};

async function follow(files: Record<string, string>, { kustomize }: BuildPrograms, flags = "") {
  const cwd = folderWith(files);
  mkdirSync(join(cwd, ".git"));
  const run = await flamingo(`generate-app --all -f . --follow ${flags}`, {
    cwd,
    env: { PATH: dirname(kustomize) },
  });
  const shown = applicationsIn(run.stdout).map(
    ({ metadata, spec }) => `${metadata.name} ${spec.source.path ?? spec.source.chart}`,
  );
  return { ...run, shown };
}

const cluster = (path: string) => ({
  [`${path}/flux-system/gotk-sync.yaml`]: yaml(source, entry(path), charts),
});

describe("--follow", () => {
  buildTest("knows who applies a ResourceSet", async ({ programs }) => {
    const files = {
      ...cluster("prod"),
      "prod/apps.yaml": yaml(ks("flux-system/apps", { path: "./apps", sourceRef })),
      "apps/teams.yaml": yaml(rset("flux-system/teams")),
    };
    const { shown, exitCode } = await follow(files, programs, "--kind rset");
    expect({ shown, exitCode }).toEqual({ shown: ["flux-system-teams-rset apps"], exitCode: 0 });
  });

  buildTest("gives objects the namespace that Flux gives them", async ({ programs }) => {
    const files = {
      ...cluster("prod"),
      "prod/web.yaml": yaml(
        ks("flux-system/web", { path: "./apps/web", targetNamespace: "shop", sourceRef }),
      ),
      "apps/web/release.yaml": yaml(without(release)),
      "apps/unused/release.yaml": yaml(hr("unused")),
    };
    const { shown, stderr, exitCode } = await follow(files, programs);
    expect({ shown, exitCode }).toEqual({
      shown: ["flux-system-flux-system-ks prod", "flux-system-web-ks apps/web", "shop-web-hr web"],
      exitCode: 0,
    });
    expect(stderr).toContain(
      "► Followed 2 Kustomizations from prod on\n► 1 workload is in files that Flux does not get to from prod\n",
    );
  });

  buildTest(
    "goes on where a ResourceSet leads, by inputs that are applied elsewhere",
    async ({ programs }) => {
      const files = {
        ...cluster("prod"),
        "prod/apps.yaml": yaml(
          ks("flux-system/inputs", { path: "./inputs", sourceRef }),
          flux("ResourceSet", "flux-system/tenants", {
            inputsFrom: [{ name: "shop" }],
            resources: [
              ks("<< inputs.provider.namespace >>/<< inputs.tenant >>", {
                path: "./apps/web",
                targetNamespace: "<< inputs.tenant >>",
                sourceRef,
              }),
            ],
          }),
        ),
        "inputs/shop.yaml": yaml(
          flux("ResourceSetInputProvider", "flux-system/shop", {
            type: "Static",
            defaultValues: { tenant: "shop" },
          }),
        ),
        "apps/web/release.yaml": yaml(without(release)),
      };
      const { shown, stderr, exitCode } = await follow(files, programs);
      expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
      expect(shown).toEqual([
        "flux-system-flux-system-ks prod",
        "flux-system-inputs-ks inputs",
        "flux-system-shop-ks apps/web",
        "shop-web-hr web",
      ]);
    },
  );

  buildTest("goes on beside what no API server takes", async ({ programs }) => {
    const files = {
      ...cluster("prod"),
      "prod/apps.yaml": yaml(
        flux("ResourceSet", "flux-system/tenants", { inputs: 3 }),
        flux("ArtifactGenerator", "flux-system/parts", { artifacts: 4 }),
        {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "s", namespace: "flux-system" },
          data: { A: 5 },
        },
        ks("flux-system/web", {
          path: "./apps/web",
          targetNamespace: "shop",
          sourceRef,
          postBuild: { substituteFrom: [{ kind: "Secret", name: "s" }] },
        }),
      ),
      "apps/web/release.yaml": yaml(without(release)),
    };
    const { shown, stderr, exitCode } = await follow(files, programs);
    expect(shown).toEqual([
      "flux-system-flux-system-ks prod",
      "flux-system-web-ks apps/web",
      "shop-web-hr web",
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "Cannot use the ResourceSet tenants in Kustomization flux-system in flux-system: spec.inputs is no list\n",
    );
    expect(stderr).toContain(
      "Cannot use the ArtifactGenerator parts in Kustomization flux-system in flux-system: spec.artifacts is no list\n",
    );
  });

  buildTest("puts variables in, wherever they are found, paths among them", async ({ programs }) => {
    const settings = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace: "flux-system" },
      data: { PATH: "web", NS: "shop" },
    };
    const postBuild = { substituteFrom: [{ kind: "ConfigMap", name: "settings" }] };
    const files = {
      ...cluster("prod"),
      "prod/apps.yaml": yaml(
        ks("flux-system/apps", { path: "./apps", sourceRef, postBuild }),
        ks("flux-system/settings", { path: "./settings", sourceRef }),
      ),
      "settings/settings.yaml": yaml(settings),
      "apps/ks.yaml": yaml(
        ks("flux-system/web", { path: "./work/${PATH}", targetNamespace: "${NS}", sourceRef }),
      ),
      "work/web/release.yaml": yaml(without(release)),
    };
    const { shown, stderr } = await follow(files, programs);
    expect(stderr).not.toContain("✗");
    expect(shown).toContain("shop-web-hr web");
    expect(shown).toContain("flux-system-web-ks work/web");
  });

  buildTest("takes what patches make of the entry itself", async ({ programs }) => {
    const patch = yaml({
      kind: "Kustomization",
      metadata: { name: "flux-system" },
      spec: { postBuild: { substitute: { NS: "shop" } } },
    });
    const patches = [{ target: { kind: "Kustomization" }, patch }];
    const files = {
      ...cluster("prod"),
      "prod/flux-system/kustomization.yaml": yaml({ resources: ["gotk-sync.yaml"], patches }),
      "prod/release.yaml": yaml(hr("web", { chart: release.spec?.chart }, { namespace: "${NS}" })),
    };
    expect((await follow(files, programs)).shown).toContain("shop-web-hr web");
  });

  buildTest("leaves out what Flux does not apply, and fails where Flux does", async ({ programs }) => {
    const off = { annotations: { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" } };
    const files = {
      ...cluster("prod"),
      "prod/a.yaml": yaml(hr("off", {}, off)),
      "prod/b.yaml": yaml(without(hr("lost"))),
    };
    const { stderr, shown, exitCode } = await follow(files, programs);
    expect(exitCode).toBe(1);
    expect(shown).toEqual(["flux-system-flux-system-ks prod"]);
    expect(stderr).toContain(
      "✗ Cannot apply Kustomization flux-system in flux-system: HelmRelease lost has no namespace\n" +
        "  hint: Flux fails with that, too: give the objects a namespace, or the Kustomization a spec.targetNamespace\n",
    );
  });

  buildTest("follows what a generator makes of a folder of the repository as it is", async ({ programs }) => {
    const made = (name: string, copy: object[]) => ({ name, copy });
    const generator = flux("ArtifactGenerator", "flux-system/parts", {
      sources: [{ alias: "repo", kind: "GitRepository", name: "flux-system" }],
      artifacts: [
        made("web", [{ from: "@repo/apps/web/**", to: "@artifact/deploy/" }]),
        made("less", [{ from: "@repo/apps/web/**", to: "@artifact/", exclude: ["release.yaml"] }]),
      ],
    });
    const of = (name: string) => ({ kind: "ExternalArtifact", name });
    const files = {
      ...cluster("prod"),
      "prod/parts.yaml": yaml(
        generator,
        ks("flux-system/web", { path: "./deploy/base", targetNamespace: "shop", sourceRef: of("web") }),
        ks("flux-system/less", { path: "./base", targetNamespace: "less", sourceRef: of("less") }),
      ),
      "apps/web/base/release.yaml": yaml(without(release)),
    };
    const { shown, stderr } = await follow(files, programs);
    expect(shown).toEqual([
      "flux-system-flux-system-ks prod",
      "flux-system-less-ks apps/web/base",
      "flux-system-web-ks apps/web/base",
      "shop-web-hr web",
    ]);
    expect(stderr).toContain("► 1 Kustomization is shown, but not followed: the content is elsewhere\n");
  });

  buildTest(
    "follows the same repository by another address, and others where --source says",
    async ({ programs }) => {
      const other = git("flux-system/other", { url: "https://git.example/other" });
      const same = git("flux-system/same", { url: "ssh://git@git.example/r.git" });
      const of = (name: string) => ({ kind: "GitRepository", name });
      const files = {
        ...cluster("prod"),
        "prod/more.yaml": yaml(
          other,
          same,
          ks("flux-system/a", { path: "a", sourceRef: of("same") }),
          ks("flux-system/b", { path: "b", sourceRef: of("other") }),
        ),
        "a/ks.yaml": yaml(release),
        "elsewhere/b/ks.yaml": yaml(hr("b", { chart: release.spec?.chart })),
      };
      const alone = await follow(files, programs);
      expect(alone.shown).toEqual([
        "flux-system-flux-system-ks prod",
        "flux-system-a-ks a",
        "flux-system-b-ks b",
        "apps-web-hr web",
      ]);
      expect(alone.stderr).toContain(
        "► 1 Kustomization is shown, but not followed: the content is elsewhere\n",
      );
      const mapped = await follow(files, programs, "--source GitRepository/flux-system/other=elsewhere");
      expect(mapped.shown).toContain("apps-b-hr web");
    },
  );

  buildTest("stands what nobody would apply", async ({ programs }) => {
    const files = {
      ...cluster("prod"),
      "prod/a.yaml": yaml(
        ks("apps/nothing", { path: "a", sourceRef, postBuild: { substituteFrom: null } }),
        ks("apps/wrong", { path: "a", sourceRef, postBuild: { substituteFrom: { kind: "ConfigMap" } } }),
      ),
      "a/a.yaml": yaml({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "a", namespace: "apps" },
        data: null,
      }),
    };
    const { exitCode, stderr, shown } = await follow(files, programs);
    expect(exitCode).toBe(1);
    expect(shown).toContain("apps-nothing-ks a");
    expect(stderr).toContain(
      "✗ Cannot use the Kustomization wrong in Kustomization flux-system in flux-system: ",
    );
  });

  buildTest("wants to know which cluster", async ({ programs }) => {
    const files = { ...cluster("prod"), ...cluster("qa") };
    const both = await follow(files, programs);
    expect(both).toMatchObject({ exitCode: 1, stdout: "" });
    expect(both.stderr).toBe(
      "✗ Cannot tell which cluster is meant: Kustomization flux-system in flux-system is another one from prod on than from qa on\n" +
        "  hint: Give one of them: --entry prod, --entry qa\n",
    );
    expect((await follow(files, programs, "--entry qa")).shown).toEqual(["flux-system-flux-system-ks qa"]);
  });

  buildTest("says where it could begin when nothing tells", async ({ programs }) => {
    const { exitCode, stderr } = await follow({ "a.yaml": yaml(release) }, programs);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "✗ Cannot follow .: no FluxInstance, gotk-sync.yaml or Kustomization in it says where Flux begins\n" +
        "  hint: Give the path that the cluster applies first: --entry PATH\n",
    );
  });
});
