import { loadAll } from "js-yaml";
import { describe, expect } from "vitest";
import type { GeneratedApplication } from "../../../src/argo/application-for.js";
import { clusterTest, fluxCrds, fluxMinor, ownClusterTest } from "../../cluster/cluster.js";
import { lease } from "../get/scene.js";
import { flImage, oldFlImage, Setting, stockImage } from "./setting.js";

describe("one workload", () => {
  clusterTest("is applied, and is unchanged the second time", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "one-apply");
    await setting.git();
    await setting.kustomization("podinfo");

    expect(await setting.run("ks/podinfo")).toEqual({
      exitCode: 0,
      stdout: "application.argoproj.io/podinfo created\n",
      stderr:
        "► Engine loopback: no Argo CD was found in one-apply-argocd; flamingo install brings one, and the engine\n",
    });
    expect(await setting.run("ks/podinfo")).toMatchObject({
      exitCode: 0,
      stdout: "application.argoproj.io/podinfo unchanged\n",
    });
    expect(await setting.run("ks/podinfo --project web")).toMatchObject({
      exitCode: 0,
      stdout: "application.argoproj.io/podinfo configured\n",
    });
    const application = await setting.application("podinfo");
    expect(application.metadata).toMatchObject({
      labels: {
        "app.kubernetes.io/managed-by": "flamingo",
        "flamingo/workload-name": "podinfo",
        "flamingo/workload-type": "Kustomization",
        "flamingo/source-type": "GitRepository",
        "flamingo/destination-namespace": "one-apply",
        "flamingo/cluster-name": "in-cluster",
      },
      annotations: {
        "weave.gitops.flamingo/base-url": "http://localhost:9001",
        "weave.gitops.flamingo/cluster-name": "Default",
      },
    });
    expect(application["spec"]).toMatchObject({
      project: "web",
      destination: { server: "https://kubernetes.default.svc", namespace: "one-apply" },
    });
    expect(application.metadata.finalizers).toBeUndefined();
  });

  clusterTest("Argo CD's own writes are no change of ours", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "one-status");
    await setting.git();
    await setting.kustomization("podinfo");
    await setting.run("ks/podinfo");
    const path = `/apis/argoproj.io/v1alpha1/namespaces/${setting.appNamespace}/applications/podinfo`;
    await cluster.request(
      "PATCH",
      path,
      { status: { health: { status: "Healthy" } } },
      { "content-type": "application/merge-patch+json" },
    );
    expect((await setting.run("ks/podinfo")).stdout).toBe("application.argoproj.io/podinfo unchanged\n");
    expect(await setting.application("podinfo")).toMatchObject({ status: { health: { status: "Healthy" } } });
  });

  clusterTest("that is not there: further namespaces are named", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "one-missing");
    const other = await Setting.make(cluster, "one-elsewhere");
    await other.kustomization("wanderer");
    expect(await setting.run("ks/wanderer")).toMatchObject({
      exitCode: 5,
      stdout: "",
      stderr:
        "✗ Kustomization wanderer not found in one-missing; it is in one-elsewhere\n  hint: Add -n one-elsewhere\n",
    });
    expect(await setting.run("hr/nobody")).toMatchObject({
      exitCode: 5,
      stdout: "",
      stderr:
        "✗ HelmRelease nobody not found in one-missing\n  hint: See what there is: kubectl get helmreleases.helm.toolkit.fluxcd.io -A\n",
    });
  });

  clusterTest("whose source is not there", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "one-sourceless");
    await setting.kustomization("podinfo");
    expect(await setting.run("ks/podinfo --export")).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(
        "✗ Cannot generate an Application for Kustomization podinfo in one-sourceless: GitRepository src in one-sourceless does not exist\n" +
          "  hint: See what there is: kubectl get gitrepositories.source.toolkit.fluxcd.io -A\n",
      ),
    });
  });

  clusterTest("flags reach the Application", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "one-flags");
    await setting.git();
    await setting.kustomization("podinfo");
    const run = await setting.run(
      "ks/podinfo --export --app-name shown --project web --label team=web --annotation 'note=a b=c' --cascade flux --server https://10.0.0.1:6443",
    );
    const [application] = loadAll(run.stdout) as GeneratedApplication[];
    expect(application).toMatchObject({
      metadata: {
        name: "shown",
        labels: { team: "web", "flamingo/workload-name": "podinfo", "flamingo/cluster-name": "10.0.0.1" },
        annotations: { note: "a b=c", "flamingo/cascade": "flux" },
      },
      spec: { project: "web", destination: { server: "https://10.0.0.1:6443", namespace: "one-flags" } },
    });
  });

  clusterTest("read by another context: that is the cluster's name", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "one-context");
    await setting.git();
    await setting.kustomization("podinfo");
    const kubeconfig = cluster.kubeconfig({ context: "leaf" });
    const run = await setting.run("ks/podinfo --export --context leaf --server https://10.0.0.1:6443", {
      kubeconfig,
    });
    const [application] = loadAll(run.stdout) as GeneratedApplication[];
    expect(application?.metadata.labels?.["flamingo/cluster-name"]).toBe("leaf");

    const arn = "arn:aws:eks:eu-west-1:1234:cluster/prod";
    const long = await setting.run(`ks/podinfo --export --context ${arn} --server https://10.0.0.1:6443`, {
      kubeconfig: cluster.kubeconfig({ context: arn }),
    });
    const [labelled] = loadAll(long.stdout) as GeneratedApplication[];
    expect(labelled?.metadata.labels).not.toHaveProperty("flamingo/cluster-name");
    expect(labelled?.metadata.annotations).toMatchObject({ "flamingo/cluster-name": arn });
  });

  clusterTest("states that will be seen are told", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "one-states");
    await setting.git();
    const condition = {
      type: "Ready",
      status: "False",
      reason: "BuildFailed",
      message: "kustomize build\nfailed",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    await setting.kustomization(
      "broken",
      { suspend: true, kubeConfig: { secretRef: { name: "leaf" } } },
      { status: { observedGeneration: 1, conditions: [condition] } },
    );
    const { stderr, exitCode } = await setting.run("ks/broken");
    expect(exitCode).toBe(0);
    expect(stderr.split("\n").slice(1)).toEqual([
      "⚠ Kustomization broken in one-states: it is suspended, so the Application shows its last state until it is resumed",
      "⚠ Kustomization broken in one-states: spec.kubeConfig sends its objects to another cluster, where they are not looked for: the Application shows no children",
      "⚠ Kustomization broken in one-states: it is failing, and so will the Application be shown: kustomize build failed",
      "",
    ]);
  });
});

