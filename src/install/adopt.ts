/** Other images in an Argo CD that is there, and nothing else of it. Pure. */
import { UserError } from "../errors.js";
import type { Container, PodRunner, PodSpec } from "../kube/kinds.js";
import { renderId } from "../kube/object-id.js";
import { annotation } from "../names.js";
import { runsArgoCd } from "./images.js";

/** One Deployment or StatefulSet with other images. */
export interface ImageChange {
  /** as it was read */
  runner: PodRunner;
  /** as it is to be */
  changed: PodRunner;
  /** "argocd-server: quay.io/argoproj/argocd:v2.8.3 → ghcr.io/…" */
  images: string[];
}

/**
 * What runs Argo CD's own program gets the image, whatever it is called and wherever its image is from: mirrors and digests are common.
 * The images before stay in an annotation, those of the first time.
 */
export function imagesAdopted(runners: readonly PodRunner[], image: string): ImageChange[] {
  return runners.flatMap((runner) => {
    const before: Record<string, string> = imagesBefore(runner) ?? {};
    const change = changeOf(runner, (container) => {
      if (!isSwapped(container)) return undefined;
      before[container.name ?? ""] ??= container.image ?? "";
      return image;
    });
    return change ? [annotated(change, JSON.stringify(before))] : [];
  });
}

/** Puts back what {@link imagesAdopted} has replaced. */
export function imagesRestored(runners: readonly PodRunner[]): ImageChange[] {
  return runners.flatMap((runner) => {
    const before = imagesBefore(runner);
    if (!before) return [];
    const change = changeOf(runner, ({ name = "" }) => before[name]);
    return [annotated(change ?? { runner, changed: runner, images: [] }, undefined)];
  });
}

/**
 * No FSA image knows the command that makes redis' password (`secret-init`, Argo CD 2.8.19, 2.9.15, 2.10.10 and newer), and
 * leaving that on its image does no harm.
 */
function isSwapped(container: Container): boolean {
  const { command = [], args = [] } = container;
  const words = [...command, ...args];
  return !words.includes("redis-initial-password") && (runsArgoCd(container) || words.some(copiesArgoCd));
}

/** "cp -n /usr/local/bin/argocd /shared/argocd-dex" in one word, as of `sh -c`. */
function copiesArgoCd(word: string): boolean {
  return /(^|\s)\/usr\/local\/bin\/argocd(\s|$)/.test(word);
}

function imagesBefore({ kind, metadata }: PodRunner): Record<string, string> | undefined {
  const text = metadata.annotations?.[annotation.imagesBefore];
  if (text === undefined) return undefined;
  try {
    const read: unknown = JSON.parse(text);
    if (isImages(read)) return read;
  } catch {
    // said below
  }
  const name = renderId({ kind, ...metadata });
  throw new UserError(
    `Cannot read the annotation ${annotation.imagesBefore} of ${name}: it is no map of images`,
    {
      hint: "Put the images back by hand, and remove the annotation",
    },
  );
}

function isImages(read: unknown): read is Record<string, string> {
  return (
    typeof read === "object" && read !== null && Object.values(read).every((one) => typeof one === "string")
  );
}

/** Undefined when nothing changes. */
function changeOf(
  runner: PodRunner,
  imageFor: (container: Container) => string | undefined,
): ImageChange | undefined {
  const images: string[] = [];
  const swapped = (containers: readonly Container[]) =>
    containers.map((container) => {
      const image = imageFor(container);
      if (image === undefined || image === container.image) return container;
      images.push(`${container.name}: ${container.image} → ${image}`);
      return { ...container, image };
    });
  const { template } = runner.spec ?? {};
  const pod: PodSpec = template?.spec ?? {};
  const spec = {
    ...pod,
    ...(pod.containers ? { containers: swapped(pod.containers) } : {}),
    ...(pod.initContainers ? { initContainers: swapped(pod.initContainers) } : {}),
  };
  const changed = { ...runner, spec: { ...runner.spec, template: { ...template, spec } } };
  return images.length > 0 ? { runner, changed, images } : undefined;
}

function annotated(change: ImageChange, before: string | undefined): ImageChange {
  const { changed } = change;
  const { [annotation.imagesBefore]: _, ...others } = changed.metadata.annotations ?? {};
  const annotations = before === undefined ? others : { ...others, [annotation.imagesBefore]: before };
  return { ...change, changed: { ...changed, metadata: { ...changed.metadata, annotations } } };
}
