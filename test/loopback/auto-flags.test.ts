import { expect, test } from "vitest";
import { autoSettingsFrom } from "../../src/commands/loopback/auto-settings.js";
import { flamingo } from "../flamingo.js";

const alone = "  hint: Without --auto, all Applications of this Argo CD are reported, and none is created\n";

test.each([
  ["-A", "-A goes with --auto", alone],
  ["-l a=b", "-l goes with --auto", alone],
  ["--kind ks", "--kind goes with --auto", alone],
  ["--name-template {name}", "--name-template goes with --auto", alone],
  ["--project flux", "--project goes with --auto", alone],
  ["--project-template {namespace}", "--project-template goes with --auto", alone],
  ["--auto --project a --project-template {name}", "--project and --project-template do not go together", ""],
  [
    "--auto --project A",
    `--project "A" is no name: it must consist of lower-case letters, digits, '-' and '.', and start and end with a letter or digit`,
    "",
  ],
  ["--auto --kind pod", '--kind "pod" is no Flux workload', "  hint: Choose ks, hr, rset or fi\n"],
  ["--auto -l a=b=c", '-l "a=b=c" is no label selector', ""],
  ["--auto --name-template x", '--name-template "x" gives every workload the same text', ""],
  [
    "--shard=3/2",
    '--shard "3/2" is no shard',
    "  hint: Write it as 1/3, 2/3 and 3/3: each for a process of its own\n",
  ],
])("loopback %s is no command line", async (line, sentence, hint) => {
  const { exitCode, stdout, stderr } = await flamingo(`loopback ${line}`);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain(`✗ ${sentence}\n${hint}`);
});

const deps = { namespaces: { flux: "flux-system", app: "argocd", argocd: "argocd" } };

test.each([
  [{}, "flux-system", ["Kustomization", "HelmRelease"], "{namespace}-{name}-{kind}"],
  [{ allNamespaces: true, kind: "HelmRelease" }, undefined, ["HelmRelease"], "{namespace}-{name}-{kind}"],
  [{ nameTemplate: "{name}" }, "flux-system", ["Kustomization", "HelmRelease"], "{name}"],
] as const)("--auto with %o", (given, namespace, kinds, template) => {
  const options = { auto: true, ...given } as unknown as Parameters<typeof autoSettingsFrom>[0];
  expect(autoSettingsFrom(options, deps)).toEqual({
    namespace: "argocd",
    selection: { namespace, kinds, labels: undefined },
    template,
    project: { name: "default" },
  });
});

test.each([
  [{ project: "flux" }, { name: "flux" }],
  [{ projectTemplate: "{namespace}-{kind}" }, { template: "{namespace}-{kind}" }],
])("--auto with %o: AppProject %o", (given, project) => {
  const options = { auto: true, ...given } as unknown as Parameters<typeof autoSettingsFrom>[0];
  expect(autoSettingsFrom(options, deps)?.project).toEqual(project);
});

test("-l selects by labels", () => {
  const options = { auto: true, selector: "a=b" } as unknown as Parameters<typeof autoSettingsFrom>[0];
  const fits = autoSettingsFrom(options, deps)?.selection.labels;
  expect([fits?.({ a: "b" }), fits?.({ a: "c" })]).toEqual([true, false]);
});