describe("the engine", () => {
  const engineLine = (stderr: string) => stderr.split("\n")[0];

  clusterTest("fsa, where an FSA image runs", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "engine-fl");
    await setting.git();
    await setting.kustomization("podinfo");
    await setting.argo(flImage);
    const run = await setting.run("ks/podinfo");
    expect(run.stderr).toBe(
      "► Engine fsa: the FSA image v2.10.2-fl.23-main-d2c9a8cb runs in engine-fl-argocd\n",
    );
    expect(await setting.application("podinfo")).toMatchObject({
      spec: { syncPolicy: { syncOptions: ["ApplyOutOfSyncOnly=true", "FluxSubsystem=true"] } },
    });
  });

  clusterTest(
    "loopback, where a stock Argo CD runs, also as seen by its server alone",
    async ({ cluster }) => {
      const setting = await Setting.make(cluster, "engine-stock");
      await setting.git();
      await setting.kustomization("podinfo");
      await setting.argo(stockImage, "server");
      const run = await setting.run("ks/podinfo --export");
      expect(engineLine(run.stderr)).toBe(
        "► Engine loopback: stock Argo CD v3.5.1 runs in engine-stock-argocd; flamingo loopback must run to fill it",
      );
      const held = (index: number) =>
        lease("engine-stock-argocd", undefined, `flamingo-loopback-${index}-of-2`);
      await cluster.apply(held(2));
      expect(engineLine((await setting.run("ks/podinfo --export")).stderr)).toBe(
        "► Engine loopback: stock Argo CD v3.5.1 runs in engine-stock-argocd; flamingo loopback --shard=1/2 must run to fill it",
      );
      await cluster.apply(held(1));
      expect(engineLine((await setting.run("ks/podinfo --export")).stderr)).toBe(
        "► Engine loopback: stock Argo CD v3.5.1 runs in engine-stock-argocd",
      );
      expect(await setting.run("ks/podinfo --engine fsa")).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr:
          "✗ Cannot use the engine fsa: stock Argo CD v3.5.1 runs in engine-stock-argocd, where Sync would apply the workload a second time, next to Flux\n" +
          "  hint: Leave --engine out, or add --force if an FSA image is about to be installed\n",
      });
    },
  );

  clusterTest("Argo CD in another namespace than its Applications", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "engine-apart");
    const argo = await Setting.make(cluster, "engine-apart-itself");
    await setting.git();
    await setting.kustomization("podinfo");
    await argo.argo(flImage);
    const run = await setting.run(`ks/podinfo --export --argocd-namespace ${argo.appNamespace}`);
    expect(engineLine(run.stderr)).toContain(`runs in ${argo.appNamespace}`);
  });

  clusterTest("unknown, where nobody may look", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "engine-blind");
    await setting.git();
    await setting.kustomization("podinfo");
    await cluster.grant(
      "alice",
      {
        apiGroups: ["kustomize.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"],
        resources: ["*"],
        verbs: ["get", "list"],
      },
      setting.namespace,
    );
    const run = await setting.run("ks/podinfo --export", {
      kubeconfig: cluster.kubeconfig({ user: "alice" }),
    });
    expect(run.exitCode).toBe(0);
    expect(engineLine(run.stderr)).toMatch(
      /^► Engine loopback: which Argo CD runs in engine-blind-argocd is not known, since flamingo cannot list StatefulSets in engine-blind-argocd: .*alice.*; flamingo loopback must run to fill it$/,
    );
  });

  clusterTest(
    "is kept by an Application that is there; another takes --engine and --force",
    async ({ cluster }) => {
      const setting = await Setting.make(cluster, "engine-kept");
      await setting.git();
      await setting.kustomization("podinfo");
      await setting.argo(flImage);
      await setting.run("ks/podinfo");
      await setting.argo(stockImage);
      expect(await setting.run("ks/podinfo")).toEqual({
        exitCode: 0,
        stdout: "application.argoproj.io/podinfo unchanged\n",
        stderr: "► Engine fsa: the Application podinfo has it already\n",
      });
      await setting.kustomization("other");
      const both = await setting.run("--all --name-template '{name}' --dry-run");
      expect(engineLine(both.stderr)).toMatch(/^► Engine loopback for 1 of 2 Applications: stock /);
      expect(both.stderr.split("\n")[1]).toBe(
        "► Engine fsa for 1 of 2 Applications: the Application podinfo has it already",
      );
      expect((await setting.run("ks/podinfo --export")).stdout).toContain("FluxSubsystem=true");
      expect(await setting.run("ks/podinfo --engine loopback")).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(
          "✗ Cannot change the engine of the Application podinfo in engine-kept-argocd from fsa to loopback\n  hint: Leave --engine out to keep fsa, or add --force\n",
        ),
      });
      expect(await setting.run("ks/podinfo --engine loopback --force")).toMatchObject({
        exitCode: 0,
        stdout: "application.argoproj.io/podinfo configured\n",
      });
      expect(await setting.application("podinfo")).toMatchObject({
        metadata: { annotations: { "argocd.argoproj.io/skip-reconcile": "true" } },
        spec: { syncPolicy: { syncOptions: ["ApplyOutOfSyncOnly=true"] } },
      });
    },
  );

  clusterTest("fsa: an image that would look for another workload is refused", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "engine-old");
    await setting.git();
    await setting.kustomization("podinfo");
    await setting.argo(oldFlImage);
    const refusal =
      "✗ Cannot generate the Application shown for Kustomization podinfo in engine-old: the FSA image " +
      `${oldFlImage} does not read the label flamingo/workload-name, so it would look for a Kustomization named shown\n` +
      "  hint: Name it like the workload: --app-name podinfo\n";
    expect(await setting.run("ks/podinfo --app-name shown")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(refusal),
    });
    expect((await setting.run("ks/podinfo")).exitCode).toBe(0);
    expect((await setting.run("--all")).stderr).toContain(
      "  hint: Name them like the workloads: --name-template '{name}'\n",
    );
  });

  clusterTest("fsa: what the image never shows is told", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "engine-hidden");
    await setting.git();
    await setting.argo(flImage);
    const entries = [
      "engine-hidden_db_apps_StatefulSet",
      "engine-hidden_key__Secret",
      "elsewhere_x__ConfigMap",
    ];
    await setting.kustomization(
      "podinfo",
      {},
      { status: { inventory: { entries: entries.map((id) => ({ id, v: "v1" })) } } },
    );
    const { stderr } = await setting.run("ks/podinfo --export");
    expect(stderr).toContain(
      "⚠ Kustomization podinfo in engine-hidden: an FSA image shows none of its objects in other namespaces\n",
    );
    expect(stderr).toContain(
      "⚠ Kustomization podinfo in engine-hidden: an FSA image shows none of its StatefulSets and Secrets\n",
    );
  });

  clusterTest("fsa: named like a Helm release under label tracking", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "engine-tracking");
    await setting.git();
    await setting.helmRelease("podinfo");
    await setting.argo(flImage);
    expect((await setting.run("hr/podinfo --export --engine fsa --force")).stderr).toContain(
      "its Application is named like the Helm release",
    );
    await cluster.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cm", namespace: setting.appNamespace },
      data: { "application.resourceTrackingMethod": "annotation" },
    } as Parameters<typeof cluster.apply>[0]);
    expect((await setting.run("hr/podinfo --export --engine fsa --force")).stderr).not.toContain(
      "named like the Helm release",
    );
  });
});

