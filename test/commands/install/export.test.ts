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

const imagesIn = (objects: readonly KubeObject[], deployment: string) =>
  (named(objects, "Deployment", deployment) as PodRunner).spec?.template?.spec?.containers?.map(
    ({ image }) => image,
  );

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

describe.skipIf(isSharedMissing("argo-cd/v3.6.1"))("install --export of stock Argo CD", () => {
  test("brings the engine, and nothing of the release is changed", async () => {
    const { exitCode, objects, stderr, stdout } = await exported("--flamingo-image r.example/flamingo:1");
    expect(exitCode).toBe(0);
    expect(stderr).toBe(`► Stock Argo CD v3.6.1: the newest that is open to no high or critical advisory
► The engine loopback, flamingo itself in the cluster: every Kustomization and HelmRelease of all namespaces gets an Application
► Argo CD v3.6.1 is in no advisory as of 2026-08-21; newer ones are at https://github.com/argoproj/argo-cd/security/advisories
`);
    expect(named(objects, "ConfigMap", "flamingo-install")).toMatchObject({
      data: {
        anonymous: "false",
        argocd: "v3.6.1",
        auto: "true",
        engine: "loopback",
        flamingo: "dev",
        flamingoImage: "r.example/flamingo:1",
        mode: "all",
      },
    });
    expect(imagesIn(objects, "argocd-server")).toEqual(["quay.io/argoproj/argocd:v3.6.1"]);
    expect(imagesIn(objects, "flamingo-loopback")).toEqual(["r.example/flamingo:1"]);
    expect(named(objects, "NetworkPolicy", "flamingo-loopback-redis")).toMatchObject({
      spec: { podSelector: { matchLabels: { "app.kubernetes.io/name": "argocd-redis" } } },
    });
    expect(
      stdout.split("\n---\n").filter((text) => text.includes("kind: ValidatingAdmissionPolicy\n")),
    ).toHaveLength(2);
  });

  test("with several replicas, elsewhere, from a registry of one's own", async () => {
    const { objects } = await exported(
      "--ha -N team-a --registry r.example --image-pull-secret pull --anonymous --project-template {namespace}",
    );
    const pods = objects.flatMap((object) => (object as PodRunner).spec?.template?.spec ?? []);
    const images = pods.flatMap(({ containers = [], initContainers = [] }) =>
      [...containers, ...initContainers].map(({ image = "" }) => image),
    );
    expect(images.filter((image) => !image.startsWith("r.example/"))).toEqual([]);
    expect(images).toContain("r.example/argoproj/argocd:v3.6.1");
    expect(images).toContain("r.example/flux-subsystem-argo/flamingo:dev");
    expect(pods.filter(({ imagePullSecrets = [] }) => imagePullSecrets.length !== 1)).toEqual([]);
    expect(named(objects, "StatefulSet", "argocd-redis-ha-server")).toBeDefined();
    expect(named(objects, "Deployment", "flamingo-loopback")).toMatchObject({
      metadata: { namespace: "team-a" },
      spec: { replicas: 2 },
    });
    expect(named(objects, "ConfigMap", "argocd-cm")).toMatchObject({
      data: { "users.anonymous.enabled": "true" },
    });
    const elsewhere = objects.filter(({ metadata: { namespace = "team-a" } }) => namespace !== "team-a");
    expect(elsewhere).toEqual([]);
  });

  test("--no-auto, CRDs alone, and a chart", async () => {
    const { objects } = await exported("--no-auto");
    const args = (named(objects, "Deployment", "flamingo-loopback") as PodRunner).spec?.template?.spec
      ?.containers?.[0]?.args;
    expect(args).not.toContain("--auto");
    const crds = await exported("--mode crds-only");
    expect(crds.objects.map(({ kind }) => kind)).toEqual(Array(3).fill("CustomResourceDefinition"));
    const chart = await exported("--mode helmrelease");
    expect(named(chart.objects, "HelmRelease", "flamingo")).toMatchObject({
      spec: { chart: { spec: { version: "10.1.1" } } },
    });
    expect(named(chart.objects, "Deployment", "flamingo-loopback")).toBeDefined();
  });
});

test("of a release that is newer than the known advisories, that is said", async () => {
  const { stderr } = await flamingo("install --version v9.9.9 --export --manifests nowhere");
  expect(stderr).toContain(
    "⚠ Which advisories Argo CD v9.9.9 is open to is not known as of 2026-08-21: it is newer than v3.6.1\n",
  );
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

test.each<[flags: string, exitCode: number, message: string, hint?: string]>([
  [
    "--engine loopback --version v2.7.1 --export",
    1,
    "Cannot install stock Argo CD v2.7.1: the engine loopback needs 2.8 or newer",
    "Take a newer --version, or an FSA image: see flamingo list-candidates",
  ],
  ["--mode tenant --engine loopback", 2, "--mode tenant goes with FSA images only"],
  [
    "--mode tenant --version v3.6.1 --export",
    2,
    "--mode tenant goes with FSA images only",
    "Take --engine fsa, or --mode all for stock Argo CD and the engine loopback",
  ],
  [
    "--mode helmrelease --version v3.6.1 --export",
    1,
    "Cannot install by Helm: no argo-cd chart installs Argo CD v3.6.1",
    "Take another --version, or leave --mode out",
  ],
  ["--auto --no-auto --export", 2, "--auto and --no-auto do not go together", "Give one of them"],
  [
    "--project a --project-template {namespace} --export",
    2,
    "--project and --project-template do not go together",
    "Give one of them",
  ],
  ["--project-template web --export", 2, '--project-template "web" gives every workload the same text'],
  [
    "--project flux --no-auto --export",
    2,
    "--project is for the Applications that --auto makes",
    "Add --auto",
  ],
  [
    "--version v2.10.2 --flamingo-image a/b:c --export",
    2,
    "--flamingo-image is for the engine loopback, which is not installed here",
    "Leave it out, or add --engine loopback",
  ],
  ["--ha --mode helmrelease --export", 2, "--ha does not go with --mode helmrelease"],
  [
    "--auto --project Team_A --export",
    2,
    `--project "Team_A" is no name: it must consist of lower-case letters, digits, '-' and '.', and start and end with a letter or digit`,
  ],
  [
    "-N apps --argocd-namespace argocd --export",
    2,
    "-N apps does not go with --argocd-namespace argocd: the engine in the cluster makes Applications beside Argo CD",
  ],
  ["--flamingo-image a:b:c --export", 2, '--flamingo-image "a:b:c" is no image'],
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
    "--version v2.8.4 --mode some",
    2,
    '--mode "some" is not known',
    "Choose all, crds-only, tenant, helmrelease or adopt",
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
