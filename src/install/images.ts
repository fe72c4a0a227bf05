import { readArgoImage } from "../argo/image.js";
import { roleOf } from "../argo/installed/role.js";
import { UserError } from "../errors.js";
import type { Container, PodRunner, PodSpec } from "../kube/kinds.js";
import type { KubeObject } from "../kube/object.js";
import { renderId } from "../kube/object-id.js";
import { andList } from "../text/and-list.js";

export interface ImageWish {
  /** what Argo CD's own containers are to run: "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c"; stock without */
  image?: string | undefined;
  /** where all others are taken from instead of their own registry: "registry.example.com/mirror" */
  registry?: string | undefined;
  /** name of the Secret to pull them with */
  pullSecret?: string | undefined;
}

/** Argo CD's own image; redis, dex and the early ApplicationSet controller have their own. */
export const stockRepository = "quay.io/argoproj/argocd";

/** Whether it is a patched one, wherever it was mirrored to; another name of the tag tells nothing. */
export function isFsaImage(image: string | undefined): boolean {
  return image !== undefined && readArgoImage(image).flavour === "fl";
}

/** Where flamingo itself is to be had as an image: "ghcr.io/flux-subsystem-argo/flamingo:1.2.3". */
export function imageOfFlamingo(version: string, registry: string | undefined): string {
  const image = `ghcr.io/flux-subsystem-argo/flamingo:${version}`;
  return registry === undefined ? image : inRegistry(image, registry);
}

/** With whatever tag or digest. */
const stock = /^quay\.io\/argoproj\/argocd(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?$/;

/**
 * Objects with other images in their Pods, as kustomize's `images` puts them.
 *
 * @throws UserError when a container of Argo CD would keep its stock image beside `image`, or two images would get one name in
 * `registry`
 */
export function withImages(objects: readonly KubeObject[], wish: ImageWish): KubeObject[] {
  const { image, registry, pullSecret } = wish;
  const changed = objects.map((object) =>
    withPods(object, (pod) => withPullSecret(image === undefined ? pod : swapped(pod, image), pullSecret)),
  );
  if (image !== undefined) checkSwapped(changed, image);
  return registry === undefined ? changed : takenFrom(registry, changed, image);
}

function swapped(pod: PodSpec, image: string): PodSpec {
  return withContainerImages(pod, (one) => (stock.test(one) ? image : one));
}

function withPullSecret(pod: PodSpec, name: string | undefined): PodSpec {
  if (name === undefined) return pod;
  return { ...pod, imagePullSecrets: [...(pod.imagePullSecrets ?? []), { name }] };
}

/** A stock container among patched ones shows nothing of Flux, and nobody would notice. */
function checkSwapped(objects: readonly KubeObject[], image: string): void {
  let count = 0;
  for (const object of objects) {
    for (const container of containersOf(podOf(object))) {
      if (container.image === image) count++;
      else if (runsArgoCd(container)) throw leftAlone(object, container, image);
    }
  }
  if (count === 0 && objects.some(podOf))
    throw new UserError(`Cannot put ${image} into these manifests: nothing in them runs Argo CD`, {
      hint: manifestHint,
    });
}

const manifestHint = "Take the manifests as Argo CD's release has them";

function leftAlone(
  object: KubeObject,
  { name = "", image = "no image" }: Container,
  wanted: string,
): UserError {
  return new UserError(
    `Cannot put ${wanted} into container ${name} of ${renderId({ kind: object.kind, name: object.metadata.name })}: it has ${image}, not quay.io/argoproj/argocd`,
    { hint: manifestHint },
  );
}

/** dex and redis are programs of others; up to Argo CD 2.3 the ApplicationSet controller has an image of its own. */
export function runsArgoCd(container: Container): boolean {
  const { command = [], args = [], image = "" } = container;
  if (/(^|\/)argocd-applicationset[:@]/.test(image)) return false;
  const role = roleOf(container);
  if (role === "dex-server" || role === "redis") return false;
  return (
    role !== undefined || [...command, ...args].some((word) => /^(\/usr\/local\/bin\/)?argocd$/.test(word))
  );
}

/** @param asked an image that was named as a whole stays */
function takenFrom(
  registry: string,
  objects: readonly KubeObject[],
  asked: string | undefined,
): KubeObject[] {
  const sources = new Map(asked === undefined ? [] : [[asked, asked]]);
  const moved = (image: string) => {
    const target = image === asked ? image : inRegistry(image, registry);
    const other = sources.get(target) ?? image;
    if (other !== image)
      throw new UserError(
        `Cannot take all images from ${registry}: ${andList([other, image])} would both be ${target}`,
        {
          hint: "Name a registry that keeps them apart",
        },
      );
    sources.set(target, image);
    return target;
  };
  return objects.map((object) => withPods(object, (pod) => withContainerImages(pod, moved)));
}

/** "R/dexidp/dex:v2.37.0" of "ghcr.io/dexidp/dex:v2.37.0", "R/redis:7.0.11-alpine" of "redis:7.0.11-alpine". */
export function inRegistry(image: string, registry: string): string {
  const [host = "", ...path] = image.split("/");
  const isHost = path.length > 0 && (/[.:]/.test(host) || host === "localhost");
  return `${registry}/${isHost ? path.join("/") : image}`;
}

function withContainerImages(pod: PodSpec, change: (image: string) => string): PodSpec {
  const changed = (containers: readonly Container[]) =>
    containers.map((one) => (one.image === undefined ? one : { ...one, image: change(one.image) }));
  return {
    ...pod,
    ...(pod.containers ? { containers: changed(pod.containers) } : {}),
    ...(pod.initContainers ? { initContainers: changed(pod.initContainers) } : {}),
  };
}

function withPods(object: KubeObject, change: (pod: PodSpec) => PodSpec): KubeObject {
  const pod = podOf(object);
  if (!pod) return object;
  const { spec } = object as PodRunner;
  return { ...object, spec: { ...spec, template: { ...spec?.template, spec: change(pod) } } } as PodRunner;
}

function podOf(object: KubeObject): PodSpec | undefined {
  return (object as PodRunner).spec?.template?.spec;
}

function containersOf(pod: PodSpec = {}): readonly Container[] {
  return [...(pod.containers ?? []), ...(pod.initContainers ?? [])];
}