describe("an Application that is there", () => {
  clusterTest(
    "of somebody else, or for another workload, is not overwritten without --force",
    async ({ cluster }) => {
      const setting = await Setting.make(cluster, "own-foreign");
      await setting.git();
      await setting.kustomization("podinfo");
      await setting.helmRelease("podinfo");
      await cluster.apply({
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Application",
        metadata: { name: "podinfo", namespace: setting.appNamespace },
        spec: {
          project: "default",
          destination: { namespace: "x", server: "https://kubernetes.default.svc" },
        },
      } as Parameters<typeof cluster.apply>[0]);
      const sentence = (why: string, workload: string) =>
        `✗ Cannot overwrite the Application podinfo in own-foreign-argocd with one for ${workload} in own-foreign: ${why}\n` +
        "  hint: Choose another --app-name or --name-template, or add --force to overwrite it\n";
      const refused = await setting.run("ks/podinfo");
      expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
      expect(refused.stderr).toContain(sentence("flamingo did not make it", "Kustomization podinfo"));
      expect(await setting.run("ks/podinfo --force")).toMatchObject({
        exitCode: 0,
        stdout: "application.argoproj.io/podinfo configured\n",
      });
      const other = await setting.run("hr/podinfo --dry-run");
      expect(other).toMatchObject({ exitCode: 1, stdout: "" });
      expect(other.stderr).toContain(
        sentence("it shows Kustomization podinfo in own-foreign", "HelmRelease podinfo"),
      );
      // what is only printed overwrites nothing
      expect((await setting.run("hr/podinfo --export")).exitCode).toBe(0);
    },
  );

  clusterTest("a field that somebody else took over is a conflict", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "own-conflict");
    await setting.git();
    await setting.kustomization("podinfo");
    await setting.run("ks/podinfo");
    const path = `/apis/argoproj.io/v1alpha1/namespaces/${setting.appNamespace}/applications/podinfo?fieldManager=kubectl-edit`;
    await cluster.request(
      "PATCH",
      path,
      { spec: { project: "theirs" } },
      { "content-type": "application/merge-patch+json" },
    );
    const run = await setting.run("ks/podinfo");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(
      /✗ Cannot apply Application podinfo in own-conflict-argocd: .*\.spec\.project.*kubectl-edit/,
    );
    expect(run.stderr).toMatch(/hint: .*--force/);
    expect((await setting.run("ks/podinfo --force")).stdout).toBe(
      "application.argoproj.io/podinfo configured\n",
    );
  });
});

