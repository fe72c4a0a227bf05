import { describe, expect, test } from "vitest";
import type { ConfigMap, PodRunner } from "../../../src/kube/kinds.js";
import type { KubeObject } from "../../../src/kube/object.js";
import { renderId } from "../../../src/kube/object-id.js";
import { readYaml } from "../../../src/yaml.js";
import { isSharedMissing, sharedFolder } from "../../cluster/shared.js";
import { flamingo } from "../../flamingo.js";

const manifests = sharedFolder("argo-cd");

/** What one command line prints, as objects. */
async function exported(flags: string) {
  const run = await flamingo(["install", "--export", "--manifests", manifests, ...flags.split(" ")]);
  return { ...run, objects: readYaml(run.stdout) as KubeObject[] };
}

const named = (objects: readonly KubeObject[], kind: string, name: string) =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

describe.skipIf(isSharedMissing("argo-cd/v2.8.4", "argo-cd/v2.3.13"))("install --export", () => {
  test("prints everything in order, with the record, and says what it is", async () => {
    const { exitCode, objects, stderr, stdout } = await exported("--version v2.8.4");
    expect(exitCode).toBe(0);
    expect(stdout.startsWith("---\napiVersion: v1\nkind: Namespace\n")).toBe(true);
    expect(objects).toHaveLength(57);
    expect(objects[0]).toEqual({ apiVersion: "v1", kind: "Namespace", metadata: { name: "argocd" } });
    expect(named(objects, "ConfigMap", "flamingo-install")).toEqual({
      apiVersion: "v1",
      data: {
        anonymous: "false",
        argocd: "v2.8.4",
        engine: "fsa",
        flamingo: "dev",
        image: "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c",
        mode: "all",
      },
      kind: "ConfigMap",
      metadata: {
        labels: { "app.kubernetes.io/managed-by": "flamingo" },
        name: "flamingo-install",
        namespace: "argocd",
      },
    });
    expect(stderr).toMatch(
      /^► FSA image v2\.8\.4 \(v2\.8\.4-fl\.21-main-6c72e98c\): it was asked for as v2\.8\.4\n⚠ Argo CD v2\.8\.4 is open to \d+ advisories \(\d+ critical, .*\) as of 2026-08-21\n {2}hint: Read them at https:\/\/github\.com\/argoproj\/argo-cd\/security\/advisories\n$/,
    );
  });

  test("crds-only needs no namespace, and no file that the release does not have", async () => {
    const { objects } = await exported("--version v2.3.13 --mode crds-only");
    expect(objects.map(({ metadata }) => metadata)).toEqual([
      expect.objectContaining({ name: "applications.argoproj.io" }),
      expect.objectContaining({ name: "appprojects.argoproj.io" }),
    ]);
  });

  test("everything that was asked for is in the objects and in the record", async () => {
    const { objects } = await exported(
      "--version v2.8.4 --mode tenant -N team-a --anonymous --registry r.example --image-pull-secret pull",
    );
    expect(named(objects, "ConfigMap", "flamingo-install")).toMatchObject({
      data: {
        anonymous: "true",
        image: "r.example/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c",
        imagePullSecret: "pull",
        mode: "tenant",
        registry: "r.example",
      },
      metadata: { namespace: "team-a" },
    });
    expect((named(objects, "ConfigMap", "argocd-cm") as ConfigMap).data).toEqual({
      "users.anonymous.enabled": "true",
    });
    const pods = objects.flatMap((object) => (object as PodRunner).spec?.template?.spec ?? []);
    const images = pods.flatMap(({ containers = [] }) => containers.map(({ image }) => image));
    expect(images.filter((image) => !image?.startsWith("r.example/"))).toEqual([]);
  });

  test("an image by its whole name is taken as it is", async () => {
    const { objects } = await exported("--version v2.8.4 --registry r.example --image other.example/argo:v1");
    const server = named(objects, "Deployment", "argocd-server") as PodRunner;
    expect(server.spec?.template?.spec?.containers?.[0]?.image).toBe("other.example/argo:v1");
  });
});

test("--mode helmrelease reads no manifest", async () => {
  const run = await flamingo("install --version v2.8.4 --mode helmrelease --export -N team-a");
  const objects = readYaml(run.stdout) as KubeObject[];
  expect(objects.map((object) => renderId({ ...object.metadata, kind: object.kind }))).toEqual([
    "Namespace team-a",
    "ConfigMap flamingo-install in team-a",
    "HelmRelease flamingo in team-a",
    "HelmRepository argo-helm-repo in team-a",
  ]);
});

const onlyFsa =
  "Name one: --version v2.10.2, or --engine fsa for the one that shows the most; see flamingo list-candidates";

test.each<[flags: string, exitCode: number, message: string, hint?: string]>([
  [
    "--export",
    1,
    "Cannot install stock Argo CD with the engine loopback: this flamingo installs FSA images only",
    onlyFsa,
  ],
  [
    "--engine loopback --version v2.8.4 --export",
    1,
    "Cannot install the engine loopback: this flamingo installs FSA images only",
    onlyFsa,
  ],
  [
    "--version latest --export",
    1,
    "Cannot install stock Argo CD latest: this flamingo installs FSA images only",
    onlyFsa,
  ],
  [
    "--version v3.5.1 --export",
    1,
    "Cannot install stock Argo CD v3.5.1: this flamingo installs FSA images only",
    onlyFsa,
  ],
  ["--version v2.8.4 --export --diff", 2, "--export and --diff do not go together", "Give one of them"],
  ["--version v2.8.4 --wait --no-wait", 2, "--wait and --no-wait do not go together", "Give one of them"],
  [
    "--version v2.8.4 --wait=soon",
    2,
    '--wait "soon" is neither true nor false',
    "Write --wait or --wait=false",
  ],
  [
    "--version v2.8.4-fl.1-x --export",
    5,
    'Cannot choose an FSA image for "v2.8.4-fl.1-x": none has this tag',
  ],
  ["--version nonsense --export", 2, '"nonsense" is no version of Flamingo'],
  [
    "--version v2.8.4 --mode adopt",
    2,
    '--mode "adopt" is not known',
    "Choose all, crds-only, tenant or helmrelease",
  ],
  [
    "--version v2.8.4 --mode crds-only --anonymous --export",
    2,
    "--anonymous does not go with --mode crds-only",
    "Leave it out",
  ],
  [
    "--version v2.8.4 --mode crds-only --image-pull-secret a --export",
    2,
    "--image-pull-secret does not go with --mode crds-only",
  ],
  [
    "--version v2.8.4 --registry https://r.example --export",
    2,
    '--registry "https://r.example" is no registry',
  ],
  ["--version v2.8.4 --image a:b:c --export", 2, '--image "a:b:c" is no image'],
  [
    "--version v2.8.4 --image-pull-secret A_B --export",
    2,
    "--image-pull-secret \"A_B\" is no name: it must consist of lower-case letters, digits, '-' and '.', and start and end with a letter or digit",
  ],
])("install %s", async (flags, exitCode, message, hint) => {
  const run = await flamingo(`install ${flags}`);
  expect(run).toMatchObject({ exitCode, stdout: "" });
  expect(run.stderr).toContain(`✗ ${message}\n`);
  if (hint) expect(run.stderr).toContain(`  hint: ${hint}\n`);
});
