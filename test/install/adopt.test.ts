import { describe, expect, test } from "vitest";
import { imagesAdopted, imagesRestored } from "../../src/install/adopt.js";
import type { Container, PodRunner } from "../../src/kube/kinds.js";
import { readYaml } from "../../src/yaml.js";
import { runner } from "../builders/kube.js";
import { isSharedMissing, sharedArgoInstall } from "../cluster/shared.js";

const image = "ghcr.io/fsa/argocd:v2.10.2-fl.23-main-d2c9a8cb";

function runnersOf(tag: string, file?: string): PodRunner[] {
  const objects = readYaml(sharedArgoInstall(tag, file)) as PodRunner[];
  return objects.filter((one) => one?.spec?.template !== undefined);
}

/** "argocd-server: …" of all changes, without the images. */
const swapped = (changes: ReturnType<typeof imagesAdopted>) =>
  changes.flatMap(({ runner: { metadata }, images }) =>
    images.map((line) => `${metadata.name} ${line.split(":")[0]}`),
  );

const components = [
  "argocd-applicationset-controller argocd-applicationset-controller",
  "argocd-dex-server copyutil",
  "argocd-notifications-controller argocd-notifications-controller",
  "argocd-repo-server argocd-repo-server",
  "argocd-repo-server copyutil",
  "argocd-server argocd-server",
  "argocd-application-controller argocd-application-controller",
];

describe.skipIf(isSharedMissing("argo-cd/v2.8.10", "argo-cd/v2.14.21"))("the manifests of Argo CD", () => {
  test.each([
    ["v2.4.28", undefined],
    ["v2.8.0", undefined],
    ["v2.8.10", undefined],
    ["v2.9.7", undefined],
    ["v2.10.5", undefined],
    // redis has `secret-init` with Argo CD's image
    ["v2.14.21", undefined],
    ["v3.6.1", undefined],
    ["v3.6.1", "ha/install.yaml"],
  ])("of %s %s: all that runs Argo CD, and nothing else", (tag, file) => {
    const runners = runnersOf(tag, file);
    const changes = imagesAdopted(runners, image);
    expect(swapped(changes).sort()).toEqual(components.toSorted());
    for (const { runner: before, changed } of changes) {
      const text = JSON.stringify({ ...changed, metadata: before.metadata });
      expect(text.replaceAll(image, `quay.io/argoproj/argocd:${tag}`)).toBe(JSON.stringify(before));
    }
    const restored = imagesRestored(changes.map(({ changed }) => changed)).map(({ changed }) => changed);
    expect(restored.map(({ spec }) => spec)).toEqual(changes.map(({ runner: before }) => before.spec));
    expect(imagesRestored(restored)).toEqual([]);
  });
});

const only = (containers: Container[], initContainers: Container[] = []) => {
  const made = runner("argo/x", containers);
  return [
    { ...made, spec: { ...made.spec, template: { spec: { containers, initContainers } } } } as PodRunner,
  ];
};
const stock = "r.example/mirror/cd@sha256:abcd";

test.each<[what: string, Container, init: boolean, swaps: boolean]>([
  ["a mirror by digest", { name: "server", args: ["/usr/local/bin/argocd-server"] }, false, true],
  ["in a shell", { name: "repo", command: ["sh", "-c", "exec argocd-repo-server"] }, false, true],
  ["a plugin's sidecar", { name: "cmp", command: ["/var/run/argocd/argocd-cmp-server"] }, false, false],
  ["dex", { name: "dex", command: ["/shared/argocd-dex", "rundex"] }, false, false],
  ["redis", { name: "redis", args: ["--save", ""] }, false, false],
  [
    "redis' password",
    { name: "secret-init", command: ["argocd", "admin", "redis-initial-password"] },
    true,
    false,
  ],
  ["an init container of somebody", { name: "wait", command: ["sleep", "1"] }, true, false],
])("%s", (_, container, init, swaps) => {
  const whole = { ...container, image: stock };
  const changes = imagesAdopted(init ? only([], [whole]) : only([whole]), image);
  expect(changes.map(({ images }) => images)).toEqual(
    swaps ? [[`${container.name}: ${stock} → ${image}`]] : [],
  );
});

test("the images before are those of the first time, and come back", () => {
  const server = { name: "server", image: "a:v1", args: ["argocd-server"] };
  const first = imagesAdopted(only([server]), image).map(({ changed }) => changed);
  expect(first[0]?.metadata.annotations).toEqual({ "flamingo/images-before": '{"server":"a:v1"}' });
  expect(imagesAdopted(first, image)).toEqual([]);
  const second = imagesAdopted(first, "other:v2").map(({ changed }) => changed);
  expect(second[0]?.metadata.annotations).toEqual({ "flamingo/images-before": '{"server":"a:v1"}' });
  expect(imagesRestored(second)).toEqual([expect.objectContaining({ images: ["server: other:v2 → a:v1"] })]);
  expect(imagesRestored(only([server]))).toEqual([]);
});

test("an annotation that nobody can read", () => {
  const [broken] = only([{ name: "server", image: "a:v1" }]) as [PodRunner];
  broken.metadata.annotations = { "flamingo/images-before": "a:v0" };
  expect(() => imagesRestored([broken])).toThrow(
    expect.objectContaining({
      message:
        "Cannot read the annotation flamingo/images-before of Deployment x in argo: it is no map of images",
      hint: "Put the images back by hand, and remove the annotation",
    }),
  );
});