describe("dry runs and differences", () => {
  clusterTest("change nothing", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "dry");
    await setting.git();
    await setting.kustomization("podinfo");
    const name = "application.argoproj.io/podinfo";
    expect((await setting.run("ks/podinfo --dry-run")).stdout).toBe(`${name} created (dry run)\n`);
    expect((await setting.run("ks/podinfo --dry-run=server")).stdout).toBe(
      `${name} created (server dry run)\n`,
    );
    expect(await cluster.list("argoproj.io/v1alpha1", "Application", setting.appNamespace)).toEqual([]);

    const all = await setting.run("ks/podinfo --diff");
    expect(all.exitCode).toBe(4);
    expect(all.stdout).toContain("--- live/dry-argocd/podinfo\n+++ generated/dry-argocd/podinfo\n@@ ");
    expect(all.stdout).toContain("+  project: default\n");
    await setting.run("ks/podinfo");

    expect(await setting.run("ks/podinfo --diff")).toMatchObject({ exitCode: 0, stdout: "" });
    const changed = await setting.run("ks/podinfo --diff --project web");
    expect(changed.exitCode).toBe(4);
    expect(changed.stdout).toContain("-  project: default\n+  project: web\n");
    expect((await setting.run("ks/podinfo --dry-run --project web")).stdout).toBe(
      `${name} configured (dry run)\n`,
    );
    expect((await setting.run("ks/podinfo --dry-run")).stdout).toBe(`${name} unchanged (dry run)\n`);
    expect((await setting.run("ks/podinfo --dry-run=server --project web")).stdout).toBe(
      `${name} configured (server dry run)\n`,
    );
    expect((await setting.run("ks/podinfo --diff")).exitCode).toBe(0);
  });

  clusterTest(
    "files are compared with the cluster by --diff, and asked about by --dry-run=server",
    async ({ cluster }) => {
      const setting = await Setting.make(cluster, "dry-files");
      await setting.argo(flImage);
      const compared = await setting.run("--all -f examples/podinfo --diff");
      expect(compared.exitCode).toBe(4);
      expect(compared.stdout).toContain("+++ generated/dry-files-argocd/podinfo-helm-podinfo-hr\n");
      expect(compared.stdout).toContain("+    - FluxSubsystem=true\n");
      expect((await setting.run("--all -f examples/podinfo --dry-run=server")).stdout).toBe(
        "application.argoproj.io/podinfo-kustomize-podinfo-ks created (server dry run)\n" +
          "application.argoproj.io/podinfo-helm-podinfo-hr created (server dry run)\n",
      );
      // printing files asks no cluster, unless one is named
      expect((await setting.run("--all -f examples/podinfo")).stdout).not.toContain("FluxSubsystem");
      expect((await setting.run("--all -f examples/podinfo --context test")).stdout).toContain(
        "FluxSubsystem",
      );
    },
  );
});

describe("several workloads", () => {
  clusterTest("of a namespace, by label and by kind", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "bulk");
    await setting.git();
    await setting.kustomization("a", {}, { labels: { team: "web" } });
    await setting.kustomization("b");
    await setting.helmRelease("a");
    expect((await setting.run("--all")).stdout).toBe(
      ["bulk-a-ks", "bulk-b-ks", "bulk-a-hr"]
        .map((name) => `application.argoproj.io/${name} created\n`)
        .join(""),
    );
    expect((await setting.run("--all --kind hr")).stdout).toBe(
      "application.argoproj.io/bulk-a-hr unchanged\n",
    );
    expect((await setting.run("--all -l team=web")).stdout).toBe(
      "application.argoproj.io/bulk-a-ks unchanged\n",
    );
    expect((await setting.run("--all -l team!=web --kind=ks --dry-run")).stdout).toBe(
      "application.argoproj.io/bulk-b-ks unchanged (dry run)\n",
    );
    expect(await setting.run("--all -l team=nobody -o json")).toMatchObject({
      exitCode: 0,
      stdout: '{\n  "items": []\n}\n',
      stderr: "► No Kustomizations and HelmReleases found in bulk\n",
    });
    const named = await setting.run("hr/a ks/b ks/b");
    expect(named.stdout).toBe(
      "application.argoproj.io/bulk-a-hr unchanged\napplication.argoproj.io/bulk-b-ks unchanged\n",
    );
    expect(named.stderr).toContain("✔ Applied 2 of 2 Applications: 2 unchanged\n");
  });

  clusterTest("one that fails does not stop the rest", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "bulk-fail");
    await setting.git();
    await setting.kustomization("good");
    await setting.kustomization("lost", { sourceRef: { kind: "GitRepository", name: "gone" } });
    await setting.kustomization("strange", { sourceRef: { kind: "Terraform", name: "x" } });
    const run = await setting.run("--all --project-template '{namespace}'");
    expect(run).toMatchObject({ exitCode: 1, stdout: "application.argoproj.io/bulk-fail-good-ks created\n" });
    expect(run.stderr).toContain(
      "Kustomization lost in bulk-fail: GitRepository gone in bulk-fail does not exist\n",
    );
    expect(run.stderr).toContain(
      'Kustomization strange in bulk-fail: spec.sourceRef has the kind "Terraform"\n',
    );
    expect(run.stderr).toContain("✔ Applied 1 of 3 Applications: 1 created\n");
    expect((await setting.application("bulk-fail-good-ks"))["spec"]).toMatchObject({ project: "bulk-fail" });

    const named = await setting.run("ks/good ks/missing --export");
    expect(named.exitCode).toBe(1);
    expect(named.stderr).toContain("✗ Kustomization missing not found in bulk-fail\n");
    expect(loadAll(named.stdout)).toHaveLength(1);
  });

  clusterTest("names that collide are written for neither", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "bulk-same");
    await setting.git();
    await setting.kustomization("a");
    await setting.helmRelease("a");
    await setting.kustomization("b");
    const run = await setting.run("--all --name-template '{namespace}-{name}'");
    expect(run).toMatchObject({ exitCode: 1, stdout: "application.argoproj.io/bulk-same-b created\n" });
    expect(run.stderr).toContain(
      "✗ Cannot generate an Application for Kustomization a in bulk-same: its name bulk-same-a would be that of HelmRelease a in bulk-same, too\n" +
        "  hint: Choose other names with --name-template, such as '{namespace}.{name}.{kind}'\n",
    );
    expect(run.stderr).toContain("Cannot generate an Application for HelmRelease a in bulk-same: its name");
  });

  clusterTest("a name over 63 characters is cut, the same one each time", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "bulk-long");
    await setting.git();
    await setting.kustomization("x".repeat(60));
    const name = `application.argoproj.io/bulk-long-${"x".repeat(40)}-e551aec8411f`;
    expect(await setting.run("--all")).toMatchObject({ exitCode: 0, stdout: `${name} created\n` });
    expect(await setting.run("--all")).toMatchObject({ exitCode: 0, stdout: `${name} unchanged\n` });
    const single = await setting.run(`ks/${"x".repeat(60)}`);
    expect(single.exitCode).toBe(0);
  });

  clusterTest("records for machines", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "bulk-json");
    await setting.git();
    await setting.kustomization("a", { suspend: true });
    const run = await setting.run("--all -o json");
    expect(JSON.parse(run.stdout)).toEqual({
      items: [
        {
          name: "bulk-json-a-ks",
          namespace: "bulk-json-argocd",
          engine: "loopback",
          outcome: "created",
          dryRun: null,
          workload: { kind: "Kustomization", namespace: "bulk-json", name: "a" },
          source: { kind: "GitRepository", namespace: "bulk-json", name: "src" },
          warnings: [
            {
              id: "suspended",
              text: "it is suspended, so the Application shows its last state until it is resumed",
            },
          ],
        },
      ],
    });
    const yaml = await setting.run("--all -o yaml --dry-run=client");
    expect(loadAll(yaml.stdout)).toMatchObject([{ items: [{ outcome: "unchanged", dryRun: "client" }] }]);
  });

  clusterTest("many of the same warning share a line", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "bulk-warn");
    await setting.git();
    for (const name of ["a", "b", "c", "d"]) await setting.kustomization(name, { suspend: true });
    const { stderr } = await setting.run("--all --export");
    expect(stderr.match(/⚠.*\n/g)).toEqual([
      "⚠ Kustomization a in bulk-warn, Kustomization b in bulk-warn and 2 more: it is suspended, so the Application shows its last state until it is resumed\n",
    ]);
  });

  clusterTest("sources of other namespaces, each namespace listed by itself", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "bulk-apart");
    const shared = await Setting.make(cluster, "bulk-apart-shared");
    await shared.git();
    await setting.kustomization("a", {
      sourceRef: { kind: "GitRepository", name: "src", namespace: shared.namespace },
    });
    expect((await setting.run("--all --export")).exitCode).toBe(0);
  });
});

describe("a cluster of its own", () => {
  const noArgo = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.9")));
  noArgo("without Argo CD's CRDs: printing works, writing is exit code 6", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "apps");
    await setting.git();
    await setting.kustomization("podinfo");
    expect((await setting.run("ks/podinfo --export")).exitCode).toBe(0);
    for (const how of ["", "--diff", "--dry-run=client", "--dry-run=server"]) {
      expect(await setting.run(`ks/podinfo ${how}`)).toMatchObject({
        exitCode: 6,
        stdout: "",
        stderr:
          "✗ Cannot write Applications: the cluster does not serve applications.argoproj.io\n" +
          "  hint: Install Argo CD first, or print the Applications with --export\n",
      });
    }
  });

  noArgo("everything of all namespaces", async ({ cluster }) => {
    const one = await Setting.make(cluster, "everywhere-1");
    const two = await Setting.make(cluster, "everywhere-2");
    for (const setting of [one, two]) {
      await setting.git();
      await setting.kustomization("podinfo");
    }
    const run = await one.run("--all -A --export -o json");
    const names = JSON.parse(run.stdout).items.map((item: GeneratedApplication) => item.metadata.name);
    expect(names).toEqual(expect.arrayContaining(["everywhere-1-podinfo-ks", "everywhere-2-podinfo-ks"]));
  });

  const noFlux = ownClusterTest();
  noFlux("without Flux: exit code 6", async ({ cluster }) => {
    const setting = await Setting.make(cluster, "apps");
    const hint = "  hint: Install Flux first (flux install), or choose another --context\n";
    expect(await setting.run("ks/podinfo --export")).toMatchObject({
      exitCode: 6,
      stderr: `✗ Cannot read Kustomization podinfo: the cluster does not serve kustomizations.kustomize.toolkit.fluxcd.io\n${hint}`,
    });
    expect(await setting.run("--all --export")).toMatchObject({
      exitCode: 6,
      stderr: `✗ Cannot list Flux workloads: the cluster serves neither Kustomizations nor HelmReleases of Flux\n${hint}`,
    });
  });

  const noHelm = ownClusterTest((cluster) =>
    cluster.installCrds(fluxCrds({ Kustomization: ["v1"], GitRepository: ["v1"] })),
  );
  noHelm(
    "without helm-controller: none of that kind, and exit code 6 for one that is named",
    async ({ cluster }) => {
      const setting = await Setting.make(cluster, "apps");
      await setting.git();
      await setting.kustomization("podinfo");
      expect(loadAll((await setting.run("--all --export")).stdout)).toHaveLength(1);
      expect(await setting.run("--all --kind hr --export")).toMatchObject({
        exitCode: 0,
        stderr: "► No HelmReleases found in apps\n",
      });
      expect((await setting.run("hr/podinfo --export")).exitCode).toBe(6);
      expect((await setting.run("hr/podinfo ks/podinfo --export")).exitCode).toBe(1);
    },
  );
});

clusterTest("a workload of another cluster is told to wait for a later version", async ({ cluster }) => {
  const setting = await Setting.make(cluster, "leaf");
  expect(await setting.run("dev-1/ks/podinfo")).toEqual({
    exitCode: 1,
    stdout: "",
    stderr:
      "✗ Cannot read from the cluster dev-1: CLUSTER/KIND/NAME is not supported yet\n" +
      "  hint: Read it by its own context: --context CONTEXT --server URL --export\n",
  });
});

clusterTest(
  "--api-server is the cluster that is asked, --server the Application's destination",
  async ({ cluster }) => {
    const setting = await Setting.make(cluster, "addressed");
    await setting.git();
    await setting.kustomization("podinfo");
    const kubeconfig = cluster.kubeconfig({ server: "https://127.0.0.1:1" });
    const run = await setting.run(
      `ks/podinfo --export --api-server ${cluster.server} --server https://10.0.0.1:6443`,
      { kubeconfig },
    );
    const [application] = loadAll(run.stdout) as GeneratedApplication[];
    expect(application?.spec.destination.server).toBe("https://10.0.0.1:6443");
  },
);

clusterTest("loopback: what the Sync button of an older Argo CD refuses is told", async ({ cluster }) => {
  const setting = await Setting.make(cluster, "sync-oci");
  await setting.argo("quay.io/argoproj/argocd:v2.14.21");
  await setting.kustomization("podinfo", { sourceRef: { kind: "OCIRepository", name: "src" } });
  await cluster.apply({
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "OCIRepository",
    metadata: { name: "src", namespace: setting.namespace },
    spec: { interval: "10m", url: "oci://reg.example/app" },
  } as Parameters<typeof cluster.apply>[0]);
  expect((await setting.run("ks/podinfo --export")).stderr).toContain(
    "⚠ Kustomization podinfo in sync-oci: Argo CD's Sync button will refuse it, since Argo CD reads OCI artifacts from 3.1 on only; Reconcile on its node and flamingo reconcile work\n",
  );
  await setting.argo("quay.io/argoproj/argocd:v3.1.0");
  expect((await setting.run("ks/podinfo --export")).stderr).not.toContain("⚠");
});
